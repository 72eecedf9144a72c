"""What every page of a curator begins with."""

from __future__ import annotations

from django.http import HttpRequest

from collector.access import Actor, actor_of, campaign_by_slug, require_role
from collector.models import Campaign, Role


def as_curator(request: HttpRequest, slug: str) -> tuple[Actor, Campaign]:
    """Who asks, and their campaign; NotFound or RoleMissing for everybody but its curators."""
    actor = actor_of(request)
    campaign = campaign_by_slug(actor, slug)
    require_role(actor, campaign, Role.CURATOR)
    return actor, campaign
