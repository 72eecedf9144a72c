"""Publishing what was taken back: signed lists, their key, and who followed them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from collector.access import Actor
from collector.audio.shipped import wav_hashes
from collector.models import Clip, ClipStatus
from collector.storage import audio_store, master_key
from corpus.access import may_download
from corpus.errors import ListUnknown, RevocationKeyWrong
from corpus.models import (
    AccessToken,
    Attestation,
    Release,
    Revocation,
    RevocationKey,
    RevocationList,
)
from corpus.revocations import document, keys
from corpus.revocations.timing import is_due, time_of_list
from corpus.selectors import head_of, newest_list, revocations_of

_WAITING = (Path(__file__).parents[1] / "revocations" / "waiting.sql").read_text("utf-8")
#: Far longer than a withdrawal's transaction: what was asked for earlier is listed already. Lists
#: that are made because of the time look at everything all the same.
_OVERLAP = timedelta(days=1)


@transaction.atomic
def publish_revocations() -> RevocationList | None:
    """The next signed list, if one is due; None if not. To be called often.

    One at a time: a list's number is one more than the newest one's, and no number is missing.
    """
    _lock()
    newest = newest_list()
    now, waiting, releases = _read(newest)
    times = (newest.this_update, newest.next_update) if newest else None
    if not is_due(now, times, has_waiting=bool(waiting)):
        return None
    key = _signing_key()
    made = _next_list(newest, now, len(waiting), releases)
    _append(waiting, made.num_entries)
    _sign(made, key)
    made.save(force_insert=True)
    return made


def present_list() -> RevocationList:
    """The list that holds today.

    A site that has just begun makes its first one, and its key, when it is first asked: whoever
    looks before the worker had its turn is not told that there were none.
    """
    newest = newest_list()
    if newest is None:
        publish_revocations()  # or somebody else did, while this waited for the lock
        newest = newest_list()
    if newest is None:
        raise ListUnknown
    return newest


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('choir revocations'))")


def _read(newest: RevocationList | None) -> tuple[datetime, list[dict[str, Any]], dict[str, Any]]:
    """The database's time, what no list has yet, and the releases' revisions, of one moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        half_over = newest is None or is_due(
            now, (newest.this_update, newest.next_update), has_waiting=False
        )
        since = None if half_over or newest is None else (newest.this_update - _OVERLAP).date()
        cursor.execute(_WAITING, {"requested_from": since})
        now, waiting, releases = cursor.fetchone()
    return now, _parsed(waiting), _parsed(releases)


def _parsed(value: Any) -> Any:
    # Django has psycopg2 hand JSON over as text.
    return json.loads(value) if isinstance(value, str) else value


def _next_list(
    newest: RevocationList | None, now: datetime, num_new: int, releases: dict[str, Any]
) -> RevocationList:
    this_update = time_of_list(now, newest.this_update if newest else None)
    return RevocationList(
        number=newest.number + 1 if newest else 1,
        this_update=this_update,
        next_update=this_update + timedelta(seconds=settings.REVOCATIONS_VALID_S),
        num_entries=(newest.num_entries if newest else 0) + num_new,
        releases=releases,
        previous_sha256=newest.sha256 if newest else document.NO_LIST,
    )


def _append(waiting: list[dict[str, Any]], num_entries: int) -> None:
    first = num_entries - len(waiting)
    rows = (_revocation(place, _entry(each)) for place, each in enumerate(waiting, start=first))
    Revocation.objects.bulk_create(rows, batch_size=2_000)


def _entry(waiting: dict[str, Any]) -> document.Entry:
    return document.Entry(
        clip_id=uuid.UUID(waiting["clip_id"]),
        sha256={name: waiting[name] for name in ("flac", "wav", "second_wav") if waiting[name]},
        revoked_at=datetime.fromisoformat(waiting["revoked_at"]),
        first_release=waiting["first_release"],
        reason=waiting["reason"],
    )


def _revocation(position: int, entry: document.Entry) -> Revocation:
    return Revocation(
        position=position,
        clip_id=entry.clip_id,
        revoked_at=entry.revoked_at,
        reason=entry.reason,
        line=document.entry_line(entry),
    )


def _sign(made: RevocationList, key: Ed25519PrivateKey) -> None:
    # Ed25519 signs the whole message and not its hash, so for this once it is held.
    content = b"".join(document.whole(head_of(made), revocations_of(made)))
    made.num_bytes, made.sha256 = len(content), document.sha256_of([content])
    made.signature = key.sign(content).hex()
    made.key = RevocationKey.objects.get(public_key=keys.public_of(key))


def sign(content: bytes) -> str:
    """The present key's signature (hex) under these bytes."""
    return _signing_key().sign(content).hex()


def _own_key() -> Ed25519PrivateKey:
    if settings.REVOCATION_KEY:
        return keys.parse_key(settings.REVOCATION_KEY.encode())
    return keys.read_or_make_key(settings.REVOCATION_KEY_FILE)


def _signing_key() -> Ed25519PrivateKey:
    """The key of this machine, if it is the one whose signature the world expects."""
    key = _own_key()
    newest = RevocationKey.objects.order_by("-pk").first()
    if newest is None:
        RevocationKey.objects.create(public_key=keys.public_of(key))
    elif newest.public_key != keys.public_of(key):
        return _next_key(newest.public_key)
    return key


def _next_key(public: str) -> Ed25519PrivateKey:
    """The key that was put aside for this, in its place from now on; RevocationKeyWrong if none."""
    path = settings.REVOCATION_KEY_FILE
    if settings.REVOCATION_KEY or not keys.beside(path).exists():
        raise RevocationKeyWrong
    key = keys.parse_key(keys.beside(path).read_bytes())
    if keys.public_of(key) != public:
        raise RevocationKeyWrong
    keys.beside(path).replace(path)
    return key


def put_aside(key: Ed25519PrivateKey) -> None:
    """Keep the next key beside the present one, until the world has been told of it."""
    aside = keys.beside(settings.REVOCATION_KEY_FILE)
    aside.unlink(missing_ok=True)
    keys.write_key(aside, key)


@transaction.atomic
def rotate_key(keep: Callable[[Ed25519PrivateKey], None] = put_aside) -> RevocationKey:
    """A new key, signed by the present one, so that clients follow; ``keep`` puts it away.

    It is kept before the world is told of it: a key that is announced and lost could never sign.
    """
    _lock()
    old, new = _signing_key(), keys.make_key()
    public = keys.public_of(new)
    made = RevocationKey.objects.create(public_key=public, signature=keys.hand_over(old, public))
    keep(new)
    return made


@transaction.atomic
def adopt_list(content: bytes, signature: bytes) -> RevocationList:
    """After a backup was restored: go on after a list that was published and is not in it.

    Else the site would give its number to another list, which no client would ever take. Raises
    ListUnknown when the list is not one of this site's, or not newer than what is here.
    """
    _lock()
    newest = newest_list()
    key = next(
        (
            each
            for each in RevocationKey.objects.order_by("-pk")
            if keys.is_signed(each.public_key, content, signature.hex())
        ),
        None,
    )
    given = json.loads(content) if key else {}
    if key is None or given["since"] or given["list_number"] <= (newest.number if newest else 0):
        raise ListUnknown
    adopted = RevocationList(
        number=given["list_number"],
        this_update=datetime.fromisoformat(given["this_update"]),
        next_update=datetime.fromisoformat(given["next_update"]),
        num_entries=given["num_entries"],
        releases=given["releases"],
        previous_sha256=given["previous_sha256"],
        sha256=document.sha256_of([content]),
        num_bytes=len(content),
        key=key,
        signature=signature.hex(),
    )
    known = newest.num_entries if newest else 0
    Revocation.objects.bulk_create(
        _revocation(position, document.parsed(each))
        for position, each in enumerate(given["entries"][known:], start=known)
    )
    if document.sha256_of(document.whole(head_of(adopted), revocations_of(adopted))) != (
        adopted.sha256
    ):
        raise ListUnknown
    adopted.save(force_insert=True)
    return adopted


def fill_hashes() -> int:
    """Take the hashes of clips that were transcoded before they were kept; how many it were."""
    lacking = Clip.objects.filter(status=ClipStatus.TRANSCODED, wav_sha256="").order_by("pk")
    filled = 0
    for clip in lacking.only("pk", "master_sha256", "loudest_second_offset").iterator(500):
        try:
            flac = audio_store().get(master_key(clip.pk, clip.master_sha256))
        except FileNotFoundError:
            continue  # taken back meanwhile, or lost: `manage.py check` tells of those
        fields = wav_hashes(flac, clip.loudest_second_offset or 0)
        filled += Clip.objects.filter(pk=clip.pk, wav_sha256="").update(**fields)
    return filled


def attest(
    actor: Actor, token: AccessToken | None, release: Release, said: dict[str, Any]
) -> tuple[Attestation, bool]:
    """Write down that the actor's copy of a release holds nothing of a list; and whether it is new.

    Raises AccountMissing, what ``may_download`` raises, and ListUnknown for a list there never was.
    """
    user = actor.require_account()
    may_download(actor, release)
    lists = RevocationList.objects.filter(number=said["list_number"], sha256=said["list_sha256"])
    if not lists.exists():
        raise ListUnknown
    return Attestation.objects.get_or_create(
        user=user,
        release=release,
        format=said["format"],
        list_number=said["list_number"],
        defaults={
            "token": token,
            "revision": said["revision"],
            "num_removed": said["num_removed"],
        },
    )
