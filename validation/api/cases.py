"""How a case, the policy and a sitting look to a reviewer's desk."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from collector.api.prompts import PromptOut
from collector.models import Campaign
from validation.models import (
    CaseStatus,
    ClipReport,
    Mode,
    PolicyName,
    PreScore,
    Review,
    ReviewCase,
    ReviewPolicy,
)
from validation.selectors import latest_pre_score
from validation.showing import CaseShown, Sitting
from validation.vocabulary import NUM_KEYS


class TagOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    key = serializers.CharField(allow_null=True, help_text="1 to 9, or none")
    kind = serializers.ChoiceField(["quality", "question"])
    group = serializers.CharField(help_text="The question that it answers, or empty")


class OptionOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class QuestionOut(OptionOut):
    options = OptionOut(many=True)


class PolicyOut(serializers.Serializer[Any]):
    name = serializers.ChoiceField(PolicyName.choices)
    guidelines = serializers.CharField()
    tags = TagOut(many=True)
    questions = QuestionOut(many=True)
    mode_default = serializers.ChoiceField(Mode.choices)


class TrainingOut(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    of = serializers.IntegerField()


class SessionOut(serializers.Serializer[Any]):
    votes_today = serializers.IntegerField()
    agreement_percent = serializers.FloatField(allow_null=True)
    training = TrainingOut(allow_null=True)


class PreScoreOut(serializers.ModelSerializer[PreScore]):
    class Meta:
        model = PreScore
        fields = ("match", "heard", "model", "method")
        read_only_fields = fields  # so that the schema says that all are always there


class MachineOut(serializers.Serializer[Any]):
    match = serializers.FloatField(allow_null=True)
    heard = serializers.CharField(allow_null=True)
    model = serializers.CharField()


class ClipToJudgeOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    preview_url = serializers.CharField(help_text="A small file to play")
    audio_url = serializers.CharField(help_text="The lossless master")
    peaks_url = serializers.CharField(help_text="What a waveform is drawn from")
    spectrogram_url = serializers.CharField(help_text="An image")
    duration_s = serializers.FloatField()
    prompt = PromptOut(allow_null=True)
    language = serializers.CharField()


class CaseOut(serializers.Serializer[Any]):
    """As ``described_case`` makes it."""

    id = serializers.UUIDField()
    lease_until = serializers.DateTimeField()
    clip = ClipToJudgeOut()
    machine = MachineOut(allow_null=True)
    proposed_tags = serializers.ListField(child=serializers.CharField())
    is_training = serializers.BooleanField()


class QueueOut(serializers.Serializer[Any]):
    cases = CaseOut(many=True)
    policy = PolicyOut()
    session = SessionOut()


def as_listed(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """The cases with all that ``CaseListed`` tells, in a fixed number of queries."""
    newest = PreScore.objects.order_by("clip", "-at").distinct("clip")
    return cases.select_related("clip__prompt", "clip__participation__campaign").prefetch_related(
        Prefetch("reviews", Review.objects.order_by("at", "id")),
        Prefetch("reports", ClipReport.objects.order_by("at", "id")),
        Prefetch("clip__pre_scores", newest, to_attr="newest_scores"),
    )


class CaseListed(serializers.ModelSerializer[ReviewCase]):
    """A case in a curator's list, as ``as_listed`` fetches it."""

    status = serializers.ChoiceField(CaseStatus.choices)
    clip = serializers.SerializerMethodField()
    speaker = serializers.CharField(source="clip.participation.pseudonym")
    match = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()
    reports = serializers.SerializerMethodField()

    class Meta:
        model = ReviewCase
        fields = ("id", "status", "clip", "speaker", "match", "votes", "reports")

    @extend_schema_field(ClipToJudgeOut)
    def get_clip(self, case: ReviewCase) -> dict[str, Any]:
        """As at the desk."""
        clip = case.clip
        return {
            "id": clip.pk,
            **media_of(clip.pk),
            "duration_s": clip.duration_s,
            "prompt": None if clip.prompt is None else PromptOut(clip.prompt).data,
            "language": clip.participation.campaign.language,
        }

    def get_match(self, case: ReviewCase) -> float | None:
        """The machine's newest."""
        score = latest_pre_score(case.clip)
        return None if score is None else score.match

    def get_votes(self, case: ReviewCase) -> list[dict[str, Any]]:
        """Each vote, without who cast it."""
        names = "verdict", "tags", "transcript"
        return [{name: getattr(vote, name) for name in names} for vote in case.reviews.all()]

    def get_reports(self, case: ReviewCase) -> list[dict[str, Any]]:
        """Each report."""
        names = "reason", "note", "status"
        return [{name: getattr(each, name) for name in names} for each in case.reports.all()]


def media_of(clip_id: uuid.UUID) -> dict[str, str]:
    """Where a clip is heard and seen, for whoever may."""
    clip = reverse("api:clip", args=[clip_id])  # once: to look up an address is slow
    kinds = "preview", "audio", "peaks", "spectrogram"
    return {f"{kind}_url": f"{clip}/{kind}" for kind in kinds}


def described_case(case: CaseShown, campaign: Campaign, policy: ReviewPolicy) -> dict[str, Any]:
    """A case as the desk needs it; without the machine where people are to judge without."""
    is_blind = case.is_blind or policy.hides_machine
    has_score = case.model is not None and not is_blind
    machine = {"match": case.match, "heard": case.heard, "model": case.model}
    return {
        "id": case.id,
        "lease_until": case.lease_until,
        "clip": _described_clip(case, campaign),
        "machine": machine if has_score else None,
        "proposed_tags": [] if is_blind else _proposed(case, campaign, policy),
        "is_training": case.is_training,
    }


def _described_clip(case: CaseShown, campaign: Campaign) -> dict[str, Any]:
    prompt = {
        "id": case.prompt_id,
        "kind": case.prompt_kind,
        "text": case.prompt_text,
        "seconds": case.prompt_seconds,
    }
    return {
        "id": case.clip_id,
        **media_of(case.clip_id),
        "duration_s": case.duration_s,
        "prompt": None if case.prompt_id is None else prompt,
        "language": campaign.language,
    }


def _proposed(case: CaseShown, campaign: Campaign, policy: ReviewPolicy) -> list[str]:
    """The tags that the machine's findings propose."""
    return policy.vocabulary.proposed([str(each.code) for each in case.findings(campaign)])


def described_policy(policy: ReviewPolicy) -> dict[str, Any]:
    """The policy as the desk needs it."""
    vocabulary = policy.vocabulary
    tags = [
        {
            "code": tag.code,
            "label": str(tag.label),
            "key": str(number) if number <= NUM_KEYS and not tag.group else None,
            "kind": "question" if tag.group else "quality",
            "group": tag.group,
        }
        for number, tag in enumerate(vocabulary.tags, start=1)
    ]
    questions = [
        {
            "code": question.code,
            "label": str(question.label),
            "options": [
                {"code": option.code, "label": str(option.label)} for option in question.options
            ],
        }
        for question in vocabulary.questions
    ]
    return {
        "name": policy.name,
        "guidelines": policy.guidelines,
        "tags": tags,
        "questions": questions,
        "mode_default": policy.mode_default,
    }


def described_sitting(sitting: Sitting) -> dict[str, Any]:
    """How far this reviewer has come today, and how well they agree with others."""
    agreement, of = sitting.agreement, sitting.training_of
    return {
        "votes_today": sitting.votes_today,
        "agreement_percent": None if agreement is None else round(100 * agreement, 1),
        "training": {"done": sitting.training_done, "of": of} if of else None,
    }
