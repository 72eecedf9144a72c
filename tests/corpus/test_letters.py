"""A curator takes back what a letter asks for: in their campaign, and the journal says who."""

from __future__ import annotations

from django.test import Client

from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    ConsentEvent,
    Event,
    EventKind,
    SpeakerSnapshot,
)
from collector.selectors import latest_consent
from corpus.models import WithdrawalRequest
from tests.corpus.rows import accepted_row, another_campaign, join
from tests.corpus.test_withdrawals import lend_rows, statuses
from tests.device import link
from tests.people import Person, audio_of

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
    assert event.data == {"by": "curator", "curator": curator.user.pk}


def say_about(speaker: Person) -> None:
    answer = speaker.client.put(
        "/api/v1/speakers/me/about", {"age_band": "sixties"}, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content


def withdraw_voice(curator: Person, clip: Clip) -> None:
    said = {**LETTER, "whose": clip.participation.pseudonym}
    page = curator.client.post("/c/words/letters/", said).content.decode()
    assert "consent to this campaign ends" in page
    done = curator.client.post("/c/words/letters/", {**said, "confirm": "yes"})
    assert done.status_code == 302, done.content


def test_a_letter_for_a_whole_voice_does_what_everything_does(
    speaker: Person, curator: Person, campaign: Campaign
):
    Campaign.objects.update(accepts_devices=True)
    say_about(speaker)
    sender, device = link(speaker, campaign)
    clip = accepted_row(device.participation, "yes", consent=device.consent)
    withdraw_voice(curator, clip)
    assert WithdrawalRequest.objects.get().scope == "campaign"
    ended = ConsentEvent.objects.latest("at")
    assert (ended.kind, ended.participation) == ("withdrawn", clip.participation)
    late = speaker.put(audio_of("yes"), campaign.prompts.get(text="yes"))
    assert (late.status_code, late.json()["code"]) == (403, "consent_missing")
    assert not SpeakerSnapshot.objects.exists()
    device.refresh_from_db()
    assert device.revoked_at is not None
    assert speaker.consent(campaign).status_code == 201
    refused = sender.put(audio_of("yes"))
    assert refused.json()["code"] == "device_revoked", "agreeing anew links no device again"


def test_a_letter_for_a_whole_voice_leaves_what_it_lends_elsewhere(
    speaker: Person, curator: Person, campaign: Campaign
):
    more = another_campaign()
    speaker.consent(more)
    say_about(speaker)
    (here,), (there,) = lend_rows(speaker, campaign, 1), lend_rows(speaker, more, 1)
    withdraw_voice(curator, here)
    assert statuses([there]) == {"transcoded"}
    assert SpeakerSnapshot.objects.count() == 1, "it is said of those clips too"
    assert latest_consent(there.participation) is not None


def test_a_letter_ends_the_consent_of_a_voice_without_clips(
    speaker: Person, curator: Person, campaign: Campaign
):
    part = speaker.speaker.participations.get()
    body = {**LETTER, "whose": part.pseudonym, "confirm": "yes"}
    assert curator.client.post("/c/words/letters/", body).status_code == 302
    assert latest_consent(part) is None
    assert "gone already" in curator.client.post("/c/words/letters/", body).content.decode()


def test_a_letter_for_some_clips_ends_no_consent(
    speaker: Person, curator: Person, campaign: Campaign
):
    clips = lend_rows(speaker, campaign, 3)
    whose = "\n".join(str(clip.pk) for clip in clips[:2])
    body = {**LETTER, "whose": whose, "confirm": "yes"}
    assert curator.client.post("/c/words/letters/", body).status_code == 302
    assert WithdrawalRequest.objects.get().scope == "clips"
    assert latest_consent(clips[0].participation) is not None
    assert statuses(clips[2:]) == {"transcoded"}


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
