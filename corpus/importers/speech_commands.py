"""Google's Speech Commands: a folder for each word, ``<speaker>_nohash_<take>.wav``.

The folder of the test set has the testing words once more, and is left alone. Background noise
comes in as noise; the original's pieces of over a minute are refused like any long recording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.importers.rows import Found, Importer, Refused, lines_of

NOISE_FOLDER = "_background_noise_"
_NAME = re.compile(r"^(?P<speaker>[^_/]+)_nohash_(?P<take>\d+)\.\w+$")


def _base(root: Path) -> Path | None:
    """Where the words' folders lie: the root, or the one in it that is no test set."""
    inner = sorted(path for path in root.iterdir() if path.is_dir() and "test_set" not in path.name)
    return next((base for base in (root, *inner) if _has_words(base)), None)


def _has_words(base: Path) -> bool:
    return any(_NAME.match(path.name) for path in base.glob("*/*_nohash_*"))


def is_like(root: Path) -> bool:
    """Whether files are named as only this data set names them."""
    return _base(root) is not None


def rows(root: Path) -> Iterator[Found | Refused]:
    """Each word, and each noise."""
    base = _base(root) or root
    splits: dict[str, str] = {}
    for split in ("validation", "testing"):
        table = base / f"{split}_list.txt"
        for _where, line in lines_of(table, root) if table.is_file() else ():
            if isinstance(line, Refused):
                yield line
            else:
                splits[line] = split
    for path in sorted(path for path in base.glob("*/*") if path.is_file()):
        if path.parent.name == NOISE_FOLDER:
            if path.suffix.lower() == ".wav":
                yield _noise(path, root, splits)
        elif found := _NAME.match(path.name):
            name = f"{path.parent.name}/{path.name}"
            yield Found(
                key=name,
                path=path.relative_to(root).as_posix(),
                text=path.parent.name.replace("_", " "),
                kind="keyword",
                speaker=found["speaker"],
                split=splits.get(name, "training"),
            )
        else:
            where = path.relative_to(root).as_posix()
            yield Refused(where, "name_unknown", "Not <speaker>_nohash_<take>.")


def _noise(path: Path, root: Path, splits: dict[str, str]) -> Found:
    name = f"{NOISE_FOLDER}/{path.name}"
    return Found(
        key=name,
        path=path.relative_to(root).as_posix(),
        text="",
        kind="noise",
        split=splits.get(name, "training"),
    )


IMPORTER = Importer("speech-commands", "Speech Commands", is_like, rows)
