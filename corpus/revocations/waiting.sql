-- All that a new list is made of, in one statement and so of one moment: a withdrawal is in both
-- its entry and its releases' revisions, or in neither.
WITH waiting AS (
    SELECT
        withdrawal.clip_id,
        withdrawal.requested_at::timestamp AT TIME ZONE 'UTC' AS revoked_at,
        withdrawal.reason_code AS reason,
        first_entry.release AS first_release, first_entry.master_sha256 AS flac,
        clip.wav_sha256 AS wav, clip.second_wav_sha256 AS second_wav
    FROM corpus_withdrawal AS withdrawal
    JOIN collector_clip AS clip ON clip.id = withdrawal.clip_id
    -- Only what was in some release: nobody else has a copy of it.
    CROSS JOIN LATERAL (
        SELECT entry.master_sha256, campaign.slug || '-' || release.version AS release
        FROM corpus_releaseentry AS entry
        JOIN corpus_release AS release ON release.id = entry.release_id
        JOIN collector_campaign AS campaign ON campaign.id = release.campaign_id
        WHERE entry.clip_id = withdrawal.clip_id
        ORDER BY release.frozen_at, release.id LIMIT 1
    ) AS first_entry
    WHERE (%(requested_from)s::date IS NULL OR withdrawal.requested_at >= %(requested_from)s)
        AND NOT EXISTS (
            SELECT FROM corpus_revocation AS listed WHERE listed.clip_id = withdrawal.clip_id
        )
),
revisions AS (
    SELECT
        release.id, campaign.slug || '-' || release.version AS name, release.revision,
        release.changed_otherwise_in
    FROM corpus_release AS release
    JOIN collector_campaign AS campaign ON campaign.id = release.campaign_id
)
SELECT
    clock_timestamp(),
    (SELECT COALESCE(json_agg(waiting ORDER BY clip_id), '[]') FROM waiting),
    (SELECT COALESCE(json_object_agg(id, json_build_object(
        'name', name, 'revision', revision, 'changed_otherwise_in', changed_otherwise_in
    )), '{}') FROM revisions)
