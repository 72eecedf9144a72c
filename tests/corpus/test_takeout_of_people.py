"""An archive beyond one's clips: what one judged, and the receipts of what one took back."""

from __future__ import annotations

import json
import uuid

from django.test import Client

from collector.access import Actor
from collector.models import Campaign, Clip
from collector.services import erase_clip
from corpus.services import place_hold
from tests.corpus.test_takeout import hang_up, taken_out
from tests.people import Person
from tests.pipeline import accepted, judge, next_case, process, vote
from validation.models import GoldClip, GoldVote, OwnVoice, ReviewCase


def test_who_reviews_gets_their_votes_and_nobody_elses(
    speaker: Person, campaign: Campaign, reviewer: Person, second_reviewer: Person
):
    clip = process(speaker.lend(campaign, "yes"))
    case = next_case(reviewer, campaign)["id"]
    said = {"tags": ["noise"], "transcript": "mine alone"}
    assert vote(reviewer, case, "reject", **said).status_code == 201
    judge(second_reviewer, campaign, "accept")
    known = GoldClip.objects.create(
        case=ReviewCase.objects.create(clip=speaker.lend(campaign, "no"), status="accepted"),
        campaign=campaign, is_right=True,
    )  # fmt: skip
    GoldVote.objects.create(
        gold=known, reviewer=reviewer.user, verdict="accept", at=clip.received_at
    )
    OwnVoice.objects.create(user=reviewer.user, speaker=speaker.speaker)
    files = taken_out(reviewer)
    first, second = (json.loads(line) for line in files["votes.jsonl"].splitlines())
    assert (first["prompt"], first["verdict"]) == ("no", "accept"), "and not that it is known"
    assert (second["prompt"], second["verdict"], second["tags"]) == ("yes", "reject", ["noise"])
    assert set(first) == set(second)
    account = json.loads(files["account.json"])
    assert account["own_voices"] == [str(speaker.speaker.pk)]
    assert {each["role"] for each in account["roles"]} == {"reviewer"}
    page = files["index.html"].decode()
    assert "<td>words</td><td>1</td><td>1</td><td>0</td>" in page
    whole = b"".join(files.values())
    assert clip.participation.pseudonym.encode() not in whole, "whose voices they were"
    assert "mine alone" not in b"".join(taken_out(second_reviewer).values()).decode()
    assert "votes.jsonl" not in taken_out(speaker)


def test_receipts_are_in_it_while_they_can_be_found_and_when_they_are_known(
    speaker: Person, campaign: Campaign
):
    done, begun = speaker.lend(campaign, "yes"), speaker.lend(campaign, "no")
    addresses = [taken_back(speaker, clip) for clip in (done, begun)]
    erase_clip(done.pk)
    (found,) = [path for path in taken_out(speaker) if path.startswith("withdrawals/")]
    assert str(addresses[1]) in found, "nothing leads from its speaker to the other"
    response = speaker.get(f"takeout?receipts={addresses[0]},{addresses[1]},{uuid.uuid4()}")
    files = taken_out(speaker, f"?receipts={addresses[0]}")
    receipts = [json.loads(body) for path, body in files.items() if path.startswith("withdrawals/")]
    erased = {each["id"]: each["num_erased"] for each in receipts}
    assert erased == dict(zip(map(str, addresses), [1, 0], strict=True))
    assert files["index.html"].decode().count(">JSON</a>") == 2
    hang_up(response)
    assert speaker.get("takeout?receipts=1").status_code == 400


def taken_back(person: Person, clip: Clip) -> uuid.UUID:
    """Take a clip back; the receipt's id."""
    request_id = uuid.uuid4()
    body = {"clips": [str(clip.pk)]}
    person.client.put(f"/api/v1/withdrawals/{request_id}", body, content_type="application/json")
    return request_id


def test_a_hold_is_told_in_the_archive_too(
    speaker: Person, curator: Person, campaign: Campaign, reviewer: Person, second_reviewer: Person
):
    clip = accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    place_hold(Actor(user=curator.user), clip.pk, "Order 12/2026")
    files = taken_out(speaker)
    (line,) = (json.loads(each) for each in files["speaker-1/clips.jsonl"].splitlines())
    assert line["state"] == "held"
    assert line["held_since"]
    assert "Under a legal hold" in files["index.html"].decode()
    assert b"Order 12/2026" not in b"".join(files.values())


def test_a_stranger_gets_none(db: None):
    assert Person(Client()).get("takeout").status_code == 403
