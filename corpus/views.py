"""Pages for finding one's way, following one's clips, and publishing."""

from __future__ import annotations

import uuid

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import actor_of, campaign_by_slug, roles, visible_campaigns
from collector.errors import NotFound
from collector.models import Role
from corpus.access import visible_releases
from corpus.selectors import progress, release_counts
from corpus.services import make_token, revoke_token
from validation.selectors import accepted_clips, waiting_for_machine


def home(request: HttpRequest) -> HttpResponse:
    """The campaigns that ask for voices."""
    campaigns = visible_campaigns(actor_of(request)).order_by("name")
    shown = [{"campaign": campaign, "progress": progress(campaign)} for campaign in campaigns]
    return render(request, "collector/home.html", {"campaigns": shown})


def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """What a campaign is about, and the ways into it."""
    actor = actor_of(request)
    found = campaign_by_slug(actor, slug)
    mine = roles(actor, found)
    context = {"campaign": found, "progress": progress(found), "roles": mine}
    if Role.CURATOR in mine:
        context["waiting"] = waiting_for_machine(found)
    return render(request, "collector/campaign.html", context)


@ensure_csrf_cookie
def my_clips(request: HttpRequest) -> HttpResponse:
    """The speaker's own clips, to follow and to take back."""
    actor = actor_of(request)
    context = {"has_speaker": bool(actor.speaker_ids()), "may_adopt": actor.may_adopt}
    return render(request, "corpus/my_clips.html", context)


@ensure_csrf_cookie
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's releases, and for a curator the way to cut the next."""
    actor = actor_of(request)
    found = campaign_by_slug(actor, slug)
    listed = visible_releases(actor, found)
    context = {
        "campaign": found,
        "releases": [{"release": each, "counts": release_counts(each)} for each in listed],
        "can_cut": Role.CURATOR in roles(actor, found),
        "eligible_clips": accepted_clips(found).count(),
    }
    return render(request, "corpus/releases.html", context)


@login_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens: made, shown once, and revoked, by plain forms."""
    actor, shown = actor_of(request), ""
    form = TokenForm(request.POST if "make" in request.POST else None, label_suffix="")
    if form.is_valid():
        _, shown = make_token(actor, **form.cleaned_data)
        form = TokenForm(label_suffix="")
    elif "revoke" in request.POST:
        revoke_token(actor, _uuid(request.POST["revoke"]))
    listed = actor.require_account().access_tokens.order_by("-created_at")
    context = {"tokens": listed, "shown": shown, "form": form, "site": settings.SITE_URL}
    return render(request, "corpus/tokens.html", context)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


class TokenForm(forms.Form):
    label = forms.CharField(
        label=_("What is it for?"),
        max_length=60,
        help_text=_("A name by which you know it again, such as that of a machine."),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (366, _("a year"))],
    )
