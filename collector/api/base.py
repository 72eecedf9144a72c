"""What all API views share."""

from __future__ import annotations

from functools import cached_property

from rest_framework.views import APIView

from collector.access import Actor, actor_of, campaign_by_slug
from collector.models import Campaign


class ActorView(APIView):
    """A view that knows who asks."""

    @cached_property
    def actor(self) -> Actor:
        """Whoever makes this request."""
        return actor_of(self.request)

    def campaign(self, slug: str) -> Campaign:
        """The campaign of the address; NotFound when it is not the actor's to see."""
        return campaign_by_slug(self.actor, slug)
