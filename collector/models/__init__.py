"""The nouns of collecting: people, campaigns and what they ask, clips and what happened to them."""

from collector.models.about import AgeBand, Device, Environment, Gender, SpeakerSnapshot
from collector.models.campaign import Campaign, CampaignStatus
from collector.models.clip import Clip, ClipStatus
from collector.models.consent import (
    ConsentBy,
    ConsentEvent,
    ConsentKind,
    ConsentText,
    Purpose,
    StandingPurpose,
)
from collector.models.device import LinkedDevice
from collector.models.event import Event, EventKind
from collector.models.hold import LegalHold
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
from collector.models.vault import ClipKey, SiteKey, SiteKeyStatus
from collector.models.work import Claimable

__all__ = [
    "AgeBand",
    "Campaign",
    "CampaignStatus",
    "Claimable",
    "Clip",
    "ClipKey",
    "ClipStatus",
    "ConsentBy",
    "ConsentEvent",
    "ConsentKind",
    "ConsentText",
    "Device",
    "Environment",
    "Event",
    "EventKind",
    "Gender",
    "LegalHold",
    "LinkedDevice",
    "Membership",
    "Participation",
    "Prompt",
    "PromptKind",
    "PromptReport",
    "PromptSkip",
    "PromptTally",
    "Purpose",
    "ReportReason",
    "ReportStatus",
    "Role",
    "SiteKey",
    "SiteKeyStatus",
    "Speaker",
    "SpeakerSnapshot",
    "StandingPurpose",
    "Topic",
    "User",
]
