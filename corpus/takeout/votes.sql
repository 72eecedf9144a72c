-- All that somebody ever judged, the first one first, with what they were shown and what they said.
-- Known clips are among it, and none of them shows that it is one. Whose voices they were is left
-- out, and what was decided too: it is their word, and not the case's.
SELECT jsonb_build_object(
    'campaign', campaign.slug,
    'at', vote.at,
    'prompt', prompt.text,
    'verdict', vote.verdict,
    'tags', vote.tags,
    'transcript', vote.transcript,
    'heard_s', vote.heard_s
)::text
FROM (
    SELECT review.case_id, review.at, review.verdict, to_jsonb(review.tags) AS tags,
        review.transcript, review.heard_s
    FROM validation_review AS review WHERE review.reviewer_id = %(user)s
    UNION ALL
    SELECT gold.case_id, known.at, known.verdict, known.tags, '', NULL
    FROM validation_goldvote AS known
    JOIN validation_goldclip AS gold ON gold.id = known.gold_id
    WHERE known.reviewer_id = %(user)s AND known.verdict <> ''
) AS vote
JOIN validation_reviewcase AS review_case ON review_case.id = vote.case_id
JOIN collector_campaign AS campaign ON campaign.id = review_case.campaign_id
JOIN collector_clip AS clip ON clip.id = review_case.clip_id
LEFT JOIN collector_prompt AS prompt ON prompt.id = clip.prompt_id
ORDER BY vote.at, vote.case_id
