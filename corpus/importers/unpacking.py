"""Zips and tars from elsewhere, unpacked without trust: told by their bytes, bounded, contained."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from corpus.importers.rows import Refused

_PIECE = 1 << 20


@dataclass(frozen=True)
class UnpackLimits:
    """What an archive may hold at most; bytes are counted as they come, not as announced."""

    num_files: int = 5_000_000
    file_num_bytes: int = 4_000_000_000
    all_num_bytes: int = 200_000_000_000


class ArchiveRefused(Exception):
    """The archive as a whole cannot be used; its sentence says why."""


def kind_of(path: Path) -> str | None:
    """``zip``, ``tar`` or None, by the bytes."""
    if zipfile.is_zipfile(path):
        return "zip"
    return "tar" if tarfile.is_tarfile(path) else None


def unpack(archive: Path, into: Path, limits: UnpackLimits = UnpackLimits()) -> list[Refused]:
    """Unpack plain files; what was left out, and why. Raises ArchiveRefused beyond the limits.

    Paths that lead out, links, devices and names given twice are left out.
    """
    kind = kind_of(archive)
    if kind is None:
        raise ArchiveRefused(f"{archive.name} is neither a folder, a zip nor a tar.")
    members = _zip_members if kind == "zip" else _tar_members
    refused: list[Refused] = []
    written = num_files = 0
    try:
        for name, opened in members(archive, refused):
            target = _place(name, into)
            if target is None or target.exists():
                code = "path_outside" if target is None else "twice_in_archive"
                refused.append(Refused(f"{archive.name}:{name}", code, "It was left out."))
                continue
            num_files += 1
            if num_files > limits.num_files:
                raise ArchiveRefused(f"{archive.name} holds over {limits.num_files} files.")
            target.parent.mkdir(parents=True, exist_ok=True)
            left = min(limits.file_num_bytes, limits.all_num_bytes - written)
            with opened as source:
                written += _copy(source, target, left)
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, RuntimeError) as error:
        raise ArchiveRefused(f"{archive.name} cannot be read: {error}") from error
    return refused


def _copy(source: IO[bytes], target: Path, most: int) -> int:
    """As many bytes as there are; ArchiveRefused beyond the most."""
    copied = 0
    with target.open("xb") as out:
        while piece := source.read(_PIECE):
            copied += len(piece)
            if copied > most:
                raise ArchiveRefused(f"{target.name}: more unpacked bytes than are let in.")
            out.write(piece)
    return copied


def _place(name: str, into: Path) -> Path | None:
    """Where a member goes; None for one that would leave the folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\0" in name:
        return None
    return into.joinpath(*path.parts)


Members = Iterator[tuple[str, IO[bytes]]]


def _zip_members(archive: Path, refused: list[Refused]) -> Members:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
            if is_link or info.flag_bits & 1:
                code = "is_a_link" if is_link else "is_encrypted"
                refused.append(Refused(f"{archive.name}:{info.filename}", code, "It was left out."))
            elif not info.is_dir():
                yield info.filename, opened.open(info)


def _tar_members(archive: Path, refused: list[Refused]) -> Members:
    with tarfile.open(archive) as opened:
        for info in opened:
            source = opened.extractfile(info) if info.isreg() else None
            if source is not None:
                yield info.name, source
            elif not info.isdir():
                code = "is_a_link" if info.issym() or info.islnk() else "is_no_file"
                refused.append(Refused(f"{archive.name}:{info.name}", code, "It was left out."))


@contextmanager
def unpacked(
    source: Path, work: Path, limits: UnpackLimits
) -> Iterator[tuple[Path, list[Refused]]]:
    """The folder itself, or an archive's content in a folder of its name that goes afterwards."""
    if source.is_dir():
        yield source.resolve(), []
        return
    into = work.resolve() / source.name.partition(".")[0]
    into.mkdir(parents=True)
    try:
        yield into, unpack(source, into, limits)
    finally:
        shutil.rmtree(into)
