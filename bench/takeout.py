"""Everything that somebody ever gave, in one archive: how soon, how fast, in how much memory.

    python -m bench.takeout [CLIPS ...]

One speaker lends so many clips: rows that the database copies from a real take, which was measured,
scored and judged twice, and its two files for each of them, encrypted under keys of their own. They
ask the site's web server for the archive and write it to the disk. In turns with it, Python's
zipfile packs the same files out of a plain folder, uncompressed: what it would cost if they lay
there, and nobody had to be asked whose they are. Then what the server held, and what it kept.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.pipeline import open_campaign, site, store_many, takes
from bench.programs import Server, children_of, header_of, most_held_mb, web
from bench.prompts import as_uuid, copy, execute

if TYPE_CHECKING:
    from tests.people import Person

SIZES = (1_000, 10_000)
ROUNDS = 3
PIECE = 1 << 20
#: The server lets go of an archive after its last byte was sent.
LET_GO_S = 1.0


class Lender:
    """Somebody with one real take, judged by two, and with as many copies of it as wanted."""

    def __init__(self) -> None:
        from django.test import Client

        from collector.models import Clip, PromptKind
        from collector.services import add_prompt, transcode_clip
        from collector.storage import audio_store, master_key, original_key
        from tests.people import Person
        from validation.models import CaseStatus, PreScore, Review, ReviewCase
        from validation.services import open_case

        campaign = open_campaign()
        kind, text, data = max(takes(), key=lambda take: len(take[2]))
        add_prompt(campaign, PromptKind(kind), text)
        self.person, self.newcomer = Person(Client()), Person(Client())
        for person in (self.person, self.newcomer):
            person.consent(campaign)
        clip = self.person.lend(campaign, text, data)
        transcode_clip(clip.pk)
        self.clip = Clip.objects.get(pk=clip.pk)
        open_case(clip.pk)
        ReviewCase.objects.update(status=CaseStatus.ACCEPTED, nudge_at=None)
        self.case = ReviewCase.objects.get()
        self.votes = [Review.objects.create(case=self.case, verdict="accept") for _ in range(2)]
        self.score = PreScore.objects.create(
            clip=clip, match=0.97, heard=text, model="moonshine-tiny", model_sha256="0" * 64
        )
        names = {original_key: self.clip.original_sha256, master_key: self.clip.master_sha256}
        self.files = {
            (key, sha256): audio_store().get(key(clip.pk, sha256)) for key, sha256 in names.items()
        }
        self.size = 1

    def grow_to(self, clips: int) -> None:
        """Lend the take again and again, until there are so many clips of it."""
        execute("SET session_replication_role = replica")  # no keys are checked, row by row
        span = clips, self.size + 1
        copy(
            self.clip, *span, id=as_uuid("i"), received_at="t.received_at + i * interval '1 second'"
        )
        copy(self.case, *span, id=as_uuid("i"), clip_id=as_uuid("i"))
        copy(self.score, *span, id="1000 + i", clip_id=as_uuid("i"))
        for number, vote in enumerate(self.votes):
            copy(vote, *span, id=f"1000 + 2 * i + {number}", case_id=as_uuid("i"))
        execute("SET session_replication_role = DEFAULT")
        execute("VACUUM ANALYZE")
        store_many(
            (key(uuid.UUID(int=number), sha256), data)
            for number in range(self.size + 1, clips + 1)
            for (key, sha256), data in self.files.items()
        )
        self.size = clips


class Fetched(NamedTuple):
    """How an archive came, in seconds from the question."""

    first_byte_s: float
    whole_s: float
    num_bytes: int


def fetch(server: Server, person: Person, to: Path) -> Fetched:
    """Ask for the archive and write it to the disk."""
    began = time.perf_counter()
    with (
        server.ask("GET", "/api/v1/takeout", header_of(person.client)) as response,
        to.open("wb") as out,
    ):
        written = out.write(response.read(1))
        first_byte_s = time.perf_counter() - began
        while piece := response.read(PIECE):
            written += out.write(piece)
    return Fetched(first_byte_s, time.perf_counter() - began, written)


def unpack(archive: Path, to: Path, num_clips: int) -> None:
    """The archive's files in a plain folder; each has the bytes that it should."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(to)
        audio = [name for name in opened.namelist() if "/audio/" in name]
    assert len(audio) == 2 * num_clips, len(audio)


def pack(folder: Path, to: Path) -> float:
    """Pack the folder, uncompressed; in how many seconds."""
    began = time.perf_counter()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return time.perf_counter() - began


def lying_about(*others: Path) -> set[Path]:
    """The site's files and those in other folders, but for tables of the database and logs."""
    from django.conf import settings

    found = (path for folder in (settings.VAR_DIR, *others) for path in folder.rglob("*"))
    files = {path for path in found if path.is_file() and path.suffix != ".log"}
    tables = settings.VAR_DIR / "postgres"
    return {path for path in files if tables not in path.parents or "pgsql_tmp" in path.parts}


def measure(lender: Lender, folder: Path) -> None:
    """One line of the table."""
    archive, plain = folder / "archive.zip", folder / "plain"
    temporary = Path(tempfile.mkdtemp(dir=folder))
    with web(TMPDIR=str(temporary)) as server:
        fetch(server, lender.newcomer, archive)  # loads what the first request of a process loads
        (pid,) = children_of(server.pid)
        held_mb, before = most_held_mb(pid), lying_about(temporary)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(fetch(server, lender.person, archive))
            if not plain.exists():
                unpack(archive, plain, lender.size)
            theirs.append(pack(plain, folder / "packed.zip"))
        more_mb = most_held_mb(pid) - held_mb
        time.sleep(LET_GO_S)
        left = lying_about(temporary) - before
    tell(lender.size, ours, theirs, more_mb, len(left))


def tell(size: int, ours: list[Fetched], theirs: list[float], more_mb: float, left: int) -> None:
    """Medians of the rounds; the ratio is the median of neighbours' ratios."""
    first_s = statistics.median(each.first_byte_s for each in ours)
    whole_s = statistics.median(each.whole_s for each in ours)
    pairs = zip(ours, theirs, strict=True)
    ratio = statistics.median(each.whole_s / packed_s for each, packed_s in pairs)
    megabytes = ours[0].num_bytes / 1e6
    print(
        f"| {size:,} | {megabytes:,.0f} | {first_s:.2f} | {whole_s:.2f} | {megabytes / whole_s:.0f}"
        f" | {statistics.median(theirs):.2f} | {ratio:.2f} | {more_mb:.1f} | {left} |",
        flush=True,
    )


def main() -> None:
    """Every size in turn, each on top of the one before."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(
        "| clips | MB | first byte, s | whole, s | MB/s | zipfile, s | times zipfile "
        "| MB more held | files left |\n" + "|---" * 9 + "|",
        flush=True,
    )
    with site():
        lender = Lender()
        for size in sizes:
            lender.grow_to(size)
            with tempfile.TemporaryDirectory(prefix="choir-takeout-") as folder:
                measure(lender, Path(folder))


if __name__ == "__main__":
    main()
