"""Making a campaign, changing it, opening and closing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from collector.access import Actor, actor_of
from collector.errors import FieldsInvalid, RoleMissing
from collector.models import Campaign
from collector.services import (
    change_campaign,
    close_campaign,
    create_campaign,
    open_campaign,
    reopen_campaign,
)
from collector.services.setting_up import ADD_CAMPAIGN, missing_to_open
from corpus.curating.forms import CampaignForm, NewCampaignForm, show_refusal
from corpus.curating.opening import as_curator
from validation.views.acting import Action, act


@login_required
@never_cache
def new_campaign(request: HttpRequest) -> HttpResponse:
    """Begin one, in preparation; for accounts that the operator lets."""
    actor = actor_of(request)
    if not actor.require_account().has_perm(ADD_CAMPAIGN):
        raise RoleMissing
    form = NewCampaignForm(request.POST or None)
    if form.is_valid():
        try:
            made = create_campaign(actor, **form.cleaned_data)
        except FieldsInvalid as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is made. Now add prompts and the text to agree to."))
            return redirect("set-up", made.slug)
    return render(request, "corpus/curating/new.html", {"form": form})


@login_required
@never_cache
def set_up(request: HttpRequest, slug: str) -> HttpResponse:
    """What a campaign is and how it records; and its beginning and end."""
    actor, campaign = as_curator(request, slug)
    if "action" in request.POST:
        return act(request, _actions(actor, campaign))
    form = CampaignForm(request.POST or None, instance=campaign)
    if form.is_valid() and _save(actor, campaign, form):
        messages.success(request, _("Saved."))
        return redirect("set-up", slug)
    kept = Campaign.objects.get(pk=campaign.pk)
    context = {"campaign": kept, "form": form, "missing": missing_to_open(kept)}
    return render(request, "corpus/curating/campaign.html", context)


def _save(actor: Actor, campaign: Campaign, form: CampaignForm) -> bool:
    changes: dict[str, Any] = {name: form.cleaned_data[name] for name in form.fields}
    try:
        change_campaign(actor, campaign, changes)
    except FieldsInvalid as error:
        show_refusal(form, error)
        return False
    return True


def _actions(actor: Actor, campaign: Campaign) -> dict[str, Action]:
    return {
        "open": lambda request: _told(
            open_campaign(actor, campaign), _("Everybody can speak now.")
        ),
        "close": lambda request: _told(
            close_campaign(actor, campaign), _("It takes no more recordings.")
        ),
        "reopen": lambda request: _told(
            reopen_campaign(actor, campaign), _("It takes recordings again.")
        ),
    }


def _told(has_moved: bool, sentence: str | Promise) -> str | Promise:
    return sentence if has_moved else _("It was so already.")
