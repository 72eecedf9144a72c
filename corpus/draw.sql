-- The clips that a release shall hold, drawn by its recipe into a table of this transaction.
-- Nothing of it passes through the web server: a million clips cost it nothing.
CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
WITH tagged AS MATERIALIZED (
    -- Few votes have tags: they are counted once for all clips, not once for each.
    SELECT case_id, jsonb_object_agg(tag, times) AS tags
    FROM (
        SELECT review.case_id, tag, count(*) AS times
        FROM validation_review AS review
        JOIN validation_reviewcase AS of_campaign ON of_campaign.id = review.case_id
        CROSS JOIN LATERAL unnest(review.tags) AS tag
        WHERE review.tags <> '{}' AND of_campaign.campaign_id = %(campaign)s
        GROUP BY review.case_id, tag
    ) AS counted
    GROUP BY case_id
),
agreed AS MATERIALIZED (
    -- The consents under which a clip may be in a release of this purpose, as they stand now.
    SELECT standing.consent_id
    FROM collector_standingpurpose AS standing
    JOIN collector_consentevent AS consent ON consent.id = standing.consent_id
    JOIN collector_participation AS part ON part.id = consent.participation_id
    WHERE part.campaign_id = %(campaign)s AND standing.purpose = ANY(%(purposes)s)
    GROUP BY standing.consent_id
    HAVING count(DISTINCT standing.purpose) = cardinality(%(purposes)s::text[])
),
eligible AS MATERIALIZED (
    SELECT
        clip.id AS clip_id,
        part.pseudonym,
        prompt.id AS prompt_id,
        COALESCE(prompt.kind, 'sentence') AS kind,
        said.text,
        CASE WHEN %(by_prompt)s THEN lower(said.text) ELSE part.pseudonym END AS unit,
        clip.num_samples,
        clip.master_num_bytes,
        score.match, score.model, score.model_sha256, score.calibration,
        votes.accepts, votes.rejects, tagged.tags,
        votes.accepts::float8 / NULLIF(votes.accepts + votes.rejects, 0) AS agreement,
        -- Where a cap leaves a choice: the same one every time, and nobody's preference.
        md5(clip.id::text) AS lot
    FROM collector_clip AS clip
    JOIN collector_participation AS part ON part.id = clip.participation_id
    JOIN agreed ON agreed.consent_id = clip.consent_id
    JOIN validation_reviewcase AS review_case ON review_case.clip_id = clip.id
    LEFT JOIN collector_prompt AS prompt ON prompt.id = clip.prompt_id
    LEFT JOIN LATERAL (
        SELECT match, model, model_sha256, calibration
        FROM validation_prescore AS each WHERE each.clip_id = clip.id ORDER BY at DESC LIMIT 1
    ) AS score ON TRUE
    CROSS JOIN LATERAL (
        SELECT
            count(*) FILTER (WHERE verdict = 'accept') AS accepts,
            count(*) FILTER (WHERE verdict = 'reject') AS rejects
        FROM validation_review AS review WHERE review.case_id = review_case.id
    ) AS votes
    LEFT JOIN tagged ON tagged.case_id = review_case.id
    -- As validation.selectors.validated_text says it: what people wrote goes before the prompt.
    CROSS JOIN LATERAL (
        SELECT CASE WHEN review_case.accepted_text = '' THEN COALESCE(prompt.text, '') ELSE
            COALESCE(NULLIF(btrim(regexp_replace(
                -- Spaces and controls by name: which of them \s means, the locale decides.
                normalize(review_case.accepted_text, NFC),
                '[\u0001-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+',
                ' ', 'g'
            )), ''), prompt.text, '')
        END AS text
    ) AS said
    WHERE part.campaign_id = %(campaign)s
        AND clip.status = 'transcoded'
        AND clip.paused_at IS NULL
        AND review_case.status = 'accepted'
        AND NOT review_case.is_held  -- reported, held by law, or its speaker set apart
        AND COALESCE(tagged.tags, '{}') ?& %(tags)s::text[]
        AND NOT COALESCE(tagged.tags, '{}') ?| %(tags_excluded)s::text[]
        AND (%(kinds)s::text[] = '{}' OR COALESCE(prompt.kind, 'sentence') = ANY(%(kinds)s))
        AND clip.num_samples >= COALESCE(%(duration_s_min)s::float8 * 16000, 0)
        AND (%(duration_s_max)s::float8 IS NULL OR clip.num_samples <= %(duration_s_max)s * 16000)
        AND (%(agreement_min)s::float8 IS NULL OR votes.accepts
            >= %(agreement_min)s * (votes.accepts + votes.rejects))
        AND (prompt.kind = 'noise' OR (
            (%(snr_db_min)s::float8 IS NULL
                OR (clip.measurements->>'snr_db')::float8 >= %(snr_db_min)s)
            AND (%(match_min)s::float8 IS NULL OR score.match >= %(match_min)s)
            AND (%(match_max)s::float8 IS NULL OR score.match <= %(match_max)s)
        ))
    {lock}
),
of_speakers AS (
    SELECT *, row_number() OVER (PARTITION BY pseudonym ORDER BY lot) AS nth_of_speaker
    FROM eligible
),
of_prompts AS (
    SELECT *, row_number() OVER (PARTITION BY kind, COALESCE(prompt_id::text, lower(text)) ORDER BY lot) AS nth_of_prompt
    FROM of_speakers
    WHERE %(clips_per_speaker_max)s::bigint IS NULL OR nth_of_speaker <= %(clips_per_speaker_max)s
),
of_hours AS (
    SELECT *, sum(num_samples) OVER (ORDER BY lot) / 57600000.0 AS hours_so_far
    FROM of_prompts
    WHERE %(clips_per_prompt_max)s::bigint IS NULL OR nth_of_prompt <= %(clips_per_prompt_max)s
)
SELECT
    clip_id, pseudonym, prompt_id, kind, text, unit, num_samples, master_num_bytes, match, model,
    model_sha256, calibration, accepts, rejects, tags, agreement
FROM of_hours
WHERE %(hours_max)s::float8 IS NULL OR hours_so_far <= %(hours_max)s
