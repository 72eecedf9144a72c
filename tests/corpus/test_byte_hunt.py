"""The byte hunt: whatever people do in whatever order, nothing is left of what was taken back.

A state machine mixes uploads, linked devices, imports, transcodings, votes, previews, releases,
downloads, takeouts, pauses, legal holds, letters and withdrawals against the real PostgreSQL, Redis
and storage. ``BYTE_HUNT_EXAMPLES=200`` hunts longer and by chance; in the suite one hunt that
leaves out nothing, and a few fixed ones, are enough.
"""

from __future__ import annotations

import os
import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from collector.models import Campaign, Clip
from tests.corpus.hunt import places
from tests.corpus.hunt.leaving import Leaving
from tests.corpus.hunt.lending import Lending
from tests.corpus.hunt.prey import Prey, noise
from tests.corpus.hunt.using import FORMATS, MEDIA, Using
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("BYTE_HUNT_EXAMPLES", "3"))


class Hunt(Lending, Using, Leaving):
    """All that people do, and at the end a look at every place: as it is, and without holds."""

    def teardown(self) -> None:
        if self.kept:
            self.hunt()
        while any(each.is_held for each in self.prey):
            self.lift(0)
        self.hunt()

    def hunt(self) -> None:
        """The hunt proper, through everything there is."""
        self.purge()
        rows = places.tables()
        dump = [(table, "\n".join(lines).encode()) for table, lines in rows.items()]
        cache = list(places.cache())
        places.assert_no_trace(self.out, [*dump, *cache, *self.downloads(FORMATS)])
        lines = [value.decode("latin-1") for _, value in cache]
        places.assert_nobody_named(self.gone, {**rows, "Redis": lines})
        places.assert_intact(each for each in self.prey if not each.is_gone)


def test_nothing_is_left_of_what_was_taken_back():
    by_chance = EXAMPLES > 3
    run_state_machine_as_test(
        Hunt,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40 if by_chance else 20,
            deadline=None,
            database=None,
            derandomize=not by_chance,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_one_hunt_of_every_way_to_come_and_to_go():
    """What the fixed hunts may leave out: devices, imports, letters, holds, and how they meet."""
    hunt = Hunt()
    for who in (0, 1, 2):
        hunt.upload(who, "FLAC")
        hunt.link_device(who)
        hunt.send(who, "WAV")
    hunt.bring(accept=True, num_clips=3)
    hunt.work()
    hunt.judge()
    hunt.release()
    for kind in MEDIA:
        hunt.look(0, kind)
    recorded, sent, imported, other_voice = (hunt.prey[n] for n in (0, 1, 6, 7))
    for each in (recorded, sent, imported, other_voice):
        hunt.hold(hunt.prey.index(each))
    hunt.withdraw(0, 1)
    hunt.withdraw_device(0)
    hunt.letter_for_voice(hunt.lent().index(imported))
    assert hunt.kept == [recorded, sent, imported]
    hunt.download("nemo")
    hunt.take_out(0)
    hunt.purge()
    hunt.lift(0)
    assert hunt.kept == [sent, imported]
    hunt.bring_again(0)
    hunt.bring_again(0)
    hunt.unlink_device(0)
    hunt.send(0, "WAV")
    hunt.letter_for_clips(0, 2)
    hunt.withdraw_all(2, by_campaign=True)
    hunt.send(2, "WAV")
    hunt.agree_anew(2)
    hunt.upload(2, "WAV")
    hunt.send(2, "WAV")
    hunt.circulate(2, "pause")
    hunt.teardown()
    assert len(hunt.lent()) == 3, "what nobody took back is left"


def test_the_hunter_finds_what_is_there(speaker: Person, campaign: Campaign):
    """No test that cannot fail: of clips that are not taken back, everything is found."""
    clip_id, data = uuid.uuid4(), noise("FLAC")
    speaker.put(data, campaign.prompts.get(text="yes"), clip_id)
    prey = Prey.of(Clip.objects.get(pk=clip_id))
    places.assert_intact([prey])
    for place in (places.storage(), [("a dump", data.hex().encode())]):
        with pytest.raises(AssertionError, match=str(clip_id)):
            places.assert_no_trace([prey], place)
    with pytest.raises(AssertionError, match="names"):
        line = f'{{"clip": "{clip_id}", "voice": "{prey.voice}"}}'
        places.assert_nobody_named([prey], {"a table": [line]})
    with pytest.raises(AssertionError):
        places.assert_nobody_named([prey], {})
