"""The machine learns from a campaign's verdicts, if that foretells verdicts better."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from collector.models import Campaign, Clip, Participation, Speaker
from tests.people import Person
from tests.pipeline import process
from validation import rules
from validation.hearing import ear_of
from validation.models import (
    CampaignCalibration,
    CaseStatus,
    Decision,
    PreScore,
    Review,
    ReviewCase,
    ReviewerStanding,
    Verdict,
)
from validation.scoring.models import Listener
from validation.scoring.score import calibration
from validation.selectors import latest_pre_score
from validation.services import learn_from_verdicts, rescore_clip
from validation.services.deciding import CURATOR
from validation.services.learning import examples_of, fair_sample, said_by_people


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
        verdict = Verdict.ACCEPT if right else Verdict.REJECT
        Review.objects.create(case=case, verdict=verdict)
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
    judged(Clip.objects.get(pk=clip.pk), 29, seed=2, misled=True)
    assert learn_from_verdicts(campaign.pk) is None
    judged(Clip.objects.get(pk=clip.pk), 131, seed=3, misled=True)
    first = learn_from_verdicts(campaign.pk)
    assert first is not None and first.is_active and first.num_reviewed == 160
    assert learn_from_verdicts(campaign.pk) is None
    judged(clip, 60, seed=4, misled=True)
    second = learn_from_verdicts(campaign.pk)
    assert second is not None and second.num_reviewed == 220
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


def said(case: ReviewCase, *verdicts: Verdict) -> None:
    """The case's votes, in place of all earlier ones."""
    case.reviews.all().delete()
    for verdict in verdicts:
        Review.objects.create(case=case, verdict=verdict)


def test_people_s_votes_teach_and_not_the_verdict_that_holds_the_match(
    clip: Clip, reviewer: Person, curator: Person, campaign: Campaign
):
    judged(Clip.objects.get(pk=clip.pk), 6, seed=8, misled=True)
    cases = list(ReviewCase.objects.exclude(clip=clip).order_by("pk"))
    ReviewCase.objects.exclude(clip=clip).update(status=CaseStatus.ACCEPTED)
    accept, reject, unsure = Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE
    said(cases[0], accept, unsure)
    said(cases[1], reject, reject, accept)  # the machine outvoted them
    said(cases[2], accept, reject)
    said(cases[3], unsure)
    Decision.objects.create(case=cases[3], status=CaseStatus.ACCEPTED, inputs=CURATOR)
    said(cases[4], accept)
    ReviewCase.objects.filter(pk=cases[4].pk).update(accepted_text="something else")
    said(cases[5], accept)
    apart = ReviewerStanding.objects.create(
        campaign=campaign, reviewer=reviewer.user, quarantined_at=timezone.now()
    )
    Review.objects.filter(case=cases[5]).update(reviewer=apart.reviewer)
    assert said_by_people(campaign) == {
        cases[0].clip_id: True,
        cases[1].clip_id: False,
        cases[3].clip_id: True,
    }


def test_a_fair_sample_is_told_nearly_whole_and_holds_nothing_set_aside():
    clips = [uuid.UUID(int=number) for number in range(2_000)]
    drawn = {clip for clip in clips if rules.is_drawn(clip, 0.05)}
    decided = dict.fromkeys(clips, CaseStatus.REJECTED)
    aside = decided | dict.fromkeys(set(clips[:50]) - drawn, CaseStatus.SET_ASIDE)
    heard = set(clips[50:]) | drawn
    assert fair_sample(decided, clips, 0.05) == set(clips)
    assert fair_sample(aside, heard, 0.05) == drawn, "what was drawn went to people all the same"
    assert fair_sample(aside, heard, 0.0) == set()
    assert fair_sample(aside, heard - set(list(drawn)[:20]), 0.05) == set(), "many still wait"
    some = next(iter(drawn))
    assert fair_sample(aside | {some: CaseStatus.SET_ASIDE}, heard, 0.05) == set()
    assert fair_sample({}, [], 0.05) == set()


def test_no_share_of_right_clips_is_learned_where_the_machine_set_some_aside(
    clip: Clip, campaign: Campaign
):
    judged(Clip.objects.get(pk=clip.pk), 120, seed=1, misled=True)
    told = examples_of(campaign, listener(campaign))
    assert len(told) == 120 and all(example.is_fair for example in told)
    ReviewCase.objects.filter(clip=clip).update(status=CaseStatus.SET_ASIDE)
    assert not any(example.is_fair for example in examples_of(campaign, listener(campaign)))
    made = learn_from_verdicts(campaign.pk)
    assert made is not None and made.recalibration is not None
    assert made.recalibration.prior == 0.5


def listener(campaign: Campaign) -> Listener:
    ear = ear_of(campaign)
    assert ear is not None
    return ear.listener


def test_new_shipped_coefficients_learn_again_as_soon_as_the_clips_were_heard_again(
    clip: Clip, curator: Person, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    judged(Clip.objects.get(pk=clip.pk), 120, seed=1, misled=True)
    first = learn_from_verdicts(campaign.pk)
    assert first is not None and first.is_active
    newer = replace(calibration(), version=calibration().version + 1)
    for module in ("validation.scoring.models.listener", "validation.services.learning"):
        monkeypatch.setattr(f"{module}.calibration", lambda: newer)

    ear = ear_of(campaign)
    assert ear is not None and ear.learned is None
    assert learn_from_verdicts(campaign.pk) is None, "earlier features are others"
    assert "120 reviewed clips were heard before" in shown(curator, campaign)
    for score in PreScore.objects.all():
        score.pk, score.calibration = None, str(newer.version)
        score.save(force_insert=True)
    assert "were heard before" not in shown(curator, campaign)

    second = learn_from_verdicts(campaign.pk)
    assert second is not None and second.is_active
    assert (second.num_reviewed, second.shipped) == (120, str(newer.version))
    ear = ear_of(campaign)
    assert ear is not None and ear.learned == second


def test_a_clip_that_was_heard_twice_teaches_once_and_is_shown_once(
    clip: Clip, curator: Person, campaign: Campaign
):
    judged(Clip.objects.get(pk=clip.pk), 40, seed=1, misled=False)
    for score in PreScore.objects.exclude(clip=clip):
        score.pk, score.match = None, 1.0
        score.calibration = f"{calibration().version}/1"
        score.save(force_insert=True)
    assert len(examples_of(campaign, listener(campaign))) == 40
    page = shown(curator, campaign)
    assert page.count('<circle class="dot"') == 1, "the newest match of all is 1"
    assert "<dd>40</dd>" in page


def test_what_is_in_force_ends_where_the_shipped_foretell_better(
    clip: Clip, speaker: Person, campaign: Campaign
):
    judged(Clip.objects.get(pk=clip.pk), 120, seed=1, misled=True)
    first = learn_from_verdicts(campaign.pk)
    assert first is not None and first.is_active
    ReviewCase.objects.exclude(clip=clip).delete()
    judged(Clip.objects.get(pk=clip.pk), 400, seed=2, misled=False)
    second = learn_from_verdicts(campaign.pk)
    assert second is not None and second.learned is None
    ear = ear_of(campaign)
    assert ear is not None and ear.learned is None

    # What the ended one made is heard again with the shipped ones, though they had heard it before.
    late = process(speaker.lend(campaign, "stop"))
    PreScore.objects.filter(clip=late).update(at=timezone.now() - timedelta(days=1))
    score = late.pre_scores.get()
    score.pk, score.calibration = None, f"{calibration().version}/{first.pk}"
    score.save(force_insert=True)
    assert rescore_clip(late.pk)
    assert latest_pre_score(late).calibration == str(calibration().version)
    assert late.pre_scores.count() == 2
    assert not rescore_clip(late.pk)


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


def test_earlier_attempts_are_told_what_they_began_with(campaign: Campaign):
    for learned in ({"coefficients": {"version": 5}}, None):
        CampaignCalibration.objects.create(
            campaign=campaign, model_sha256="a", learned=learned, num_reviewed=30,
            log_loss_before=0.5, log_loss_after=0.4,
        )  # fmt: skip
    migration = import_module("validation.migrations.0008_scores_by_calibration")
    with connection.cursor() as cursor:
        cursor.execute(migration.NAME_SHIPPED)
    told = CampaignCalibration.objects.order_by("pk").values_list("shipped", flat=True)
    assert list(told) == ["5", ""]


def test_an_open_case_keeps_its_place_until_it_is_heard_again(clip: Clip, campaign: Campaign):
    before = ReviewCase.objects.get(clip=clip).rank
    judged(Clip.objects.get(pk=clip.pk), 60, seed=9, misled=True)
    learn_from_verdicts(campaign.pk)
    assert ReviewCase.objects.get(clip=Clip.objects.earliest("received_at")).rank == before
