"""Pages for listening."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import actor_of, campaign_by_slug, require_role
from collector.models import Role
from validation.selectors import waiting_for_machine
from validation.trust import trust_in_machine


@login_required
@ensure_csrf_cookie
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The review desk; for the campaign's reviewers and curators."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    require_role(actor, campaign, Role.REVIEWER, Role.CURATOR)
    return render(request, "validation/review.html", {"campaign": campaign})


@login_required
def machine(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the machine's word can be trusted in a campaign; for its curators."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    require_role(actor, campaign, Role.CURATOR)
    context = {
        "campaign": campaign,
        "waiting": waiting_for_machine(campaign),
        **trust_in_machine(campaign),
    }
    return render(request, "validation/machine.html", context)
