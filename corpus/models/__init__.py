"""The nouns of publishing: releases, what they hold, who may have them, and what was taken back."""

from corpus.models.access import AccessToken, ReleaseTerms, TermsSignature
from corpus.models.figures import ReleaseFigures
from corpus.models.origin import PromptOrigin
from corpus.models.release import (
    Download,
    Release,
    ReleaseEntry,
    ReleaseStatus,
    Split,
)
from corpus.models.revocation import (
    Attestation,
    Revocation,
    RevocationKey,
    RevocationList,
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
    "Attestation",
    "Download",
    "PromptOrigin",
    "ReasonCode",
    "Release",
    "ReleaseEntry",
    "ReleaseFigures",
    "ReleaseStatus",
    "ReleaseTerms",
    "Revocation",
    "RevocationKey",
    "RevocationList",
    "Split",
    "TermsSignature",
    "Withdrawal",
    "WithdrawalBy",
    "WithdrawalRequest",
    "WithdrawalScope",
]
