#!/usr/bin/env python3
# /// script
# requires-python = ">=3.9"
# dependencies = ["cryptography"]
# ///
"""Keep a copy of a Choir release as its speakers want it: fetch it, and let go of what they took
back.

    choir_sync.py fetch --site https://choir.example --release ID --format nemo FOLDER
    choir_sync.py verify FOLDER         are all files there, and as they were published?
    choir_sync.py check FOLDER          does it hold anything that was taken back?
    choir_sync.py prune FOLDER          what would go; with --yes it goes
    choir_sync.py status FOLDER         what is known of this copy
    choir_sync.py attest FOLDER         tell the site that this copy holds nothing of the list

The token is read from CHOIR_TOKEN. Without a network: --list FILE --signature FILE --key FILE.
Parquet needs pyarrow too (uv run --with pyarrow choir_sync.py …). Exit codes: --help, docs/sync.md.
What it knows of a copy lies in FOLDER/.choir-sync. Apache-2.0.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import csv
import gzip
import hashlib
import http.client
import io
import json
import os
import re
import shutil
import struct
import sys
import tarfile
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Callable, NamedTuple

OWN = ".choir-sync"
SUMS = "SHA256SUMS"
SKEW_S = 300  # by so much two clocks may differ
CHUNK = 1 << 20
ROW_GROUP = 100  # rows of a parquet file are kept in groups of so many
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UTTERANCE = re.compile(r"(\d+-\d+-\d{4})\.flac$")  # LibriSpeech's own ids
HANDOVER = b"choir revocations: the next key is "


# --- Refusals: each with an exit code and a sentence ------------------------------------------


class Refusal(Exception):
    """Nothing was changed because of what could not be trusted, reached or done."""

    code, sentence = 1, "It could not be done."

    def __str__(self) -> str:
        return " ".join([self.sentence, *map(str, self.args)])


def _refusal(name: str, code: int, sentence: str) -> type[Refusal]:
    return type(name, (Refusal,), {"code": code, "sentence": sentence})


Unreachable = _refusal("Unreachable", 3, "The site cannot be reached; try again later.")
NotAllowed = _refusal("NotAllowed", 4, "The site does not let you: check CHOIR_TOKEN and terms.")
Unknown = _refusal("Unknown", 5, "This copy lacks something that this needs.")
Damaged = _refusal("Damaged", 6, "Files are missing, changed or too many; fetch brings them back.")
Busy = _refusal("Busy", 7, "Another run is at work on this copy: wait until it has ended.")
Found = _refusal("Found", 10, "This copy holds clips that were taken back: run prune.")
Unseen = _refusal("Unseen", 11, "Not all could be looked into: unpack it, or move it elsewhere.")
Forged = _refusal("Forged", 20, "The list is not signed by the site's key: do not use it.")
Truncated = _refusal("Truncated", 21, "The list ends too early: get it again.")
RolledBack = _refusal("RolledBack", 22, "The list is older than one that this copy has followed.")
Frozen = _refusal("Frozen", 23, "The list is past its time: the site or the network holds back.")
TwoLists = _refusal("TwoLists", 24, "The list contradicts one that this copy has followed.")
ClockWrong = _refusal("ClockWrong", 25, "The list's clock and this one disagree: set the clock.")
KeyChanged = _refusal("KeyChanged", 26, "The site's key is not the one that this copy trusts.")
NoParquet = _refusal("NoParquet", 30, "Parquet files need pyarrow: pip install pyarrow.")
REFUSALS = (Unreachable, NotAllowed, Unknown, Damaged, Busy, Found, Unseen, Forged, Truncated,
            RolledBack, Frozen, TwoLists, ClockWrong, KeyChanged, NoParquet)  # fmt: skip


# --- The disk: every change of it goes through here -------------------------------------------


def step() -> None:
    """Called before each change; tests break off here."""


class Half(io.BufferedWriter):
    def write(self, content: Any) -> int:
        step()
        return super().write(content)


@contextlib.contextmanager
def aside(path: Path, own: Path) -> Iterator[Half]:
    """A file that has its name only when all of it is there: ``with aside(path, own) as file``."""
    half = own / f"half-{os.getpid()}-{threading.get_ident()}"
    own.mkdir(parents=True, exist_ok=True)
    with Half(io.FileIO(half, "wb")) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    step()
    path.parent.mkdir(parents=True, exist_ok=True)
    half.replace(path)


def put(path: Path, content: bytes, own: Path) -> None:
    with aside(path, own) as file:
        file.write(content)


def drop(path: Path) -> None:
    step()
    with contextlib.suppress(FileNotFoundError):
        path.unlink()


def sha256_of(file: Any) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return sha256_of(file)


# --- The list: what was taken back, and whether to believe it ---------------------------------


class Listed(NamedTuple):
    """A whole list: its bytes, and what they say."""

    content: bytes
    fields: dict[str, Any]

    @property
    def number(self) -> int:
        return int(self.fields["list_number"])

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def is_signed(public: str, content: bytes, signature: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise Unknown("(It needs a package: pip install cryptography, or uv run.)") from None
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_list(content: bytes, signature: bytes, public: str) -> Listed:
    """The list, if it is whole and signed. Its entries are not looked at before that."""
    if not content.endswith(b"\n]\n}\n"):
        raise Truncated
    if not is_signed(public, content, signature):
        raise Forged
    try:
        return Listed(content, json.loads(content))
    except ValueError:
        raise Truncated("(It is signed, and no list.)") from None


def entry_lines(content: bytes) -> list[bytes]:
    body = content.split(b'\n"entries": [', 1)[1][: -len(b"\n]\n}\n")]
    return [line.strip(b"\n") for line in body.split(b",\n") if line]


def grown(known: Listed, more: Listed) -> bytes:
    """The whole list out of the one that is known and what came since; TwoLists if they differ."""
    if more.fields["since"] != known.number or more.fields["since_sha256"] != known.sha256:
        raise TwoLists
    head = more.content.split(b'"entries": [', 1)[0].split(b"\n")
    kept = [line for line in head if not re.match(rb'"(since|since_sha256|whole_sha256)":', line)]
    kept.insert(2, b'"since": 0,')
    lines = entry_lines(known.content) + entry_lines(more.content)
    text = b"\n".join(kept) + b'"entries": [' + (b"\n" if lines else b"") + b",\n".join(lines)
    content = text + b"\n]\n}\n"
    if hashlib.sha256(content).hexdigest() != more.fields["whole_sha256"]:
        raise TwoLists
    return content


def moment(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()


def accept(new: Listed, known: Listed | None, seen_s: float, now_s: float) -> None:
    """Refuse a list that is old, late, early, or another than the one that was followed.

    Two clocks are never the same: up to SKEW_S seconds are let pass, and said.
    """
    if new.fields["since"] or len(new.fields["entries"]) != new.fields["num_entries"]:
        raise Truncated("(It is only a part of a list.)")
    if known:
        _accept_after(new, known)
    begins, ends = moment(new.fields["this_update"]), moment(new.fields["next_update"])
    if now_s < max(seen_s, begins) - SKEW_S:
        raise ClockWrong(f"(It is from {new.fields['this_update']}.)")
    if now_s > ends + SKEW_S:
        raise Frozen(f"(It held until {new.fields['next_update']}.)")
    if not begins <= now_s <= ends:
        say(f"The clocks differ by less than {SKEW_S // 60} minutes; that is let pass.")


def _accept_after(new: Listed, known: Listed) -> None:
    if new.number < known.number:
        raise RolledBack(f"({new.number}, after {known.number}.)")
    if new.number == known.number and new.content != known.content:
        raise TwoLists(f"(Both say that they are number {new.number}.)")
    before = entry_lines(known.content)
    if entry_lines(new.content)[: len(before)] != before:
        raise TwoLists("(What was on it is not on it any more.)")
    if new.number == known.number + 1 and new.fields["previous_sha256"] != known.sha256:
        raise TwoLists("(It follows another list than the one that was seen.)")


def followed(chain: list[dict[str, str]], trusted: str) -> str:
    """The present key of a site, if each key since the trusted one was signed by the one before."""
    publics = [key["public_key"] for key in chain]
    if trusted not in publics:
        raise KeyChanged
    present = trusted
    for key in chain[publics.index(trusted) + 1 :]:
        signature = bytes.fromhex(key["signature"])
        if not is_signed(present, HANDOVER + key["public_key"].encode(), signature):
            raise KeyChanged
        present = key["public_key"]
    return present


def read_keys(path: str) -> list[dict[str, str]]:
    """The keys of a file: one as PEM, or all as the site's /api/v1/revocations/key tells them."""
    content = Path(path).read_bytes()
    try:
        if content.startswith(b"-----"):
            text = b"".join(content.strip().splitlines()[1:-1])
            raw = base64.b64decode(text, validate=True)[-32:]
            chain = [{"public_key": raw.hex(), "signature": ""}]
        else:
            chain = [dict(key) for key in json.loads(content)]
        if all(isinstance(key["public_key"], str) for key in chain) and chain:
            return chain
    except (ValueError, KeyError, TypeError):
        pass
    raise Unknown(f"({path} holds no key of a site: neither PEM nor its JSON.)")


# --- The site -------------------------------------------------------------------------------------


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token must not follow to wherever a redirect points."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Site:
    """A Choir site, as its API tells of it."""

    TRIES = 6

    def __init__(self, address: str, token: str = "") -> None:
        self.address, self.token = address.rstrip("/"), token
        self.open = urllib.request.build_opener(_NoRedirect).open

    def ask(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        """The open answer. Waits and asks again where the site says that it has too much to do."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        for attempt in range(self.TRIES):
            request = urllib.request.Request(self.address + path, data, headers)
            try:
                return self.open(request, timeout=120)
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or attempt == self.TRIES - 1:
                    raise self._refusal(error) from None
                time.sleep(min(int(error.headers.get("Retry-After") or 2**attempt), 3600))
            except (OSError, http.client.HTTPException) as error:
                if attempt == self.TRIES - 1:
                    raise Unreachable(f"({error})") from None
                time.sleep(min(0.2 * 2**attempt, 5))
        raise Unreachable

    def _refusal(self, error: urllib.error.HTTPError) -> Refusal:
        try:
            said = json.loads(error.read())["detail"]
        except (ValueError, KeyError):
            said = f"{error.code} {error.reason}"
        kind = NotAllowed if error.code in (401, 403) else Unreachable
        return kind(f"{self.address} says: {said}")

    def json(self, path: str) -> Any:
        try:
            return json.loads(self.read(path)[0])
        except ValueError:
            raise Unreachable(f"({self.address}{path} is not what a Choir site says.)") from None

    def read(self, path: str) -> tuple[bytes, Any]:
        """All of an answer, and its headers; Truncated when it breaks off."""
        with self.ask(path) as answer:
            try:
                return bytes(answer.read()), answer.headers
            except http.client.IncompleteRead:
                raise Truncated from None
            except (OSError, http.client.HTTPException) as error:
                raise Unreachable(f"({error})") from None

    def list(self, query: str, public: str) -> Listed:
        """The newest list, or what came since one, as signed."""
        content, headers = self.read(f"/api/v1/revocations.json{query}")
        return read_list(content, base64.b64decode(headers.get("Choir-Signature", "")), public)

    def signature(self, number: int) -> bytes:
        return self.read(f"/api/v1/revocations.json.sig?number={number}")[0]


# --- The copy -------------------------------------------------------------------------------------


class Copy:
    """A folder with a release in it, and what is known of it."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.own = self.folder / OWN
        self.state: dict[str, Any] = {"parts": {}, "removed": [], "revision": 0, "seen_s": 0}
        self.known: Listed | None = None
        try:
            with contextlib.suppress(FileNotFoundError):
                self.state.update(json.loads((self.own / "state.json").read_bytes()))
            with contextlib.suppress(FileNotFoundError):
                content = (self.own / "list.json").read_bytes()
                self.known = Listed(content, json.loads(content))
        except ValueError:
            raise Unknown(
                f"(What it knows, in {self.own}, cannot be read: restore that, or fetch anew.)"
            ) from None

    def save(self, **fields: Any) -> None:
        self.state.update(fields)
        put(self.own / "state.json", json.dumps(self.state, indent=1).encode(), self.own)

    def files(self) -> list[str]:
        """All files but its own, as POSIX paths, in one order."""
        found = []
        for root, folders, names in os.walk(self.folder):
            folders[:] = sorted(each for each in folders if each != OWN)
            here = Path(root).relative_to(self.folder)
            found += [(here / name).as_posix() for name in names]
        return sorted(found)

    def linked(self) -> list[str]:
        """Folders that lie elsewhere: nobody follows such a link, nor deletes behind it."""
        found = (Path(root) / name for root, folders, _ in os.walk(self.folder) for name in folders)
        return [path.relative_to(self.folder).as_posix() for path in found if path.is_symlink()]

    def halves(self) -> list[Path]:
        """What was broken off: downloads, and files that were being written."""
        return sorted([*self.own.glob("parts/*.tar"), *self.own.glob("half-*")])

    def sums(self) -> dict[str, str]:
        """What SHA256SUMS says, by path in its order; empty where there is none."""
        with contextlib.suppress(FileNotFoundError):
            return parse_sums((self.folder / SUMS).read_bytes())
        return {}

    @contextlib.contextmanager
    def hashes(self) -> Iterator[Callable[[str], str]]:
        """A function that hashes a file, unless it did before and the file looks the same."""
        kept: dict[str, Any] = {}
        with contextlib.suppress(FileNotFoundError, ValueError):
            kept = json.loads((self.own / "hashes.json").read_bytes())
        now: dict[str, Any] = {}

        def sha256(path: str) -> str:
            stat = (self.folder / path).stat()
            mark = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
            old = now.get(path) or kept.get(path)
            now[path] = old if old and old[:3] == mark else [*mark, file_sha256(self.folder / path)]
            return str(now[path][3])

        yield sha256
        if now != kept:
            put(self.own / "hashes.json", json.dumps(now).encode(), self.own)


@contextlib.contextmanager
def alone(folder: str) -> Iterator[None]:
    """One run at a time: of two, the later would write back what the earlier had learned anew."""
    own = Path(folder) / OWN
    own.mkdir(parents=True, exist_ok=True)
    with (own / "lock").open("ab") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy from None
        yield


def parse_sums(content: bytes) -> dict[str, str]:
    lines = (line.split("  ", 1) for line in content.decode(errors="replace").split("\n") if line)
    try:
        return {path: digest for digest, path in lines}
    except ValueError:
        raise Damaged(f"({SUMS} is no list of hashes.)") from None


def the_list(copy: Copy, args: argparse.Namespace) -> Listed:
    """The newest list that can be had and believed, kept with the copy from now on."""
    if args.list:
        if not (args.signature and args.key):
            raise Unknown("(--list also needs --signature and --key.)")
        chain = read_keys(args.key)
        public = followed(chain, copy.state.get("key") or chain[-1]["public_key"])
        signature = Path(args.signature).read_bytes()
        new = read_list(Path(args.list).read_bytes(), signature, public)
    else:
        site = site_of(copy, args)
        public = present_key(copy, site, args.key)
        new = site.list(f"?since={copy.known.number}" if copy.known else "", public)
        if copy.known and new.number < copy.known.number:
            raise RolledBack(f"({new.number}, after {copy.known.number}.)")
        if copy.known:
            new = Listed(whole := grown(copy.known, new), json.loads(whole))
        signature = site.signature(new.number)
        new = read_list(new.content, signature, public)
    now_s = time.time()
    accept(new, copy.known, copy.state["seen_s"], now_s)
    put(copy.own / "list.sig", signature, copy.own)
    put(copy.own / "list.json", new.content, copy.own)
    copy.known = new
    copy.save(key=public, seen_s=max(now_s, copy.state["seen_s"]))
    return new


def site_of(copy: Copy, args: argparse.Namespace) -> Site:
    address = getattr(args, "site", None) or copy.state.get("site")
    if not address:
        raise Unknown("(Which site? --site https://…, or --list FILE without a network.)")
    if address.rstrip("/") != copy.state.get("site"):
        copy.save(site=address.rstrip("/"))
    return Site(address, os.environ.get("CHOIR_TOKEN", ""))


def present_key(copy: Copy, site: Site, given: str | None) -> str:
    chain = site.json("/api/v1/revocations/key")
    if not chain:
        raise Unreachable("(It has made no list yet.)")
    trusted = copy.state.get("key") or (read_keys(given)[-1]["public_key"] if given else "")
    if not trusted:
        trusted = chain[-1]["public_key"]
        fingerprint = hashlib.sha256(bytes.fromhex(trusted)).hexdigest()
        say(f"From now on this copy trusts the key {fingerprint}.")
        say(f"Compare it with {site.address}/transparency/ by another way, such as a phone.")
    return followed(chain, trusted)


# --- What is gone: how a clip is known again --------------------------------------------------


def ids_in(path: str) -> list[bytes]:
    """The ids in a file's name."""
    return UUID.findall(path.rsplit("/", 1)[-1].encode())


class Gone:
    """The clips of a list, by id, by the hashes of their files, and by names that stand for them.

    The name under which the site gave a clip decides; all else is known by its hash. So of two
    clips that sound the same to the bit, the one that was not taken back stays.
    """

    def __init__(self, listed: Listed) -> None:
        entries = listed.fields["entries"]
        self.ids = {entry["clip_id"].encode() for entry in entries}
        self.hashes = {
            digest: entry["clip_id"] for entry in entries for digest in entry["sha256"].values()
        }
        self.names: dict[bytes, str] = {}

    def clip(
        self, path: str, sha256: Callable[[str], str | None], *, is_given: bool = False
    ) -> str | None:
        """The clip in a file, if it is gone; ``is_given``: the site gave it under this name."""
        ids = ids_in(path)
        for found in ids:
            if found in self.ids:
                return found.decode()
        return None if is_given and ids else self.hashes.get(sha256(path) or "")

    def add(self, path: str) -> None:
        """Formats without our ids call a clip by its folder and file, or by a number."""
        if not ids_in(path):
            parts = path.split("/")
            names = {path, "/".join(parts[-2:])}
            if utterance := UTTERANCE.match(parts[-1]):
                names.add(utterance[1])
            self.names.update((name.encode(), path) for name in names)

    def line(self, line: bytes) -> bool:
        """Whether a manifest's line is about a clip that is gone."""
        if any(each in self.ids for each in UUID.findall(line)):
            return True
        bare = line.rstrip(b"\n")
        return bool(self.names) and any(
            part in self.names for part in (bare, bare.split(b" ", 1)[0], bare.split(b"  ", 1)[-1])
        )


# --- Manifests: lines go, and what counts them is counted again -------------------------------

LINES = ("*.jsonl", "*.ndjson", "*.tsv", "*.csv", "*.txt", "*.jsonl.gz", "wav.scp", "text",
         "utt2*", "reco2dur", "spk2utt")  # fmt: skip
#: These are not there at all when they have no line.
NEVER_EMPTY = ("*choir_*.jsonl.gz", "*metadata.jsonl", "*.trans.txt")


def is_manifest(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return (
        any(fnmatch(name, pattern) for pattern in LINES)
        and name not in DERIVED
        and not ids_in(name)
    )


def kept_lines(name: str, lines: Iterable[bytes], gone: Gone) -> Iterator[bytes]:
    for line in lines:
        if name == "spk2utt":
            speaker, *utterances = line.split()
            kept = [each for each in utterances if not gone.line(each)]
            if kept:
                yield b" ".join([speaker, *kept]) + b"\n"
        elif not gone.line(line):
            yield line


def open_lines(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def names_gone(path: Path, gone: Gone) -> bool:
    with open_lines(path) as lines:
        return any(map(gone.line, lines))


def write_lines(lines: Iterable[bytes], name: str, out: Any) -> None:
    """Write them plain, or in gzip's stored blocks as the site does."""
    if not name.endswith(".gz"):
        for line in lines:
            out.write(line)
        return
    out.write(b"\x1f\x8b\x08\x00" + bytes(4) + b"\x00\xff")
    crc = size = 0
    waiting = bytearray()
    for line in lines:
        crc, size = zlib.crc32(line, crc), size + len(line)
        waiting += line
        while len(waiting) >= 65535:
            out.write(struct.pack("<BHH", 0, 65535, 0) + waiting[:65535])
            del waiting[:65535]
    out.write(struct.pack("<BHH", 1, len(waiting), len(waiting) ^ 65535) + waiting)
    out.write(struct.pack("<II", crc, size & 0xFFFFFFFF))


def edit_manifest(copy: Copy, path: str, gone: Gone) -> None:
    full, name = copy.folder / path, path.rsplit("/", 1)[-1]
    with open_lines(full) as lines:
        is_empty = not any(kept_lines(name, lines, gone))
    if is_empty and any(fnmatch(path, pattern) for pattern in NEVER_EMPTY):
        drop(full)
    else:
        with open_lines(full) as lines, aside(full, copy.own) as file:
            write_lines(kept_lines(name, lines, gone), name, file)


def _table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def _sentences(path: Path, _: Listed) -> bytes:
    (header, *clips), (columns, *rows) = _table(path.with_name("validated.tsv")), _table(path)
    counts = Counter(row[header.index("sentence_id")] for row in clips)
    own, count = columns.index("sentence_id"), columns.index("clips_count")
    for row in rows:
        row[count] = str(counts[row[own]])
    lines = [columns, *(row for row in rows if row[count] != "0")]
    return "".join("\t".join(line) + "\n" for line in lines).encode()


def _alphabet(path: Path, _: Listed) -> bytes:
    characters: set[str] = set()
    for name in ("train.csv", "dev.csv", "test.csv"):
        if path.with_name(name).exists():
            with path.with_name(name).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    characters.update(row["transcript"])
    return "".join(f"{each}\n" for each in sorted(characters)).encode()


def _genders(path: Path, _: Listed) -> bytes:
    speakers = path.with_name("spk2utt").read_bytes().splitlines()
    here = {line.split(b" ", 1)[0] for line in speakers}
    lines = path.read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if line.split(b" ", 1)[0] in here)


def _croissant(path: Path, listed: Listed) -> bytes:
    text = path.read_text("utf-8")
    known = json.loads(text)
    for each in known.get("distribution", []):
        if "sha256" in each and (path.parent / each["contentUrl"]).is_file():
            each["sha256"] = file_sha256(path.parent / each["contentUrl"])
    release = listed.fields["releases"].get(
        str(known.get("url", "")).rstrip("/").rsplit("/", 1)[-1]
    )
    if release:
        name, revision = release["name"], release["revision"]
        known["version"] = f"{int(name.rsplit('-', 1)[1]) + revision}.0.0"
        before = re.compile(rf"\b{re.escape(name)}\.\d+\.")
        known["citeAs"] = before.sub(f"{name}.{revision}.", known.get("citeAs", ""))
    return (json.dumps(known, ensure_ascii=False, indent=2) + "\n").encode()


#: These count or name what is in other files, and are made anew of what there is.
DERIVED = {
    "validated_sentences.tsv": _sentences,
    "alphabet.txt": _alphabet,
    "spk2gender": _genders,
    "croissant.json": _croissant,
}


def stale(copy: Copy, listed: Listed) -> Iterator[tuple[str, bytes]]:
    """Those that are not what they would be today, each with its bytes of today."""
    for path in copy.files():
        full = copy.folder / path
        if full.name in DERIVED and (made := DERIVED[full.name](full, listed)) != full.read_bytes():
            yield path, made


# --- Shards: tar members and parquet rows go; a packed release is unpacked and packed again ---

COMPRESSED = re.compile(r"\.(zip|7z|rar|t[gbx]z2?|tzst|gz|bz2?|xz|zst|lz4|lzma|z)$", re.IGNORECASE)


def is_shard(path: str) -> bool:
    return path.lower().endswith((".tar", ".parquet"))


def is_compressed(path: str) -> bool:
    return bool(COMPRESSED.search(path)) and not is_manifest(path)


def in_shard(file: Any, path: str, gone: Gone, *, is_given: bool) -> Counter[str]:
    """The clips that are gone and still in a shard, or a packed release, each with how often.

    ``is_given``: the site gave it, so names decide. Any other member is known by its hash.
    """
    if path.lower().endswith(".parquet"):
        ids = (each.as_py() for part in _parquet(file, ["id"]) for each in part.column("id"))
        return Counter(each for each in ids if each.encode() in gone.ids)
    found: Counter[str] = Counter()
    with tarfile.open(fileobj=file) as tar:
        root, sums = sums_of(tar)
        for member in filter(tarfile.TarInfo.isfile, tar):
            inner = member.name[len(root) :]
            if sums and is_shard(inner):
                found += in_shard(tar.extractfile(member), inner, gone, is_given=inner in sums)
            elif clip := gone.clip(
                member.name,
                # Called before the next turn, if at all.
                lambda _: sums.get(inner) or sha256_of(tar.extractfile(member)),  # noqa: B023
                is_given=is_given or inner in sums,
            ):
                found[clip] += 1
    return found


def sums_of(tar: tarfile.TarFile) -> tuple[str, dict[str, str]]:
    """The root folder of a packed release, with its slash, and its hashes; none of a shard."""
    for member in reversed(tar.getmembers()):  # it is the last one
        folder, _, name = member.name.rpartition("/")
        if name == SUMS and folder.count("/") == 0 and (source := tar.extractfile(member)):
            return f"{folder}/" if folder else "", parse_sums(source.read())
    return "", {}


def edit_shard(copy: Copy, path: str, listed: Listed, gone: Gone) -> None:
    full = copy.folder / path
    if full.suffix.lower() == ".parquet":
        _edit_parquet(copy, full, gone)
    else:
        with tarfile.open(full) as tar:
            if sums_of(tar)[1]:
                _edit_packed(copy, full, tar, listed)
            else:
                _edit_tar(copy, full, tar, gone, is_given=path in copy.sums())


def _edit_tar(copy: Copy, full: Path, tar: tarfile.TarFile, gone: Gone, *, is_given: bool) -> None:
    with aside(full, copy.own) as out:
        for member in filter(tarfile.TarInfo.isfile, tar):
            hashed = partial(_member_sha256, tar, member)
            if not gone.clip(member.name, hashed, is_given=is_given):
                write_member(out, member.name, member.size, tar.extractfile(member))
        out.write(bytes(1024))


def _member_sha256(tar: tarfile.TarFile, member: tarfile.TarInfo, _path: str) -> str:
    return sha256_of(tar.extractfile(member))


def _edit_packed(copy: Copy, full: Path, tar: tarfile.TarFile, listed: Listed) -> None:
    """Unpack it aside, prune that, and pack what is left in its order, under the new root."""
    unpacked = Copy(str(copy.own / "unpacked"))
    shutil.rmtree(unpacked.folder, ignore_errors=True)
    for path, source in files_in(tar):
        with aside(unpacked.folder / path, copy.own) as file:
            shutil.copyfileobj(source, file, CHUNK)
    prune(unpacked, listed)
    root = _root_now(sums_of(tar)[0], listed)
    with aside(full, copy.own) as out:
        for path, _ in files_in(tar):
            if (unpacked.folder / path).exists():
                with (unpacked.folder / path).open("rb") as source:
                    size = os.fstat(source.fileno()).st_size
                    write_member(out, f"{root}{path}", size, source)
        out.write(bytes(1024))


def _root_now(root: str, listed: Listed) -> str:
    """The folder in a packed release is called by its revision: ``words-1.0-nemo``."""
    for release in listed.fields["releases"].values():
        if named := re.fullmatch(rf"{re.escape(release['name'])}\.\d+-(.+/)", root):
            return f"{release['name']}.{release['revision']}-{named[1]}"
    return root


def files_in(tar: tarfile.TarFile) -> Iterator[tuple[str, Any]]:
    """The files of a packed release, by their path in it; Damaged where one is not harmless."""
    root, _ = sums_of(tar)
    for member in tar:
        path, source = member.name[len(root) :], tar.extractfile(member)
        if member.isdir():
            continue
        if source is None or not member.name.startswith(root) or not is_harmless(path):
            raise Damaged(f"(A tar holds {member.name!r}, which is no harmless file.)")
        yield path, source


def is_harmless(path: str) -> bool:
    """Whether it stays within the folder, and out of our own one, on every system's disk."""
    # To Windows "C:" is another disk, "\\" a slash, and ". " at the end of a name nothing.
    parts = [part.rstrip(". ").lower() for part in re.split(r"[/\\]", path)]
    return not ({"", OWN} & set(parts) or re.match(r"[A-Za-z]:", path))


def write_member(out: Any, path: str, size: int, source: Any) -> None:
    """A tar's member, to the byte as the site writes it: no clock, no owner."""
    if len(path) > 100 or not path.isascii() or size >= 8**11:
        info = tarfile.TarInfo(path)
        info.size, info.mode = size, 0o644
        out.write(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict"))
    else:
        name = path.encode().ljust(100, b"\0")
        head = name + b"0000644\0" + 2 * b"0000000\0" + b"%011o\0" % size + b"0" * 11 + b"\0"
        tail = b"0" + bytes(100) + b"ustar\x0000" + bytes(32 + 32 + 8 + 8 + 155 + 12)
        out.write(head + b"%06o\0 " % (sum(head) + sum(tail) + 8 * ord(" ")) + tail)
    shutil.copyfileobj(source, out, CHUNK)
    out.write(bytes(-size % 512))


def _parquet(file: Any, columns: list[str] | None = None) -> Iterator[Any]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise NoParquet from None
    table = parquet.ParquetFile(file)
    if "id" in table.schema_arrow.names:
        yield from table.iter_batches(ROW_GROUP, columns=columns)


def has_ids(path: Path) -> bool:
    """Whether a parquet file can be read, and names a clip in each row."""
    try:
        from pyarrow import ArrowException, parquet, types
    except ImportError:
        raise NoParquet from None
    try:
        schema = parquet.read_schema(path)
    except (ArrowException, OSError):
        return False
    return "id" in schema.names and types.is_string(schema.field("id").type)


def _edit_parquet(copy: Copy, full: Path, gone: Gone) -> None:
    import pyarrow
    from pyarrow import parquet

    schema = parquet.read_schema(full)
    plain = {"compression": "none", "use_dictionary": False, "write_statistics": False}
    plain["store_schema"] = False
    with aside(full, copy.own) as out, parquet.ParquetWriter(out, schema, **plain) as writer:
        waiting = schema.empty_table()
        for part in _parquet(full):
            stays = [each.as_py().encode() not in gone.ids for each in part.column("id")]
            table = pyarrow.Table.from_batches([part]).filter(pyarrow.array(stays))
            waiting = pyarrow.concat_tables([waiting, table])
            while len(waiting) >= ROW_GROUP:
                writer.write_table(waiting.slice(0, ROW_GROUP).combine_chunks())
                waiting = waiting.slice(ROW_GROUP).combine_chunks()
        if len(waiting):
            writer.write_table(waiting.combine_chunks())


# --- Verbs ----------------------------------------------------------------------------------------


class Plan(NamedTuple):
    """What has to go: files, files that have to be written anew, and what nobody can look into."""

    clips: Counter[str]
    remove: list[str]
    edit: list[str]
    unseen: list[str]


def find(copy: Copy, gone: Gone) -> Plan:
    """All places where clips of the list are, also under other names."""
    plan, given, files = Plan(Counter(), [], [], copy.linked()), copy.sums(), copy.files()
    for path in (path for path, digest in given.items() if digest in gone.hashes):
        gone.add(path)
    with copy.hashes() as sha256:
        for path in files:
            if is_shard(path):
                _find_in_shard(copy, path, gone, plan, is_given=path in given)
            elif clip := gone.clip(path, sha256, is_given=path in given):
                plan.clips[clip] += 1
                plan.remove.append(path)
                gone.add(path)
            elif is_compressed(path):
                plan.unseen.append(path)
    # Only now all names are known that stand for a clip.
    for path in filter(partial(has_lines, copy), files):
        _find_in_lines(copy, path, gone, plan)
    return plan


def _find_in_shard(copy: Copy, path: str, gone: Gone, plan: Plan, *, is_given: bool) -> None:
    full = copy.folder / path
    if path.lower().endswith(".parquet") and not has_ids(full):
        plan.unseen.append(path)
        return
    with full.open("rb") as file:
        inside = in_shard(file, path, gone, is_given=is_given)
    plan.clips.update(inside)
    plan.edit.extend([path] if inside else [])


def _find_in_lines(copy: Copy, path: str, gone: Gone, plan: Plan) -> None:
    try:
        plan.edit.extend([path] if names_gone(copy.folder / path, gone) else [])
    except (EOFError, zlib.error, gzip.BadGzipFile):
        plan.unseen.append(path)


def has_lines(copy: Copy, path: str) -> bool:
    """Whether it is a manifest: by its name, or a JSON object a line in a ``.json``, as NeMo's."""
    if not path.endswith(".json") or path.rsplit("/", 1)[-1] in DERIVED:
        return is_manifest(path)
    # Two lines at least: a file of one is a whole of its own, which a line less would empty.
    with (copy.folder / path).open("rb") as file, contextlib.suppress(ValueError):
        return all(isinstance(json.loads(file.readline(CHUNK)), dict) for _ in range(2))
    return False


def prune(copy: Copy, listed: Listed) -> Plan:
    """Let go of all clips of the list. Killed anywhere, it completes when it is run again."""
    gone, journal = Gone(listed), copy.own / "journal.json"
    before: dict[str, Any] = {"remove": [], "edit": [], "clips": []}
    _drop_halves(copy)
    if journal.exists():
        before = json.loads(journal.read_bytes())
        for path in before["remove"]:
            gone.add(path)
    plan = find(copy, gone)
    removed = sorted({*plan.remove, *before["remove"]})
    edited = {*plan.edit, *before["edit"]}
    clips = sorted({*plan.clips, *before["clips"]})
    if removed or edited or any(stale(copy, listed)):
        note = {"remove": removed, "edit": sorted(edited), "clips": clips}
        put(journal, json.dumps(note).encode(), copy.own)
        for path in removed:
            drop(copy.folder / path)
        for path in plan.edit:
            if is_shard(path):
                edit_shard(copy, path, listed, gone)
            else:
                edit_manifest(copy, path, gone)
        for path, content in stale(copy, listed):
            put(copy.folder / path, content, copy.own)
        _sum_again(copy, removed, edited)
        _tidy(copy, removed)
    everything = sorted({*copy.state["removed"], *clips})
    copy.save(removed=everything, pruned_by=[listed.number, listed.sha256])
    _drop_aside(copy)
    drop(journal)
    return Plan(Counter(clips), removed, sorted(edited), plan.unseen)


def _drop_halves(copy: Copy) -> None:
    """Downloads that broke off may hold what has to go."""
    for half in copy.halves():
        for suffix in (".tag", ".size"):
            drop(half.with_suffix(suffix))
        drop(half)


def _drop_aside(copy: Copy) -> None:
    """What this run, or one that was killed, put aside may hold what has to go."""
    shutil.rmtree(copy.own / "unpacked", ignore_errors=True)
    for half in copy.own.glob("half-*"):
        half.unlink()


def _sum_again(copy: Copy, removed: list[str], edited: Iterable[str]) -> None:
    before, anew = copy.sums(), {*edited}
    lines = []
    for path, digest in before.items():
        full, name = copy.folder / path, path.rsplit("/", 1)[-1]
        if not full.exists() and (path in anew or path in removed):
            continue
        if full.exists() and (path in anew or name in DERIVED):
            digest = file_sha256(full)
        lines.append(f"{digest}  {path}\n")
    if before:
        put(copy.folder / SUMS, "".join(lines).encode(), copy.own)


def _tidy(copy: Copy, removed: list[str]) -> None:
    for path in removed:
        for folder in (copy.folder / path).parents:
            if folder == copy.folder or not folder.is_dir() or any(folder.iterdir()):
                break
            step()
            folder.rmdir()


def verify(copy: Copy) -> None:
    """Compare all files with SHA256SUMS; Damaged tells of each difference."""
    sums = copy.sums()
    if not sums:
        raise Unknown(f"(There is no {SUMS} in it.)")
    here = {path for path in copy.files() if path != SUMS}
    wrong = [f"missing: {path}" for path in sums if path not in here]
    wrong += [f"not in {SUMS}: {path}" for path in sorted(here - set(sums))]
    for number, path in enumerate(sorted(here & set(sums)), start=1):
        progress(f"{number}/{len(here)} files")
        if file_sha256(copy.folder / path) != sums[path]:
            wrong.append(f"changed: {path}")
    if wrong:
        with alone(str(copy.folder)):
            _fetch_again(Copy(str(copy.folder)), {line.partition(": ")[2] for line in wrong})
        raise Damaged("\n" + "\n".join(wrong))


def _fetch_again(copy: Copy, wrong: set[str]) -> None:
    """The parts in which these files are: the next fetch brings them whole."""
    for name in list(copy.state["parts"]):
        with contextlib.suppress(FileNotFoundError):
            if wrong & set(parse_sums((copy.own / "parts" / f"{name}.sums").read_bytes())):
                del copy.state["parts"][name]
    copy.save()


def fetch(copy: Copy, args: argparse.Namespace) -> None:
    """Bring a copy up to date: only the parts that changed, several at once, each taken up again
    where it broke off, and nothing in its place before its hash is right.

    The site's list comes first: a site that has gone back to before it is refused (RolledBack).
    """
    _say_which(copy, args)
    site, listed = site_of(copy, args), the_list(copy, args)
    about = f"/api/v1/releases/{copy.state['release']}"
    told = listed.fields["releases"].get(copy.state["release"], {"revision": 0})["revision"]
    for _ in range(5):
        revision = site.json(about)["revision"]
        if revision < (least := max(told, copy.state["revision"])):
            raise RolledBack(f"(The release's revision is {revision}, and it was {least}.)")
        parts = site.json(f"{about}/exports/{copy.state['format']}/parts")
        _fetch_parts(copy, site, parts, args.jobs)
        # A withdrawal meanwhile: what was fetched before it is a revision behind, so look again.
        if site.json(about)["revision"] == revision:
            break
    _compose(copy, [part["name"] for part in parts])
    copy.save(revision=revision)
    _drop_halves(copy)
    plan = find(copy, Gone(listed))
    if plan.clips or plan.edit:
        raise Found


def _say_which(copy: Copy, args: argparse.Namespace) -> None:
    for name in ("release", "format"):
        given = getattr(args, name)
        if given and given != copy.state.get(name):
            copy.save(**{name: given, "revision": 0, "parts": {}})
        if not copy.state.get(name):
            raise Unknown(f"(Which {name}? Give --{name}.)")


def _fetch_parts(copy: Copy, site: Site, parts: list[dict[str, str]], jobs: int) -> None:
    stale = [part for part in parts if copy.state["parts"].get(part["name"]) != part["etag"]]
    bring = partial(_fetch_part, copy, site, copy.sums() if "pruned_by" in copy.state else {})
    with ThreadPoolExecutor(jobs) as pool:
        fetched = pool.map(bring, stale)
        for number, (name, etag) in enumerate(fetched, start=len(parts) - len(stale) + 1):
            copy.save(parts={**copy.state["parts"], name: etag})
            say(f"{number}/{len(parts)} parts: {name}")


def _fetch_part(
    copy: Copy, site: Site, pruned: dict[str, str], part: dict[str, str]
) -> tuple[str, str]:
    """Download, check and unpack one part; its name and its tag.

    ``pruned``: what SHA256SUMS says of the copy as ``prune`` left it, by path.
    """
    if not part["url"].startswith("/") or "/" in part["name"]:
        raise Unreachable(f"(It names a part at {part['url']!r}.)")
    half = copy.own / "parts" / f"{part['name']}.tar"
    half.parent.mkdir(parents=True, exist_ok=True)
    if _is_here(copy, site, pruned, part):
        return part["name"], part["etag"]
    for attempt in range(Site.TRIES):
        etag = _download(site, part, half)
        if etag:
            break
        time.sleep(min(0.2 * 2**attempt, 5))
    else:
        raise Unreachable(f"({part['name']} broke off again and again.)")
    sums = _checked(half)
    with tarfile.open(half) as tar:
        for path, source in files_in(tar):
            if path != SUMS:
                with aside(copy.folder / path, copy.own) as file:
                    shutil.copyfileobj(source, file, CHUNK)
    put(copy.own / "parts" / f"{part['name']}.sums", sums, copy.own)
    for suffix in (".tag", ".size", ".tar"):
        drop(half.with_suffix(suffix))
    return part["name"], etag


def _is_here(copy: Copy, site: Site, pruned: dict[str, str], part: dict[str, str]) -> bool:
    """Whether ``prune`` has already made of a part what the site has now.

    A part ends with its SHA256SUMS, so its last bytes tell. If in doubt, it is fetched whole.
    """
    known = copy.own / "parts" / f"{part['name']}.sums"
    if not pruned or not known.exists() or part["name"] not in copy.state["parts"]:
        return False
    left = (path for path in parse_sums(known.read_bytes()) if path in pruned)
    sums = "".join(f"{pruned[path]}  {path}\n" for path in left).encode()
    tail = b""
    with site.ask(
        part["url"], Range=f"bytes=-{512 + len(sums) + -len(sums) % 512 + 1024}"
    ) as answer:
        if answer.status == 206 and answer.headers["ETag"] == part["etag"]:
            while chunk := _next_chunk(answer):
                tail += chunk
    try:
        head = tarfile.TarInfo.frombuf(tail[:512], "utf-8", "strict")
    except tarfile.HeaderError:  # its SHA256SUMS has another length
        return False
    if not head.name.endswith(f"/{SUMS}") or tail[512 : 512 + head.size] != sums:
        return False
    put(known, sums, copy.own)
    return True


def _download(site: Site, part: dict[str, str], half: Path) -> str:
    """The tag of the whole part when it is there; empty if it broke off."""
    tag = half.with_suffix(".tag")
    headers: Any = {}
    if half.exists() and tag.exists() and tag.read_text() == part["etag"]:
        headers = {"Range": f"bytes={half.stat().st_size}-", "If-Range": tag.read_text()}
        if half.stat().st_size == int(tag.with_suffix(".size").read_text() or -1):
            return tag.read_text()
    with site.ask(part["url"], **headers) as answer:
        begun = half.stat().st_size if answer.status == 206 else 0
        size = begun + int(answer.headers["Content-Length"])
        if not begun:
            drop(half)
            step()
            tag.with_suffix(".size").write_text(str(size))
            step()
            tag.write_text(answer.headers["ETag"])
        with half.open("ab") as file:
            while chunk := _next_chunk(answer):
                step()
                file.write(chunk)
                progress(f"{part['name']}: {file.tell() / 1e6:.1f} of {size / 1e6:.1f} MB")
    return tag.read_text() if half.stat().st_size == size else ""


def _next_chunk(answer: Any) -> bytes:
    with contextlib.suppress(OSError, http.client.HTTPException):  # then it broke off here
        return bytes(answer.read(CHUNK))
    return b""


def _checked(half: Path) -> bytes:
    """The part's SHA256SUMS, if all that is in it is as that says and has a harmless name."""
    found, sums = {}, b""
    with tarfile.open(half) as tar:
        for path, source in files_in(tar):
            if path == SUMS:
                sums = source.read()
            else:
                found[path] = sha256_of(source)
    if (not sums and found) or parse_sums(sums) != found:
        drop(half)
        raise Damaged("(A part came with wrong hashes; it was thrown away.)")
    return sums


def _compose(copy: Copy, names: list[str]) -> None:
    """One SHA256SUMS of all parts; what is in none of them goes."""
    content = b"".join((copy.own / "parts" / f"{name}.sums").read_bytes() for name in names)
    left = set(copy.sums()) - set(parse_sums(content))
    for path in left:
        drop(copy.folder / path)
    put(copy.folder / SUMS, content, copy.own)
    _tidy(copy, sorted(left))


def attest(copy: Copy, args: argparse.Namespace) -> None:
    """Tell the site, with one's token, that nothing of its newest list is in this copy."""
    listed = the_list(copy, args)
    for name in ("release", "format"):
        if not copy.state.get(name):
            raise Unknown(f"(Which {name}? Only a copy that fetch made can attest.)")
    if copy.halves() or (copy.own / "journal.json").exists():
        raise Found("(Something broke off, and may hold some: run prune --yes.)")
    tell_of(find(copy, Gone(listed)))
    release = listed.fields["releases"].get(copy.state["release"], {})
    said = {
        "format": copy.state["format"],
        "revision": release.get("revision", copy.state["revision"]),
        "list_number": listed.number,
        "list_sha256": listed.sha256,
        "num_removed": len(copy.state["removed"]),
    }
    site_of(copy, args).ask(f"/api/v1/releases/{copy.state['release']}/attestations", said).close()
    copy.save(attested=listed.number)


def status(copy: Copy) -> None:
    """What is known of this copy."""
    state, known = copy.state, copy.known
    facts = {
        "folder": copy.folder,
        "site": state.get("site"),
        "release": state.get("release"),
        "format": state.get("format"),
        "revision": state["revision"],
        "list": known and f"{known.number}, holds until {known.fields['next_update']}",
        "pruned by list": (state.get("pruned_by") or [None])[0],
        "clips let go": len(state["removed"]),
        "attested list": state.get("attested"),
        "broken off": ((copy.own / "journal.json").exists() and "yes: run prune --yes") or None,
    }
    for name, fact in facts.items():
        print(f"{name + ':':16} {'unknown' if fact is None else fact}")


# --- The command line -----------------------------------------------------------------------------


def say(text: str) -> None:
    print(text, file=sys.stderr)


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def run(args: argparse.Namespace) -> None:
    """One verb."""
    if args.verb != "fetch" and not Path(args.folder).is_dir():
        raise Unknown(f"({args.folder} is no folder.)")
    if args.verb in ("verify", "status"):
        {"verify": verify, "status": status}[args.verb](Copy(args.folder))
        return
    with alone(args.folder):
        _run_alone(Copy(args.folder), args)


def _run_alone(copy: Copy, args: argparse.Namespace) -> None:
    if args.verb in ("fetch", "attest"):
        {"fetch": fetch, "attest": attest}[args.verb](copy, args)
    elif args.verb == "prune" and args.yes:
        listed = the_list(copy, args)
        done = prune(copy, listed)
        print(
            f"Let go of {len(done.clips)} clips: {len(done.remove)} files removed, "
            f"{len(done.edit)} written anew, by list {listed.number}."
        )
        _say_what_prune_cannot_know(copy, listed)
        if done.unseen:
            raise Unseen(f"({', '.join(done.unseen)})")
    else:
        listed = the_list(copy, args)
        plan = find(copy, Gone(listed))
        _say_what_prune_cannot_know(copy, listed)
        tell(plan, copy.halves())
        tell_of(plan)


def tell(plan: Plan, halves: list[Path]) -> None:
    """What would go, on standard output."""
    for path in plan.remove:
        print(f"remove  {path}")
    for path in plan.edit:
        print(f"rewrite {path}")
    print(f"{len(plan.clips)} clips of this copy were taken back.")
    if halves:
        print("Something broke off, and may hold more: fetch completes it, prune --yes drops it.")
        raise Found


def tell_of(plan: Plan) -> None:
    """Found where something has to go, Unseen where nobody can tell."""
    if plan.clips or plan.edit:
        raise Found
    if plan.unseen:
        raise Unseen(f"({', '.join(plan.unseen)})")


def _say_what_prune_cannot_know(copy: Copy, listed: Listed) -> None:
    release = listed.fields["releases"].get(copy.state.get("release"))
    if release and release["changed_otherwise_in"] > copy.state["revision"]:
        say("The release has changed in other ways too: run fetch to follow.")


def parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {each.code:2}  {each.sentence}" for each in REFUSALS)
    made = argparse.ArgumentParser(
        description=__doc__,
        epilog=f"exit codes:\n   0  Done.\n   2  The command line is wrong.\n{codes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = made.add_subparsers(dest="verb", required=True)
    for verb in ("fetch", "verify", "check", "prune", "status", "attest"):
        one = verbs.add_parser(verb)
        one.add_argument("folder")
        if verb in ("fetch", "check", "prune", "attest"):
            one.add_argument("--site", help="address of the site; remembered")
            one.add_argument("--list", help="a list in a file, instead of the site's newest")
            one.add_argument("--signature", help="its signature, in a file")
            one.add_argument("--key", help="the site's key: PEM, or the JSON with all its keys")
        if verb == "prune":
            one.add_argument("--yes", action="store_true", help="do it; else only tell")
        if verb == "fetch":
            one.add_argument("--release", help="its id; remembered")
            one.add_argument("--format", help="such as nemo; remembered")
            one.add_argument("--jobs", type=int, default=4, help="parts at once (4)")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run it; the exit code."""
    try:
        run(parser().parse_args(arguments))
    except Refusal as refusal:
        say(f"{refusal}")
        return refusal.code
    except tarfile.TarError as error:
        say(f"{Damaged.sentence} (A tar is not whole: {error})")
        return Damaged.code
    except OSError as error:
        say(f"{error}")
        return Refusal.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
