"""From the click to "in no download", and to "erased", at a hundred thousand clips and at more.

    python -m bench.withdrawals [CLIPS ...]

Fills a database of its own with generated rows: speakers with a thousand clips each, all of them
accepted and in one release. Then speakers take back one clip, and all of their thousand, by the
API; a clip counts as gone when the answer has come and no release holds it. Then a thousand clips
with two files each are taken back and erased, until their receipt is complete: by the services
themselves, which is the work alone.

Last, the same as a speaker has it: over HTTP, with a real worker and the timetable behind Redis. A
click comes at any moment; its time is taken until the receipt's API says that all is erased, and
until the signed list that the site serves names every clip.
"""

from __future__ import annotations

import random
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from bench.pipeline import site, store_many
from bench.programs import Server, header_of, whole_site
from bench.prompts import as_uuid, copy, execute

SIZES = (100_000, 1_000_000)
CLIPS_PER_SPEAKER = 1_000
ROUNDS = 20
ERASURES = 5
FILE_NUM_BYTES = 40_000
#: Clicks of a speaker who takes back one clip, and of one who takes back everything.
CLICKS = {"one clip": 5, "a thousand": 3}
GONE_S, ERASED_S, LISTED_S = 1.0, 60.0, 60.0
LOOK_EVERY_S = 0.1
PATIENCE_S = 600.0
#: As long as the timetable's turns, so that clicks fall anywhere between two of them.
MOST_PAUSE_S = 15.0
# Generated rows are right by construction: no keys are checked, row by row.
_UNCHECKED = "SET session_replication_role = replica"


class World:
    """A campaign, its speakers with a thousand accepted clips each, and a release of all."""

    def __init__(self) -> None:
        from collector.access import OPERATOR
        from collector.models import (
            Campaign,
            Clip,
            ConsentEvent,
            Participation,
            PromptKind,
            Speaker,
        )
        from collector.services import add_prompt, publish_consent_text
        from corpus.models import Release, ReleaseEntry
        from validation.models import PreScore, Review, ReviewCase

        campaign = Campaign.objects.create(
            slug="bench", name="-", description="-", language="en", status="open"
        )
        prompt = add_prompt(campaign, PromptKind.SENTENCE, "Sentence.")
        text = publish_consent_text(OPERATOR, campaign, "Bench.")
        self.speaker = Speaker.objects.create(recovery_hash="0" * 64)
        self.part = Participation.objects.create(speaker=self.speaker, campaign=campaign)
        self.consent = ConsentEvent.objects.create(participation=self.part, kind="given", text=text)
        self.clip = Clip.objects.create(
            participation=self.part, prompt=prompt, consent=self.consent, status="transcoded",
            original_sha256="0" * 64, original_num_bytes=1, master_sha256="0" * 64,
            num_samples=16_000, nudge_at=None,
        )  # fmt: skip
        self.case = ReviewCase.objects.create(
            clip=self.clip, campaign=campaign, status="accepted", nudge_at=None
        )
        self.vote = Review.objects.create(case=self.case, verdict="accept")
        self.score = PreScore.objects.create(clip=self.clip, match=0.9, model="-", model_sha256="0")
        self.release = Release.objects.create(
            campaign=campaign, version=1, validation_percent=10, testing_percent=10, licence="-"
        )
        self.entry = ReleaseEntry.objects.create(
            release=self.release, clip=self.clip, split="training", pseudonym="0" * 8, text="-",
            kind="sentence", take=0, num_samples=1, master_sha256="0" * 64, master_num_bytes=1,
            loudest_second_offset=0,
        )  # fmt: skip
        self.size = 0
        self.next_speaker = 1

    def grow_to(self, clips: int) -> None:
        """Add speakers, their clips, cases, votes and scores, and put them into the release."""
        execute(_UNCHECKED)
        first, last = self.size // CLIPS_PER_SPEAKER + 1, clips // CLIPS_PER_SPEAKER
        copy(self.speaker, last, first, id=as_uuid("i"), recovery_hash="lpad(i::text, 64, '0')")
        copy(
            self.part, last, first, id="1000 + i", speaker_id=as_uuid("i"),
            pseudonym="lpad(to_hex(i + 16), 8, '0')",
        )  # fmt: skip
        copy(self.consent, last, first, id=as_uuid("i"), participation_id="1000 + i")
        speaker = f"(1 + (i - 1) / {CLIPS_PER_SPEAKER})"
        span = clips, self.size + 1
        copy(
            self.clip, *span, id=as_uuid("i"), participation_id=f"1000 + {speaker}",
            consent_id=as_uuid(speaker),
        )  # fmt: skip
        copy(self.case, *span, id=as_uuid("i"), clip_id=as_uuid("i"))
        copy(self.vote, *span, id="1000 + i", case_id=as_uuid("i"))
        copy(self.score, *span, id="1000 + i", clip_id=as_uuid("i"))
        copy(self.entry, *span, id="1000 + i", clip_id=as_uuid("i"), take="i")
        self.size = clips
        execute("VACUUM ANALYZE")
        execute("SET session_replication_role = DEFAULT")

    def somebody(self) -> tuple[Any, list[uuid.UUID]]:
        """The next speaker's browser, and their thousand clips."""
        from django.test import Client

        number = self.next_speaker
        self.next_speaker += 1
        client = Client()
        session = client.session
        session["speaker_id"] = str(uuid.UUID(int=number))
        session.save()
        client.cookies["sessionid"] = str(session.session_key)
        first = (number - 1) * CLIPS_PER_SPEAKER + 1
        return client, [uuid.UUID(int=first + i) for i in range(CLIPS_PER_SPEAKER)]


#: Which of a speaker's clips are taken back: the request that says so, and how many they are.
How = Callable[[list[uuid.UUID]], tuple[dict[str, Any], int]]


def take_back(world: World, how: How) -> float:
    """A speaker takes back what ``how`` picks; the seconds until no release holds it."""
    from corpus.selectors import live_entries

    client, clips = world.somebody()
    body, count = how(clips)
    began = time.perf_counter()
    answer = client.put(
        f"/api/v1/withdrawals/{uuid.uuid4()}", body, content_type="application/json"
    )
    left = live_entries(world.release).filter(clip__in=clips).count()
    elapsed_s = time.perf_counter() - began
    assert answer.status_code == 202, answer.content
    assert left == len(clips) - count, left
    return elapsed_s


def one(clips: list[uuid.UUID]) -> tuple[dict[str, Any], int]:
    """The first clip."""
    return {"clips": [str(clips[0])]}, 1


def all_of_them(clips: list[uuid.UUID]) -> tuple[dict[str, Any], int]:
    """Everything."""
    return {"everything": True}, len(clips)


def give_files(clips: list[uuid.UUID]) -> None:
    """Two files for each of the clips, encrypted as all are."""
    from collector.storage import clip_folder

    store_many(
        (f"{clip_folder(clip_id)}/{name}", bytes(FILE_NUM_BYTES))
        for clip_id in clips
        for name in ("original-0", "master-0.flac")
    )


def erase(world: World) -> float:
    """A thousand clips with their files, from the click to the complete receipt, in seconds."""
    from collector.models import Clip
    from collector.services import erase_waiting
    from corpus.models import WithdrawalRequest
    from corpus.services import complete_withdrawals

    while erase_waiting():
        pass  # what the withdrawals before have left
    client, clips = world.somebody()
    give_files(clips)
    request_id = uuid.uuid4()
    began = time.perf_counter()
    client.put(
        f"/api/v1/withdrawals/{request_id}", {"everything": True}, content_type="application/json"
    )
    while erase_waiting():
        pass
    complete_withdrawals()
    elapsed_s = time.perf_counter() - began
    assert WithdrawalRequest.objects.get(pk=request_id).completed_at
    assert not Clip.objects.filter(pk__in=clips).exclude(status="erased").exists()
    return elapsed_s


class Followed(NamedTuple):
    """Seconds from a click."""

    erased_s: float
    listed_s: float


def follow(world: World, server: Server, how: How) -> Followed:
    """A speaker clicks; until their receipt is complete, and until the signed list has it all."""
    client, clips = world.somebody()
    body, count = how(clips)
    give_files(clips[:count])
    receipt = f"/api/v1/withdrawals/{uuid.uuid4()}"
    newest = server.json("GET", "/api/v1/revocations.json")["list_number"]
    began = time.perf_counter()
    server.json("PUT", receipt, header_of(client), body)
    ends = {
        "erased": lambda: server.json("GET", receipt)["completed_at"],
        "listed": lambda: set(map(str, clips[:count])) <= listed_since(server, newest),
    }
    done = seconds_until(began, ends)
    return Followed(done["erased"], done["listed"])


def listed_since(server: Server, number: int) -> set[str]:
    """The clips that the lists after this one were the first to name."""
    delta = server.json("GET", f"/api/v1/revocations.json?since={number}")
    return {entry["clip_id"] for entry in delta["entries"]}


def seconds_until(began: float, ends: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Ask again and again until each has come true; when that was, from ``began`` on."""
    done: dict[str, float] = {}
    while len(done) < len(ends):
        if time.perf_counter() > began + PATIENCE_S:
            raise TimeoutError(f"After {PATIENCE_S:.0f} s: only {sorted(done)}.")
        time.sleep(LOOK_EVERY_S)
        for name in ends.keys() - done.keys():
            if ends[name]():
                done[name] = time.perf_counter() - began
    return done


def by_the_queues(world: World) -> None:
    """The same with all of the site's programs, and nothing done by this one."""
    chance = random.Random(1)
    with whole_site() as server:
        follow(world, server, one)  # until the worker has started
        for (name, clicks), how in zip(CLICKS.items(), (one, all_of_them), strict=True):
            followed = []
            for _ in range(clicks):
                time.sleep(chance.uniform(0, MOST_PAUSE_S))
                followed.append(follow(world, server, how))
            tell(f"{name}, erased, by a worker", [each.erased_s for each in followed], ERASED_S)
            tell(
                f"{name}, on the list, by a worker", [each.listed_s for each in followed], LISTED_S
            )


def tell(name: str, seconds: list[float], aim_s: float | None = None) -> None:
    """The median and the 95th percentile of these times, and what the latter should be below."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    aim = f" ({aim_s:.0f} s aimed at)" if aim_s else ""
    median = ordered[len(ordered) // 2]
    print(f"{'':>12}{name}: median {median:.3f} s, p95 {p95:.3f} s{aim}", flush=True)


def main() -> None:
    """Every size in turn, each on top of the one before."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with site():
        world = World()
        for size in sizes:
            began = time.perf_counter()
            world.grow_to(size)
            filled_s = time.perf_counter() - began
            print(f"{size:>10,} clips in one release, filled in {filled_s:.0f} s", flush=True)
            take_back(world, one)  # the first request of a process loads half of it
            tell("one clip, gone", [take_back(world, one) for _ in range(ROUNDS)], GONE_S)
            tell("a thousand, gone", [take_back(world, all_of_them) for _ in range(ROUNDS)])
            tell("a thousand, erased", [erase(world) for _ in range(ERASURES)], ERASED_S)
            by_the_queues(world)


if __name__ == "__main__":
    main()
