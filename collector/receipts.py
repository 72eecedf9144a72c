"""A consent as a receipt to keep, with the fields of ISO/IEC TS 27560:2023.

The names are those of the W3C's Data Privacy Vocabulary, as its community group's guide "Consent
Records and Receipts as per ISO/IEC TS 27560:2023 using DPV" (2024) maps the standard's fields to
them: its table 8.2 says which are mandatory, and a test compares.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from collector.models import ConsentBy, ConsentEvent, ConsentKind, Purpose

CONTEXT = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "choir": "urn:choir:",
}
SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
RECORD_SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
#: The nearest of DPV's own purposes, where it has one.
NEAREST = {
    Purpose.RESEARCH_RELEASE: "dpv:ResearchAndDevelopment",
    Purpose.COMMERCIAL_USE: "dpv:CommercialResearch",
    Purpose.KEEP_ORIGINAL: "dpv:RecordManagement",
}
#: What is kept for a purpose: the voice, which is necessary, and what is optional. These words, and
#: those of who gets it, are English in the receipt; its page says them in its own language.
VOICE = _("the prepared recording")
ORIGINAL = _("the recording as the device sent it")
ABOUT = _("what the speaker may say of their voice (optional)")
RECIPIENTS = {
    Purpose.RESEARCH_RELEASE: _("who fetches a release under its licence, for research"),
    Purpose.COMMERCIAL_USE: _("who fetches a release under its licence, for products too"),
    Purpose.PUBLIC_PLAYBACK: _("everybody who visits this site"),
}
STATUS = {
    ConsentKind.GIVEN: "dpv:ConsentGiven",
    ConsentKind.RENEWED: "dpv:RenewedConsentGiven",
    ConsentKind.WITHDRAWN: "dpv:ConsentWithdrawn",
}


def receipt_of(event: ConsentEvent) -> dict[str, object]:
    """The receipt of one consent event, as JSON-LD; the same event gives the same receipt.

    It names nobody: the speaker is in it by the pseudonym that they have in this campaign.
    """
    with override("en"):
        return {
            "@context": CONTEXT,
            "@id": _address("api:consent-receipt", event),
            "@type": "dpv:ConsentReceipt",
            "dct:conformsTo": SCHEMA,
            "dct:identifier": f"receipt-{event.pk}",
            "dct:created": event.at.isoformat(),
            "dct:publisher": _controller(),
            "dpv:hasRecordOfActivity": _record(event),
        }


def _record(event: ConsentEvent) -> dict[str, object]:
    """The consent record: the header, the processing, the parties, and the event itself."""
    return {
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": RECORD_SCHEMA,
        "dct:identifier": str(event.pk),
        "dpv:hasDataSubject": {
            "@type": "dpv:DataSubject",
            "dct:identifier": event.participation.pseudonym,
        },
        "dpv:hasNotice": _notice(event),
        "dpv:hasProcess": [_process(event, purpose) for purpose in event.purposes],
        "dpv:hasDataController": _controller(),
        "dpv:hasJurisdiction": _jurisdiction(),
        "dpv:hasApplicableLaw": "eu-gdpr:GDPR",
        "dpv:hasRight": [f"eu-gdpr:{article}" for article in ("A7-3", "A15", "A17", "A18", "A20")],
        "dpv:hasConsentControl": {
            "@type": "dpv:WithdrawConsent",
            "@id": settings.SITE_URL + reverse("my-consent"),
        },
        "dpv:hasConsentStatus": [_event(event)],
    }


def _notice(event: ConsentEvent) -> dict[str, object]:
    """What was shown: the exact text by its hash, and the words of each purpose offered."""
    text = event.text
    return {
        "@type": "dpv:ConsentNotice",
        "dct:title": text.campaign.name,
        "dct:hasVersion": str(text.version),
        "dct:language": text.language,
        "dct:description": text.body,
        "choir:sha256": text.sha256,
        "choir:purposesOffered": [
            {"dct:identifier": purpose, "dct:description": words, "dct:language": event.language}
            for purpose, words in event.wordings.items()
        ],
    }


def _process(event: ConsentEvent, purpose: str) -> dict[str, object]:
    """What one purpose means: which data, on what ground, where it lies, how long, who gets it."""
    is_imported = event.by == ConsentBy.IMPORTER
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": ["dpv:Purpose", *filter(None, [NEAREST.get(Purpose(purpose))])],
            "dct:identifier": purpose,
            "dct:description": event.wordings.get(purpose, ""),
        },
        "dpv:hasLegalBasis": "dpv:LegalBasis" if is_imported else "eu-gdpr:A6-1-a",
        "dpv:hasPersonalData": _personal_data(purpose),
        "dpv:hasDataSource": "dpv:ThirdPartyDataSource" if is_imported else "dpv:DataSubject",
        "dpv:hasProcessing": ["dpv:Collect", "dpv:Store", *_processing(purpose)],
        "dpv:hasStorageCondition": [
            {"@type": "dpv:StorageLocation", "dpv:hasLocation": _jurisdiction()},
            {"@type": "dpv:StorageDuration", "dpv:hasDuration": "until withdrawn"},
            {"@type": "dpv:StorageDeletion", "dct:description": "erased upon withdrawal"},
        ],
        "dpv:hasRecipient": _recipients(purpose),
    }


def _personal_data(purpose: str) -> list[dict[str, object]]:
    """The voice is necessary; what speakers say of themselves is optional, and no purpose's."""
    voice: dict[str, object] = {
        "@type": "pd:VoiceCommunicationRecording",
        "dpv:hasNecessity": "dpv:Required",
    }
    if purpose == Purpose.KEEP_ORIGINAL:
        return [{**voice, "dct:description": str(ORIGINAL)}]
    about: dict[str, object] = {"@type": "pd:Demographic", "dpv:hasNecessity": "dpv:Optional"}
    return [{**voice, "dct:description": str(VOICE)}, {**about, "dct:description": str(ABOUT)}]


def _processing(purpose: str) -> list[str]:
    return [] if purpose == Purpose.KEEP_ORIGINAL else ["dpv:MakeAvailable"]


def _recipients(purpose: str) -> list[dict[str, object]]:
    named = RECIPIENTS.get(Purpose(purpose))
    return [{"@type": "dpv:ThirdParty", "dct:description": str(named)}] if named else []


def _controller() -> dict[str, object]:
    """Who is responsible, by the settings."""
    return {
        "@id": settings.SITE_URL,
        "@type": "dpv:DataController",
        "dct:identifier": settings.SITE_URL,
        "dpv:hasName": settings.CONTROLLER_NAME,
        "dpv:hasAddress": settings.CONTROLLER_ADDRESS,
        "dpv:hasContact": settings.CONTROLLER_EMAIL,
    }


def _jurisdiction() -> str:
    return f"loc:{settings.CONTROLLER_COUNTRY}"


_ASKED_HERE = ("dpv:ExplicitlyExpressedConsent", "a button and separate check boxes on this site")
#: By who agreed: the legal basis, how it was shown, and by whom. Of what was brought in nobody was
#: asked here, so nothing is claimed beyond what the importer stated.
_INDICATED = {
    ConsentBy.SELF: (*_ASKED_HERE, "dpv:DataSubject"),
    ConsentBy.GUARDIAN: (*_ASKED_HERE, "dpv:ParentOfDataSubject"),
    ConsentBy.IMPORTER: (
        "dpv:LegalBasis",
        "a statement by the curator who brought the recordings in; the notice has its words",
        "dpv:DataController",
    ),
}


def _event(event: ConsentEvent) -> dict[str, object]:
    """What happened, when, by whom, and how long it holds."""
    basis, method, by = _INDICATED[ConsentBy(event.by)]
    holds = event.kind != ConsentKind.WITHDRAWN
    return {
        "@type": STATUS[ConsentKind(event.kind)],
        "dpv:hasLegalBasis": basis,
        "dpv:hasIndicationMethod": method,
        "dpv:isIndicatedBy": by,
        "dpv:isIndicatedAtTime": event.at.isoformat(),
        "dct:valid": "until withdrawn" if holds else event.at.isoformat(),
    }


def _address(name: str, event: ConsentEvent) -> str:
    site: str = settings.SITE_URL
    return site + reverse(name, args=[event.pk])
