"""Receipts of consents: ISO/IEC TS 27560's fields, for programs and on paper."""

from __future__ import annotations

import json

from collector.models import Campaign, ConsentEvent
from collector.receipts import receipt_of
from tests.people import Person

PROCESS = ("dpv:hasRecordOfActivity", "dpv:hasProcess", 0)
# The mandatory fields of ISO/IEC TS 27560:2023, by the table 8.2 of the DPV community group's
# guide: where in the receipt each of them is. A number takes that item of a list.
MANDATORY = {
    "schema version": ("dct:conformsTo",),
    "receipt id": ("dct:identifier",),
    "record id": ("dpv:hasRecordOfActivity", "dct:identifier"),
    "pii principal id": ("dpv:hasRecordOfActivity", "dpv:hasDataSubject", "dct:identifier"),
    "privacy notice": ("dpv:hasRecordOfActivity", "dpv:hasNotice", "dct:description"),
    "language": ("dpv:hasRecordOfActivity", "dpv:hasNotice", "dct:language"),
    "purpose": (*PROCESS, "dpv:hasPurpose"),
    "lawful basis": (*PROCESS, "dpv:hasLegalBasis"),
    "pii information": (*PROCESS, "dpv:hasPersonalData"),
    "pii type": (
        "dpv:hasRecordOfActivity", "dpv:hasProcess", 0, "dpv:hasPersonalData", 0, "@type",
    ),
    "pii controllers": ("dpv:hasRecordOfActivity", "dpv:hasDataController"),
    "storage locations": (*PROCESS, "dpv:hasStorageCondition", 0),
    "retention period": (*PROCESS, "dpv:hasStorageCondition", 1),
    "jurisdiction": ("dpv:hasRecordOfActivity", "dpv:hasJurisdiction"),
    "recipient third parties": (*PROCESS, "dpv:hasRecipient"),
    "withdrawal method": ("dpv:hasRecordOfActivity", "dpv:hasConsentControl", "@id"),
    "party id": ("dpv:hasRecordOfActivity", "dpv:hasDataController", "dct:identifier"),
    "party address": ("dpv:hasRecordOfActivity", "dpv:hasDataController", "dpv:hasAddress"),
    "party name": ("dpv:hasRecordOfActivity", "dpv:hasDataController", "dpv:hasName"),
    "party contact": ("dpv:hasRecordOfActivity", "dpv:hasDataController", "dpv:hasContact"),
    "party type": ("dpv:hasRecordOfActivity", "dpv:hasDataController", "@type"),
    "event time": (
        "dpv:hasRecordOfActivity", "dpv:hasConsentStatus", 0, "dpv:isIndicatedAtTime",
    ),
    "validity duration": ("dpv:hasRecordOfActivity", "dpv:hasConsentStatus", 0, "dct:valid"),
    "entity id": ("dpv:hasRecordOfActivity", "dpv:hasConsentStatus", 0, "dpv:isIndicatedBy"),
    "event type": ("dpv:hasRecordOfActivity", "dpv:hasConsentStatus", 0, "dpv:hasLegalBasis"),
    "event state": ("dpv:hasRecordOfActivity", "dpv:hasConsentStatus", 0, "@type"),
}  # fmt: skip


def at(receipt: object, path: tuple[str | int, ...]) -> object:
    """What lies under the path; KeyError or IndexError where nothing does."""
    for step in path:
        receipt = receipt[step]  # type: ignore[index]
    return receipt


def test_a_receipt_has_every_mandatory_field(speaker: Person, campaign: Campaign, settings: object):
    settings.CONTROLLER_ADDRESS = "1 Sound Street, Vienna"  # type: ignore[attr-defined]
    event = ConsentEvent.objects.get()
    receipt = speaker.get(f"me/consents/{event.pk}/receipt").json()
    for field, path in MANDATORY.items():
        assert at(receipt, path), f"{field} is empty"
    record = receipt["dpv:hasRecordOfActivity"]
    assert record["dpv:hasNotice"]["choir:sha256"] == event.text.sha256
    purposes = [each["dpv:hasPurpose"]["dct:identifier"] for each in record["dpv:hasProcess"]]
    assert purposes == event.purposes
    offered = record["dpv:hasNotice"]["choir:purposesOffered"]
    assert {each["dct:identifier"]: each["dct:description"] for each in offered} == event.wordings
    assert record["dpv:hasConsentStatus"][0]["@type"] == "dpv:ConsentGiven"


def test_the_same_event_gives_the_same_receipt_and_names_nobody(
    speaker: Person, campaign: Campaign
):
    event = ConsentEvent.objects.get()
    receipt = json.dumps(receipt_of(event))
    assert receipt == json.dumps(receipt_of(ConsentEvent.objects.get()))
    assert event.participation.pseudonym in receipt
    assert str(event.participation.speaker_id) not in receipt


def test_a_withdrawal_has_a_receipt_of_its_own(speaker: Person, campaign: Campaign):
    (mine,) = speaker.get("me/consents").json()
    speaker.post(f"me/consents/{mine['id']}/opt-out", {"purposes": ["commercial-use"]})
    event = ConsentEvent.objects.get(kind="withdrawn")
    record = receipt_of(event)["dpv:hasRecordOfActivity"]
    status = at(record, ("dpv:hasConsentStatus", 0))
    assert at(status, ("@type",)) == "dpv:ConsentWithdrawn"
    assert at(status, ("dct:valid",)) == event.at.isoformat()
    page = speaker.client.get(f"/me/consent/{event.pk}/").content.decode()
    assert str(event.pk) in page
    assert "Taken back" in page


def test_the_page_to_keep_says_what_was_agreed_and_what_was_not(
    stranger: Person, campaign: Campaign
):
    stranger.consent(campaign, "keep-original")
    event = ConsentEvent.objects.get()
    page = stranger.client.get(f"/me/consent/{event.pk}/").content.decode()
    assert event.text.sha256 in page
    assert event.text.body.split(";")[0] in page
    assert page.count('data-agreed="yes"') == 2
    assert page.count('data-agreed="no"') == 2


def test_the_page_to_keep_has_what_the_receipt_for_programs_has(
    stranger: Person, campaign: Campaign, settings: object
):
    settings.CONTROLLER_COUNTRY = "AT"  # type: ignore[attr-defined]
    stranger.consent(campaign, "keep-original")
    event = ConsentEvent.objects.get()
    processes = at(receipt_of(event), ("dpv:hasRecordOfActivity", "dpv:hasProcess"))
    page = stranger.client.get(f"/me/consent/{event.pk}/").content.decode()
    told = [
        each["dct:description"]
        for process in processes  # type: ignore[attr-defined]
        for each in [*process["dpv:hasPersonalData"], *process["dpv:hasRecipient"]]
    ]
    assert len(told) == 4
    for words in (*told, "country or region: AT", "then it is erased", "GDPR", "from the speaker"):
        assert words in page, words
    german = stranger.client.get(f"/me/consent/{event.pk}/", headers={"Accept-Language": "de"})
    assert "die Aufnahme, wie das Gerät sie geschickt hat" in german.content.decode()
