-- What a reviewer's desk shows, each in one call of the database. As functions for the reason that
-- lease_cases.sql gives: to plan these statements costs more than to run them.

-- The cases as `asker` sees them, in the order of `ids`, with the newest score of each clip. A gold
-- clip is leased to many at once, so its lease is in the asker's own vote.
CREATE FUNCTION validation_cases_shown(ids uuid[], asker bigint)
RETURNS TABLE (
  id uuid, lease_until timestamptz, is_blind boolean, is_training boolean,
  clip_id uuid, num_samples integer, measurements jsonb,
  prompt_id uuid, prompt_kind varchar, prompt_text varchar, prompt_seconds double precision,
  match double precision, heard text, model varchar
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off
AS $$
BEGIN
  RETURN QUERY
  SELECT item.id, coalesce(item.leased_until, vote.leased_until), item.is_blind,
         coalesce(gold.is_training, false), clip.id, clip.num_samples, clip.measurements,
         prompt.id, prompt.kind, prompt.text, prompt.seconds,
         score.match, score.heard, score.model
  FROM unnest(ids) WITH ORDINALITY AS wanted (pk, turn)
  JOIN validation_reviewcase item ON item.id = wanted.pk
  JOIN collector_clip clip ON clip.id = item.clip_id
  LEFT JOIN collector_prompt prompt ON prompt.id = clip.prompt_id
  LEFT JOIN validation_goldclip gold ON gold.case_id = item.id
  LEFT JOIN validation_goldvote vote ON vote.gold_id = gold.id AND vote.reviewer_id = asker
  LEFT JOIN LATERAL (
    SELECT newest.match, newest.heard, newest.model FROM validation_prescore newest
    WHERE newest.clip_id = clip.id ORDER BY newest.at DESC LIMIT 1
  ) score ON true
  ORDER BY wanted.turn;
END
$$;

-- How far `asker` has come since midnight, how well they agree with others here, and how much of
-- the practice they have behind them.
CREATE FUNCTION validation_sitting(
  asker bigint, here bigint, midnight timestamptz,
  OUT votes_today integer, OUT agreement double precision,
  OUT training_done integer, OUT training_of integer
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET jit = off
AS $$
BEGIN
  -- In every campaign: to ask each vote for its campaign would cost a look-up for each of them.
  votes_today :=
    (SELECT count(*) FROM validation_review WHERE reviewer_id = asker AND at >= midnight)
    + (SELECT count(*) FROM validation_goldvote WHERE reviewer_id = asker AND at >= midnight);
  agreement := (SELECT standing.agreement FROM validation_reviewerstanding standing
                WHERE standing.reviewer_id = asker AND standing.campaign_id = here);
  training_of := (SELECT count(*) FROM validation_goldclip gold
                  WHERE gold.campaign_id = here AND gold.is_training);
  training_done := (SELECT count(*) FROM validation_goldclip gold
                    JOIN validation_goldvote vote ON vote.gold_id = gold.id
                    WHERE gold.campaign_id = here AND gold.is_training
                      AND vote.reviewer_id = asker AND vote.verdict <> '');
END
$$;
