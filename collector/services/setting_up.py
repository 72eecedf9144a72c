"""A curator sets a campaign up: what it is, how it records, when it begins, and who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from collector.access import Actor, require_answerable, require_role
from collector.errors import (
    AccountUnknown,
    CampaignNotReady,
    FieldsInvalid,
    LastCurator,
    RoleMissing,
)
from collector.events import announce
from collector.models import (
    Campaign,
    CampaignStatus,
    ConsentText,
    EventKind,
    Membership,
    Prompt,
    Role,
    User,
)
from collector.models.campaign import QUOTAS, RECORDING_RANGES
from collector.services.campaigns import move_campaign
from collector.services.tallies import offer_again, offer_prompts

#: What a curator may change at any time.
CHANGEABLE: Final = (
    "name", "description", "goal_clips", *QUOTAS, *RECORDING_RANGES,
    "keeps_room_tone", "show_heard", "accepts_devices",
)  # fmt: skip
#: What speakers agreed under: fixed as soon as a campaign takes recordings.
FIXED_ONCE_OPEN: Final = ("language", "licence")
ADD_CAMPAIGN: Final = "collector.add_campaign"
ADD_MEMBERSHIP: Final = "collector.add_membership"
DELETE_MEMBERSHIP: Final = "collector.delete_membership"


@transaction.atomic
def create_campaign(actor: Actor, **fields: Any) -> Campaign:
    """A campaign in preparation, with whoever made it as its curator.

    RoleMissing without the site's permission to add campaigns; FieldsInvalid for fields that do
    not hold, such as a short name that is taken.
    """
    user = actor.require_account()
    if not user.has_perm(ADD_CAMPAIGN):
        raise RoleMissing
    campaign = Campaign(**fields, status=CampaignStatus.DRAFT)
    _check(campaign)
    campaign.save()
    Membership.objects.create(user=user, campaign=campaign, role=Role.CURATOR)
    announce(EventKind.CAMPAIGN_CREATED, campaign=campaign.slug, by=user.pk)
    return campaign


@transaction.atomic
def change_campaign(actor: Actor, campaign: Campaign, changes: Mapping[str, Any]) -> list[str]:
    """Change these fields; the names of those that are different now.

    RoleMissing but for a curator; FieldsInvalid for a value that does not hold, and for a field
    that is not a curator's to change, or not any more.
    """
    user = require_role(actor, campaign, Role.CURATOR)
    kept = Campaign.objects.select_for_update().get(pk=campaign.pk)
    is_draft = kept.status == CampaignStatus.DRAFT
    allowed = (*CHANGEABLE, *FIXED_ONCE_OPEN) if is_draft else CHANGEABLE
    changed = [name for name, value in changes.items() if getattr(kept, name) != value]
    if fixed := [name for name in changed if name not in allowed]:
        raise FieldsInvalid(fields={name: [_("It cannot be changed any more.")] for name in fixed})
    for name in changed:
        setattr(kept, name, changes[name])
    _check(kept)
    if changed:
        kept.save(update_fields=changed)
        offer_again(kept)
        announce(EventKind.CAMPAIGN_CHANGED, campaign=kept.slug, by=user.pk, fields=changed)
    return changed


def missing_to_open(campaign: Campaign) -> list[str]:
    """What a campaign lacks before anybody can speak for it: of ``consent`` and ``prompts``."""
    texts = ConsentText.objects.filter(campaign=campaign, language=campaign.language)
    has = {"consent": texts.exists(), "prompts": campaign.prompts.filter(is_open=True).exists()}
    return [name for name, is_there in has.items() if not is_there]


@transaction.atomic
def open_campaign(actor: Actor, campaign: Campaign) -> bool:
    """Take recordings from now on; False when it is no draft any more.

    RoleMissing but for a curator; CampaignNotReady without a consent text or an open prompt.
    """
    by = require_answerable(actor, campaign, Role.CURATOR)
    if missing := missing_to_open(campaign):
        raise CampaignNotReady(missing=missing)
    return move_campaign(campaign, CampaignStatus.DRAFT, CampaignStatus.OPEN, by)


@transaction.atomic
def set_prompt_open(actor: Actor, prompt: Prompt, *, is_open: bool) -> bool:
    """Offer a prompt, or no longer; what was said of it stays. False when it was so already.

    RoleMissing but for a curator.
    """
    by = require_answerable(actor, prompt.campaign, Role.CURATOR)
    moved = Prompt.objects.filter(pk=prompt.pk, is_open=not is_open).update(is_open=is_open)
    if moved:
        offer_prompts([prompt])
        kind = EventKind.PROMPT_OPENED if is_open else EventKind.PROMPT_CLOSED
        announce(kind, prompt=str(prompt.pk), by=by)
    return moved == 1


@transaction.atomic
def give_role(actor: Actor, campaign: Campaign, email: str, role: Role) -> Membership:
    """A role for whoever has this address; again is harmless.

    RoleMissing but for a curator, and an operator who may add memberships; AccountUnknown where
    nobody has an account with the address.
    """
    curator = _who_appoints(actor, campaign, ADD_MEMBERSHIP)
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise AccountUnknown
    member, is_new = Membership.objects.get_or_create(user=user, campaign=campaign, role=role)
    if is_new:
        _tell(EventKind.ROLE_GIVEN, member, curator)
    return member


@transaction.atomic
def take_role(actor: Actor, campaign: Campaign, membership_id: int) -> None:
    """Somebody has this role no more; again is harmless. LastCurator where nobody were left.

    RoleMissing but for a curator, and an operator who may delete memberships.
    """
    curator = _who_appoints(actor, campaign, DELETE_MEMBERSHIP)
    # Two curators who remove each other at once would otherwise leave nobody.
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    member = campaign.memberships.filter(pk=membership_id).first()
    if member is None:
        return
    if member.role == Role.CURATOR and campaign.memberships.filter(role=Role.CURATOR).count() == 1:
        raise LastCurator
    _tell(EventKind.ROLE_TAKEN, member, curator)
    member.delete()


def _who_appoints(actor: Actor, campaign: Campaign, permission: str) -> User:
    """An operator too: a campaign's curators may all have gone."""
    if actor.user is not None and actor.user.has_perm(permission):
        return actor.user
    return require_role(actor, campaign, Role.CURATOR)


def _tell(kind: EventKind, member: Membership, curator: User) -> None:
    campaign = member.campaign.slug
    announce(kind, campaign=campaign, user=member.user_id, role=member.role, by=curator.pk)


def _check(campaign: Campaign) -> None:
    try:
        campaign.full_clean()
    except ValidationError as error:
        raise FieldsInvalid(fields=error.message_dict) from None
