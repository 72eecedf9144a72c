"""The nouns of publishing: releases, what they hold, who may have them, and what was taken back."""

from corpus.models.access import AccessToken, ReleaseTerms, TermsSignature
from corpus.models.release import (
    Download,
    Release,
    ReleaseEntry,
    ReleaseStatus,
    Split,
)
from corpus.models.withdrawal import (
    ReasonCode,
    Withdrawal,
    WithdrawalBy,
    WithdrawalRequest,
    WithdrawalScope,
)

__all__ = [
    "AccessToken",
    "Download",
    "ReasonCode",
    "Release",
    "ReleaseEntry",
    "ReleaseStatus",
    "ReleaseTerms",
    "Split",
    "TermsSignature",
    "Withdrawal",
    "WithdrawalBy",
    "WithdrawalRequest",
    "WithdrawalScope",
]
