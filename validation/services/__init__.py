"""What listening does: one function for each fact."""

from validation.services.cases import cast_vote, close_case, lease_next_case, open_case
from validation.services.hearing import rescore_clip, score_case

__all__ = [
    "cast_vote",
    "close_case",
    "lease_next_case",
    "open_case",
    "rescore_clip",
    "score_case",
]
