"""No join leads from a person to what is left of the clips that they took back.

Tried over every table, with all that an operator can read: by an id, by a time of day, by a place
among neighbours in the journal, and by the transaction that wrote two rows together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from django.db import connection

from collector.access import Actor
from collector.models import Campaign, Clip, ConsentKind, Event, EventKind, User
from collector.services import erase_twice, erase_waiting
from corpus.models import Revocation, WithdrawalRequest
from corpus.scopes import EVERYTHING
from corpus.services import (
    complete_withdrawals,
    cut_release,
    publish_revocations,
    withdraw_all,
    withdraw_by_letter,
)
from tests.corpus.rows import accepted_row, join
from tests.device import link
from tests.people import Person, audio_of
from tests.pipeline import process

pytestmark = pytest.mark.django_db(transaction=True)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ](\d\d:\d\d:\d\d[.\d]*)")
MIDNIGHT = "00:00:00"
#: What belongs to many, so that to share it says nothing.
COMMON = ("collector_campaign", "collector_prompt", "collector_consenttext", "corpus_release")
#: The only time of day that stays: it is a reviewer's.
VOTES = "validation_review"


@dataclass(frozen=True)
class Row:
    """A row of a table, and the transaction that wrote it."""

    table: str
    text: str
    transaction: int

    @property
    def ids(self) -> set[str]:
        return set(UUID.findall(self.text))

    @property
    def times(self) -> set[str]:
        return {at for at in TIME.findall(self.text) if at != MIDNIGHT}


def rows() -> list[Row]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT row_to_json(each)::text, xmin::text::bigint FROM "{table}" AS each'
            )
            found += [Row(table, *row) for row in cursor.fetchall()]
    return found


def naming(found: Iterable[Row], names: set[str]) -> list[Row]:
    return [row for row in found if any(name in row.text for name in names)]


def ways(names: set[str], clip_ids: set[str], act: range) -> set[str]:
    """How one gets from the person of these names to these clips, in whatever tables there are.

    ``act`` are the transactions, and those within, of what they did.
    """
    found = rows()
    common = {each for row in found if row.table in COMMON for each in row.ids}
    persons = naming(found, names)
    left = naming(found, clip_ids)
    # One step on: the request that took them back, and the votes on their cases.
    beside = {each for row in left for each in row.ids} - common
    left = naming(found, beside | clip_ids)
    releases = [row for row in found if row.table == "corpus_release"]
    tried = {
        "a name": naming(left, names),
        "an id": {each for row in persons for each in row.ids} & beside,
        "a time": [row for row in left if row.table != VOTES and row.times],
        "a transaction": [row for row in [*left, *releases] if row.transaction in act],
        "the journal": [row for row in left if row.table == "collector_event"],
        "a number": [row for row in left if '"take":1' in row.text or '_number":1' in row.text],
    }
    return {way for way, seen in tried.items() if seen}


@dataclass
class Lent:
    """A person with an account and a device, and all clips that they lent."""

    person: Person
    names: set[str]
    clips: list[Clip]

    @property
    def ids(self) -> set[str]:
        return {str(clip.pk) for clip in self.clips}


@pytest.fixture
def lent(speaker: Person, curator: Person, campaign: Campaign) -> Lent:
    """Two clips that are in a release, and one that a device sent."""
    campaign.accepts_devices = True
    campaign.save()
    owner = speaker.speaker
    owner.user = User.objects.create_user("ann@example.org")
    owner.save()
    sender, device = link(speaker, campaign)
    part = owner.participations.get()
    consent = part.consent_events.latest("at")
    clips = [accepted_row(part, "yes", consent=consent) for _ in range(2)]
    accepted_row(join(campaign, 1), "no")
    assert sender.put(audio_of("yes")).status_code == 201
    clips.append(process(Clip.objects.latest("received_at")))
    cut_release(Actor(user=curator.user), campaign)
    consents = {str(each.pk) for each in part.consent_events.all()}
    names = {str(owner.pk), part.pseudonym, "ann@example.org", str(device.pk), *consents}
    return Lent(speaker, names, clips)


def now() -> int:
    """The number of a transaction of this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        number: int = cursor.fetchone()[0]
    return number


def bury() -> None:
    """All that the worker does, to the second look."""
    while erase_waiting():
        pass
    complete_withdrawals()
    erase_twice(Clip.objects.filter(status="erased").values_list("pk", flat=True))


def test_nothing_leads_from_a_person_to_what_is_left_of_their_clips(lent: Lent):
    before = now()
    request = withdraw_all(Actor(speaker=lent.person.speaker), EVERYTHING)
    act = range(before, now())
    ended = lent.person.speaker.participations.get().consent_events.latest("at")
    assert ended.kind == ConsentKind.WITHDRAWN
    lent.names.add(str(ended.pk))
    found = ways(lent.names, lent.ids, act)
    assert {"a name", "an id", "a time", "a transaction", "the journal"} <= found, "as yet"
    assert publish_revocations() is not None
    bury()
    assert ways(lent.names, lent.ids, act) == set()
    assert Clip.objects.filter(pk__in=lent.ids, withdrawal__request=request).count() == 3


def test_nothing_leads_from_who_wrote_a_letter_to_what_is_left(
    lent: Lent, curator: Person, campaign: Campaign
):
    part = lent.person.speaker.participations.get()
    before = now()
    withdraw_by_letter(
        Actor(user=curator.user),
        campaign,
        Clip.objects.filter(participation=part),
        voices=type(part).objects.filter(pk=part.pk),
        letter="2026/117",
    )
    act = range(before, now())
    lent.names.add(str(part.consent_events.latest("at").pk))
    bury()
    assert ways(lent.names, lent.ids, act) == set()


def test_the_journal_says_of_a_withdrawal_neither_which_nor_of_how_many(lent: Lent):
    withdraw_all(Actor(speaker=lent.person.speaker), EVERYTHING)
    bury()
    data = Event.objects.filter(kind__startswith="withdrawal_").order_by("id").values_list("data")
    assert [each for (each,) in data] == [{"by": "speaker"}, {}]
    assert not Event.objects.filter(kind=EventKind.RELEASE_REVISED).exists()


def test_the_list_says_the_day_and_no_more(lent: Lent, monkeypatch: pytest.MonkeyPatch):
    withdraw_all(Actor(speaker=lent.person.speaker), EVERYTHING)
    publish_revocations()
    day = WithdrawalRequest.objects.get().requested_at
    assert Revocation.objects.count() == 2
    for line in Revocation.objects.values_list("line", flat=True):
        assert f'"revoked_at":"{day}T00:00:00Z"' in line
