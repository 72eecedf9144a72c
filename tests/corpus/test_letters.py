"""A curator takes back what a letter asks for: in their campaign, and the journal says who."""

from __future__ import annotations

from django.test import Client

from collector.models import Campaign, ClipStatus, Event, EventKind
from corpus.models import WithdrawalRequest
from tests.corpus.rows import accepted_row, another_campaign, join
from tests.corpus.test_withdrawals import lend_rows, statuses
from tests.people import Person

LETTER = {"letter": "2026/117", "reason_code": "legal"}


def test_a_curator_looks_first_and_then_takes_back_for_a_letter(
    speaker: Person, curator: Person, campaign: Campaign
):
    clips = lend_rows(speaker, campaign, 3)
    kept = accepted_row(join(campaign, 1), "no")
    said = {**LETTER, "whose": clips[0].participation.pseudonym}
    page = curator.client.post("/c/words/letters/", said)
    assert "3 clips will be erased" in page.content.decode()
    assert statuses(clips) == {ClipStatus.TRANSCODED}, "to look changes nothing"
    done = curator.client.post("/c/words/letters/", {**said, "confirm": "yes"}, follow=True)
    assert "as a letter asked for" in done.content.decode()
    assert "2026/117" not in done.content.decode(), "the receipt is for the speaker"
    assert (statuses(clips), statuses([kept])) == ({"withdrawn"}, {"transcoded"})
    request = WithdrawalRequest.objects.get()
    assert (request.letter, request.reason_code) == ("2026/117", "legal")
    assert {each.reason_code for each in request.withdrawals.all()} == {"legal"}
    event = Event.objects.get(kind=EventKind.WITHDRAWAL_REQUESTED)
    assert curator.user is not None
    assert (event.data["curator"], event.data["clips"]) == (curator.user.pk, 3)


def test_a_letter_reaches_only_the_curators_own_campaign(
    speaker: Person,
    curator: Person,
    reviewer: Person,
    campaign: Campaign,
):
    more = another_campaign()
    speaker.consent(more)
    (there,) = lend_rows(speaker, more, 1)
    for whose in (str(there.pk), there.participation.pseudonym, "nonsense", "0" * 8):
        body = {**LETTER, "whose": whose, "confirm": "yes"}
        page = curator.client.post("/c/words/letters/", body)
        assert "no such clips" in page.content.decode(), whose
        assert curator.client.post("/c/more/letters/", body).status_code == 403
    for other in (reviewer.client, Client()):
        assert other.get("/c/words/letters/").status_code == 403
    assert statuses([there]) == {"transcoded"}
    nameless = {"whose": str(there.pk), "letter": "", "reason_code": "legal", "confirm": "yes"}
    assert "letter" in curator.client.post("/c/words/letters/", nameless).context["form"].errors
