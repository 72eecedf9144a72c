"""A release's datasheet in words: for its page, its README, and Croissant's RAI fields.

The questions are those of "Datasheets for Datasets" (Gebru et al., arXiv:1803.09010) as far as a
machine can answer them. All that is said hangs on what was frozen with the release, so that no
revision says it otherwise. Pure: the words are translated where they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Which field of Croissant's RAI vocabulary tells a section.
RAI = {
    "collected": "dataCollection",
    "processed": "dataPreprocessingProtocol",
    "judged": "dataAnnotationProtocol",
    "machine": "machineAnnotationTools",
    "uses": "dataUseCases",
    "limits": "dataLimitations",
    "withdrawal": "dataReleaseMaintenancePlan",
    "people": "personalSensitiveInformation",
}


@dataclass(frozen=True)
class Section:
    """One question and its answer, in the language that was on when it was made."""

    code: str
    title: str
    text: str


def sections_of(sheet: Mapping[str, Any]) -> list[Section]:
    """The datasheet of what ``corpus.services.cutting`` froze; empty where nothing was frozen."""
    made = (
        Section("what", _("What is in it?"), _what(sheet)),
        Section("period", _("When was it collected?"), _period(sheet)),
        Section("people", _("Who speaks?"), _people()),
        Section("collected", _("How was it collected?"), _collected()),
        Section("consent", _("What did speakers agree to?"), _consent(sheet)),
        Section("processed", _("What was done with the sound?"), _processed()),
        Section("judged", _("How was it judged?"), _judged(sheet)),
        Section("machine", _("What did the machine do?"), _machine(sheet)),
        Section("uses", _("What is it for?"), _uses()),
        Section("limits", _("What should you know before you use it?"), _limits(sheet)),
        Section("withdrawal", _("What if a speaker changes their mind?"), _withdrawal()),
    )
    return [section for section in made if section.text]


def _what(sheet: Mapping[str, Any]) -> str:
    if "clips" not in sheet:
        return ""
    clips = ngettext("%(num)d clip", "%(num)d clips", sheet["clips"]) % {"num": sheet["clips"]}
    speakers = ngettext("%(num)d speaker", "%(num)d speakers", sheet["speakers"]) % {
        "num": sheet["speakers"]
    }
    counted = _("When it was frozen it held %(clips)s of %(speakers)s, %(hours)s hours in all.") % {
        "clips": clips,
        "speakers": speakers,
        "hours": f"{sheet['hours']:.2f}",
    }
    return f"{sheet.get('description', '')} {counted}".strip()


def _period(sheet: Mapping[str, Any]) -> str:
    if not sheet.get("first_month"):
        return ""
    # Months, and not days: who recorded on which day is nobody's business.
    first, last = sheet["first_month"], sheet["last_month"]
    if first == last:
        return _("In %(month)s.") % {"month": first}
    return _("From %(first)s to %(last)s.") % {"first": first, "last": last}


def _people() -> str:
    return _(
        "Volunteers, or the speakers of a data set that was brought in. A voice is personal data. "
        "Speakers are known by random pseudonyms, another one in each campaign; some told their "
        "age, gender or accent, which is left out for groups of under five people."
    )


def _collected() -> str:
    return _(
        "People read prompts aloud in their browser, by themselves, after they had agreed to the "
        "campaign's text. Echo cancellation, noise suppression and gain control were asked to be "
        "off. What was brought in from elsewhere says so in its consent."
    )


def _consent(sheet: Mapping[str, Any]) -> str:
    texts = sheet.get("consent_texts", [])
    if not texts:
        return ""
    listed = ", ".join(f"{text['version']} ({text['sha256'][:12]}…)" for text in texts)
    return _(
        "To these versions of the campaign's text, each known by its SHA-256: %(texts)s. Every "
        "clip names the one that covers it. Licence: %(licence)s."
    ) % {"texts": listed, "licence": sheet.get("licence", "")}


def _processed() -> str:
    return _(
        "Each recording was decoded, measured, and made into a master of 16 kHz, 16 bits and one "
        "channel, without any gain, trimming or noise reduction. All formats are made from it."
    )


def _judged(sheet: Mapping[str, Any]) -> str:
    policy = sheet.get("review", {}).get("policy")
    heard = _(
        "People heard each clip to its end and judged whether it says its prompt; nobody judged a "
        "clip of their own. Votes, tags and their agreement are told with each clip."
    )
    rules = {
        "two-votes": _("Two agreeing votes decided."),
        "three-quarters": _("Two votes or more decided, with over three quarters agreeing."),
        "evidence": _("The evidence of the people and the machine together decided."),
    }
    return f"{heard} {rules.get(policy, '')}".strip()


def _machine(sheet: Mapping[str, Any]) -> str:
    models = ", ".join(sheet.get("models", []))
    if not models:
        return _("No speech model knew this language, so people judged without one.")
    return _(
        "A speech model (%(models)s) gave the probability that a clip says its prompt. It ordered "
        "the review; the value, the model and its hash are told with each clip."
    ) % {"models": models}


def _uses() -> str:
    return _(
        "To train and test speech recognition, keyword spotting and speech synthesis. Not to find "
        "out who somebody is, and not to imitate a particular speaker."
    )


def _limits(sheet: Mapping[str, Any]) -> str:
    return _(
        "It is read speech, by people who came of their own accord: neither its accents, ages nor "
        "microphones stand for everybody's. The figures show how it is spread; a few errors that "
        "reviewers missed are in it, as in all data."
    )


def _withdrawal() -> str:
    return _(
        "Any clip can be taken back at any time, without a reason. From then on no download holds "
        "it, and the release has a new revision. Bring your copy up to date: choir_sync.py reads "
        "the signed list of what was taken back and removes it from your copy."
    )
