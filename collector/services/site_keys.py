"""Replacing the site's key: a new one, every clip's key wrapped anew, the old one destroyed."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from collector.models import ClipKey, SiteKey, SiteKeyStatus
from collector.vault.keys import current_site_key, fresh_site_key
from collector.vault.site_keys import site_keys
from collector.vault.wrapping import unwrap, wrap

log = logging.getLogger(__name__)
BATCH = 1000


@transaction.atomic
def replace_site_key() -> str:
    """A new key wraps from now on, and the one before only opens; the new one's fingerprint.

    Raises NoFreshSiteKey. The clips' keys are wrapped anew by ``rewrap_some``, batch by batch.
    """
    new = fresh_site_key()
    SiteKey.objects.filter(status=SiteKeyStatus.CURRENT).update(
        status=SiteKeyStatus.RETIRED, retired_at=Now()
    )
    SiteKey.objects.create(id=new)
    log.info("Site key %s wraps from now on.", new)
    return new


@transaction.atomic
def require_site_key() -> None:
    """See that there is a key to wrap with: the first start makes it; else SiteKeyMissing."""
    site_keys().cipher(current_site_key())


def is_replacement_due() -> bool:
    """Whether the present key has wrapped for ``SITE_KEY_DAYS``, and may be replaced unasked."""
    if not settings.SITE_KEY_DAYS or settings.SITE_KEYS:
        return False
    before = timezone.now() - timedelta(days=settings.SITE_KEY_DAYS)
    return SiteKey.objects.filter(status=SiteKeyStatus.CURRENT, made_at__lte=before).exists()


@transaction.atomic
def rewrap_some(limit: int = BATCH) -> int:
    """Wrap some clips' keys by the present site key; how many. 0 when all are.

    Stop it and call it again as you like. Keys that are being destroyed or used at this moment
    are left to the next call, so that nothing waits for anything here; raises SiteKeyMissing.
    """
    current = current_site_key()
    others = list(SiteKey.objects.exclude(pk=current).values_list("pk", flat=True))
    waiting = ClipKey.objects.filter(site_key__in=others)
    with connection.cursor() as cursor:
        # By the index always: each batch leaves dead rows behind. A scan of the table, tempting as
        # long as nearly all rows wait, would go through them again for every batch.
        cursor.execute("SET LOCAL enable_seqscan = off")
    some = waiting.select_for_update(skip_locked=True)[:limit]
    # One row may be waited for, as nothing else is held: else the last ones might never be seen.
    rows = list(some) or list(waiting.select_for_update()[:1])
    _write([(row.clip_id, _rewrapped(row, current)) for row in rows], current)
    return len(rows)


def _rewrapped(row: ClipKey, current: str) -> bytes:
    keys = site_keys()
    key = unwrap(keys.cipher(str(row.site_key_id)), row.clip_id, bytes(row.wrapped or b""))
    return wrap(keys.cipher(current), row.clip_id, key)


def _write(rows: list[tuple[uuid.UUID, bytes]], current: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE collector_clipkey SET wrapped = new.wrapped, site_key_id = %s"
            " FROM unnest(%s::uuid[], %s::bytea[]) AS new (clip_id, wrapped)"
            " WHERE collector_clipkey.clip_id = new.clip_id",
            [current, [str(clip_id) for clip_id, _ in rows], [wrapped for _, wrapped in rows]],
        )


def num_to_rewrap() -> int:
    """How many clips' keys another site key than the present one still wraps."""
    others = SiteKey.objects.exclude(status=SiteKeyStatus.CURRENT)
    return ClipKey.objects.filter(site_key__in=others).count()


def note_emptied() -> None:
    """Write down which retired keys no clip needs any more: their days begin to count."""
    for key in SiteKey.objects.filter(status=SiteKeyStatus.RETIRED, emptied_at=None):
        if not ClipKey.objects.filter(site_key=key).exists():
            SiteKey.objects.filter(pk=key.pk, emptied_at=None).update(emptied_at=Now())


def destroy_retired() -> list[str]:
    """Destroy the keys that no clip has needed for ``BACKUP_DAYS``; their fingerprints.

    The days count from when the last clip's key was wrapped anew: every backup that still needs
    the old one is older. One that the environment gives stays, and is said, until it is taken out.
    """
    note_emptied()
    before = timezone.now() - timedelta(days=settings.BACKUP_DAYS)
    due = SiteKey.objects.filter(status=SiteKeyStatus.RETIRED, emptied_at__lte=before)
    return [key_id for key_id in due.values_list("pk", flat=True) if _destroy(key_id)]


@transaction.atomic
def _destroy(key_id: str) -> bool:
    """Under a lock that a row which refers to the key would wait for."""
    if key_id in site_keys().given_ids:
        log.warning("Site key %s is due to be destroyed: take it out of SITE_KEYS.", key_id)
        return False
    key = SiteKey.objects.select_for_update().get(pk=key_id)
    if key.status != SiteKeyStatus.RETIRED or ClipKey.objects.filter(site_key=key).exists():
        return False
    # The row first: should the commit fail, the key is gone and the next run says so.
    SiteKey.objects.filter(pk=key_id).update(status=SiteKeyStatus.DESTROYED, destroyed_at=Now())
    site_keys().destroy(key_id)
    log.info("Site key %s is destroyed.", key_id)
    return True
