"""An account's speakers: adopted, added, selected, let go, and nobody else's business."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client

from collector.models import Campaign, Clip, Event, Speaker, User
from tests.people import Person, audio_of, content_digest

BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in(person: Person, name: str = "ann") -> Person:
    """Sign in within the same browser, as somebody who has just recorded does."""
    person.user = User.objects.get_or_create(email=f"{name}@example.org")[0]
    person.client.force_login(person.user, BACKEND)
    return person


def sign_out(person: Person) -> None:
    assert person.client.post("/accounts/logout/").status_code == 302


def patch(person: Person, path: str, body: dict[str, Any]) -> Any:
    return person.client.patch(f"/api/v1/{path}", body, "application/json")


def delete(person: Person, path: str) -> Any:
    return person.client.delete(f"/api/v1/{path}")


def selected(person: Person) -> list[str]:
    return [each["label"] for each in person.get("speakers").json() if each["selected"]]


@pytest.fixture
def ann(db: None) -> Person:
    """Somebody with an account who has never spoken."""
    return sign_in(Person(Client()))


@pytest.fixture
def rival(db: None) -> Person:
    """Somebody with another account."""
    return sign_in(Person(Client()), "rival")


def test_signing_in_adopts_nobody_by_itself(speaker: Person):
    assert speaker.get("speakers/me").json()["adoptable"] is False
    sign_in(speaker)
    me = speaker.get("speakers/me").json()
    assert me["adoptable"] is True
    assert speaker.get("speakers").json() == []
    assert Speaker.objects.get().user is None


def test_an_account_adopts_the_speaker_of_its_session(speaker: Person, campaign: Campaign):
    clip = speaker.lend(campaign, "yes")
    sign_in(speaker)
    for _ in range(2):
        answer = speaker.post("speakers/adopt", {"label": "Me"})
        assert (answer.status_code, answer.json()["clips"]) == (200, 1)
    assert Speaker.objects.get().user == speaker.user
    elsewhere = sign_in(Person(Client()))
    assert elsewhere.get(f"clips/{clip.pk}").status_code == 200
    assert elsewhere.get("campaigns/words").json()["speaker"]["label"] == "Me"
    assert "Me" not in str(list(Event.objects.values("data"))), "the journal never forgets"


def test_an_account_adopts_by_phrase(ann: Person, speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    answer = ann.post("speakers/adopt", {"recovery_phrase": speaker.phrase, "label": "Grandma"})
    assert (answer.status_code, answer.json()["label"], answer.json()["clips"]) == (
        200, "Grandma", 1,
    )  # fmt: skip
    wrong = ann.post("speakers/adopt", {"recovery_phrase": "abandon " * 12})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "recovery_phrase_unknown")


def test_adopting_needs_an_account_and_a_speaker(speaker: Person, ann: Person):
    nobody = speaker.post("speakers/adopt")
    assert (nobody.status_code, nobody.json()["code"]) == (403, "account_missing")
    nothing = ann.post("speakers/adopt")
    assert (nothing.status_code, nothing.json()["code"]) == (403, "speaker_unknown")


def test_a_speaker_of_one_account_is_not_taken_by_another(
    speaker: Person, ann: Person, rival: Person
):
    ann.post("speakers/adopt", {"recovery_phrase": speaker.phrase, "label": "Grandma"})
    answer = rival.post("speakers/adopt", {"recovery_phrase": speaker.phrase})
    assert (answer.status_code, answer.json()["code"]) == (409, "speaker_taken")
    assert Speaker.objects.get().user == ann.user
    # Who holds the phrase is the speaker, and still does not see what the account calls them.
    rival.post("speakers/recover", {"recovery_phrase": speaker.phrase})
    assert rival.get("speakers/me").json()["label"] == ""
    assert rival.get("campaigns/words").json()["speaker"]["label"] == ""
    assert rival.get("speakers/me").json()["adoptable"] is False


def test_a_grandmothers_takes_are_hers(ann: Person, campaign: Campaign):
    ann.consent(campaign)
    own = ann.lend(campaign, "yes")
    added = ann.post("speakers", {"label": "Grandma"})
    assert added.status_code == 201
    assert len(added.json()["recovery_phrase"].split()) == 12
    assert selected(ann) == [""], "adding somebody does not change who speaks"
    chosen = ann.post(f"speakers/{added.json()['speaker']['id']}/select")
    assert (chosen.status_code, chosen.json()["selected"]) == (200, True)
    assert ann.get("campaigns/words").json()["consented"] is False, "she has not agreed yet"
    ann.consent(campaign)
    hers = ann.lend(campaign, "no")
    assert own.participation.speaker != hers.participation.speaker
    assert own.participation.pseudonym != hers.participation.pseudonym
    assert {clip["id"] for clip in ann.get("clips").json()["results"]} == {
        str(own.pk), str(hers.pk),
    }  # fmt: skip
    assert [each["clips"] for each in ann.get("speakers").json()] == [1, 1]


def test_whoever_begins_with_an_account_gets_no_phrase_on_the_device(
    ann: Person, campaign: Campaign
):
    assert ann.consent(campaign).json()["recovery_phrase"] is None
    assert Speaker.objects.get().user == ann.user


def test_signing_out_leaves_no_speaker_behind(ann: Person, campaign: Campaign):
    ann.consent(campaign)
    clip = ann.lend(campaign, "yes")
    sign_out(ann)
    assert ann.get("speakers/me").json()["code"] == "speaker_unknown"
    assert ann.get("campaigns/words").json()["speaker"] is None
    assert ann.get("clips").json()["count"] == 0
    assert ann.get(f"clips/{clip.pk}").status_code == 404


def test_another_account_at_the_same_browser_is_not_the_first_ones_speaker(
    ann: Person, campaign: Campaign
):
    ann.consent(campaign)
    clip = ann.lend(campaign, "yes")
    sign_in(ann, "rival")
    assert ann.get("speakers/me").json()["code"] == "speaker_unknown"
    assert ann.get(f"clips/{clip.pk}").status_code == 404


def test_letting_go_deletes_no_clip_and_leaves_the_phrase(
    speaker: Person, ann: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    adopted = ann.post("speakers/adopt", {"recovery_phrase": speaker.phrase, "label": "Me"}).json()
    ann.post(f"speakers/{adopted['id']}/select")
    assert delete(ann, f"speakers/{adopted['id']}").status_code == 204
    assert ann.get("speakers").json() == []
    assert ann.get("speakers/me").json()["code"] == "speaker_unknown"
    assert ann.get(f"clips/{clip.pk}").status_code == 404
    assert Clip.objects.get().status == "received"
    assert (Speaker.objects.get().user, Speaker.objects.get().label) == (None, "")
    again = Person(Client())
    assert again.post("speakers/recover", {"recovery_phrase": speaker.phrase}).status_code == 200
    assert again.get(f"clips/{clip.pk}").status_code == 200


def test_a_new_phrase_leads_back_and_the_old_one_no_more(ann: Person, campaign: Campaign):
    ann.consent(campaign)
    path = f"speakers/{Speaker.objects.get().pk}/phrase"
    first, second = (ann.post(path).json()["recovery_phrase"] for _ in range(2))
    other = Person(Client())
    assert other.post("speakers/recover", {"recovery_phrase": first}).status_code == 422
    assert other.post("speakers/recover", {"recovery_phrase": second}).status_code == 200


def test_a_label_is_the_accounts_alone(ann: Person, campaign: Campaign):
    ann.consent(campaign)
    pk = Speaker.objects.get().pk
    assert patch(ann, f"speakers/{pk}", {"label": "Ann"}).json()["label"] == "Ann"
    assert patch(ann, f"speakers/{pk}", {"label": "x" * 61}).status_code == 400
    ann.user.delete()
    assert Speaker.objects.get().label == "", "it goes with the account"
    with pytest.raises(IntegrityError, match="speaker_label_is_an_accounts"), transaction.atomic():
        Speaker.objects.update(label="Ann")


@pytest.mark.parametrize("who", ["stranger", "speaker", "rival", "nobody"])
def test_a_speaker_of_an_account_is_unknown_to_everybody_else(
    ann: Person, campaign: Campaign, who: str, request: pytest.FixtureRequest
):
    ann.consent(campaign)
    held = Speaker.objects.get()
    other = Person(Client()) if who == "nobody" else request.getfixturevalue(who)
    for pk in (held.pk, uuid.uuid4()):
        answers = (
            other.post(f"speakers/{pk}/select"),
            other.post(f"speakers/{pk}/phrase"),
            patch(other, f"speakers/{pk}", {"label": "mine"}),
            delete(other, f"speakers/{pk}"),
        )
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
            (404, "not_found")
        ] * 4
    held.refresh_from_db()
    assert (held.user, held.label) == (ann.user, "")


def test_an_accounts_list_is_asked_for_by_accounts_only(speaker: Person):
    for answer in (speaker.get("speakers"), speaker.post("speakers", {"label": "Me"})):
        assert (answer.status_code, answer.json()["code"]) == (403, "account_missing")


def test_listing_takes_the_same_queries_for_one_and_for_many(
    ann: Person, django_assert_max_num_queries: Any
):
    for number in range(12):
        ann.post("speakers", {"label": str(number)})
    with django_assert_max_num_queries(5):
        assert len(ann.get("speakers").json()) == 12


def test_the_recorder_says_whose_takes_these_become(ann: Person, campaign: Campaign):
    ann.consent(campaign)
    page = "/c/words/record/"
    assert "speaks now" not in ann.client.get(page).content.decode(), "there is but one"
    grandma = ann.post("speakers", {"label": "Grandma"}).json()["speaker"]["id"]
    assert "A speaker without a name speaks now." in ann.client.get(page).content.decode()
    ann.post(f"speakers/{grandma}/select")
    assert "Grandma speaks now." in ann.client.get(page).content.decode()


def test_signing_in_leads_to_the_offer_where_there_is_one(speaker: Person, campaign: Campaign):
    user = User.objects.create_user("ann@example.org", "a voice of my own 7")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    form = {"login": user.email, "password": "a voice of my own 7"}
    assert speaker.client.post("/accounts/login/", form)["Location"] == "/me/"
    assert "<choir-adopt" in speaker.client.get("/me/").content.decode()
    assert "Is it you?" in speaker.client.get("/me/clips/").content.decode()
    speaker.post("speakers/adopt")
    assert "<choir-adopt" not in speaker.client.get("/me/").content.decode()
    sign_out(speaker)
    assert speaker.client.post("/accounts/login/", form)["Location"] == "/"


def test_the_page_of_somebody_unknown_says_so(stranger: Person, db: None):
    page = stranger.client.get("/me/").content.decode()
    assert "does not know you yet" in page
    assert "<choir-adopt" not in page


def test_a_take_that_is_sent_late_stays_its_makers(ann: Person, rival: Person, campaign: Campaign):
    prompt = campaign.prompts.get(text="yes")

    def send(person: Person, maker: str) -> Any:
        return person.client.put(
            f"/api/v1/clips/{uuid.uuid4()}?prompt={prompt.pk}&speaker={maker}",
            audio_of("yes"),
            content_type="audio/flac",
            headers={"Content-Digest": content_digest(audio_of("yes"))},
        )

    first = ann.consent(campaign).json()["speaker_id"]
    grandma = ann.post("speakers", {"label": "Grandma"}).json()["speaker"]["id"]
    ann.post(f"speakers/{grandma}/select")
    assert ann.consent(campaign).json()["speaker_id"] == grandma
    assert ann.get("campaigns/words").json()["speaker"]["id"] == grandma
    sent = send(ann, first)
    assert sent.status_code == 201
    assert str(Clip.objects.get().participation.speaker_id) == first
    rival.consent(campaign)
    refused = send(rival, first)
    assert (refused.status_code, refused.json()["code"]) == (403, "maker_absent")
    assert "until they are back" in refused.json()["detail"]
    assert Clip.objects.count() == 1
