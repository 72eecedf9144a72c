"""The nouns of publishing: releases, what they hold, who may have them, and what was taken back."""

from corpus.models.access import AccessToken, ReleaseTerms, TermsSignature
from corpus.models.origin import PromptOrigin
from corpus.models.release import (
    Download,
    Release,
    ReleaseEntry,
    ReleaseStatus,
    Split,
    Withdrawal,
)

__all__ = [
    "AccessToken",
    "Download",
    "PromptOrigin",
    "Release",
    "ReleaseEntry",
    "ReleaseStatus",
    "ReleaseTerms",
    "Split",
    "TermsSignature",
    "Withdrawal",
]
