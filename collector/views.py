"""Pages for speaking."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import actor_of, campaign_by_slug, own_clips, own_consent
from collector.models import ConsentEvent, ConsentKind, Purpose
from collector.models.clip import GONE
from collector.receipts import ABOUT, ORIGINAL, RECIPIENTS, VOICE
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
        "speaking_as": actor.speaker if actor.has_several_speakers else None,
    }
    return render(request, "collector/record.html", context)


@ensure_csrf_cookie
def recover(request: HttpRequest) -> HttpResponse:
    """Coming back by the recovery phrase."""
    return render(request, "collector/recover.html")


@ensure_csrf_cookie
def me(request: HttpRequest) -> HttpResponse:
    """Who is here: their speakers, their phrase, and the ways to all that is theirs."""
    actor = actor_of(request)
    context = {
        "speaker": actor.speaker,
        "may_adopt": actor.may_adopt,
        "clips": own_clips(actor).exclude(status__in=GONE).count(),
    }
    return render(request, "collector/me.html", context)


@never_cache
def receipt(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """One consent as a page to keep."""
    event = own_consent(actor_of(request), consent_id)
    context = {
        "event": event,
        "purposes": _answers(event),
        "handling": _handling(event),
        "country": settings.CONTROLLER_COUNTRY,
        "consent_url": settings.SITE_URL + reverse("my-consent"),
        "controller": {
            "name": settings.CONTROLLER_NAME,
            "address": settings.CONTROLLER_ADDRESS,
            "contact": settings.CONTROLLER_EMAIL,
        },
    }
    return render(request, "collector/receipt.html", context)


def _answers(event: ConsentEvent) -> list[dict[str, object]]:
    """Each purpose that was asked about, in the words that were shown, and the answer."""
    yes = _("Taken back") if event.kind == ConsentKind.WITHDRAWN else _("Yes")
    asked = [each for each in Purpose if each in event.wordings or each in event.purposes]
    return [
        {
            "agreed": each in event.purposes,
            "answer": yes if each in event.purposes else _("No"),
            "wording": event.wordings.get(each, each.label),
        }
        for each in asked
    ]


def _handling(event: ConsentEvent) -> list[dict[str, object]]:
    """Of each purpose of the event: what is kept for it, and who gets it."""
    return [
        {
            "purpose": Purpose(each).label,
            "data": [ORIGINAL] if each == Purpose.KEEP_ORIGINAL else [VOICE, ABOUT],
            "recipient": RECIPIENTS.get(Purpose(each), _("nobody")),
        }
        for each in event.purposes
    ]


@ensure_csrf_cookie
def about(request: HttpRequest) -> HttpResponse:
    """What speakers may say about their voice."""
    return render(request, "collector/about.html")
