"""A campaign is heard again by another model: what is left, what is kept, what stays decided."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from collector.models import Campaign, Clip, ClipStatus, Event, EventKind
from collector.storage import audio_store, clip_folder
from corpus.takeout.rows import FrozenRows
from tests.people import Person
from tests.pipeline import accepted, next_case, process
from tests.validation.scoring.models.folders import burst_counter
from validation.hearing import ear_of
from validation.models import CaseStatus, Method, PreScore, ReviewCase
from validation.rescoring import Rescoring
from validation.scoring.score import calibration
from validation.selectors import latest_pre_score, unheard_by
from validation.services import rescore_clip, rescore_some


@pytest.fixture
def model(tmp_path: Path) -> str:
    return f"onnx-asr:{burst_counter(tmp_path / 'bursts')}"


def rescore(campaign: Campaign, *options: str) -> str:
    """The command, in this process; what it says."""
    out = StringIO()
    call_command("rescore", "--campaign", campaign.slug, "--here", *options, stdout=out)
    return out.getvalue()


def test_another_model_hears_all_and_the_first_one_s_scores_stay(
    speaker: Person, campaign: Campaign, model: str
):
    clips = [process(speaker.lend(campaign, text)) for text in ("yes", "stop")]
    assert "2 clips heard by nemo-conformer-ctc bursts" in rescore(campaign, "--model", model)
    for clip in clips:
        old, new = clip.pre_scores.order_by("at")
        assert (old.method, old.model) == (Method.FORCED_LIKELIHOOD, "moonshine-tiny-en")
        assert (new.method, new.calibration) == (Method.EDIT_DISTANCE, "stated-1")
        assert latest_pre_score(clip) == new
        events = Event.objects.filter(clip_id=clip.pk, kind=EventKind.CLIP_SCORED)
        assert [event.data.get("again", False) for event in events.order_by("id")] == [False, True]
    assert "0 clips heard" in rescore(campaign, "--model", model)


def test_open_cases_move_in_the_queue_and_decided_ones_stay_decided(
    speaker: Person, reviewer: Person, second_reviewer: Person, campaign: Campaign, model: str
):
    decided = accepted(speaker, campaign, "yes", (reviewer, second_reviewer))
    waiting = process(speaker.lend(campaign, "stop"))
    ReviewCase.objects.update(rank=9)
    rescore(campaign, "--model", model)
    case = ReviewCase.objects.get(clip=decided)
    assert (case.status, case.rank) == (CaseStatus.ACCEPTED, 9)
    assert ReviewCase.objects.get(clip=waiting).rank != 9


def test_what_was_stopped_goes_on_where_it_ended(speaker: Person, campaign: Campaign, model: str):
    for text in ("yes", "no", "stop"):
        process(speaker.lend(campaign, text))
    ear = ear_of(campaign, Path(model.partition(":")[2]))
    assert ear is not None
    folder = Path(model.partition(":")[2])
    run = Rescoring(campaign, ear, retry_after_s=60)
    steps = run.here(lambda clip_id: rescore_clip(clip_id, folder))
    next(steps)
    steps.close()
    assert run.left().count() == 2
    assert "2 clips heard" in rescore(campaign, "--model", model)


def test_new_coefficients_of_the_same_model_are_a_new_hearing_and_the_old_score_stays(
    speaker: Person, campaign: Campaign
):
    clip = process(speaker.lend(campaign, "yes"))
    assert "0 clips heard" in rescore(campaign)
    PreScore.objects.update(calibration="0", match=0.25)
    assert "1 clips heard by moonshine-tiny-en" in rescore(campaign)
    old, new = clip.pre_scores.order_by("at")
    assert (old.calibration, old.match) == ("0", 0.25)
    assert new.calibration != "0"
    assert latest_pre_score(clip) == new
    assert "0 clips heard" in rescore(campaign)


def test_all_scores_are_taken_out_and_go_with_the_clip(speaker: Person, campaign: Campaign):
    clip = process(speaker.lend(campaign, "yes"))
    PreScore.objects.update(calibration="0")
    rescore(campaign)
    rows = FrozenRows("clips.sql", speaker=speaker.speaker.pk)
    ((line,),) = rows.batches()
    rows.close()
    scores = line["scores"]
    assert [score["calibration"] for score in scores] == ["0", str(calibration().version)]
    speaker.post(f"clips/{clip.pk}/withdraw")
    assert not PreScore.objects.filter(clip=clip).exists()


def test_one_model_with_the_same_coefficients_has_one_score_of_a_clip(
    speaker: Person, campaign: Campaign
):
    score = process(speaker.lend(campaign, "yes")).pre_scores.get()
    score.pk = None
    with pytest.raises(IntegrityError, match="pre_score_unique"):
        score.save(force_insert=True)


def test_a_clip_that_cannot_be_heard_costs_only_itself(
    speaker: Person, campaign: Campaign, model: str
):
    broken, whole = (process(speaker.lend(campaign, text)) for text in ("yes", "stop"))
    for key in audio_store().keys(clip_folder(broken.pk)):
        audio_store().delete(key)
    with pytest.raises(CommandError, match=f"1 clips could not be heard.*{broken.pk}"):
        rescore(campaign, "--model", model)
    assert whole.pre_scores.count() == 2
    assert broken.pre_scores.count() == 1


def test_a_clip_that_was_taken_back_is_not_heard_again(
    speaker: Person, campaign: Campaign, model: str
):
    clip = process(speaker.lend(campaign, "yes"))
    speaker.post(f"clips/{clip.pk}/withdraw")
    assert not rescore_clip(clip.pk)
    assert "0 clips heard" in rescore(campaign, "--model", model)
    assert not PreScore.objects.filter(clip=clip).exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--campaign", "none"], "no campaign none"),
        (["--campaign", "words", "--model", "whisper"], "onnx-asr:/full/path"),
        (["--campaign", "words", "--model", "onnx-asr:/nowhere"], "is no model folder"),
    ],
)
def test_wrong_options_are_refused_in_a_sentence(campaign: Campaign, options: list[str], said: str):
    with pytest.raises(CommandError, match=said):
        call_command("rescore", *options)


def test_a_language_without_a_model_is_said_so_and_goes_to_people(
    speaker: Person, reviewer: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    Campaign.objects.filter(pk=campaign.pk).update(language="gsw")
    process(clip)
    case = ReviewCase.objects.get(clip=clip)
    assert (case.status, case.rank) == (CaseStatus.OPEN, 3)
    assert not clip.pre_scores.exists()
    assert Clip.objects.get(pk=clip.pk).measurements["snr_db"] > 20
    shown = next_case(reviewer, campaign)
    assert shown["machine"] is None
    with pytest.raises(CommandError, match="No model knows the language gsw"):
        rescore(campaign)


def test_clips_on_their_way_are_few_and_a_lost_one_is_asked_for_again(
    speaker: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("validation.rescoring.CHUNK", 1)
    monkeypatch.setattr("validation.rescoring.WINDOW", 2)
    clips = [process(speaker.lend(campaign, text)) for text in ("yes", "no", "stop", "go")]
    PreScore.objects.update(calibration="0")
    lost = min(clip.pk for clip in clips)
    ear = ear_of(campaign)
    assert ear is not None
    run = Rescoring(campaign, ear, retry_after_s=0.0)
    sent = []

    def send(chunk: list) -> None:
        sent.extend(chunk)
        for clip_id in chunk:
            if clip_id != lost:
                rescore_clip(clip_id)

    arrived = 0
    for num_done in run.through_queue(send):
        arrived += num_done
    assert sent.count(lost) == 2, "asked for again once, then given up"
    assert run.failed == {lost}
    assert arrived == 4
    assert [clip.pk for clip in unheard_by(campaign, ear.listener.sha256, ear.calibration)] == [
        lost
    ]


def test_a_back_fill_makes_room_for_a_new_take_after_each_clip(
    speaker: Person, campaign: Campaign, settings
):
    settings.BACKFILL_SLICE_S = 60
    clips = [process(speaker.lend(campaign, text)).pk for text in ("yes", "no", "stop")]
    take = speaker.lend(campaign, "go")
    assert rescore_some(clips) == clips[1:]
    assert rescore_some(clips[2:]) == [], "it comes forward all the same"
    Clip.claim(take.pk, ClipStatus.RECEIVED)
    assert rescore_some(clips) == [], "somebody has the take in hand"
