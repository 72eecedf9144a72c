"""The machine learns from a campaign's verdicts, if that foretells verdicts better."""

from __future__ import annotations

import random
import uuid

import pytest
from django.db import IntegrityError

from collector.models import Campaign, Clip, Participation, Speaker
from tests.people import Person
from tests.pipeline import process
from validation.hearing import ear_of
from validation.models import CampaignCalibration, CaseStatus, PreScore, ReviewCase
from validation.scoring.score import calibration
from validation.services import learn_from_verdicts


def judged(clip: Clip, num: int, seed: int, misled: bool) -> None:
    """Copies of a real, scored clip, each of a speaker of its own, with features and verdicts.

    With ``misled`` people accept what the shipped coefficients find unlikely, as with an accent
    that the model does not know; without it they agree with them as often as these say.
    """
    score, case, chance = clip.pre_scores.get(), clip.review_case, random.Random(seed)
    layer, heard = calibration().layers[score.layer], dict(score.features)
    for _ in range(num):
        # Seeded: by their ids speakers are told off into the folds that decide what is a gain.
        speaker_id = uuid.UUID(int=chance.getrandbits(128))
        speaker = Speaker.objects.create(id=speaker_id, recovery_hash=uuid.uuid4().hex)
        joined = Participation.objects.get(pk=clip.participation_id)
        joined.pk, joined.speaker, joined.pseudonym = None, speaker, uuid.uuid4().hex[:8]
        joined.save()
        features = {
            name: value - chance.uniform(0, 4) if name in layer.coefficients else value
            for name, value in heard.items()
        }
        match = layer.probability(features)
        right = chance.random() < (match**0.25 if misled else match)
        clip.pk = clip.id = uuid.uuid4()
        clip.participation = joined
        clip.save(force_insert=True)
        case.pk = uuid.uuid4()
        case.clip, case.status = clip, CaseStatus.ACCEPTED if right else CaseStatus.REJECTED
        case.save(force_insert=True)
        score.pk, score.clip, score.features, score.match = None, clip, features, match
        score.save(force_insert=True)


@pytest.fixture
def clip(speaker: Person, campaign: Campaign) -> Clip:
    return process(speaker.lend(campaign, "yes"))


def shown(curator: Person, campaign: Campaign) -> str:
    response = curator.client.get(f"/c/{campaign.slug}/machine/")
    assert response.status_code == 200
    return response.content.decode()


def test_what_foretells_verdicts_better_is_in_force_for_new_scores(
    clip: Clip, speaker: Person, curator: Person, campaign: Campaign
):
    judged(clip, 120, seed=1, misled=True)
    made = learn_from_verdicts(campaign.pk)
    assert made is not None and made.is_active
    assert made.num_reviewed == 120
    assert made.log_loss_after is not None and made.log_loss_before is not None
    assert made.log_loss_after < made.log_loss_before - 0.05
    ear = ear_of(campaign)
    assert ear is not None and ear.calibration == f"{calibration().version}/{made.pk}"

    scored = process(speaker.lend(campaign, "stop")).pre_scores.get()
    assert scored.calibration == ear.calibration
    assert made.recalibration is not None
    prompt = str(campaign.prompts.get(text="stop").pk)
    by_hand = made.recalibration.match(scored.layer, scored.features, prompt)
    assert scored.match == pytest.approx(by_hand)
    assert "its match follows the verdicts on 120 clips" in shown(curator, campaign)


def test_it_is_due_again_only_after_thirty_more_verdicts(clip: Clip, campaign: Campaign):
    judged(clip, 29, seed=2, misled=True)
    assert learn_from_verdicts(campaign.pk) is None
    judged(clip, 31, seed=3, misled=True)
    first = learn_from_verdicts(campaign.pk)
    assert first is not None and first.num_reviewed == 60
    assert learn_from_verdicts(campaign.pk) is None
    judged(clip, 60, seed=4, misled=True)
    second = learn_from_verdicts(campaign.pk)
    assert second is not None and second.num_reviewed == 120
    active = CampaignCalibration.objects.filter(campaign=campaign, is_active=True)
    assert active.count() == 1


def test_what_is_no_better_is_noted_and_left(
    clip: Clip, curator: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    judged(clip, 40, seed=5, misled=False)
    # Which data holds no gain is the pure function's own matter, and tested there.
    monkeypatch.setattr("validation.services.learning.recalibrate", lambda *_: None)
    made = learn_from_verdicts(campaign.pk)
    assert made is not None
    assert (made.is_active, made.learned, made.log_loss_after) == (False, None, None)
    ear = ear_of(campaign)
    assert ear is not None and ear.learned is None
    assert "foretold the verdicts no better" in shown(curator, campaign)


def test_verdicts_on_clips_that_were_taken_back_teach_nothing(clip: Clip, campaign: Campaign):
    judged(clip, 40, seed=6, misled=True)
    PreScore.objects.all().delete()  # as a withdrawal does
    assert learn_from_verdicts(campaign.pk) is None


def test_the_curator_s_page_shows_diagram_and_table_before_anything_was_learnt(
    clip: Clip, curator: Person, reviewer: Person, stranger: Person, campaign: Campaign
):
    assert "No clip has been both heard and judged yet" in shown(curator, campaign)
    judged(clip, 12, seed=7, misled=False)
    page = shown(curator, campaign)
    assert page.count('<circle class="dot"') == page.count('<th scope="row">') > 1
    assert "18 more clips have been decided" in page
    refused = reviewer.client.get(f"/c/{campaign.slug}/machine/")
    assert refused.status_code == 403
    assert stranger.client.get(f"/c/{campaign.slug}/machine/").status_code == 302


def test_a_campaign_in_a_language_without_a_model_says_so(curator: Person, campaign: Campaign):
    Campaign.objects.filter(pk=campaign.pk).update(language="gsw")
    assert "No speech model knows the language “gsw”" in shown(curator, campaign)
    assert learn_from_verdicts(campaign.pk) is None


def test_the_database_keeps_one_in_force(campaign: Campaign):
    def keep() -> None:
        CampaignCalibration.objects.create(
            campaign=campaign, model_sha256="a", learned={}, num_reviewed=30,
            log_loss_before=0.5, log_loss_after=0.4, is_active=True,
        )  # fmt: skip

    keep()
    with pytest.raises(IntegrityError, match="calibration_one_active"):
        keep()


def test_an_open_case_keeps_its_place_until_it_is_heard_again(clip: Clip, campaign: Campaign):
    before = ReviewCase.objects.get(clip=clip).rank
    judged(Clip.objects.get(pk=clip.pk), 60, seed=9, misled=True)
    learn_from_verdicts(campaign.pk)
    assert ReviewCase.objects.get(clip=Clip.objects.earliest("received_at")).rank == before
