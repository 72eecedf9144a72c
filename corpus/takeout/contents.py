"""Everything that a person ever gave, laid out as the files of one archive."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property, partial
from itertools import count
from typing import Any, Final

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from collector.access import Actor
from collector.audio.containers import HEAD_BYTES, Container, sniff
from collector.errors import SpeakerUnknown
from collector.models import Speaker
from collector.storage import audio_store, master_key, original_key
from corpus.takeout.account import Account
from corpus.takeout.measured import Gauge, Measured, Sizes
from corpus.takeout.page import Chapter, page
from corpus.takeout.people import consents_of, part_of, speaker_json
from corpus.takeout.receipts import page_url, receipt_json, receipt_path, receipts_of
from corpus.takeout.records import (
    Part,
    came_at,
    extension_of,
    files_of,
    is_gone,
    kept_in,
    record_of,
)
from corpus.takeout.rows import FrozenRows
from corpus.takeout.sound import Sound
from corpus.takeout.zip import Member, Zip, length_of
from corpus.tombstones import Receipt

_PAGE: Final = "index.html"
_LINES: Final = 256


def take_out(
    actor: Actor, language: str, day: date, receipts: Collection[uuid.UUID] = ()
) -> Takeout:
    """All that the actor's speakers and their account gave, with the page in the language.

    ``receipts`` are those that the reader has the addresses of. SpeakerUnknown for a stranger.
    Nothing is made until it is sent, and nothing is kept: close it.
    """
    speakers = {each.pk: each for each in Speaker.objects.filter(pk__in=actor.speaker_ids())}
    if not speakers and actor.user is None:
        raise SpeakerUnknown
    ordered = sorted(speakers.values(), key=lambda each: (each.created_at, each.pk))
    with translation.override(language):
        voices = [Voice.of(speaker, number) for number, speaker in enumerate(ordered, start=1)]
        if len(voices) == 1 and not ordered[0].label:
            voices = [replace(voices[0], title=_("My clips"))]
    account = None if actor.user is None else Account.of(actor.user)
    return Takeout(voices, account, receipts_of(actor, receipts), language, day)


@dataclass(frozen=True)
class Voice:
    """One speaker as they are at one moment: their parts in campaigns, their texts, their clips."""

    title: str
    folder: str
    parts: Mapping[int, Part]
    texts: Mapping[str, bytes]
    rows: FrozenRows
    _sniffed: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(speaker: Speaker, number: int) -> Voice:
        """The speaker as they are now."""
        # First: what comes after it may know more, and never less.
        rows = FrozenRows("clips.sql", speaker=speaker.pk)
        parts: dict[int, Part] = {}
        texts = {"speaker.json": speaker_json(speaker)}
        for participation in speaker.participations.select_related("campaign").order_by("pk"):
            paths, files = consents_of(participation)
            texts |= files
            parts[participation.pk] = part_of(participation, paths)
        label = slugify(speaker.label, allow_unicode=True)
        folder = f"speaker-{number}{f'-{label}' if label else ''}"
        title = speaker.label or _("Voice {number}").format(number=number)
        return Voice(title, folder, parts, texts, rows)

    def records(self) -> Iterator[tuple[dict[str, Any], Part]]:
        """Each clip's line, and the part that it belongs to."""
        for number, row, part in self._clips():
            yield record_of(row, number, part, self._extension(row)), part

    def lines(self) -> Iterator[dict[str, Any]]:
        """Each clip's line alone."""
        return (record for record, _part in self.records())

    def noted(self, lines: Gauge, sizes: Sizes) -> Iterator[tuple[dict[str, Any], Part]]:
        """As ``records``; on the way the lines are measured, and the recordings' sizes noted."""
        for record, part in self.records():
            lines.take(_line(record))
            for _kind, file in kept_in(record):
                sizes.add(f"{self.folder}/{file['file']}", file["num_bytes"])
            yield record, part

    def audio(self, sound: Sound) -> Iterator[Member]:
        """Each clip's original and master, as far as it is still lent."""
        keys = {"original": original_key, "master": master_key}
        for number, row, part in self._clips(sound):
            if is_gone(row):
                continue
            for kind, file in kept_in(files_of(row, number, part, self._extension(row))):
                read = sound.reader(keys[kind](uuid.UUID(row["id"]), file["sha256"]))
                path = f"{self.folder}/{file['file']}"
                yield Member(path, file["num_bytes"], read, None, came_at(row), _GONE)

    def _clips(self, sound: Sound | None = None) -> Iterator[tuple[int, dict[str, Any], Part]]:
        numbers = count(1)
        for batch in self.rows.batches():
            if sound is not None:
                sound.expect([row["id"] for row in batch])
            for row in batch:
                yield next(numbers), row, self.parts[row["participation"]]

    def _extension(self, row: Mapping[str, Any]) -> str:
        """By what the decoder found, else by the file's own first bytes."""
        if is_gone(row) or row["original"]["erased_at"]:
            return ""
        found = row["measurements"].get("container")
        if found in _CONTAINERS:
            return extension_of(Container(found), str(row["measurements"].get("codec", "")))
        if row["id"] not in self._sniffed:
            key = original_key(uuid.UUID(row["id"]), row["original"]["sha256"])
            self._sniffed[row["id"]] = extension_of(_sniffed(key))
        return self._sniffed[row["id"]]


_CONTAINERS: Final = frozenset(Container)
#: Fills the place of a recording that was taken back while the archive was on its way.
_GONE: Final = b"This recording was taken back while the archive was being downloaded.\n"


def _sniffed(key: str) -> Container | None:
    try:
        return sniff(audio_store().get_range(key, 0, HEAD_BYTES))
    except FileNotFoundError:
        return None


@dataclass(frozen=True)
class Takeout:
    """The archive: its length and its tag are known before its first byte."""

    voices: list[Voice]
    account: Account | None
    receipts: list[Receipt]
    language: str
    day: date

    def stream(self, start: int = 0) -> Iterator[bytes]:
        """The archive's bytes from byte ``start`` on; see ``Zip.stream``."""
        return Zip(self.name, self._members).stream(start)

    @property
    def name(self) -> str:
        """What the archive, and the folder in it, is called."""
        return f"choir-{self.day.isoformat()}"

    @property
    def etag(self) -> str:
        """The same for the same bytes."""
        return f'"{self._measured.tag()}"'

    @property
    def num_bytes(self) -> int:
        """The archive's exact length."""
        return length_of(self.name, self._measured.sizes())

    def close(self) -> None:
        """Let the database forget what it held for this."""
        for voice in self.voices:
            voice.rows.close()
        if self.account:
            self.account.votes.close()

    def _members(self) -> Iterator[Member]:
        """The texts first, so that an archive that was cut off says what it was to hold."""
        at = datetime.combine(self.day, time.min)
        for path, pieces in self._texts():
            gauge = self._measured.texts[path]
            yield Member(path, gauge.num_bytes, pieces, gauge.crc32, at)
        sound = Sound()
        for voice in self.voices:
            yield from voice.audio(sound)

    @cached_property
    def _measured(self) -> Measured:
        """All texts by their paths, and all recordings' sizes, by one pass over the clips.

        The page has a place for every clip, so its making leads the way.
        """
        recordings, lines = Sizes(), {each.folder: Gauge() for each in self.voices}
        page = Gauge.of(self._page(lambda each: each.noted(lines[each.folder], recordings)))
        known = {_PAGE: page} | {_clips_of(folder): gauge for folder, gauge in lines.items()}
        others = {path: pieces for path, pieces in self._texts() if path not in known}
        known |= {path: Gauge.of(pieces()) for path, pieces in others.items()}
        return Measured({path: known[path] for path, _pieces in self._texts()}, recordings)

    def _texts(self) -> Iterator[tuple[str, Callable[[], Iterable[bytes]]]]:
        yield _PAGE, partial(self._page, Voice.records)
        if self.account:
            yield "account.json", partial(_whole, self.account.text)
            yield "votes.jsonl", partial(_lines, self.account.lines)
        for receipt in self.receipts:
            yield receipt_path(receipt), partial(_whole, receipt_json(receipt))
        for voice in self.voices:
            for path, text in voice.texts.items():
                yield f"{voice.folder}/{path}", partial(_whole, text)
            yield _clips_of(voice.folder), partial(_lines, voice.lines)

    def _page(
        self, records: Callable[[Voice], Iterable[tuple[dict[str, Any], Part]]]
    ) -> Iterator[bytes]:
        receipts = [(each, receipt_path(each), page_url(each)) for each in self.receipts]
        facts = {
            "day": self.day,
            "site": settings.SITE_URL,
            "my_clips": f"{settings.SITE_URL}{reverse('my-clips')}",
            "account": self.account,
            "receipts": receipts,
        }
        chapters = [Chapter(each.title, each.folder, records(each)) for each in self.voices]
        return page(self.language, facts, chapters)


def _whole(text: bytes) -> Iterable[bytes]:
    return (text,)


def _lines(records: Callable[[], Iterable[dict[str, Any]]]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    for record in records():
        waiting.append(_line(record))
        if len(waiting) == _LINES:
            yield b"".join(waiting)
            waiting = []
    yield b"".join(waiting)


def _line(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _clips_of(folder: str) -> str:
    return f"{folder}/clips.jsonl"
