"""Pages for speaking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import actor_of, campaign_by_slug
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
    }
    return render(request, "collector/record.html", context)


@ensure_csrf_cookie
def recover(request: HttpRequest) -> HttpResponse:
    """Coming back by the recovery phrase."""
    return render(request, "collector/recover.html")
