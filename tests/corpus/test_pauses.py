"""A pause: out of circulation, not erased, and back again under another revision."""

from __future__ import annotations

from collector.access import Actor
from collector.models import Campaign, Clip, ClipStatus, Event
from collector.storage import audio_store, clip_folder
from corpus.models import Release, ReleaseEntry
from corpus.scopes import EVERYTHING
from corpus.selectors import delta, live_entries
from corpus.services import cut_release, pause, withdraw_all
from tests.corpus.rows import accepted_row, join
from tests.corpus.test_withdrawals import lend_rows
from tests.people import Person
from tests.pipeline import next_cases, process
from validation.models import ReviewCase


def listed(release: Release) -> set[str]:
    return {str(pk) for pk in live_entries(release).values_list("clip", flat=True)}


def test_a_paused_clip_leaves_downloads_and_comes_back_as_a_new_revision(
    speaker: Person, curator: Person, researcher: Person, campaign: Campaign
):
    paused, other = lend_rows(speaker, campaign, 2)
    release = cut_release(Actor(user=curator.user), campaign)
    whole = listed(release)
    for _ in range(2):
        answer = speaker.post("clips/pause", {"clips": [str(paused.pk)]})
        assert answer.status_code == 200
    release.refresh_from_db()
    assert (release.revision, listed(release)) == (1, {str(other.pk)})
    assert delta(release, release, since=0)["went"] == [str(paused.pk)]
    told = speaker.get(f"clips/{paused.pk}").json()
    assert (told["state"], told["releases"], told["withdrawable"]) == ("paused", [], True)
    assert speaker.get("clips/summary").json()["shelves"]["paused"] == 1
    after = cut_release(Actor(user=curator.user), campaign)
    assert listed(after) == {str(other.pk)}, "a new release is without it, too"
    assert speaker.post("clips/resume", {"everything": True}).json() == {"num_clips": 1}
    release.refresh_from_db()
    assert (release.revision, listed(release)) == (2, whole)
    assert ReleaseEntry.objects.get(release=release, clip=paused).revised_in == 2
    kinds = Event.objects.filter(clip_id=paused.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds.filter(kind__startswith="clip_")) == ["clip_paused", "clip_resumed"]


def test_nobody_but_the_speaker_hears_a_paused_clip(
    speaker: Person, reviewer: Person, curator: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    case = ReviewCase.objects.get()
    (mine,) = next_cases(reviewer, campaign)
    assert mine["id"] == str(case.pk)
    assert speaker.post("clips/pause", {"everything": True}).json() == {"num_clips": 1}
    for person in (reviewer, curator):
        assert person.get(f"clips/{clip.pk}/audio").status_code == 404
        assert next_cases(person, campaign) == []
    assert speaker.get(f"clips/{clip.pk}/audio").status_code == 200
    assert audio_store().keys(clip_folder(clip.pk)), "nothing is erased"
    assert speaker.post("clips/resume", {"everything": True}).json() == {"num_clips": 1}
    assert next_cases(reviewer, campaign)


def test_a_clip_paused_before_it_was_heard_waits_until_it_is_resumed(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    speaker.post("clips/pause", {"clips": [str(clip.pk)]})
    process(clip)
    assert ReviewCase.objects.get().is_held
    assert next_cases(reviewer, campaign) == []
    speaker.post("clips/resume", {"clips": [str(clip.pk)]})
    assert next_cases(reviewer, campaign)


def test_a_paused_clip_can_be_taken_back(speaker: Person, curator: Person, campaign: Campaign):
    lend_rows(speaker, campaign, 2)
    accepted_row(join(campaign, 1), "no")
    cut_release(Actor(user=curator.user), campaign)
    actor = Actor(speaker=speaker.speaker)
    assert pause(actor, EVERYTHING) == 2
    assert withdraw_all(actor, EVERYTHING).num_clips == 2
    assert Clip.objects.filter(status=ClipStatus.WITHDRAWN, paused_at=None).count() == 2
    assert ReleaseEntry.objects.filter(is_withdrawn=True, is_paused=False).count() == 2
