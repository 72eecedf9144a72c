"""What listening does: one function for each fact."""

from validation.services.cases import (
    Ballot,
    Cast,
    cast_vote,
    close_case,
    close_cases,
    open_case,
    skip_case,
    take_back_vote,
)
from validation.services.curating import (
    decide_as_curator,
    hold_or_release,
    pin_gold,
    report_clip,
    send_back,
    settle_clip_reports,
    unpin_gold,
)
from validation.services.deciding import evidence_so_far
from validation.services.hearing import rescore_clip, rescore_some, score_case
from validation.services.learning import learn_from_verdicts
from validation.services.leasing import give_back_expired, lease_cases, lease_next_case
from validation.services.people import (
    estimate_standings,
    quarantine_reviewer,
    quarantine_speaker,
    release_reviewer,
    release_speaker,
)
from validation.services.policies import measured_drift, set_policy, watch_drift
from validation.services.redeciding import (
    ask_redecision,
    overdue_redecision,
    redecide,
    redecide_some,
)
from validation.services.reviewers import forget_voices, remember_voice, set_languages

__all__ = [
    "Ballot",
    "Cast",
    "ask_redecision",
    "cast_vote",
    "close_case",
    "close_cases",
    "decide_as_curator",
    "estimate_standings",
    "evidence_so_far",
    "forget_voices",
    "give_back_expired",
    "hold_or_release",
    "learn_from_verdicts",
    "lease_cases",
    "lease_next_case",
    "measured_drift",
    "open_case",
    "overdue_redecision",
    "pin_gold",
    "quarantine_reviewer",
    "quarantine_speaker",
    "redecide",
    "redecide_some",
    "release_reviewer",
    "release_speaker",
    "remember_voice",
    "report_clip",
    "rescore_clip",
    "rescore_some",
    "score_case",
    "send_back",
    "set_languages",
    "set_policy",
    "settle_clip_reports",
    "skip_case",
    "take_back_vote",
    "unpin_gold",
    "watch_drift",
]
