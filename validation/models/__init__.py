"""The nouns of listening: what the machine made of a clip, its case, people's votes, the policy."""

from validation.models.cases import CaseStatus, Decision, Review, ReviewCase, Skip, Verdict
from validation.models.gold import GoldClip, GoldVote
from validation.models.policy import Mode, PolicyName, ReviewPolicy
from validation.models.redecisions import Redecision
from validation.models.reviewers import OwnVoice, ReviewerProfile
from validation.models.scores import CampaignCalibration, Method, PreScore
from validation.models.trouble import (
    ClipReason,
    ClipReport,
    ReportOutcome,
    ReviewerStanding,
    SpeakerQuarantine,
)

__all__ = [
    "CampaignCalibration",
    "CaseStatus",
    "ClipReason",
    "ClipReport",
    "Decision",
    "GoldClip",
    "GoldVote",
    "Method",
    "Mode",
    "OwnVoice",
    "PolicyName",
    "PreScore",
    "Redecision",
    "ReportOutcome",
    "Review",
    "ReviewCase",
    "ReviewPolicy",
    "ReviewerProfile",
    "ReviewerStanding",
    "Skip",
    "SpeakerQuarantine",
    "Verdict",
]
