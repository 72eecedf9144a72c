"""Open Speech Recording (P. Warden) and its fork of the TU München: words, as they were sent.

The original stores ``<word>_<session>_<id>.ogg``, session and id of 32 hex digits each. The fork
makes folders, ``<word>-raw/`` and so on, and a zip of ``<word>/``; its file names are four hex
digits of the session and four of chance. Four digits do not tell people apart, so they hold only
within one folder or zip. Endings are wrong as often as right, and are not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.importers.rows import Found, Importer, Refused

_ORIGINAL = re.compile(r"^(?P<word>.+)_(?P<session>[0-9a-f]{32})_[0-9a-f]{32}\.\w+$")
_FORK = re.compile(r"^(?P<session>[0-9a-f]{4})[0-9a-f]{4}\.\w+$")
#: What the fork's script makes of a recording; the first one that is there is brought in.
_STAGES = ("-raw", "-wav", "-clean", "")
_NOISES = {"noise", "_noise_", "background", "background_noise", "silence", "_background_noise_"}


def is_like(root: Path) -> bool:
    """Whether most files are named in one of the two ways."""
    files = [path for path in _files(root)][:1000]
    named = [path for path in files if _ORIGINAL.match(path.name) or _FORK.match(path.name)]
    return bool(named) and 2 * len(named) >= len(files)


def _files(root: Path) -> list[Path]:
    found = [*root.glob("*"), *root.glob("*/*"), *root.glob("recordings/*/*")]
    shown = (path for path in set(found) if path.is_file() and not path.name.startswith("."))
    return sorted(path for path in shown if path.suffix.lower() not in (".md", ".txt", ".zip"))


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each recording, once: of the fork's stages the earliest, which is the fullest."""
    seen: set[tuple[str, str]] = set()
    for path in sorted(_files(root), key=_stage):
        where = path.relative_to(root).as_posix()
        if original := _ORIGINAL.match(path.name):
            yield _row(path, root, original["word"], original["session"])
        elif fork := _FORK.match(path.name):
            word = _word(path.parent.name)
            if (word, path.stem) not in seen:
                seen.add((word, path.stem))
                yield _row(path, root, word, f"{root.name}/{fork['session']}")
        else:
            yield Refused(where, "name_unknown", "Neither the original's nor the fork's naming.")


def _stage(path: Path) -> tuple[int, Path]:
    ends = (n for n, ending in enumerate(_STAGES) if path.parent.name.endswith(ending))
    return next(ends), path


def _word(folder: str) -> str:
    for ending in _STAGES[:-1]:
        folder = folder.removesuffix(ending)
    return folder


def _row(path: Path, root: Path, word: str, speaker: str) -> Found:
    is_noise = word.lower() in _NOISES
    return Found(
        key=f"{root.name}/{_word(path.parent.name) if path.parent != root else ''}/{path.stem}",
        path=path.relative_to(root).as_posix(),
        text="" if is_noise else word.replace("_", " "),
        kind="noise" if is_noise else "keyword",
        speaker=speaker,
    )


IMPORTER = Importer("open-speech-recording", "Open Speech Recording", is_like, rows)
