"""What the archive tells of a clip, and how its files are called. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.text import slugify

from collector.audio.containers import Container
from collector.findings import Thresholds, findings_of
from collector.models import ClipStatus, PromptKind
from collector.models.clip import GONE
from corpus.stories import state_of

_MAX_SLUG: Final = 40
_EXTENSIONS: Final = {
    Container.WAV: "wav",
    Container.FLAC: "flac",
    Container.OGG: "ogg",
    Container.MP4: "m4a",
    Container.MP3: "mp3",
    Container.AAC: "aac",
}
_WEBM_CODECS: Final = ("", "opus", "vorbis")


@dataclass(frozen=True)
class Part:
    """A speaker's part in a campaign, as far as its clips' records need it."""

    campaign: str
    name: str
    language: str
    thresholds: Thresholds
    #: The file of each consent's receipt, by the event's id.
    receipts: Mapping[str, str]
    #: What the campaign's tags are called, by their codes.
    tags: Mapping[str, str] = field(default_factory=dict)


def extension_of(container: Container | None, codec: str = "") -> str:
    """The ending that players know for what a file really is; ``bin`` where nothing is known.

    Matroska with a WebM codec is what browsers send; with another it is no WebM.
    """
    if container is Container.MATROSKA:
        return "webm" if codec in _WEBM_CODECS else "mka"
    return "bin" if container is None else _EXTENSIONS[container]


def is_gone(row: Mapping[str, Any]) -> bool:
    """Whether its speaker has taken the clip back: then only a tombstone is told."""
    return row["status"] in GONE


def files_of(
    row: Mapping[str, Any], number: int, part: Part, extension: str
) -> dict[str, dict[str, Any] | None]:
    """The clip's original and master, each with its file in the speaker's folder.

    The number is the clip's place in the order of arrival. An original that was not to be kept has
    no file; a clip that was not measured has no master.
    """
    text = row["prompt"]["text"] if row["prompt"] else ""
    words = slugify(text, allow_unicode=True)[:_MAX_SLUG].strip("-_")
    stem = f"audio/{part.campaign}/{number:05}{f'-{words}' if words else ''}"
    original, master = row["original"], row["master"]
    kept = f"{stem}-original.{extension}" if original["erased_at"] is None else None
    return {
        "original": {"file": kept, **original},
        "master": master and {"file": f"{stem}-master.flac", **master},
    }


def kept_in(record: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the archive holds of a clip's files, as ``files_of`` has them, by their kind."""
    for kind in ("original", "master"):
        file = record.get(kind)
        if file and file["file"]:
            yield kind, file


_TOLD: Final = (
    "agreed_text", "problem", "capture", "measurements", "about", "scores", "votes", "decisions",
    "releases",
)  # fmt: skip


def record_of(row: Mapping[str, Any], number: int, part: Part, extension: str) -> dict[str, Any]:
    """A clip's line in ``clips.jsonl``: all that is known of it, or its tombstone."""
    state = state_of(
        row["status"],
        row["case"],
        bool(row["releases"]),
        is_paused=row["paused_at"] is not None,
        is_held=row["held_since"] is not None,
    )
    begun = {
        "number": number,
        "id": row["id"],
        "campaign": part.campaign,
        "state": state.value,
        "held_since": row["held_since"],
        "received_at": row["received_at"],
        "consent": part.receipts.get(row["consent"]),
    }
    if is_gone(row):
        return {**begun, **_tombstone(row)}
    return {
        **begun,
        "prompt": row["prompt"] and {name: row["prompt"][name] for name in ("kind", "text")},
        **files_of(row, number, part, extension),
        **{name: row[name] for name in _TOLD},
        "findings": _findings(row, part),
    }


def _tombstone(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "withdrawn_at": row["withdrawn_at"],
        "erased_at": row["erased_at"],
        "original_sha256": row["original"]["sha256"],
        "master_sha256": row["master"] and row["master"]["sha256"],
    }


def _findings(row: Mapping[str, Any], part: Part) -> list[str]:
    if row["status"] != ClipStatus.TRANSCODED:
        return []
    kind = row["prompt"]["kind"] if row["prompt"] else PromptKind.SENTENCE
    found = findings_of(
        row["measurements"],
        part.thresholds,
        speech_expected=kind != PromptKind.NOISE,
    )
    return [str(finding.code) for finding in found]


def came_at(row: Mapping[str, Any]) -> datetime:
    """When the clip arrived, which is the time of its files."""
    return datetime.fromisoformat(row["received_at"])
