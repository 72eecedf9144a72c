"""Signing a release's terms, and keys for scripts."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from collector.access import Actor, require_answerable
from collector.errors import NotFound
from collector.events import announce
from collector.models import Campaign, EventKind, Role
from corpus.errors import TermsChanged, TermsMissing
from corpus.models import AccessToken, ReleaseTerms, TermsSignature
from corpus.selectors import current_terms

#: Tells a scanner for leaked secrets, and a person, what it is.
PREFIX = "choir_"
TOKEN_BYTES = 32
LONGEST_LIFE = timedelta(days=366)


@transaction.atomic
def publish_terms(actor: Actor, campaign: Campaign, body: str) -> ReleaseTerms:
    """A new version of what researchers promise; from now on all have to sign this one.

    RoleMissing but for a curator.
    """
    by = require_answerable(actor, campaign, Role.CURATOR)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    newest = campaign.release_terms.aggregate(newest=Max("version"))["newest"] or 0
    terms = ReleaseTerms.objects.create(
        campaign=campaign, version=newest + 1, body=body, sha256=ReleaseTerms.hash_of(body)
    )
    announce(
        EventKind.TERMS_PUBLISHED,
        campaign=campaign.slug,
        version=terms.version,
        sha256=terms.sha256,
        by=by,
    )
    return terms


def sign_terms(
    actor: Actor, campaign: Campaign, *, version: int, sha256: str
) -> tuple[TermsSignature, bool]:
    """The actor's signature under the campaign's present terms, and whether it is new.

    They say which text they read, by its hash: a text that has changed since is not signed
    (TermsChanged). Raises AccountMissing without an account, TermsMissing where there are none.
    """
    user = actor.require_account()
    terms = current_terms(campaign)
    if terms is None:
        raise TermsMissing
    if (terms.version, terms.sha256) != (version, sha256):
        raise TermsChanged
    return TermsSignature.objects.get_or_create(
        terms=terms, user=user, defaults={"sha256": terms.sha256}
    )


def make_token(actor: Actor, label: str, days: int) -> tuple[AccessToken, str]:
    """A new key and its text, which is told once and not kept; AccountMissing without account."""
    user = actor.require_account()
    text = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    life = min(timedelta(days=days), LONGEST_LIFE)
    token = AccessToken.objects.create(
        user=user, label=label, sha256=_hash_of(text), expires_at=timezone.now() + life
    )
    return token, text


def revoke_token(actor: Actor, token_id: uuid.UUID) -> None:
    """From now on it opens nothing; again is harmless. NotFound unless it is the actor's."""
    tokens = AccessToken.objects.filter(pk=token_id, user=actor.require_account())
    if not tokens.exists():
        raise NotFound
    tokens.filter(revoked_at=None).update(revoked_at=Now())


def use_token(text: str) -> AccessToken | None:
    """The key with this text, if it still opens anything; writes down that it was used."""
    valid = AccessToken.objects.select_related("user").filter(
        sha256=_hash_of(text), revoked_at=None, expires_at__gt=Now(), user__is_active=True
    )
    token = valid.first()
    if token is not None:
        # At most once a minute: a script that fetches a thousand parts needs no thousand writes.
        stale = Q(last_used_at=None) | Q(last_used_at__lt=timezone.now() - timedelta(minutes=1))
        AccessToken.objects.filter(stale, pk=token.pk).update(last_used_at=Now())
    return token


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
