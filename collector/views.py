"""Pages for speaking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import actor_of, campaign_by_slug, own_clips
from collector.models.clip import GONE
from collector.selectors import current_consent_text, has_consented


@ensure_csrf_cookie
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """Where takes are made."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    context = {
        "campaign": campaign,
        "consent": current_consent_text(campaign),
        "consented": has_consented(actor.speaker, campaign),
        "speaking_as": actor.speaker if actor.has_several_speakers else None,
    }
    return render(request, "collector/record.html", context)


@ensure_csrf_cookie
def recover(request: HttpRequest) -> HttpResponse:
    """Coming back by the recovery phrase."""
    return render(request, "collector/recover.html")


@ensure_csrf_cookie
def me(request: HttpRequest) -> HttpResponse:
    """Who is here: their speakers, their phrase, and the ways to all that is theirs."""
    actor = actor_of(request)
    context = {
        "speaker": actor.speaker,
        "may_adopt": actor.may_adopt,
        "clips": own_clips(actor).exclude(status__in=GONE).count(),
    }
    return render(request, "collector/me.html", context)


@ensure_csrf_cookie
def about(request: HttpRequest) -> HttpResponse:
    """What speakers may say about their voice."""
    return render(request, "collector/about.html")
