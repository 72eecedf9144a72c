"""What becomes of prompts: skipped and reported by speakers, looked at by a curator."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from collector.access import Actor, require_answerable
from collector.events import announce
from collector.models import (
    EventKind,
    Participation,
    Prompt,
    PromptReport,
    PromptSkip,
    ReportReason,
    ReportStatus,
    Role,
)
from collector.services.tallies import offer_prompts


def skip_prompt(participation: Participation, prompt: Prompt) -> None:
    """From now on the prompt comes last for this speaker; again is harmless."""
    PromptSkip.objects.get_or_create(participation=participation, prompt=prompt)


def undo_skip(participation: Participation, prompt: Prompt) -> None:
    """The prompt comes in its turn again; harmless where it was not skipped."""
    PromptSkip.objects.filter(participation=participation, prompt=prompt).delete()


@transaction.atomic
def report_prompt(
    participation: Participation, prompt: Prompt, reason: ReportReason, note: str = ""
) -> bool:
    """Take the prompt out of circulation until a curator has looked; False when told before.

    A second word of the same speaker changes nothing, so that a prompt which was found right
    cannot be taken out by the same person for ever.
    """
    _lock(prompt)
    report, is_new = PromptReport.objects.get_or_create(
        participation=participation, prompt=prompt, defaults={"reason": reason, "note": note}
    )
    if not is_new:
        return False
    offer_prompts([prompt])
    announce(EventKind.PROMPT_REPORTED, prompt=str(prompt.pk), reason=report.reason)
    return True


@transaction.atomic
def settle_reports(actor: Actor, prompt: Prompt, outcome: ReportStatus) -> bool:
    """A curator has looked: close the prompt (UPHELD) or offer it again (DISMISSED).

    Settles all reports of the prompt that wait; False when somebody else just did. RoleMissing
    but for a curator.
    """
    by = require_answerable(actor, prompt.campaign, Role.CURATOR)
    _lock(prompt)
    waiting = PromptReport.objects.filter(prompt=prompt, status=ReportStatus.WAITING)
    settled = waiting.update(status=outcome, settled_at=Now())
    if settled == 0:
        return False
    if outcome == ReportStatus.UPHELD:
        Prompt.objects.filter(pk=prompt.pk).update(is_open=False)
    offer_prompts([prompt])
    told = str(prompt.pk)
    announce(EventKind.PROMPT_SETTLED, prompt=told, outcome=outcome, reports=settled, by=by)
    return True


def _lock(prompt: Prompt) -> None:
    # Two who decide at once whether the prompt is offered would each miss what the other does.
    # no_key: uploads, which only point at the prompt, go on meanwhile.
    Prompt.objects.select_for_update(no_key=True).get(pk=prompt.pk)
