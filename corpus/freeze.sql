-- The drawn clips as entries of a release, with all that any format tells of them.
WITH answers AS (
    SELECT
        clip.id AS clip_id, drawn.pseudonym, about.age_band, about.gender, about.accent
    FROM drawn
    JOIN collector_clip AS clip ON clip.id = drawn.clip_id
    JOIN collector_speakersnapshot AS about ON about.id = clip.about_id
),
-- Who is one of few would be known again by them: groups under five people say nothing.
many_alike AS (
    SELECT age_band, gender FROM answers
    GROUP BY age_band, gender HAVING count(DISTINCT pseudonym) >= %(smallest_group)s
),
many_with_accent AS (
    SELECT age_band, gender, accent FROM answers
    GROUP BY age_band, gender, accent HAVING count(DISTINCT pseudonym) >= %(smallest_group)s
),
told AS (
    SELECT clip_id, age_band, gender, many_with_accent.accent
    FROM answers
    JOIN many_alike USING (age_band, gender)
    LEFT JOIN many_with_accent USING (age_band, gender, accent)
),
agreed AS (
    SELECT consent_id, jsonb_agg(purpose ORDER BY purpose COLLATE "C") AS purposes
    FROM collector_standingpurpose GROUP BY consent_id
)
INSERT INTO corpus_releaseentry (
    release_id, clip_id, split, shard, speaker_number, pseudonym, text, kind, take, num_samples,
    master_sha256, master_num_bytes, loudest_second_offset, details, is_withdrawn, revised_in
)
SELECT
    %(release)s, drawn.clip_id, placed.split,
    div(sum(drawn.master_num_bytes) OVER of_split - drawn.master_num_bytes, %(shard_num_bytes)s),
    row_number() OVER (PARTITION BY drawn.pseudonym ORDER BY drawn.clip_id) - 1,
    drawn.pseudonym, drawn.text, drawn.kind,
    row_number() OVER (
        PARTITION BY drawn.pseudonym, drawn.kind, lower(drawn.text) ORDER BY drawn.clip_id
    ) - 1,
    drawn.num_samples, clip.master_sha256, drawn.master_num_bytes,
    COALESCE(clip.loudest_second_offset, 0),
    jsonb_strip_nulls(jsonb_build_object(
        'snr_db', clip.measurements->'snr_db',
        'noise_floor_dbfs', clip.measurements->'noise_floor_dbfs',
        'speech_s', clip.measurements->'speech_s',
        'speech_level_dbfs', clip.measurements->'speech_level_dbfs',
        'loudness_lufs', clip.measurements->'loudness_lufs',
        'peak_dbfs', clip.measurements->'peak_dbfs',
        'clipped_share', clip.measurements->'clipped_share',
        'bandwidth_hz', clip.measurements->'bandwidth_hz',
        'match', drawn.match,
        'match_model', drawn.model,
        'match_model_sha256', drawn.model_sha256,
        'match_calibration', NULLIF(drawn.calibration, ''),
        'accepts', drawn.accepts,
        'rejects', drawn.rejects,
        'tags', drawn.tags,
        'agreement', round(drawn.agreement::numeric, 6),
        'consent_version', consent_text.version,
        'consent_sha256', consent_text.sha256,
        'consent_purposes', agreed.purposes,
        'licence', %(licence)s::text,
        'age', NULLIF(told.age_band, ''),
        'gender', NULLIF(told.gender, ''),
        'accent', NULLIF(told.accent, '')
    )),
    FALSE, 0
FROM drawn
JOIN placed ON placed.unit = drawn.unit
JOIN collector_clip AS clip ON clip.id = drawn.clip_id
JOIN collector_consentevent AS consent ON consent.id = clip.consent_id
JOIN collector_consenttext AS consent_text ON consent_text.id = consent.text_id
LEFT JOIN agreed ON agreed.consent_id = clip.consent_id
LEFT JOIN told ON told.clip_id = drawn.clip_id
WINDOW of_split AS (PARTITION BY placed.split ORDER BY drawn.clip_id)
-- In the order in which exports read a split or a part of it: it is in one piece on the disk.
ORDER BY placed.split, drawn.clip_id
