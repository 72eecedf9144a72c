"""After a restore: all that people took back since the backup is taken back again."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from collector.access import Actor
from collector.models import (
    Campaign,
    Clip,
    ConsentEvent,
    LinkedDevice,
    Participation,
    SpeakerSnapshot,
)
from collector.selectors import latest_consent, standing_purposes
from collector.services import revoke_device
from corpus.scopes import Scope
from corpus.services import (
    TakenBack,
    erase_answers,
    pause,
    take_back_again,
    take_back_purposes,
    withdraw,
    withdraw_all,
)
from tests.corpus.rows import accepted_row, join
from tests.device import link
from tests.people import Person


@pytest.fixture
def part(campaign: Campaign, db: None) -> Participation:
    """Somebody with three clips and answers."""
    made = join(campaign, 1, age_band="sixties")
    for _ in range(3):
        accepted_row(made, "yes")
    return made


def lose(acts: Callable[[], object]) -> str:
    """What the record holds after these acts, in a database that knows nothing of them."""
    out = StringIO()
    with transaction.atomic():
        acts()
        call_command("taken_back", stdout=out)
        transaction.set_rollback(True)
    return out.getvalue()


def restore(record: str, monkeypatch: pytest.MonkeyPatch) -> str:
    out = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(record))
    call_command("after_restore", stdout=out)
    return out.getvalue()


def test_clips_pauses_and_answers(part: Participation, monkeypatch: pytest.MonkeyPatch):
    actor, (gone, paused, kept) = Actor(speaker=part.speaker), part.clips.order_by("pk")

    def acts() -> None:
        withdraw(actor, gone.pk)
        pause(actor, Scope(clip_ids=(paused.pk,)))
        erase_answers(part.speaker)

    record = lose(acts)
    assert part.clips.filter(status="transcoded", paused_at=None).count() == 3
    assert SpeakerSnapshot.objects.exists()
    said = restore(record, monkeypatch)
    assert "Taken back again: 1 clips" in said
    assert "Paused again: 1 clips" in said
    for clip in (gone, paused, kept):
        clip.refresh_from_db()
    assert [each.status for each in (gone, paused, kept)] == [
        "withdrawn",
        "transcoded",
        "transcoded",
    ]
    assert paused.paused_at is not None
    assert kept.paused_at is None
    assert not SpeakerSnapshot.objects.exists()


def test_a_purpose_and_a_whole_consent(
    part: Participation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    other, untouched = join(campaign, 2), join(campaign, 3)
    clip = accepted_row(other, "no")

    def acts() -> None:
        take_back_purposes(Actor(speaker=part.speaker), part.pk, ["commercial-use"])
        withdraw_all(Actor(speaker=other.speaker), Scope(campaign=campaign))

    record = lose(acts)
    assert "Ended again: 2 consents" in restore(record, monkeypatch)
    given = ConsentEvent.objects.get(participation=part, kind="given")
    assert "commercial-use" not in standing_purposes(given)
    assert "research-release" in standing_purposes(given)
    assert latest_consent(other) is None
    assert latest_consent(untouched) is not None
    clip.refresh_from_db()
    assert clip.status == "withdrawn"
    assert "Ended again: 0 consents" in restore(record, monkeypatch)


def test_a_device_that_was_let_go(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    Campaign.objects.update(accepts_devices=True)
    sender, device = link(speaker, campaign)
    _, still = link(speaker, campaign, "Car")
    record = lose(lambda: revoke_device(Actor(speaker=speaker.speaker), device.pk))
    assert sender.standing().status_code == 200
    restore(record, monkeypatch)
    assert sender.standing().json()["code"] == "device_revoked"
    assert LinkedDevice.objects.get(pk=still.pk).revoked_at is None


def test_what_came_after_the_backup_and_is_gone_is_passed_over(
    part: Participation, campaign: Campaign
):
    later = TakenBack("consent", part.speaker_id, "0" * 8, ("research-release",))
    lines = [TakenBack(kind, part.speaker_id) for kind in ("clip", "pause", "device")]
    assert not any(take_back_again([later, *lines]).values())
    assert Clip.objects.filter(status="transcoded").count() == 3


@pytest.mark.parametrize("line", ["nonsense", "clip", "voice 1", "consent x", "device 1 2"])
def test_a_line_that_is_none_of_the_record_is_refused(
    line: str, db: None, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(CommandError, match="Every line"):
        restore(line, monkeypatch)
