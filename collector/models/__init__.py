"""The nouns of collecting: people, campaigns and what they ask, clips and what happened to them."""

from collector.models.campaign import (
    Campaign,
    CampaignStatus,
    ConsentEvent,
    ConsentKind,
    ConsentText,
)
from collector.models.clip import Clip, ClipStatus
from collector.models.event import Event, EventKind
from collector.models.people import Membership, Participation, Role, Speaker, User
from collector.models.prompt import (
    Prompt,
    PromptKind,
    PromptReport,
    PromptSkip,
    PromptTally,
    ReportReason,
    ReportStatus,
    Topic,
)
from collector.models.work import Claimable

__all__ = [
    "Campaign",
    "CampaignStatus",
    "Claimable",
    "Clip",
    "ClipStatus",
    "ConsentEvent",
    "ConsentKind",
    "ConsentText",
    "Event",
    "EventKind",
    "Membership",
    "Participation",
    "Prompt",
    "PromptKind",
    "PromptReport",
    "PromptSkip",
    "PromptTally",
    "ReportReason",
    "ReportStatus",
    "Role",
    "Speaker",
    "Topic",
    "User",
]
