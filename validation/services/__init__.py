"""What listening does: one function for each fact."""

from validation.services.cases import cast_vote, close_case, lease_next_case, open_case
from validation.services.hearing import rescore_clip, rescore_some, score_case
from validation.services.learning import learn_from_verdicts

__all__ = [
    "cast_vote",
    "close_case",
    "learn_from_verdicts",
    "lease_next_case",
    "open_case",
    "rescore_clip",
    "rescore_some",
    "score_case",
]
