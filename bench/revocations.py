"""From the click to the signed list, with few and with many clips on it already.

    python -m bench.revocations [ON_THE_LIST ...]

Fills a database of its own with generated rows, takes released clips back one after the other, and
times the next list: made, signed, fetched whole, fetched since the last one. The wait for the
timetable comes on top: none within ``timing.QUIET`` of the last list, and then never more than
``SWEEP_EVERY_S`` (15 s at most). bench.withdrawals has what people wait.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from bench.pipeline import site
from bench.prompts import as_uuid, copy

SIZES = (1_000, 100_000)
ROUNDS = 5
WAIT_S = 10 + 15


def released(rounds: int) -> list[Any]:
    """Clips in a release, each of the same speaker."""
    from collector.access import OPERATOR
    from collector.models import (
        Campaign,
        Clip,
        ConsentEvent,
        Participation,
        PromptKind,
        Speaker,
        User,
    )
    from collector.services import add_prompt, publish_consent_text
    from corpus.models import Release, ReleaseEntry

    campaign = Campaign.objects.create(
        slug="revocations", name="-", description="-", language="en", status="open"
    )
    prompt = add_prompt(campaign, PromptKind.SENTENCE, "Sentence.")
    speaker = Speaker.objects.create(recovery_hash="0" * 64)
    part = Participation.objects.create(speaker=speaker, campaign=campaign)
    consent = ConsentEvent.objects.create(
        participation=part, kind="given", text=publish_consent_text(OPERATOR, campaign, "Bench.")
    )
    release = Release.objects.create(
        campaign=campaign, version=1, validation_percent=0, testing_percent=0, licence="CC0-1.0",
        cut_by=User.objects.create_user("curator@example.org"),
    )  # fmt: skip
    clips = []
    for number in range(rounds):
        clip = Clip.objects.create(
            participation=part, prompt=prompt, consent=consent, status="transcoded",
            original_sha256="0" * 64, original_num_bytes=1, master_sha256="0" * 64,
            wav_sha256="1" * 64, second_wav_sha256="2" * 64, num_samples=16_000, nudge_at=None,
        )  # fmt: skip
        ReleaseEntry.objects.create(
            release=release, clip=clip, split="training", pseudonym="0" * 8, text="Sentence.",
            kind="sentence", take=number, num_samples=16_000, master_sha256="0" * 64,
            master_num_bytes=1, loudest_second_offset=0,
        )  # fmt: skip
        clips.append(clip)
    return clips


def on_the_list(count: int) -> None:
    """So many clips that were taken back before."""
    import uuid

    from django.utils import timezone

    from corpus.models import Revocation
    from corpus.revocations.document import Entry, entry_line

    hashes = dict.fromkeys(("flac", "wav", "second_wav"), "0" * 64)
    clip_id, now = uuid.uuid4(), timezone.now()
    line = entry_line(Entry(clip_id, hashes, now, "revocations-1", "withdrawn"))
    first = Revocation.objects.create(
        position=0, clip_id=clip_id, revoked_at=now, reason="withdrawn", line=line
    )
    copy(first, count - 1, position="i", clip_id=as_uuid("i"))


def timed(call: Callable[[], Any], seconds: list[float]) -> Any:
    """What it answers; how long it took is added to ``seconds``."""
    began = time.perf_counter()
    answer = call()
    seconds.append(time.perf_counter() - began)
    return answer


def bench(count: int) -> None:
    """One line of the table."""
    from django.test import Client

    from collector.access import Actor
    from corpus.models import RevocationList
    from corpus.revocations import timing
    from corpus.services import publish_revocations, withdraw

    timing.QUIET = timedelta(0)
    clips, client = released(ROUNDS), Client()
    first = publish_revocations()
    assert first is not None
    # The list from which the next ones go on, as if it had held them all.
    on_the_list(count)
    RevocationList.objects.bulk_create([
        RevocationList(
            number=2, this_update=first.this_update, next_update=first.next_update,
            num_entries=count, releases={}, previous_sha256=first.sha256, sha256="0" * 64,
            num_bytes=1, key=first.key, signature="",
        )
    ])  # fmt: skip
    taken: list[float] = []
    made: list[float] = []
    whole: list[float] = []
    since: list[float] = []
    address = "/api/v1/revocations.json"
    for clip in clips:
        actor = Actor(speaker=clip.participation.speaker)
        timed(partial(withdraw, actor, clip.pk), taken)
        listed = timed(publish_revocations, made)
        assert listed.num_entries == count + len(made)
        timed(lambda: b"".join(client.get(address)), whole)
        timed(partial(client.get, f"{address}?since={listed.number - 1}"), since)
    ms = [round(statistics.median(each) * 1000, 1) for each in (taken, made, whole, since)]
    megabytes = listed.num_bytes / 1e6
    longest_s = WAIT_S + max(made) + max(taken)
    print(
        f"| {count:,} | {ms[0]} | {ms[1]} | {megabytes:.1f} | {ms[2]} | {ms[3]} | "
        f"{longest_s:.1f} |",
        flush=True,
    )


def main() -> None:
    """Each size in a site of its own."""
    sizes = [int(each) for each in sys.argv[1:]]
    if len(sizes) != 1:
        print(
            "| clips on the list | withdraw, ms | make and sign, ms | MB | fetch it, ms "
            "| fetch what came since, ms | click to list at most, s |\n" + "|---" * 7 + "|",
            flush=True,
        )
        import subprocess

        for size in sizes or SIZES:
            subprocess.run([sys.executable, "-m", "bench.revocations", str(size)], check=True)
        return
    with site():
        bench(sizes[0])


if __name__ == "__main__":
    main()
