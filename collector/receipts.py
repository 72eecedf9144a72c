"""A consent as a receipt to keep, with the fields of ISO/IEC TS 27560:2023.

The names are those of the W3C's Data Privacy Vocabulary, as its guide "Consent Records and
Receipts as per ISO/IEC TS 27560:2023 using DPV" (2024) maps the standard's fields to them.
"""

from __future__ import annotations

from django.conf import settings

from collector.models import ConsentEvent


def receipt_of(event: ConsentEvent) -> dict[str, object]:
    """The receipt of one consent event, as JSON-LD."""
    text = event.text
    return {
        "dct:identifier": str(event.pk),
        "dct:issued": event.at.isoformat(),
        "dpv:hasDataController": settings.SITE_URL,
        "dpv:hasConsentStatus": f"dpv:Consent{event.kind.capitalize()}",
        "dpv:hasPurpose": list(event.purposes),
        "dpv:hasNotice": {
            "version": text.version,
            "sha256": text.sha256,
            "language": text.language,
        },
    }
