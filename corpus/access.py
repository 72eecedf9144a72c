"""Who may reach a release."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from collector.access import Actor, campaign_by_slug, require_role, visible_campaigns
from collector.errors import NotFound
from collector.models import Campaign, Role, User
from corpus.models import Release, ReleaseStatus


def visible_releases(actor: Actor, campaign: Campaign) -> QuerySet[Release]:
    """The published releases of a campaign that the actor may know of, newest first."""
    campaign_by_slug(actor, campaign.slug)
    return campaign.releases.filter(status=ReleaseStatus.PUBLISHED).order_by("-version")


def release_by_id(actor: Actor, release_id: uuid.UUID) -> Release:
    """The release; NotFound when there is none, or none for the actor."""
    releases = Release.objects.select_related("campaign").filter(
        status=ReleaseStatus.PUBLISHED, campaign__in=visible_campaigns(actor)
    )
    release = releases.filter(pk=release_id).first()
    if release is None:
        raise NotFound
    return release


def may_download(actor: Actor, release: Release) -> User:
    """The account that fetches the release's audio; RoleMissing unless it is a researcher."""
    return require_role(actor, release.campaign, Role.RESEARCHER, Role.CURATOR)
