-- A speaker's clips in the order in which they came, each with all that is known of it.
-- Who reviewed is left out, and of when the day is enough: both could lead to a person.
SELECT json_build_object(
    'id', clip.id,
    'participation', clip.participation_id,
    'consent', clip.consent_id,
    'about', clip.about_id,
    'status', clip.status,
    'problem', clip.problem,
    'paused_at', clip.paused_at,
    'held_since', (
        SELECT hold.placed_at FROM collector_legalhold AS hold
        WHERE hold.clip_id = clip.id AND hold.lifted_at IS NULL
    ),
    'received_at', clip.received_at,
    'withdrawn_at', clip.withdrawn_at,
    'erased_at', clip.erased_at,
    'prompt', CASE WHEN prompt.id IS NOT NULL
        THEN json_build_object('kind', prompt.kind, 'text', prompt.text, 'id', prompt.id) END,
    'original', json_build_object(
        'sha256', clip.original_sha256, 'num_bytes', clip.original_num_bytes,
        'erased_at', clip.original_erased_at
    ),
    'master', CASE WHEN clip.master_sha256 <> '' THEN json_build_object(
        'sha256', clip.master_sha256, 'num_bytes', clip.master_num_bytes,
        'num_samples', clip.num_samples
    ) END,
    'capture', clip.capture,
    'measurements', clip.measurements,
    'case', review_case.status,
    'agreed_text', COALESCE(review_case.accepted_text, ''),
    'scores', (
        SELECT COALESCE(json_agg(json_build_object(
            'match', score.match, 'heard', score.heard, 'method', score.method,
            'model', score.model, 'model_sha256', score.model_sha256,
            'calibration', score.calibration, 'at', score.at
        ) ORDER BY score.at, score.id), '[]')
        FROM validation_prescore AS score WHERE score.clip_id = clip.id
    ),
    'votes', (
        SELECT COALESCE(json_agg(json_build_object(
            'verdict', review.verdict, 'tags', review.tags, 'transcript', review.transcript,
            'on', (review.at AT TIME ZONE 'UTC')::date
        ) ORDER BY review.at, review.id), '[]')
        FROM validation_review AS review WHERE review.case_id = review_case.id
    ),
    'decisions', (
        SELECT COALESCE(json_agg(json_build_object(
            'status', decision.status, 'by_curator', decision.decided_by_id IS NOT NULL,
            'on', (decision.at AT TIME ZONE 'UTC')::date
        ) ORDER BY decision.at, decision.id), '[]')
        FROM validation_decision AS decision WHERE decision.case_id = review_case.id
    ),
    'releases', (
        SELECT COALESCE(json_agg(json_build_object(
            'release', entry.release_id, 'version', release.version, 'split', entry.split,
            'frozen_at', release.frozen_at
        ) ORDER BY release.version), '[]')
        FROM corpus_releaseentry AS entry
        JOIN corpus_release AS release ON release.id = entry.release_id
        WHERE entry.clip_id = clip.id AND NOT entry.is_withdrawn AND NOT entry.is_paused
    )
)::text
FROM collector_clip AS clip
JOIN collector_participation AS part ON part.id = clip.participation_id
LEFT JOIN collector_prompt AS prompt ON prompt.id = clip.prompt_id
LEFT JOIN validation_reviewcase AS review_case ON review_case.clip_id = clip.id
WHERE part.speaker_id = %(speaker)s
ORDER BY clip.received_at, clip.id
