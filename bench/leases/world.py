"""A campaign with very many clips that wait, and its reviewers: generated rows."""

from __future__ import annotations

from bench.prompts import as_uuid, copy, execute

CLIPS_PER_SPEAKER = 100
FIRST_REVIEWER = 1001
# Generated rows are right by construction: no keys are checked, row by row.
_UNCHECKED = "SET session_replication_role = replica"


class World:
    """A campaign with clips that wait, of many speakers and ranks, and its reviewers.

    The reviewers' keys are the numbers from ``FIRST_REVIEWER`` on.
    """

    def __init__(self, num_reviewers: int) -> None:
        from collector.access import OPERATOR
        from collector.models import (
            Campaign,
            Clip,
            ConsentEvent,
            Membership,
            Participation,
            PromptKind,
            Speaker,
            User,
        )
        from collector.services import add_prompt, publish_consent_text
        from validation.models import ReviewCase

        self.campaign = Campaign.objects.create(
            slug="leases", name="-", description="-", language="en", status="open"
        )
        prompt = add_prompt(self.campaign, PromptKind.SENTENCE, "Sentence.")
        text = publish_consent_text(OPERATOR, self.campaign, "Bench.")
        self.speaker = Speaker.objects.create(recovery_hash="0" * 64)
        self.part = Participation.objects.create(speaker=self.speaker, campaign=self.campaign)
        consent = ConsentEvent.objects.create(participation=self.part, kind="given", text=text)
        self.clip = Clip.objects.create(
            participation=self.part, prompt=prompt, consent=consent, status="transcoded",
            original_sha256="0" * 64, original_num_bytes=1, master_sha256="0" * 64,
            num_samples=16_000, nudge_at=None,
        )  # fmt: skip
        self.case = ReviewCase.objects.create(
            clip=self.clip, campaign=self.campaign, status="rejected", nudge_at=None
        )
        user = User.objects.create_user("reviewer@example.org")
        member = Membership.objects.create(user=user, campaign=self.campaign, role="reviewer")
        execute(_UNCHECKED)
        copy(
            user, num_reviewers, id=f"{FIRST_REVIEWER - 1} + i", email="'r' || i || '@example.org'"
        )
        copy(
            member, num_reviewers, id="1000 + i", user_id=f"{FIRST_REVIEWER - 1} + i"
        )  # fmt: skip
        self.size = 0

    def grow_to(self, clips: int) -> None:
        """Add speakers, their clips and open cases of every rank."""
        execute(_UNCHECKED)
        first, last = self.size // CLIPS_PER_SPEAKER + 1, clips // CLIPS_PER_SPEAKER
        copy(self.speaker, last, first, id=as_uuid("i"), recovery_hash="lpad(i::text, 64, '0')")
        copy(
            self.part, last, first, id="1000 + i", speaker_id=as_uuid("i"),
            pseudonym="lpad(to_hex(i + 16), 8, '0')",
        )  # fmt: skip
        speaker = f"(1 + (i - 1) / {CLIPS_PER_SPEAKER})"
        copy(self.clip, clips, self.size + 1, id=as_uuid("i"), participation_id=f"1000 + {speaker}")
        copy(
            self.case, clips, self.size + 1, id=as_uuid("i"), clip_id=as_uuid("i"),
            status="'open'", rank="i % 6", place="random()",
        )  # fmt: skip
        self.size = clips
        execute("VACUUM ANALYZE")

    def give_all_back(self) -> None:
        """As at the beginning: nobody holds anything."""
        execute(
            "UPDATE validation_reviewcase SET leased_by_id = NULL, leased_until = NULL "
            "WHERE leased_until IS NOT NULL"
        )
        execute("VACUUM ANALYZE validation_reviewcase")

    def num_waiting(self) -> int:
        """How many clips are in the queue, in nobody's hands."""
        return int(execute(
            "SELECT count(*) FROM validation_reviewcase "
            "WHERE status = 'open' AND NOT is_held AND leased_until IS NULL"
        )[0][0])  # fmt: skip
