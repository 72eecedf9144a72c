-- Which prompts a speaker is offered next: at most %(limit)s, what is best first.
-- docs/prompts.md explains it, and bench/prompts.py watches that it stays quick.
--
-- The parts of the UNION are read one after the other, and only until the limit is reached. Each
-- OFFSET 0 keeps the planner from gathering all of a speaker's takes in order to look up a few.
WITH
-- Where the speaker's last take left off on the ring of prompts; whoever begins, begins at a place
-- of their own.
here AS (
    SELECT coalesce(max(last.place), %(start)s) AS place, min(last.prompt_id::text) AS prompt
    FROM (
        SELECT t.place, t.prompt_id
        FROM collector_clip c JOIN collector_prompttally t ON t.prompt_id = c.prompt_id
        WHERE c.participation_id = %(me)s
        ORDER BY c.received_at DESC
        LIMIT 1
    ) last
),
-- Once round the ring on each level, from what the campaign has nothing of to what it has most of.
rounds AS (
    SELECT level, arc.from_place, arc.to_place
    FROM here,
        LATERAL (VALUES (1, here.place, 1), (2, 0, here.place)) arc(turn, from_place, to_place),
        generate_series(0, %(top_level)s) AS level
    ORDER BY level, arc.turn
),
fresh AS (
    SELECT found.prompt_id, 0 AS takes, rounds.level, FALSE AS is_skipped
    FROM rounds, LATERAL (
        SELECT t.prompt_id
        FROM collector_prompttally t
        WHERE t.campaign_id = %(campaign)s AND t.is_offered AND t.level = rounds.level
            AND t.place >= rounds.from_place AND t.place < rounds.to_place
            AND t.prompt_id <> ALL (%(without)s::uuid[])
            AND NOT EXISTS (
                SELECT 1 FROM collector_clip c
                WHERE c.participation_id = %(me)s AND c.prompt_id = t.prompt_id
                    AND c.status IN %(live)s
                OFFSET 0
            )
            AND NOT EXISTS (
                SELECT 1 FROM collector_promptskip s
                WHERE s.participation_id = %(me)s AND s.prompt_id = t.prompt_id
                OFFSET 0
            )
        ORDER BY t.place
        LIMIT %(limit)s
    ) found
),
said AS (
    SELECT c.prompt_id, count(*) AS takes, max(c.received_at) AS latest
    FROM collector_clip c
    WHERE c.participation_id = %(me)s AND c.status IN %(live)s
    GROUP BY c.prompt_id
),
-- Everything that this speaker may still say, for what is not fresh any more.
sayable AS (
    SELECT t.prompt_id, t.level, coalesce(said.takes, 0) AS takes, said.latest, s.at AS skipped_at
    FROM said
    FULL JOIN (
        SELECT prompt_id, at FROM collector_promptskip WHERE participation_id = %(me)s
    ) s USING (prompt_id)
    JOIN collector_prompttally t USING (prompt_id)
    JOIN collector_prompt p ON p.id = t.prompt_id
    WHERE t.campaign_id = %(campaign)s AND t.is_offered AND t.level IS NOT NULL
        AND t.prompt_id <> ALL (%(without)s::uuid[])
        AND coalesce(said.takes, 0)
            < CASE p.kind WHEN 'keyword' THEN %(keyword_takes)s ELSE %(other_takes)s END
),
again AS (
    SELECT prompt_id, takes, level, skipped_at IS NOT NULL AS is_skipped
    FROM sayable
    ORDER BY skipped_at NULLS FIRST, takes, level, latest
    LIMIT %(limit)s
)
SELECT p.id, p.kind, p.text, p.seconds, chosen.takes, chosen.level, chosen.is_skipped,
    coalesce(p.id::text = here.prompt, FALSE) AS is_latest
FROM (SELECT * FROM fresh UNION ALL SELECT * FROM again LIMIT %(limit)s) chosen
JOIN collector_prompt p ON p.id = chosen.prompt_id, here
