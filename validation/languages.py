"""The languages that reviewers know, as first parts of BCP 47 tags."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf.locale import LANG_INFO

from collector.models import Campaign, User
from validation.models import ReviewerProfile


def primary(tag: str) -> str:
    """The first part of a BCP 47 tag: who knows German knows de-AT."""
    return tag.split("-", 1)[0].lower()


def known_languages(user: User) -> list[str]:
    """What this person has said they know; empty where they were not asked."""
    profile = ReviewerProfile.objects.filter(user=user).first()
    return [] if profile is None else profile.languages


def language_choices(known: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The languages that campaigns are in, and what is known already, each under its own name."""
    used = Campaign.objects.order_by().values_list("language", flat=True).distinct()
    tags = {primary(tag) for tag in used} | set(known)
    return sorted(((tag, own_name(tag)) for tag in tags), key=lambda choice: choice[1].casefold())


def own_name(tag: str) -> str:
    """The language's name in itself; the tag where that is not known here."""
    return str(LANG_INFO.get(tag, {}).get("name_local", tag)).capitalize()
