-- The review queue, in one call of the database: who asks, what they hold, what is new for them.
--
-- As functions, because then PostgreSQL keeps their plans for a connection's life: to plan these
-- statements costs twice what it costs to run them. Their plans are index look-ups whatever the
-- statistics say: a queue is never what it was when it was last analysed.

-- Cases whose reviewer has gone, back into the queue; how many they were.
CREATE FUNCTION validation_give_back(most integer) RETURNS integer
LANGUAGE sql AS $$
  WITH back AS (
    UPDATE validation_reviewcase SET leased_by_id = NULL, leased_until = NULL
    WHERE id IN (SELECT id FROM validation_reviewcase WHERE leased_until < statement_timestamp()
                 ORDER BY leased_until LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING 1
  )
  SELECT count(*)::integer FROM back
$$;

-- Up to `wanted` cases of one rank, out of `breadth` that stand next to a random place in it. What
-- is not for the asker is left out by look-ups of these rows alone. The voices take turns: the
-- first clip of each, then the second of each. Whoever asks at the same moment is given others.
CREATE FUNCTION validation_take_of_rank(
  here bigint, at_rank smallint, asker bigint, own bigint[],
  breadth integer, wanted integer, lease_s integer
) RETURNS uuid[]
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
  start double precision := random();
  taken uuid[];
BEGIN
  WITH near AS MATERIALIZED (
    (SELECT id, clip_id, place, 0 AS lap FROM validation_reviewcase
     WHERE campaign_id = here AND rank = at_rank AND place >= start
       AND status = 'open' AND NOT is_held AND leased_until IS NULL
     ORDER BY place LIMIT breadth)
    UNION ALL
    (SELECT id, clip_id, place, 1 AS lap FROM validation_reviewcase
     WHERE campaign_id = here AND rank = at_rank AND place < start
       AND status = 'open' AND NOT is_held AND leased_until IS NULL
     ORDER BY place LIMIT breadth)
    LIMIT breadth
  ), fit AS MATERIALIZED (
    SELECT near.id, lap, place,
           row_number() OVER (PARTITION BY clip.participation_id ORDER BY lap, place) AS turn
    FROM near
    JOIN collector_clip clip ON clip.id = near.clip_id
    WHERE clip.status = 'transcoded' AND NOT clip.participation_id = ANY(own)
      AND NOT EXISTS (SELECT FROM validation_review vote
                      WHERE vote.case_id = near.id AND vote.reviewer_id = asker)
      AND NOT EXISTS (SELECT FROM validation_skip skip
                      WHERE skip.case_id = near.id AND skip.reviewer_id = asker
                        AND skip.until > statement_timestamp())
  ), picked AS (
    SELECT item.id, fit.turn, fit.lap, fit.place
    FROM fit JOIN validation_reviewcase item ON item.id = fit.id
    WHERE item.status = 'open' AND NOT item.is_held AND item.leased_until IS NULL
    ORDER BY fit.turn, fit.lap, fit.place
    LIMIT wanted FOR UPDATE OF item SKIP LOCKED
  ), leased AS (
    UPDATE validation_reviewcase item
    SET leased_by_id = asker, leased_until = statement_timestamp() + lease_s * interval '1 second'
    FROM picked WHERE item.id = picked.id
    RETURNING item.id, picked.turn, picked.lap, picked.place
  )
  SELECT array_agg(id ORDER BY turn, lap, place) INTO taken FROM leased;
  RETURN coalesce(taken, '{}');
END
$$;

-- Up to `wanted` new cases, rank by rank with a small breadth; only where that is not enough, with
-- larger ones. So a rank in which the asker has judged everything costs one look at it.
CREATE FUNCTION validation_take(
  here bigint, asker bigint, own bigint[], wanted integer, lease_s integer
) RETURNS uuid[]
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  taken uuid[] := '{}';
  breadth integer;
  at_rank smallint;
BEGIN
  FOREACH breadth IN ARRAY ARRAY[16, 512, 8192] LOOP
    FOR attempt IN 1..2 LOOP
      at_rank := -1;
      WHILE cardinality(taken) < wanted LOOP
        SELECT rank INTO at_rank FROM validation_reviewcase
        WHERE campaign_id = here AND rank > at_rank
          AND status = 'open' AND NOT is_held AND leased_until IS NULL
        ORDER BY rank LIMIT 1;
        EXIT WHEN NOT FOUND;
        taken := taken || validation_take_of_rank(
          here, at_rank, asker, own, breadth, wanted - cardinality(taken), lease_s);
      END LOOP;
      IF cardinality(taken) >= wanted THEN RETURN taken; END IF;
      EXIT WHEN attempt = 2 OR validation_give_back(500) = 0;
    END LOOP;
  END LOOP;
  RETURN taken;
END
$$;

-- What the asker may have; `own` are their parts as a speaker. `refused` says why nothing, or is
-- empty. Where the campaign has gold clips, `fresh` is left to the caller, who mixes them in.
CREATE FUNCTION validation_lease(
  asker bigint, here bigint, spoken_as uuid, wanted integer, lease_s integer,
  OUT refused text, OUT own bigint[], OUT held uuid[], OUT has_gold boolean, OUT fresh uuid[]
)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  refused := CASE
    WHEN NOT EXISTS (SELECT FROM collector_membership WHERE user_id = asker
                     AND campaign_id = here AND role IN ('reviewer', 'curator')) THEN 'role'
    WHEN EXISTS (SELECT FROM validation_reviewerstanding WHERE reviewer_id = asker
                 AND campaign_id = here AND quarantined_at IS NOT NULL) THEN 'apart'
    WHEN EXISTS (SELECT FROM validation_reviewerprofile profile, collector_campaign campaign
                 WHERE profile.user_id = asker AND campaign.id = here AND languages <> '{}'
                   AND NOT lower(split_part(campaign.language, '-', 1)) = ANY(languages))
      THEN 'language'
    ELSE '' END;
  IF refused <> '' THEN RETURN; END IF;
  own := ARRAY(SELECT id FROM collector_participation
               WHERE campaign_id = here AND speaker_id IN (
                 SELECT id FROM collector_speaker WHERE user_id = asker
                 UNION SELECT speaker_id FROM validation_ownvoice WHERE user_id = asker
                 UNION SELECT spoken_as));
  -- By whose they are first: by when they end would look at all that anybody holds.
  held := ARRAY(
    WITH mine AS MATERIALIZED (
      SELECT id, campaign_id, status, leased_until, rank FROM validation_reviewcase
      WHERE leased_by_id = asker)
    SELECT id FROM mine
    WHERE leased_until >= statement_timestamp() AND status = 'open' AND campaign_id = here
    ORDER BY leased_until, rank, id);
  has_gold := EXISTS (SELECT FROM validation_goldclip WHERE campaign_id = here);
  IF has_gold THEN RETURN; END IF;
  held := held[:wanted];
  IF held <> '{}' THEN
    UPDATE validation_reviewcase
    SET leased_until = statement_timestamp() + lease_s * interval '1 second'
    WHERE id = ANY(held);
  END IF;
  fresh := validation_take(here, asker, own, wanted - cardinality(held), lease_s);
END
$$;
