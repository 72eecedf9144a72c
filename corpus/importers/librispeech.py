"""LibriSpeech: ``<subset>/<speaker>/<chapter>/`` with a ``.trans.txt``; no speaker's name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from corpus.importers.rows import Found, Importer, Refused, lines_of, split_of

_ENDINGS = (".flac", ".wav", ".mp3", ".ogg")
_GENDERS = {"F": "female_feminine", "M": "male_masculine"}


def _transcripts(root: Path) -> Iterator[Path]:
    """At the root or in ``LibriSpeech/``."""
    return chain(root.glob("*/*/*/*.trans.txt"), root.glob("*/*/*/*/*.trans.txt"))


def is_like(root: Path) -> bool:
    """Whether there is a chapter's transcript where one belongs."""
    return next(_transcripts(root), None) is not None


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each utterance; a line is its id and its text."""
    genders = _genders(root)
    for table in sorted(_transcripts(root)):
        speaker, subset = table.parent.parent.name, table.parent.parent.parent.name
        for where, line in lines_of(table, root):
            if isinstance(line, Refused):
                yield line
                continue
            utterance, _space, text = line.partition(" ")
            path = _audio(table.parent, utterance)
            if path is None:
                yield Refused(where, "file_missing", f"No sound for “{utterance[:80]}”.")
                continue
            yield Found(
                key=f"{subset}/{utterance}",
                path=path.relative_to(root).as_posix(),
                text=text,
                speaker=speaker,
                split=split_of(subset),
                gender=genders.get(speaker, ""),
            )


def _audio(folder: Path, utterance: str) -> Path | None:
    if "/" in utterance or "\0" in utterance or not utterance:
        return None
    paths = (folder / f"{utterance}{ending}" for ending in _ENDINGS)
    return next((path for path in paths if path.is_file()), None)


def _genders(root: Path) -> dict[str, str]:
    """From SPEAKERS.TXT: the id and the sex, and nothing else of them."""
    genders = {}
    for table in chain(root.glob("SPEAKERS.TXT"), root.glob("*/SPEAKERS.TXT")):
        for _where, line in lines_of(table, root):
            if isinstance(line, str) and not line.startswith(";") and line.count("|") >= 2:
                speaker, sex = (cell.strip() for cell in line.split("|")[:2])
                genders[speaker] = _GENDERS.get(sex, "")
    return genders


IMPORTER = Importer("librispeech", "LibriSpeech", is_like, rows)
