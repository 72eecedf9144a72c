"""How a case, the policy and a session look to a reviewer's desk."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from collector.api.prompts import PromptOut
from collector.models import Campaign, Clip, User
from validation.models import (
    CaseStatus,
    GoldClip,
    GoldVote,
    Mode,
    PolicyName,
    PreScore,
    Review,
    ReviewCase,
    ReviewerStanding,
    ReviewPolicy,
)
from validation.selectors import latest_pre_score
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


class MachineOut(serializers.Serializer[Any]):
    match = serializers.FloatField(allow_null=True)
    heard = serializers.CharField(allow_null=True)
    model = serializers.CharField()


class ClipToJudgeOut(serializers.ModelSerializer[Clip]):
    audio_url = serializers.SerializerMethodField()
    preview_url = serializers.SerializerMethodField()
    peaks_url = serializers.SerializerMethodField()
    spectrogram_url = serializers.SerializerMethodField()
    duration_s = serializers.FloatField()
    prompt = PromptOut(allow_null=True)
    language = serializers.CharField(source="participation.campaign.language")

    class Meta:
        model = Clip
        fields = (
            "id",
            "preview_url",
            "audio_url",
            "peaks_url",
            "spectrogram_url",
            "duration_s",
            "prompt",
            "language",
        )

    def get_audio_url(self, clip: Clip) -> str:
        """The lossless master."""
        return reverse("api:clip-audio", args=[clip.pk])

    def get_preview_url(self, clip: Clip) -> str:
        """A small file to play."""
        return reverse("api:clip-preview", args=[clip.pk])

    def get_peaks_url(self, clip: Clip) -> str:
        """What a waveform is drawn from."""
        return reverse("api:clip-peaks", args=[clip.pk])

    def get_spectrogram_url(self, clip: Clip) -> str:
        """An image."""
        return reverse("api:clip-spectrogram", args=[clip.pk])


class CaseOut(serializers.ModelSerializer[ReviewCase]):
    """Give it the ``policy`` in its context, and the ``user`` whose desk it is."""

    lease_until = serializers.SerializerMethodField()
    clip = ClipToJudgeOut()
    machine = serializers.SerializerMethodField()
    proposed_tags = serializers.SerializerMethodField()
    is_training = serializers.SerializerMethodField()

    class Meta:
        model = ReviewCase
        fields = ("id", "lease_until", "clip", "machine", "proposed_tags", "is_training")

    @extend_schema_field(serializers.DateTimeField())
    def get_lease_until(self, case: ReviewCase) -> Any:
        """Until when it is the reviewer's alone."""
        gold = _gold_of(case)
        if gold is None or case.leased_until is not None:
            return case.leased_until
        votes = GoldVote.objects.filter(gold=gold, reviewer=self.context["user"])
        return votes.values_list("leased_until", flat=True).first()

    @extend_schema_field(MachineOut(allow_null=True))
    def get_machine(self, case: ReviewCase) -> dict[str, Any] | None:
        """What the machine made of it, unless people are to judge without."""
        score = None if self._is_blind(case) else latest_pre_score(case.clip)
        return None if score is None else dict(MachineOut(score).data)

    def get_proposed_tags(self, case: ReviewCase) -> list[str]:
        """The tags that the machine's findings propose."""
        if self._is_blind(case):
            return []
        findings = [str(finding.code) for finding in case.clip.findings]
        proposed: list[str] = self.context["policy"].vocabulary.proposed(findings)
        return proposed

    def get_is_training(self, case: ReviewCase) -> bool:
        """Whether the vote is answered with what is right."""
        gold = _gold_of(case)
        return gold is not None and gold.is_training

    def _is_blind(self, case: ReviewCase) -> bool:
        return case.is_blind or self.context["policy"].hides_machine


class QueueOut(serializers.Serializer[Any]):
    cases = CaseOut(many=True)
    policy = PolicyOut()
    session = SessionOut()


class CaseListed(serializers.ModelSerializer[ReviewCase]):
    """A case in a curator's list."""

    status = serializers.ChoiceField(CaseStatus.choices)
    clip = ClipToJudgeOut()
    speaker = serializers.CharField(source="clip.participation.pseudonym")
    match = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()
    reports = serializers.SerializerMethodField()

    class Meta:
        model = ReviewCase
        fields = ("id", "status", "clip", "speaker", "match", "votes", "reports")

    def get_match(self, case: ReviewCase) -> float | None:
        """The machine's newest."""
        score = latest_pre_score(case.clip)
        return None if score is None else score.match

    def get_votes(self, case: ReviewCase) -> list[dict[str, Any]]:
        """Each vote, without who cast it."""
        return [
            dict(v) for v in case.reviews.order_by("at").values("verdict", "tags", "transcript")
        ]

    def get_reports(self, case: ReviewCase) -> list[dict[str, Any]]:
        """Each report."""
        return [dict(r) for r in case.reports.order_by("at").values("reason", "note", "status")]


def _gold_of(case: ReviewCase) -> GoldClip | None:
    return getattr(case, "gold", None)


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


def described_session(user: User, campaign: Campaign) -> dict[str, Any]:
    """How far this reviewer has come today, and how well they agree with others."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    cast = Review.objects.filter(reviewer=user, at__gte=midnight, case__campaign=campaign)
    pinned = list(GoldClip.objects.filter(campaign=campaign).values_list("is_training", flat=True))
    gold = GoldVote.objects.filter(reviewer=user, gold__campaign=campaign).exclude(verdict="")
    standing = ReviewerStanding.objects.filter(reviewer=user, campaign=campaign).first()
    agreement = None if standing is None else standing.agreement
    training = None
    if any(pinned):
        training = {"done": gold.filter(gold__is_training=True).count(), "of": sum(pinned)}
    return {
        "votes_today": cast.count() + (gold.filter(at__gte=midnight).count() if pinned else 0),
        "agreement_percent": None if agreement is None else round(100 * agreement, 1),
        "training": training,
    }
