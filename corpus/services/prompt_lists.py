"""Lists of texts that become a campaign's prompts, each with where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from collector.access import Actor, require_role
from collector.errors import Unprocessable
from collector.models import Campaign, Prompt, PromptKind, Role, Topic, User
from collector.services.tallies import offer_prompts
from corpus.errors import LicenceDiffers
from corpus.importers.prompts import Text, texts_of
from corpus.importers.rows import Refused
from corpus.models import PromptOrigin
from corpus.services.importing import PUBLIC_DOMAIN

_BATCH = 1_000


@dataclass(frozen=True)
class PromptList:
    """A file, where its texts come from and under which licence, and what they are."""

    path: Path
    source: str
    licence: str
    kind: str = PromptKind.SENTENCE
    is_open: bool = True
    dry_run: bool = False


@dataclass
class PromptReport:
    """What became of the lines."""

    found: int = 0
    added: int = 0
    refused: list[Refused] = field(default_factory=list)


def import_prompts(actor: Actor, campaign: Campaign, given: PromptList) -> PromptReport:
    """Add the list's texts that are new; the rest is listed with the reason.

    What the campaign has already counts as a duplicate, so the same list again adds nothing.
    Raises RoleMissing, LicenceDiffers, or Unprocessable without source and licence.
    """
    curator, report = require_role(actor, campaign, Role.CURATOR), PromptReport()
    if not (given.source.strip() and given.licence.strip()):
        raise Unprocessable(_("Say where the texts come from, and under which licence."))
    if given.licence not in (campaign.licence, *PUBLIC_DOMAIN):
        raise LicenceDiffers(licence=given.licence, campaign=campaign.licence)
    lines = texts_of(given.path)
    while rows := list(islice(lines, _BATCH)):
        texts = [row for row in rows if isinstance(row, Text)]
        report.refused += [row for row in rows if isinstance(row, Refused)]
        report.found += len(texts)
        new = _new(campaign, given, texts, report)
        report.added += len(new)
        if not given.dry_run:
            _add(campaign, given, new, curator)
    return report


def _new(
    campaign: Campaign, given: PromptList, texts: Sequence[Text], report: PromptReport
) -> list[Text]:
    known = set(
        campaign.prompts.filter(text__in=[row.text for row in texts]).values_list("kind", "text")
    )
    new = []
    for row in texts:
        if (row.kind or given.kind, row.text) in known:
            report.refused.append(Refused(row.where, "present", "The campaign has it already."))
        else:
            new.append(row)
    return new


@transaction.atomic
def _add(campaign: Campaign, given: PromptList, rows: Sequence[Text], curator: User) -> None:
    topics = {
        name: Topic.objects.get_or_create(campaign=campaign, name=name[:80])[0]
        for name in {row.topic for row in rows if row.topic}
    }
    made = [
        Prompt(
            campaign=campaign,
            kind=row.kind or given.kind,
            text=row.text,
            topic=topics.get(row.topic),
            is_open=given.is_open,
        )
        for row in rows
    ]
    Prompt.objects.bulk_create(made)
    PromptOrigin.objects.bulk_create(
        PromptOrigin(
            prompt=prompt,
            source=(row.source or given.source)[:200],
            licence=given.licence,
            brought_by=curator,
        )
        for prompt, row in zip(made, rows, strict=True)
    )
    offer_prompts(made)
