"""A campaign's prompts: brought in as a list, searched, closed and opened, reports looked at."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from collector.access import Actor
from collector.errors import ChoirError, NotFound
from collector.models import Campaign, Prompt, PromptReport, ReportStatus
from collector.services import set_prompt_open, settle_reports
from corpus.curating.forms import PromptListForm
from corpus.curating.opening import as_curator
from corpus.services.prompt_lists import PromptList, import_prompts
from corpus.services.prompt_lists import PromptReport as ListReport
from validation.views.acting import Action, act

PAGE_LENGTH: Final = 50
REFUSED_SHOWN: Final = 50
_WAITING = Q(reports__status=ReportStatus.WAITING)
LISTS: Final = {
    "all": (_("All"), Q()),
    "open": (_("Offered"), Q(is_open=True)),
    "closed": (_("Closed"), Q(is_open=False)),
    "reported": (_("Reported"), _WAITING),
}


@login_required
@never_cache
def prompts(request: HttpRequest, slug: str) -> HttpResponse:
    """What the campaign asks for, and how much of it there is."""
    actor, campaign = as_curator(request, slug)
    if "action" in request.POST:
        return act(request, _actions(actor, campaign))
    form = PromptListForm(campaign, request.POST or None, request.FILES or None)
    report = _bring_in(actor, campaign, form) if form.is_valid() else None
    if report and report.added:
        form = PromptListForm(campaign)
    query, asked = request.GET.get("q", "").strip(), request.GET.get("list", "all")
    listed = LISTS.get(asked, LISTS["all"])
    found = _found(campaign, listed[1], query)
    context = {
        "campaign": campaign,
        "form": form,
        "report": report,
        "refused": report.refused[:REFUSED_SHOWN] if report else [],
        "lists": [(key, label) for key, (label, _only) in LISTS.items()],
        "list": asked if asked in LISTS else "all",
        "query": query,
        "num_reported": campaign.prompts.filter(_WAITING).distinct().count(),
        "page": Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page")),
    }
    return render(request, "corpus/curating/prompts.html", context)


def _found(campaign: Campaign, only: Q, query: str) -> QuerySet[Prompt]:
    waiting = PromptReport.objects.filter(status=ReportStatus.WAITING).order_by("at")
    found = campaign.prompts.filter(only, text__icontains=query).distinct()
    return (
        found.select_related("tally", "topic")
        .prefetch_related(Prefetch("reports", waiting, to_attr="waiting"))
        .order_by("kind", "text", "pk")
    )


def _bring_in(actor: Actor, campaign: Campaign, form: PromptListForm) -> ListReport | None:
    """Add the list; None, with the reason at the form, where it is refused as a whole."""
    said = form.cleaned_data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(form.content)
        given = PromptList(path, said["source"], said["licence"], said["kind"])
        try:
            return import_prompts(actor, campaign, given)
        except ChoirError as error:
            form.add_error(None, str(error))
            return None


def _actions(actor: Actor, campaign: Campaign) -> dict[str, Action]:
    return {
        "close": lambda request: _set_open(actor, _prompt(campaign, request), is_open=False),
        "open": lambda request: _set_open(actor, _prompt(campaign, request), is_open=True),
        "uphold": lambda request: _settle(actor, _prompt(campaign, request), ReportStatus.UPHELD),
        "dismiss": lambda request: _settle(
            actor, _prompt(campaign, request), ReportStatus.DISMISSED
        ),
    }


def _prompt(campaign: Campaign, request: HttpRequest) -> Prompt:
    try:
        wanted = uuid.UUID(request.POST.get("prompt", ""))
    except ValueError:
        raise NotFound from None
    prompt = campaign.prompts.filter(pk=wanted).select_related("campaign").first()
    if prompt is None:
        raise NotFound
    return prompt


def _set_open(actor: Actor, prompt: Prompt, *, is_open: bool) -> str | Promise:
    set_prompt_open(actor, prompt, is_open=is_open)
    return _("It is offered again.") if is_open else _("It is offered no longer.")


def _settle(actor: Actor, prompt: Prompt, outcome: ReportStatus) -> str | Promise:
    settle_reports(actor, prompt, outcome)
    if outcome == ReportStatus.UPHELD:
        return _("The prompt is closed. What was said of it stays.")
    return _("The prompt is offered again.")
