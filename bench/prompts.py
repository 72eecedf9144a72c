"""Choosing prompts: the same time at a hundred thousand clips and at ten million.

    python -m bench.prompts [CLIPS ...]

Fills a database of its own with generated rows and asks for the next set of twenty in five
situations. For each it prints the time, and how many rows and index entries, of how many pages,
PostgreSQL touched: that is what must not grow. Then it counts and mends all tallies, and lets eight
threads send takes of one prompt and of a thousand.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from bench.pipeline import site

if TYPE_CHECKING:
    from django.db.models import Model

    from collector.models import Campaign, Participation

SIZES = (100_000, 1_000_000)
NUM_PROMPTS = 100_000
CLIPS_PER_SPEAKER = 100
BUSY_TAKES = 10_000
SET = 20
ROUNDS = 30
THREADS = 8
TAKES_PER_THREAD = 100


def execute(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run the statement; its rows, if it has any."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall() if cursor.description else []


def copy(template: Model, last: int, first: int = 1, **columns: str) -> None:
    """Rows like the template for every i from ``first`` to ``last``, but for these columns."""
    table = template._meta.db_table
    generated = {f.column for f in template._meta.local_fields if f.generated}
    names = [
        f.column for f in template._meta.local_fields if f.column and f.column not in generated
    ]
    values = [columns.get(name, f't."{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    execute(
        f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} "
        f"FROM (SELECT * FROM {table} WHERE {template._meta.pk.column} = '{template.pk}') t, "
        f"generate_series({first}, {last}) i"
    )


def as_uuid(number: str) -> str:
    """SQL for the UUID with this number."""
    return f"lpad(to_hex({number}), 32, '0')::uuid"


class World:
    """A campaign of a hundred thousand sentences and one of ten keywords, with their clips."""

    def __init__(self) -> None:
        from collector.access import OPERATOR
        from collector.models import Clip, ConsentEvent, Participation, PromptKind, Speaker
        from collector.services import add_prompt, publish_consent_text

        execute("SET session_replication_role = replica")  # no keys are checked, row by row
        self.sentences = self._campaign("sentences", wanted_takes=1000)
        self.keywords = self._campaign("keywords")
        self.prompt = add_prompt(self.sentences, PromptKind.SENTENCE, "Sentence 0.")
        copy(self.prompt, NUM_PROMPTS, id=as_uuid("i"), text="'Sentence ' || i")
        for n in range(10):
            self.keyword = add_prompt(self.keywords, PromptKind.KEYWORD, f"word {n}")
        text = publish_consent_text(OPERATOR, self.sentences, "Bench.")
        self.speaker = Speaker.objects.create(recovery_hash="0" * 64)
        part = Participation.objects.create(speaker=self.speaker, campaign=self.sentences)
        consent = ConsentEvent.objects.create(participation=part, kind="given", text=text)
        self.part = part
        self.clip = Clip.objects.create(
            participation=part, prompt=self.prompt, consent=consent,
            original_sha256="0" * 64, original_num_bytes=1,
        )  # fmt: skip
        self.size = 0

    def _campaign(self, slug: str, **fields: Any) -> Campaign:
        from collector.models import Campaign

        return Campaign.objects.create(
            slug=slug, name=slug, description="-", language="en", status="open", **fields
        )

    def grow_to(self, clips: int) -> None:
        """Add speakers and their clips, nine of ten of a sentence, one of a keyword."""
        first, last = self.size // CLIPS_PER_SPEAKER + 1, clips // CLIPS_PER_SPEAKER
        base = 1_000_000
        copy(self.speaker, last, first, id=as_uuid("i"), recovery_hash="lpad(i::text, 64, '0')")
        for shift, campaign in ((0, self.sentences), (1, self.keywords)):
            copy(
                self.part, last, first, id=f"{base} + 2 * i + {shift}", speaker_id=as_uuid("i"),
                campaign_id=str(campaign.pk),
                pseudonym=f"lpad(to_hex(2 * i + {shift + 16}), 8, '0')",
            )  # fmt: skip
        keyword_ids = ", ".join(f"'{pk}'::uuid" for pk in self._keyword_ids())
        speaker = f"(1 + i / {CLIPS_PER_SPEAKER})"
        sentence = as_uuid(f"1 + floor(random() * {NUM_PROMPTS})::bigint")
        copy(
            self.clip, clips - 1, self.size, id=as_uuid("i + 1"),
            participation_id=f"{base} + 2 * {speaker} + (i % 10 = 0)::int",
            prompt_id=f"CASE WHEN i % 10 = 0 THEN (ARRAY[{keyword_ids}])[1 + i / 10 % 10] "
            f"ELSE {sentence} END",
            received_at="now() - i * interval '1 millisecond'",
        )  # fmt: skip
        self.size = clips

    def _keyword_ids(self) -> Iterator[uuid.UUID]:
        yield from self.keywords.prompts.values_list("pk", flat=True)

    def make_busy(self) -> None:
        """The template's own speaker, who has said ten thousand sentences."""
        copy(
            self.clip, BUSY_TAKES, id="md5(i::text)::uuid", prompt_id=as_uuid("i"),
            received_at="now() + i * interval '1 second'",
        )  # fmt: skip

    def someone(self, campaign: Campaign, number: int) -> Participation:
        """One of the campaign's speakers."""
        parts = campaign.participations.exclude(pk=self.part.pk).order_by("pk")
        return parts[number * 31 % (self.size // CLIPS_PER_SPEAKER)]

    def newcomer(self, campaign: Campaign) -> Participation:
        """Somebody who has said nothing yet."""
        from collector.models import Participation, Speaker

        speaker = Speaker.objects.create(recovery_hash=uuid.uuid4().hex * 2)
        return Participation.objects.create(speaker=speaker, campaign=campaign)


def measure(campaign: Campaign, who: Callable[[int], Participation]) -> list[float]:
    """Best and median ms of a next set, mean rows and pages touched, and how many prompts came."""
    from collector.choice import next_prompts

    times, plans, came = [], [], 0
    for number in range(ROUNDS):
        part = who(number)
        began = time.perf_counter()
        came = len(next_prompts(campaign, part, SET))
        times.append((time.perf_counter() - began) * 1000)
        plans.append(plan_of(campaign, part))
    rows = statistics.mean(map(rows_touched, plans))
    pages = statistics.mean(
        plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans
    )
    return [min(times), statistics.median(times), rows, pages, came]


def plan_of(campaign: Campaign, part: Participation) -> dict[str, Any]:
    """How PostgreSQL answers, with what it really touched."""
    from django.db import connection

    from collector.choice import CHOICE, choice_parameters

    asked = choice_parameters(campaign, part, part.pseudonym, SET)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + CHOICE, asked)
        answer = cursor.fetchone()[0]
    plan: dict[str, Any] = (answer if isinstance(answer, list) else json.loads(answer))[0]["Plan"]
    return plan


def rows_touched(plan: dict[str, Any]) -> float:
    """Rows that the plan's scans of tables and indexes read, those thrown away included."""
    own = 0.0
    if "Relation Name" in plan or "Index Name" in plan:
        removed = sum(value for name, value in plan.items() if name.startswith("Rows Removed"))
        own = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return own + sum(map(rows_touched, plan.get("Plans", [])))


def report(world: World) -> None:
    """The table for the size that the world has now."""
    situations: dict[str, tuple[Campaign, Callable[[int], Participation]]] = {
        "a newcomer": (world.sentences, lambda _: world.newcomer(world.sentences)),
        "somebody with 90 takes": (world.sentences, lambda n: world.someone(world.sentences, n)),
        f"somebody with {BUSY_TAKES} takes": (world.sentences, lambda _: world.part),
        "ten keywords, all said": (world.keywords, lambda n: world.someone(world.keywords, n)),
    }
    print(
        f"\n{world.size} clips, {NUM_PROMPTS} prompts, {world.size // CLIPS_PER_SPEAKER} speakers"
    )
    times = f"{'best ms':>8} {'median ms':>10}"
    print(f"{'next set for':28} {times} {'rows':>6} {'pages':>6} {'prompts':>8}")
    for name, (campaign, who) in situations.items():
        print_row(name, measure(campaign, who))
    from collector.models import PromptTally

    tallies = PromptTally.objects.filter(campaign=world.sentences)
    tallies.update(wanted=1, takes=1)
    execute("VACUUM ANALYZE collector_prompttally")
    print_row(
        "nothing left to say", measure(world.sentences, lambda _: world.newcomer(world.sentences))
    )


def print_row(name: str, figures: list[float]) -> None:
    """One line of the table."""
    best_ms, median_ms, rows, pages, came = figures
    times = f"{best_ms:8.2f} {median_ms:10.2f}"
    print(f"{name:28} {times} {rows:6.0f} {pages:6.0f} {came:8.0f}", flush=True)


def count(world: World) -> None:
    """Mend all tallies, and say how long it takes."""
    from collector.services import recount

    began = time.perf_counter()
    wrong, seconds = recount(), time.perf_counter() - began
    print(f"recount: {wrong} of {NUM_PROMPTS + 10} tallies mended in {seconds:.1f} s")
    execute("VACUUM ANALYZE")


def crowd(world: World) -> None:
    """Eight threads send takes: of one prompt, whose tally they all change, and of a thousand."""
    from django.db import connection, transaction

    from collector.models import Clip, Prompt
    from collector.services import count_take

    def send(prompts: list[uuid.UUID], number: int) -> None:
        for turn in range(TAKES_PER_THREAD):
            prompt = prompts[(number * 7919 + turn * 104_729) % len(prompts)]
            with transaction.atomic():
                Clip.objects.create(
                    participation=world.part, prompt_id=prompt, consent_id=world.clip.consent_id,
                    original_sha256="0" * 64, original_num_bytes=1,
                )  # fmt: skip
                count_take(prompt, +1)
        connection.close()

    print(f"\n{THREADS} threads, each {TAKES_PER_THREAD} takes (row, tally and commit; no audio)")
    some = list(Prompt.objects.filter(campaign=world.sentences).values_list("pk", flat=True)[:1000])
    for prompts in (some[:1], some):
        began = time.perf_counter()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda n, p=prompts: send(p, n), range(THREADS)))
        rate = THREADS * TAKES_PER_THREAD / (time.perf_counter() - began)
        print(f"of {len(prompts):4} prompts: {rate:6.0f} takes per second")


def main() -> None:
    """Every size in turn, each on top of the one before."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with site():
        world = World()
        world.make_busy()
        for size in sizes:
            began = time.perf_counter()
            world.grow_to(size)
            print(f"\nfilled in {time.perf_counter() - began:.0f} s", flush=True)
            count(world)
            report(world)
        execute("SET session_replication_role = DEFAULT")
        crowd(world)


if __name__ == "__main__":
    main()
