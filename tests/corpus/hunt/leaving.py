"""How clips go: taken back by whom it may be, held by the law and let go, erased."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from collector.services import erase_waiting
from collector.storage import audio_store
from corpus.errors import AlreadyHeld, NothingToHold
from corpus.models import WithdrawalRequest
from corpus.services import complete_withdrawals, lift_hold, place_hold
from tests.corpus.hunt import places
from tests.corpus.hunt.cast import WHICH, WHO, Cast, pick
from tests.corpus.hunt.prey import Prey


class Leaving(Cast):
    """From the act on it is in no circulation; from the purge on it is nowhere, unless held."""

    @precondition(lambda self: self.prey)
    @rule(who=WHO, count=st.integers(1, 3))
    def withdraw(self, who: int, count: int) -> None:
        if mine := self.lent(self.voice(who))[:count]:
            self._take_back(who, {"clips": [each.clip_id for each in mine]}, mine)

    @precondition(lambda self: len(self.prey) > 2)
    @rule(who=WHO, by_campaign=st.booleans())
    def withdraw_all(self, who: int, by_campaign: bool) -> None:
        body = {"campaign": self.campaign.slug} if by_campaign else {"everything": True}
        self._take_back(who, body, self.lent(self.voice(who)))
        self.end(self.voice(who))

    @precondition(lambda self: self.linked)
    @rule(which=WHICH)
    def unlink_device(self, which: int) -> None:
        """The link ends, and what was sent stays lent."""
        mine = pick(self.linked, which)
        self._on_device_page(mine.voice, revoke=str(mine.device.pk))
        mine.is_on = False

    @precondition(lambda self: self.linked)
    @rule(which=WHICH)
    def withdraw_device(self, which: int) -> None:
        """All that a device sent, whether its link still stands or not."""
        mine = pick(self.linked, which)
        self._on_device_page(mine.voice, take_back=str(mine.device.pk))
        _withdrawn(each for each in self.prey if str(mine.device.pk) in each.names)

    @precondition(lambda self: self.lent())
    @rule(which=WHICH, count=st.integers(1, 3))
    def letter_for_clips(self, which: int, count: int) -> None:
        """A curator takes back for a letter what may be of several voices, or from elsewhere."""
        named = [pick(self.lent(), which + number) for number in range(count)]
        self._answer_letter("\n".join(each.clip_id for each in named))
        _withdrawn(named)

    @precondition(lambda self: self.lent())
    @rule(which=WHICH)
    def letter_for_voice(self, which: int) -> None:
        voice = pick(self.lent(), which).voice
        self._answer_letter(voice)
        _withdrawn(self.lent(voice))
        self.end(voice)

    @precondition(lambda self: self.prey)
    @rule(which=WHICH)
    def hold(self, which: int) -> None:
        """Whatever clip the law names; what was taken back before is noise already."""
        each = pick(self.prey, which)
        refused = NothingToHold if each.is_withdrawn else AlreadyHeld if each.is_held else None
        with pytest.raises(refused) if refused else nullcontext():
            place_hold(self.as_curator, uuid.UUID(each.clip_id), "Order 12/2026")
            each.is_held = True

    @precondition(lambda self: any(each.is_held for each in self.prey))
    @rule(which=WHICH)
    def lift(self, which: int) -> None:
        """What was taken back meanwhile goes at once."""
        each = pick([each for each in self.prey if each.is_held], which)
        assert lift_hold(self.as_curator, uuid.UUID(each.clip_id))
        each.is_held = False
        assert bool(audio_store().keys(each.folder)) is not each.is_gone

    @rule()
    def purge(self) -> None:
        """The worker erases; receipts are complete, but for those of what the law keeps."""
        while erase_waiting():
            pass
        complete_withdrawals()
        places.assert_no_trace(self.gone, places.storage())
        places.assert_intact(self.kept)
        waiting = WithdrawalRequest.objects.filter(completed_at=None)
        clips = waiting.values_list("withdrawals__clip", flat=True)
        kept = {each.clip_id for each in self.kept}
        assert {str(clip) for clip in clips} >= kept
        assert not waiting.exclude(withdrawals__clip__in=kept).exists()

    def _take_back(self, who: int, body: dict[str, object], gone: list[Prey]) -> None:
        address = f"/api/v1/withdrawals/{uuid.uuid4()}"
        client = self.people[who].client
        answer = client.put(address, body, content_type="application/json")
        assert answer.status_code == 202, answer.content
        assert answer.json()["num_clips"] == len(gone)
        _withdrawn(gone)

    def _answer_letter(self, whose: str) -> None:
        said = {"letter": "2026/117", "reason_code": "legal", "confirm": "yes", "whose": whose}
        done: Any = self.curator.client.post(f"/c/{self.campaign.slug}/letters/", said)
        assert done.status_code == 302, done.content

    def _on_device_page(self, voice: str, **form: str) -> None:
        who = next(n for n in range(len(self.parts)) if self.voice(n) == voice)
        assert self.people[who].client.post("/me/devices/", form).status_code == 302


def _withdrawn(gone: Iterable[Prey]) -> None:
    for each in gone:
        each.is_withdrawn = True
