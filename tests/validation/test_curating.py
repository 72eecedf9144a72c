"""What curators do on their pages, and what reviewers may see of a verdict."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from collector.access import Actor
from collector.models import Campaign, Membership, Role, User
from corpus.services import withdraw
from tests.people import Person
from tests.pipeline import judge, next_cases, process, vote
from validation.explaining import explain
from validation.models import (
    CaseStatus,
    ClipReport,
    Decision,
    GoldClip,
    PolicyName,
    ReviewCase,
    ReviewPolicy,
)
from validation.services import decide_as_curator, redecide
from validation.views.lines import QuestionLines
from validation.vocabulary import MYCROFT


def page(person: Person, name: str, *args: object, query: str = "") -> str:
    """The page's text, for whom it is."""
    response: Any = person.client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.content[-400:]
    return str(response.content.decode())


def act(person: Person, address: str, action: str, **fields: str) -> str:
    """Post a form of the page; returns the page that follows."""
    response: Any = person.client.post(address, {"action": action, **fields}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.fixture
def case(speaker: Person, campaign: Campaign) -> ReviewCase:
    """A clip that waits."""
    clip = process(speaker.lend(campaign, "yes"))
    return ReviewCase.objects.get(clip=clip)


def test_a_curator_finds_what_was_reported_hears_it_and_settles_it(
    case: ReviewCase, reviewer: Person, curator: Person, campaign: Campaign
):
    assert "Nothing is in this list" in page(curator, "cases", campaign.slug)
    reviewer.post(f"reviews/{case.pk}/report", {"reason": "private", "note": "A number."})
    listed = page(curator, "cases", campaign.slug)
    assert reverse("case", args=[case.pk]) in listed and "Reported" in listed
    shown = page(curator, "case", case.pk)
    assert "It tells something private" in shown and "A number." in shown
    preview = reverse("api:clip-preview", args=[case.clip_id])
    assert preview in shown and curator.client.get(preview).status_code == 200
    said = act(curator, reverse("case", args=[case.pk]), "dismiss")
    assert "in circulation again" in said
    case.refresh_from_db()
    assert not case.is_held and ClipReport.objects.get().status == "dismissed"


def test_a_curator_decides_pins_sends_back_and_hides_a_voice(
    case: ReviewCase, reviewer: Person, curator: Person, campaign: Campaign
):
    address = reverse("case", args=[case.pk])
    act(curator, address, "accept", text="yes please", note="I was there.")
    case.refresh_from_db()
    assert (case.status, case.accepted_text) == (CaseStatus.ACCEPTED, "yes please")
    assert "I was there." in page(curator, "case", case.pk)
    act(curator, address, "pin-wrong", is_training="on", explanation="Two words.")
    gold = GoldClip.objects.get()
    assert (gold.is_right, gold.is_training, gold.explanation) == (False, True, "Two words.")
    assert "Practice" in page(curator, "cases", campaign.slug, query="?list=gold")
    act(curator, address, "unpin")
    assert not GoldClip.objects.exists()
    assert "yes" in page(curator, "cases", campaign.slug, query="?list=decided")
    act(curator, address, "send-back")
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN
    act(curator, address, "hide-speaker", note="A robot.")
    assert next_cases(reviewer, campaign) == []
    apart = page(curator, "reviewers", campaign.slug)
    assert "A robot." in apart
    voice = case.clip.participation.pseudonym
    act(curator, reverse("reviewers", args=[campaign.slug]), "show-speaker", voice=voice)
    assert len(next_cases(reviewer, campaign)) == 1


def test_pausing_a_reviewer_reopens_what_they_decided_and_is_undone(
    case: ReviewCase,
    reviewer: Person,
    second_reviewer: Person,
    curator: Person,
    campaign: Campaign,
):
    for person in (reviewer, second_reviewer):
        judge(person, campaign, "accept")
    address = reverse("reviewers", args=[campaign.slug])
    assert reviewer.user is not None
    said = act(curator, address, "pause", reviewer=str(reviewer.user.pk))
    assert "1 clip that hung on their votes is open again" in said
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN
    assert reviewer.post(f"campaigns/{campaign.slug}/review/next").status_code == 403
    act(curator, address, "let-back", reviewer=str(reviewer.user.pk))
    case.refresh_from_db()
    assert case.status == CaseStatus.ACCEPTED


def test_a_verdict_is_explained_from_what_was_stored_and_is_the_same_when_made_again(
    case: ReviewCase, reviewer: Person, second_reviewer: Person, curator: Person, campaign: Campaign
):
    ReviewPolicy.objects.update(name=PolicyName.EVIDENCE)
    judge(reviewer, campaign, "accept")
    case.refresh_from_db()
    assert case.status == CaseStatus.ACCEPTED
    stored = Decision.objects.get(case=case)
    why = explain(stored.inputs)
    assert why is not None and stored.right is not None
    assert why.outcome == "accepted" and why.is_from_machine
    assert why.right_percent == pytest.approx(100 * stored.right)
    assert why.steps[-1].right_percent == pytest.approx(why.right_percent)
    shown = page(curator, "case", case.pk)
    assert "Person 1: Accept" in shown and "s match" in shown
    assert reviewer.user is not None and reviewer.user.email not in shown
    # Whoever judged it may know why; whoever may still judge it may not, nor may anybody else.
    assert "Person 1" in page(reviewer, "case", case.pk)
    for person in (second_reviewer, Person(Client())):
        assert person.client.get(reverse("case", args=[case.pk])).status_code in (302, 404)
    # Made again by another policy, it follows that one.
    ReviewPolicy.objects.update(name=PolicyName.TWO_VOTES)
    assert (redecide(campaign), redecide(campaign)) == (1, 0)
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN


def test_what_a_person_decided_has_no_rule_to_explain(
    case: ReviewCase, curator: Person, reviewer: Person
):
    decide_as_curator(actor_of(curator), case.pk, CaseStatus.REJECTED)
    assert explain(Decision.objects.get(case=case).inputs) is None
    assert "A curator decided" in page(curator, "case", case.pk)
    assert reviewer.client.get(reverse("case", args=[case.pk])).status_code == 404


def test_a_curator_sets_the_rules_and_a_wrong_number_changes_nothing(
    reviewer: Person, curator: Person, campaign: Campaign
):
    address = reverse("policy", args=[campaign.slug])
    shown: Any = curator.client.get(address)
    fields = {
        name: value
        for name, value in shown.context["form"].initial.items()
        if value is not None
        and value is not False
        and name not in ("id", "campaign", "tags", "questions")
    }
    tags = "noise\necho = Echo\ncut_end"
    saved = {**fields, "tags": tags, "error_bound": "0.02"}
    assert curator.client.post(address, saved).status_code == 302
    policy = ReviewPolicy.objects.get(campaign=campaign)
    assert policy.error_bound == 0.02
    assert policy.tags == ["noise", {"code": "echo", "label": "Echo"}, "cut_end"]
    for wrong in ({"tags": "purple"}, {"error_bound": "0.7"}, {"tags": "noise\nnoise"}):
        answer: Any = curator.client.post(address, {**saved, **wrong})
        assert answer.status_code == 200 and answer.context["form"].errors, wrong
    policy.refresh_from_db()
    assert policy.error_bound == 0.02 and len(policy.tags) == 3
    assert reviewer.client.post(address, saved).status_code == 403


def test_a_curator_writes_questions_which_reviewers_are_asked(
    case: ReviewCase, reviewer: Person, curator: Person, campaign: Campaign
):
    address = reverse("policy", args=[campaign.slug])
    shown: Any = curator.client.get(address)
    found = {field.name: field.value() for field in shown.context["form"]}
    fields = {
        name: value for name, value in found.items() if value is not None and value is not False
    }
    fields |= {"tags": "noise", "questions": ""}
    # Mycroft's are put into the form, and nothing is saved yet.
    preset: Any = curator.client.post(address, {**fields, "preset": "mycroft"})
    assert preset.context["form"]["questions"].value().splitlines() == list(MYCROFT)
    assert not ReviewPolicy.of(campaign.pk).questions
    own = "speech\n\nIst es in der Küche?\n- Ja\n- Nein\nquiet = Quiet?\n- still = Yes\n- No\n"
    kept: Any = curator.client.post(address, {**fields, "questions": own})
    assert kept.status_code == 302, kept.context["form"].errors
    kitchen, quiet = ReviewPolicy.of(campaign.pk).questions[1:]
    assert kitchen["label"] == "Ist es in der Küche?" and kitchen["code"] == "ist_es_in_der_küche"
    assert [option["label"] for option in kitchen["options"]] == ["Ja", "Nein"]
    assert [option["code"] for option in quiet["options"]] == ["still", "quiet_no"]
    answer: Any = reviewer.post(f"campaigns/{campaign.slug}/review/next")
    asked = answer.json()["policy"]["questions"]
    assert [question["label"] for question in asked][1:] == ["Ist es in der Küche?", "Quiet?"]
    judged = answer.json()["cases"][0]["id"]
    assert vote(reviewer, judged, "accept", tags=["quiet_no"]).status_code == 201
    assert "Quiet? No" in page(curator, "case", judged)
    # What is shown says the same again, and what cannot be asked changes nothing.
    again: Any = curator.client.get(address)
    lines = again.context["form"]["questions"].value()
    form = QuestionLines()
    assert form.to_python(form.prepare_value(lines)) == ReviewPolicy.of(campaign.pk).questions
    for wrong in ("- Ja", "speech\n- Ja", "Only one?\n- Ja", "One?\n- Ja\n- Ja"):
        refused: Any = curator.client.post(address, {**fields, "questions": wrong})
        assert refused.status_code == 200 and refused.context["form"].errors, wrong
    assert len(ReviewPolicy.of(campaign.pk).questions) == 3


def test_a_curator_takes_every_vote_away_without_what_was_taken_back(
    speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    kept, gone, gold = (process(speaker.lend(campaign, text)) for text in ("yes", "no", "go"))
    case = ReviewCase.objects.get(clip=gold)
    decide_as_curator(Actor(user=curator.user), case.pk, CaseStatus.ACCEPTED)
    curator.client.put(f"/api/v1/reviews/{case.pk}/gold", {"is_right": True}, "application/json")
    ReviewPolicy.objects.update(gold_share=1.0)
    for item in next_cases(reviewer, campaign, 3):
        vote(reviewer, item["id"], "accept", tags=["noise", "hesitation"], transcript="=1+1")
    withdraw(Actor(speaker=gone.participation.speaker), gone.pk)
    address = reverse("api:ballots", args=[campaign.slug, "jsonl"])
    lines = b"".join(curator.client.get(address)).decode().splitlines()  # type: ignore[arg-type]
    first, last = map(json.loads, lines)
    assert (first["clip"], first["verdict"], first["gold"]) == (str(kept.pk), "accept", None)
    assert (first["transcript"], first["tags"]) == ("=1+1", ["hesitation", "noise"])
    assert (last["clip"], last["gold"], last["reviewer"]) == (str(gold.pk), True, reviewer.user.pk)  # type: ignore[union-attr]
    address = reverse("api:ballots", args=[campaign.slug, "csv"])
    table = b"".join(curator.client.get(address)).decode()  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["clip"] for row in rows] == [first["clip"], last["clip"]]
    assert (rows[0]["transcript"], rows[0]["tags"]) == ("'=1+1", "hesitation noise")
    assert address in page(curator, "reviewers", campaign.slug)
    assert reviewer.client.get(address).status_code == 403
    assert curator.client.get(address.replace("csv", "xls")).status_code == 404


@pytest.mark.parametrize("name", ["cases", "policy"])
def test_curators_pages_are_nobody_else_s(name: str, reviewer: Person, campaign: Campaign):
    assert reviewer.client.get(reverse(name, args=[campaign.slug])).status_code == 403


def test_a_reviewer_sees_how_all_agree_but_only_themselves_by_name(
    case: ReviewCase, reviewer: Person, second_reviewer: Person, campaign: Campaign
):
    for person in (reviewer, second_reviewer):
        judge(person, campaign, "accept")
    shown = page(reviewer, "reviewers", campaign.slug)
    assert reviewer.user is not None and second_reviewer.user is not None
    assert reviewer.user.email in shown and second_reviewer.user.email not in shown
    assert "Krippendorff" in shown
    other = {"action": "pause", "reviewer": str(second_reviewer.user.pk)}
    reviewer.client.post(reverse("reviewers", args=[campaign.slug]), other)
    assert reviewer.post(f"campaigns/{campaign.slug}/review/next").status_code == 200
    assert second_reviewer.post(f"campaigns/{campaign.slug}/review/next").status_code == 200


def test_a_reviewer_is_given_only_languages_that_they_know(
    case: ReviewCase, reviewer: Person, campaign: Campaign
):
    Campaign.objects.create(
        slug="cy", name="Geiriau", description="-", language="cy", status="open"
    )
    address = reverse("my-languages")
    assert "You have named none" in page(reviewer, "my-languages")
    assert len(next_cases(reviewer, campaign)) == 1, "who was not asked knows what they review"
    reviewer.client.post(address, {"languages": ["cy", "tlh"]})
    refused: Any = reviewer.post(f"campaigns/{campaign.slug}/review/next")
    assert (refused.status_code, refused.json()["code"]) == (403, "language_unknown")
    reviewer.client.post(address, {"languages": ["cy", "en"]})
    assert len(next_cases(reviewer, campaign)) == 1


def test_one_s_own_clips_stay_one_s_own_after_signing_out_and_in(
    speaker: Person, campaign: Campaign
):
    user = User.objects.create_user("both@example.org", "a long pass phrase")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(user=user, campaign=campaign, role=Role.REVIEWER)
    both = Person(speaker.client, user)
    sign_in = {"login": user.email, "password": "a long pass phrase"}
    both.client.post(reverse("account_login"), sign_in)
    assert both.client.session["speaker_id"] == str(speaker.speaker.pk)
    clip = process(both.lend(campaign, "yes"))
    assert next_cases(both, campaign) == []
    both.client.post(reverse("account_logout"))
    assert "speaker_id" not in both.client.session
    both.client.post(reverse("account_login"), sign_in)
    assert next_cases(both, campaign) == []
    case = ReviewCase.objects.get(clip=clip)
    refused = vote(both, str(case.pk), "accept")
    assert refused.status_code == 403 and b"own_clip" in refused.content
    # Another device, on which they have never spoken.
    elsewhere = Person(Client(), user)
    elsewhere.client.post(reverse("account_login"), sign_in)
    assert next_cases(elsewhere, campaign) == []


def actor_of(person: Person) -> Any:
    return Actor(user=person.user)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"guidelines": "x" * 20_001}, "at most 20000 characters"),
        ({"tags": [{"code": f"t{n}", "label": "-"} for n in range(201)]}, "at most 200 tags"),
        ({"tags": [{"code": "t", "label": "x" * 201}]}, "at most 200 characters"),
    ],
    ids=["guidelines", "tags", "label"],
)
def test_what_every_desk_is_sent_has_an_end(
    said: dict[str, object], sentence: str, curator: Person, campaign: Campaign
):
    path = f"/api/v1/campaigns/{campaign.slug}/review/policy"
    refused = curator.client.patch(path, said, "application/json")
    assert refused.status_code in (400, 422), refused.content[:200]
    assert sentence in refused.content.decode()
    assert not ReviewPolicy.objects.filter(campaign=campaign, guidelines__startswith="x").exists()
    longest = curator.client.patch(path, {"guidelines": "x" * 20_000}, "application/json")
    assert longest.status_code == 200
