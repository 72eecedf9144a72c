-- What the figures of a release are drawn from: small counts, in one pass over its entries.
-- Speakers are counted where a group may be so small that it says who is in it.
WITH entry AS MATERIALIZED (
    SELECT
        entry.pseudonym, entry.split, entry.kind, entry.text,
        entry.num_samples / 57600000.0 AS hours,
        entry.num_samples / 16000.0 AS duration_s,
        (entry.details->>'snr_db')::float8 AS snr_db,
        (entry.details->>'speech_level_dbfs')::float8 AS level_dbfs,
        (entry.details->>'match')::float8 AS match,
        (entry.details->>'agreement')::float8 AS agreement,
        (entry.details->>'accepts')::int AS accepts,
        (entry.details->>'rejects')::int AS rejects,
        entry.details->>'age' AS age,
        entry.details->>'gender' AS gender,
        to_char(clip.received_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month
    FROM corpus_releaseentry AS entry
    JOIN collector_clip AS clip ON clip.id = entry.clip_id
    WHERE entry.release_id = %(release)s AND NOT entry.is_withdrawn AND NOT entry.is_paused
),
of_speaker AS (SELECT pseudonym, count(*) AS clips FROM entry GROUP BY pseudonym)
SELECT 'months' AS figure, month AS bin, count(*) AS clips, count(DISTINCT pseudonym) AS speakers,
    sum(hours)::float8 AS hours
FROM entry GROUP BY month
UNION ALL
SELECT 'total', '', count(*), count(DISTINCT pseudonym), COALESCE(sum(hours), 0)::float8 FROM entry
UNION ALL
SELECT 'withdrawn', '', count(*), NULL, NULL
FROM corpus_releaseentry WHERE release_id = %(release)s AND is_withdrawn
UNION ALL
SELECT 'splits', split, count(*), count(DISTINCT pseudonym), sum(hours)::float8
FROM entry GROUP BY split
UNION ALL
SELECT 'ages', COALESCE(age, ''), count(*), count(DISTINCT pseudonym), sum(hours)::float8
FROM entry GROUP BY 2
UNION ALL
SELECT 'genders', COALESCE(gender, ''), count(*), count(DISTINCT pseudonym), sum(hours)::float8
FROM entry GROUP BY 2
UNION ALL
SELECT 'speakers', clips::text, sum(clips)::bigint, count(*), NULL FROM of_speaker GROUP BY clips
UNION ALL
SELECT 'durations', (floor(duration_s * 4) / 4)::text, count(*), NULL, NULL
FROM entry GROUP BY 2
UNION ALL
SELECT 'snr', floor(snr_db)::text, count(*), NULL, NULL
FROM entry WHERE snr_db IS NOT NULL AND kind <> 'noise' GROUP BY 2
UNION ALL
SELECT 'levels', floor(level_dbfs)::text, count(*), NULL, NULL
FROM entry WHERE level_dbfs IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'matches', (LEAST(floor(match * 20), 19) / 20)::text, count(*), NULL, NULL
FROM entry WHERE match IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'agreement', (LEAST(floor(agreement * 10), 9) / 10)::text, count(*), NULL, NULL
FROM entry WHERE agreement IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'votes', accepts || ':' || rejects, count(*), NULL, NULL
FROM entry WHERE accepts IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'kinds', kind, count(*), count(DISTINCT pseudonym), sum(hours)::float8
FROM entry GROUP BY kind
UNION ALL
(
    SELECT 'keywords', text, count(*), NULL, NULL
    FROM entry WHERE kind = 'keyword' GROUP BY text ORDER BY 3 DESC, text COLLATE "C" LIMIT 201
)
