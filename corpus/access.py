"""Who may reach a release."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from collector.access import Actor, campaign_by_slug, require_role, visible_campaigns
from collector.errors import NotFound
from collector.models import Campaign, Membership, Role, User
from corpus.errors import TermsUnsigned
from corpus.models import Release, ReleaseStatus
from corpus.selectors import current_terms, has_signed


def visible_releases(actor: Actor, campaign: Campaign) -> QuerySet[Release]:
    """The releases of a campaign that the actor may know of, newest first.

    Those are the published ones, and for the campaign's curators the retired ones too.
    """
    campaign_by_slug(actor, campaign.slug)
    return campaign.releases.filter(_not_hidden_from(actor)).order_by("-version")


def _not_hidden_from(actor: Actor) -> Q:
    published = Q(status=ReleaseStatus.PUBLISHED)
    if actor.user is None:
        return published
    curated = Membership.objects.filter(user=actor.user, role=Role.CURATOR)
    return published | Q(campaign__in=curated.values("campaign"))


def release_by_id(actor: Actor, release_id: uuid.UUID) -> Release:
    """The release; NotFound when there is none, or none for the actor."""
    releases = Release.objects.select_related("campaign").filter(
        _not_hidden_from(actor), campaign__in=visible_campaigns(actor)
    )
    release = releases.filter(pk=release_id).first()
    if release is None:
        raise NotFound
    return release


def may_download(actor: Actor, release: Release) -> User | None:
    """The account that fetches the release's audio; None for a stranger at a public release.

    Otherwise RoleMissing unless it is a researcher or curator, and TermsUnsigned until the
    present version of the campaign's terms is signed.
    """
    if release.is_public:
        return actor.user
    user = require_role(actor, release.campaign, Role.RESEARCHER, Role.CURATOR)
    terms = current_terms(release.campaign)
    if terms is not None and not has_signed(user, terms):
        raise TermsUnsigned(version=terms.version, sha256=terms.sha256)
    return user
