"""The keys of clips: made before the first byte, handed out to read, destroyed for ever.

Nothing is remembered between two calls, so a key is gone for all processes with the transaction
that destroys it. Site keys are in memory, as long as they are in their folder.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from collector.errors import ClipWithdrawn
from collector.models import ClipKey, SiteKey, SiteKeyStatus
from collector.models.clip import GONE
from collector.vault.site_keys import site_keys
from collector.vault.wrapping import new_key, unwrap, wrap


class NoFreshSiteKey(RuntimeError):
    """The environment gives the site's keys, and all of them have been used."""

    def __init__(self) -> None:
        super().__init__(
            "SITE_KEYS gives the site's keys, and none of them is new. Put another one before "
            "them (manage.py site_keys --print-new makes one), restart all programs, and try again."
        )


class Key(NamedTuple):
    """What a clip's files are opened with.

    ``plain_allowed`` where some of them may lie there from before there was encryption.
    """

    value: bytes | None
    plain_allowed: bool


#: What a clip has that came before there was encryption.
NO_KEY = Key(None, plain_allowed=True)


def key_to_write(clip_id: uuid.UUID) -> bytes:
    """The clip's key, made now if it has none yet; ClipWithdrawn when it was destroyed.

    The row also learns that it is in use, by which the sweep of orphans lets it be. A withdrawal
    at this moment is before or after this one statement: after it, nobody gets the key any more.
    """
    row = _use(clip_id)
    while row is None:
        _make(clip_id)
        row = _use(clip_id)
    site_key_id, wrapped = row
    if wrapped is None:
        raise ClipWithdrawn
    return unwrap(site_keys().cipher(site_key_id), clip_id, bytes(wrapped))


def key_to_read(clip_id: uuid.UUID) -> Key:
    """The clip's key; FileNotFoundError when it was destroyed."""
    found = keys_to_read([str(clip_id)]).get(str(clip_id), NO_KEY)
    if found is None:
        raise destroyed(clip_id)
    return found


def destroyed(clip_id: uuid.UUID | str) -> FileNotFoundError:
    """What reading such a clip raises."""
    return FileNotFoundError(f"The key of clip {clip_id} was destroyed: it was taken back.")


def keys_to_read(clip_ids: Collection[str]) -> dict[str, Key | None]:
    """The clips' keys, by one query; None for destroyed ones, and nothing where there is no row.

    By their ids as texts, lower case: a UUID made of each would cost as much as its key.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clip_id::text, site_key_id, wrapped, holds_plain FROM collector_clipkey"
            " WHERE clip_id = ANY(%s::uuid[])",
            [list(clip_ids)],
        )
        rows = cursor.fetchall()
    # Each site key is looked up once, not once for each clip that it wraps.
    needed = {site_key_id for _, site_key_id, _, _ in rows if site_key_id is not None}
    ciphers = {site_key_id: site_keys().cipher(site_key_id) for site_key_id in needed}
    return {
        clip_id: None
        if wrapped is None
        else Key(unwrap(ciphers[site_key_id], clip_id, bytes(wrapped)), holds_plain)
        for clip_id, site_key_id, wrapped, holds_plain in rows
    }


def destroy_key(clip_id: uuid.UUID) -> None:
    """Destroy the clip's key, with the caller's transaction; no other is ever made for it."""
    destroy_keys([clip_id])


def destroy_keys(clip_ids: Collection[uuid.UUID]) -> None:
    """Destroy many clips' keys by one statement, with the caller's transaction."""
    with connection.cursor() as cursor:
        # Also where there is no key: whoever is about to make one must meet the withdrawal.
        cursor.execute(
            "INSERT INTO collector_clipkey (clip_id, holds_plain, used_at, destroyed_at)"
            " SELECT clip_id, false, today, today FROM unnest(%s::uuid[]) AS clip_id,"
            " date_trunc('day', now(), 'UTC') AS today"
            " ORDER BY clip_id ON CONFLICT (clip_id) DO UPDATE SET"
            " wrapped = NULL, site_key_id = NULL, holds_plain = false,"
            # The days are enough, and lead to nobody who did something at the same second.
            " used_at = date_trunc('day', collector_clipkey.used_at, 'UTC'),"
            " destroyed_at = excluded.destroyed_at"
            " WHERE collector_clipkey.wrapped IS NOT NULL",
            [list(map(str, set(clip_ids)))],
        )


def give_up_key(clip_id: uuid.UUID, age_s: float) -> bool:
    """Delete the key of a clip that never came; False when the clip is there or still coming.

    True also where there was none. Within the caller's transaction: whoever wants to make the key
    anew waits for its end, so what is erased meanwhile is not theirs.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_GIVE_UP} AND clip_id = %s", [age_s, clip_id])
    return not ClipKey.objects.filter(pk=clip_id, wrapped__isnull=False).exists()


def give_up_unused_keys(age_s: float) -> int:
    """Delete all keys of clips that never came; how many. A crash leaves some behind."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_UP, [age_s])
        num_keys: int = cursor.rowcount
    return num_keys


_GIVE_UP = """
    DELETE FROM collector_clipkey
    WHERE wrapped IS NOT NULL AND used_at <= now() - %s * interval '1 second'
    AND NOT EXISTS (SELECT FROM collector_clip WHERE collector_clip.id = collector_clipkey.clip_id)
"""


def current_site_key() -> str:
    """The key that wraps, held as such until the transaction ends; made where there is none."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM collector_sitekey WHERE status = %s FOR SHARE",
                [SiteKeyStatus.CURRENT],
            )
            row = cursor.fetchone()
        if row is not None:
            return str(row[0])
        # Whoever is second, should two begin at the same moment, takes the first one's.
        with suppress(IntegrityError), transaction.atomic():
            SiteKey.objects.create(id=fresh_site_key())


def fresh_site_key() -> str:
    """A key that the database has never known: one that is here, or else a new one.

    Raises NoFreshSiteKey where the environment gives the keys, for then it must give this one.
    """
    known = set(SiteKey.objects.values_list("pk", flat=True))
    keys = site_keys()
    fresh = [key_id for key_id in keys.ids() if key_id not in known]
    if not fresh and keys.given:
        raise NoFreshSiteKey
    return fresh[0] if fresh else keys.make()


def _use(clip_id: uuid.UUID) -> tuple[Any, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE collector_clipkey SET used_at = now() WHERE clip_id = %s"
            " RETURNING site_key_id, wrapped",
            [clip_id],
        )
        row: tuple[Any, Any] | None = cursor.fetchone()
    return row


@transaction.atomic
def _make(clip_id: uuid.UUID) -> None:
    # Held, so that the site key is not retired between this read and the row that needs it.
    site_key_id = current_site_key()
    wrapped = wrap(site_keys().cipher(site_key_id), clip_id, new_key())
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM collector_clip WHERE id = %s", [clip_id])
        clip = cursor.fetchone()
    if clip is not None and clip[0] in GONE:
        raise ClipWithdrawn
    # A clip that has a row and no key came before there was encryption.
    made = ClipKey(
        clip_id=clip_id, site_key_id=site_key_id, wrapped=wrapped, holds_plain=clip is not None
    )
    ClipKey.objects.bulk_create([made], ignore_conflicts=True)
