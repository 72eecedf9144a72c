"""Who takes part in a hunt, and what they know of each clip: the model that the site must match."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from collector.access import OPERATOR, Actor
from collector.models import Campaign, LinkedDevice, Membership, Participation, Role, User
from collector.services import add_prompts, publish_consent_text
from tests.corpus.hunt.prey import Prey
from tests.corpus.rows import join
from tests.device import Sender
from tests.people import Person
from validation.models import PolicyName, ReviewPolicy

SPEAKERS = 3
#: One of the speakers; and one of however many there are of something, which ``pick`` finds.
WHO = st.integers(0, SPEAKERS - 1)
WHICH = st.integers(0, 99)


Some = TypeVar("Some")


def pick(some: Sequence[Some], which: int) -> Some:
    """One of them; there must be one."""
    return some[which % len(some)]


@dataclass
class Linked:
    """A device, whose it is, and whether its link stands."""

    sender: Sender
    device: LinkedDevice
    voice: str
    is_on: bool = True


def somebody(part: Participation) -> Person:
    """A browser in which this speaker is known."""
    client = Client()
    client.get("/me/recover/")
    session = client.session
    session["speaker_id"] = str(part.speaker_id)
    session.save()
    client.cookies["sessionid"] = session.session_key
    return Person(client)


class Cast(RuleBasedStateMachine):
    """A campaign in a language that no model knows, so that only people hear its clips."""

    def __init__(self) -> None:
        super().__init__()
        slug = f"hunt-{uuid.uuid4().hex[:8]}"
        self.campaign = Campaign.objects.create(
            slug=slug, name=slug, description="-", language="eu", status="open",
            accepts_devices=True,
        )  # fmt: skip
        add_prompts(self.campaign, "keyword", ["bai", "ez"])
        publish_consent_text(OPERATOR, self.campaign, "Text.")
        ReviewPolicy.objects.create(
            campaign=self.campaign, name=PolicyName.TWO_VOTES, blind_share=0, gold_share=0
        )
        self.prompts = list(self.campaign.prompts.order_by("text"))
        self.parts = [join(self.campaign, n, age_band="sixties") for n in range(SPEAKERS)]
        self.people = [somebody(part) for part in self.parts]
        self.reviewers = [self._member(f"reviewer-{n}", Role.REVIEWER) for n in range(2)]
        self.curator = self._member("curator", Role.CURATOR)
        self.prey: list[Prey] = []
        self.linked: list[Linked] = []
        #: Voices whose consent does not stand.
        self.ended: set[str] = set()

    def _member(self, name: str, role: Role) -> Person:
        user = User.objects.create_user(f"{name}@{self.campaign.slug}.example")
        Membership.objects.create(user=user, campaign=self.campaign, role=role)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return Person(client, user)

    @property
    def as_curator(self) -> Actor:
        """The curator, for what is no page."""
        return Actor(user=self.curator.user)

    @property
    def gone(self) -> list[Prey]:
        """What nothing may be left of."""
        return [each for each in self.prey if each.is_gone]

    @property
    def kept(self) -> list[Prey]:
        """What was taken back, and is kept because the law says so."""
        return [each for each in self.prey if each.is_withdrawn and each.is_held]

    @property
    def out(self) -> list[Prey]:
        """What nobody may be given."""
        return [each for each in self.prey if each.is_out]

    def voice(self, who: int) -> str:
        """The speaker's pseudonym."""
        return self.parts[who].pseudonym

    def lent(self, voice: str | None = None) -> list[Prey]:
        """What this voice still lends, or what all of them do."""
        lent = [each for each in self.prey if not each.is_withdrawn]
        return lent if voice is None else [each for each in lent if each.voice == voice]

    def end(self, voice: str) -> None:
        """The voice takes part no more."""
        self.ended.add(voice)
        for each in self.linked:
            each.is_on = each.is_on and each.voice != voice
