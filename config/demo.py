"""The demo campaign and its people, from ``demo.toml``. Loading it again changes nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.urls import reverse
from sesame.utils import get_query_string

from collector.access import OPERATOR
from collector.models import Campaign, CampaignStatus, Membership, PromptKind, Role, User
from collector.services import add_prompt, add_prompts, publish_consent_text

DATA = Path(__file__).with_name("demo.toml")
_ROLES = {
    "curator": Role.CURATOR,
    "reviewer": Role.REVIEWER,
    "second_reviewer": Role.REVIEWER,
    "researcher": Role.RESEARCHER,
}


@transaction.atomic
def load() -> Campaign:
    """The demo campaign, made where it is missing."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    campaign, is_new = Campaign.objects.get_or_create(
        slug=data["slug"], defaults=_campaign_fields(data)
    )
    if is_new:
        publish_consent_text(OPERATOR, campaign, data["consent"].strip())
        _add_prompts(campaign, data["prompts"])
        for name, email in data["people"].items():
            _add_member(campaign, email, _ROLES[name])
    return campaign


def _campaign_fields(data: dict[str, Any]) -> dict[str, Any]:
    plain = ("name", "language", "licence", "goal_clips")
    fields = {name: data[name] for name in plain}
    description = " ".join(data["description"].split())
    return {
        **fields,
        **data["recording"],
        "description": description,
        "status": CampaignStatus.OPEN,
    }


def _add_prompts(campaign: Campaign, prompts: dict[str, Any]) -> None:
    add_prompts(campaign, PromptKind.KEYWORD, prompts["keywords"])
    add_prompts(campaign, PromptKind.SENTENCE, prompts["sentences"])
    add_prompt(campaign, PromptKind.NOISE, **prompts["noise"])


def _add_member(campaign: Campaign, email: str, role: Role) -> None:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    if role == Role.CURATOR:
        user.user_permissions.add(Permission.objects.get(codename="add_campaign"))
    Membership.objects.get_or_create(user=user, campaign=campaign, role=role)


def sign_in_links(campaign: Campaign, site_url: str) -> list[tuple[str, str]]:
    """A one-time address for each of the demo's people, with who it is for."""
    page = site_url + reverse("one-time-login")
    members = campaign.memberships.select_related("user").order_by("pk")
    return [
        (member.user.email.partition("@")[0], page + get_query_string(member.user))
        for member in members
    ]
