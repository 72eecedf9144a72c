"""Reviewers: how they agree, who is set apart, and which languages they know."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from collector.access import Actor, actor_of, campaign_by_slug, require_role, roles
from collector.models import Campaign, Role
from collector.rules import row_number
from validation import services
from validation.languages import known_languages, language_choices
from validation.listing import agreement_shown, people_of, voices_apart
from validation.views.acting import act


@login_required
@never_cache
def reviewers(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the reviewers of a campaign agree; for each of them, and for its curators all."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    user = require_role(actor, campaign, Role.REVIEWER, Role.CURATOR)
    is_curator = Role.CURATOR in roles(actor, campaign)
    if request.method == "POST":
        return act(request, {
            "pause": lambda request: _pause(actor, campaign, request),
            "let-back": lambda request: _let_back(actor, campaign, request),
            "show-speaker": lambda request: _show(actor, campaign, request),
        })  # fmt: skip
    context = {
        "campaign": campaign,
        "is_curator": is_curator,
        "agreement": agreement_shown(campaign),
        "people": people_of(campaign, None if is_curator else user),
        "voices": voices_apart(campaign) if is_curator else [],
    }
    return render(request, "validation/reviewers.html", context)


def _pause(actor: Actor, campaign: Campaign, request: HttpRequest) -> str:
    moved = services.quarantine_reviewer(actor, campaign, _reviewer(request))
    return ngettext(
        "Paused. %(num)d clip that hung on their votes is open again.",
        "Paused. %(num)d clips that hung on their votes are open again.",
        moved,
    ) % {"num": moved}


def _let_back(actor: Actor, campaign: Campaign, request: HttpRequest) -> str:
    moved = services.release_reviewer(actor, campaign, _reviewer(request))
    return ngettext(
        "They review again, and their votes count: that settled %(num)d clip.",
        "They review again, and their votes count: that settled %(num)d clips.",
        moved,
    ) % {"num": moved}


def _show(actor: Actor, campaign: Campaign, request: HttpRequest) -> str | Promise:
    services.release_speaker(actor, campaign, request.POST.get("voice", ""))
    return gettext_lazy("This voice is in circulation again.")


def _reviewer(request: HttpRequest) -> int:
    return row_number(request.POST.get("reviewer", ""))


@login_required
@never_cache
def languages(request: HttpRequest) -> HttpResponse:
    """The languages that one knows: one is given clips of no others."""
    user = actor_of(request).require_account()
    if request.method == "POST":
        services.set_languages(user, request.POST.getlist("languages"))
        messages.success(request, _("Saved."))
        return redirect("my-languages")
    known = known_languages(user)
    choices = [
        {"tag": tag, "name": name, "is_known": tag in known}
        for tag, name in language_choices(known)
    ]
    return render(request, "validation/languages.html", {"choices": choices, "known": known})
