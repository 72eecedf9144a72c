"""Cutting a release: looked at first, checked, and frozen."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from collector.access import Actor, require_role
from collector.events import announce
from collector.models import Campaign, EventKind, Role
from corpus.datasheet.facts import sheet_of
from corpus.drawing import draw, freeze_drawn
from corpus.errors import NothingToRelease, ReleaseRefused
from corpus.models import Release, ReleaseFigures
from corpus.preview import Preview, preview_drawn
from corpus.recipe import Recipe

DEFAULT = Recipe()


@transaction.atomic
def preview_release(actor: Actor, campaign: Campaign, recipe: Recipe = DEFAULT) -> Preview:
    """What a release by the recipe would hold, and all that stands against it.

    Nothing is written. Raises RoleMissing unless the actor is a curator.
    """
    require_role(actor, campaign, Role.CURATOR)
    draw(campaign, recipe, lock=False)
    return preview_drawn(recipe)


@transaction.atomic
def cut_release(actor: Actor, campaign: Campaign, recipe: Recipe = DEFAULT) -> Release:
    """Freeze the clips that fit the recipe as the campaign's next version.

    Raises RoleMissing unless the actor is a curator, NothingToRelease, or ReleaseRefused with the
    list of all failures.
    """
    curator = require_role(actor, campaign, Role.CURATOR)
    # One cut at a time, so that two curators cannot both make version 3.
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    num_clips = draw(campaign, recipe, lock=True)
    if not num_clips:
        raise NothingToRelease
    failures = preview_drawn(recipe).failures
    if failures:
        raise ReleaseRefused(failures=[asdict(failure) for failure in failures])
    version = campaign.releases.aggregate(newest=Max("version"))["newest"] or 0
    release = Release.objects.create(
        campaign=campaign,
        version=version + 1,
        validation_percent=recipe.validation_percent,
        testing_percent=recipe.testing_percent,
        shard_num_bytes=recipe.shard_num_bytes,
        licence=recipe.licence(campaign.licence),
        recipe=recipe.as_json(),
        cut_by=curator,
    )
    freeze_drawn(release.pk, release.licence, recipe)
    release.sheet = sheet_of(release)
    release.save(update_fields=["sheet"])
    ReleaseFigures.objects.create(release=release, asked_at=Now())
    announce(EventKind.RELEASE_FROZEN, release=str(release.pk), clips=num_clips)
    return release
