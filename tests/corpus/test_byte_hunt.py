"""The byte hunt: whatever people do in whatever order, nothing is left of what was taken back.

A state machine mixes uploads, transcodings, votes, previews, releases, downloads, takeouts, pauses
and withdrawals against the real PostgreSQL, Redis and storage. ``BYTE_HUNT_EXAMPLES=200`` hunts
longer and by chance; in the suite a few fixed hunts are enough.
"""

from __future__ import annotations

import io
import os
import uuid
from typing import Any

import numpy as np
import pytest
import soundfile
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from collector.access import OPERATOR
from collector.models import Campaign, Clip, ClipStatus, Membership, Participation, Role, User
from collector.services import add_prompts, erase_waiting, publish_consent_text
from corpus.models import Release, WithdrawalRequest
from corpus.selectors import live_entries
from corpus.services import complete_withdrawals
from tests.corpus import hunting
from tests.corpus.hunting import Prey
from tests.corpus.rows import join
from tests.people import Person
from tests.pipeline import next_cases, process, vote
from validation.models import CaseStatus, PolicyName, PreScore, ReviewCase, ReviewPolicy

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("BYTE_HUNT_EXAMPLES", "3"))
SPEAKERS = 3
#: One format for each way of packing audio: FLAC in a tar, the loudest second, WAV, and parquet.
FORMATS = ("nemo", "speech-commands", "ljspeech", "parquet")
MEDIA = ("preview", "peaks", "spectrogram")


def noise(seed: int, container: str) -> bytes:
    """A third of a second of noise of its own, as FLAC or WAV."""
    samples = np.random.default_rng(seed).normal(0, 0.1, 5_000)
    file = io.BytesIO()
    soundfile.write(file, samples, 16_000, format=container, subtype="PCM_16")
    return file.getvalue()


def somebody(part: Participation) -> Person:
    """A browser in which this speaker is known."""
    client = Client()
    client.get("/me/recover/")
    session = client.session
    session["speaker_id"] = str(part.speaker_id)
    session.save()
    client.cookies["sessionid"] = session.session_key
    return Person(client)


class Hunt(RuleBasedStateMachine):
    """A campaign in a language that no model knows, so that only people hear its clips."""

    def __init__(self) -> None:
        super().__init__()
        slug = f"hunt-{uuid.uuid4().hex[:8]}"
        self.campaign = Campaign.objects.create(
            slug=slug, name=slug, description="-", language="eu", status="open"
        )
        add_prompts(self.campaign, "keyword", ["bai", "ez"])
        publish_consent_text(OPERATOR, self.campaign, "Text.")
        ReviewPolicy.objects.create(
            campaign=self.campaign, name=PolicyName.TWO_VOTES, blind_share=0, gold_share=0
        )
        self.prompts = list(self.campaign.prompts.order_by("text"))
        self.parts = [join(self.campaign, n, age_band="sixties") for n in range(SPEAKERS)]
        self.people = [somebody(part) for part in self.parts]
        self.reviewers = [self._member(f"reviewer-{n}", Role.REVIEWER) for n in range(2)]
        self.curator = self._member("curator", Role.CURATOR)
        self.prey: list[Prey] = []

    def _member(self, name: str, role: Role) -> Person:
        user = User.objects.create_user(f"{name}@{self.campaign.slug}.example")
        Membership.objects.create(user=user, campaign=self.campaign, role=role)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return Person(client, user)

    def of(self, who: int) -> list[Prey]:
        """What this speaker still lends."""
        mine = str(self.parts[who].speaker_id)
        return [each for each in self.prey if mine in each.names and not each.is_withdrawn]

    @rule(who=st.integers(0, SPEAKERS - 1), container=st.sampled_from(["FLAC", "WAV"]))
    def upload(self, who: int, container: str) -> None:
        data = noise(uuid.uuid4().int % 2**32, container)
        prompt = self.prompts[len(self.prey) % 2]
        clip_id = uuid.uuid4()
        consent = self.parts[who].consent_events.order_by("at").last()
        assert consent is not None
        answer = self.people[who].put(data, prompt, clip_id)
        if answer.status_code == 403:
            return  # this speaker has taken everything back
        assert answer.status_code == 201, answer.content
        part = self.parts[who]
        names = frozenset({str(part.speaker_id), part.pseudonym, str(consent.pk)})
        self.prey.append(Prey(str(clip_id), names, {}))
        self.prey[-1].gather()

    @precondition(lambda self: self.prey)
    @rule()
    def work(self) -> None:
        """A worker takes up whatever waits; the machine's words are put in by hand."""
        clips = Clip.objects.filter(participation__campaign=self.campaign)
        for clip in clips.filter(status=ClipStatus.RECEIVED):
            process(clip)
            PreScore.objects.create(clip=clip, heard=f"heard {clip.pk}", model="m", match=0.5)
            next(each for each in self.prey if each.clip_id == str(clip.pk)).gather()

    @precondition(lambda self: self.prey)
    @rule(who=st.integers(0, SPEAKERS - 1), kind=st.sampled_from(MEDIA))
    def look(self, who: int, kind: str) -> None:
        for each in self.of(who):
            answer = self.people[who].get(f"clips/{each.clip_id}/{kind}")
            assert answer.status_code in (200, 404), answer.content
            each.gather()

    @precondition(lambda self: self.prey)
    @rule()
    def judge(self) -> None:
        for reviewer in self.reviewers:
            for case in next_cases(reviewer, self.campaign, 20):
                vote(reviewer, case["id"], "accept", transcript=f"said in {case['id']}")

    @precondition(lambda self: self.prey)
    @rule()
    def release(self) -> None:
        accepted = ReviewCase.objects.filter(campaign=self.campaign, status=CaseStatus.ACCEPTED)
        made = self.curator.post(
            f"campaigns/{self.campaign.slug}/releases",
            {"validation_percent": 30, "testing_percent": 30},
        )
        assert made.status_code == 201 or not accepted.filter(is_held=False).exists()

    @precondition(lambda self: Release.objects.filter(campaign=self.campaign).exists())
    @rule(format_name=st.sampled_from(FORMATS))
    def download(self, format_name: str) -> None:
        hunting.assert_no_trace(self.prey, self._downloads([format_name]))

    @precondition(lambda self: self.prey)
    @rule(who=st.integers(0, SPEAKERS - 1))
    def take_out(self, who: int) -> None:
        """Everything that somebody gave holds all that they still lend, and nothing else."""
        answer: Any = self.people[who].get("takeout")
        if answer.status_code == 429:
            return  # they have asked too often
        assert answer.status_code == 200, answer
        archive = b"".join(answer.streaming_content)
        hunting.assert_no_trace(self.prey, [("a takeout", archive)])
        for each in self.of(who):
            original = next(data for key, data in each.sounds.items() if "original-" in key)
            assert original in archive

    @precondition(lambda self: self.prey)
    @rule(who=st.integers(0, SPEAKERS - 1), way=st.sampled_from(["pause", "resume"]))
    def circulate(self, who: int, way: str) -> None:
        assert self.people[who].post(f"clips/{way}", {"everything": True}).status_code == 200

    @precondition(lambda self: self.prey)
    @rule(who=st.integers(0, SPEAKERS - 1), data=st.data())
    def withdraw(self, who: int, data: st.DataObject) -> None:
        mine = self.of(who)
        if mine:
            count = data.draw(st.integers(1, len(mine)))
            self._take_back(who, {"clips": [each.clip_id for each in mine[:count]]}, mine[:count])

    @precondition(lambda self: len(self.prey) > 2)
    @rule(who=st.integers(0, SPEAKERS - 1), by_campaign=st.booleans())
    def withdraw_all(self, who: int, by_campaign: bool) -> None:
        body = {"campaign": self.campaign.slug} if by_campaign else {"everything": True}
        self._take_back(who, body, self.of(who))

    def _take_back(self, who: int, body: dict[str, object], gone: list[Prey]) -> None:
        address = f"/api/v1/withdrawals/{uuid.uuid4()}"
        client = self.people[who].client
        answer = client.put(address, body, content_type="application/json")
        assert answer.status_code == 202, answer.content
        assert answer.json()["num_clips"] == len(gone)
        for each in gone:
            each.is_withdrawn = True

    @rule()
    def purge(self) -> None:
        """The worker erases, and the receipts are complete."""
        while erase_waiting():
            pass
        complete_withdrawals()
        gone = [each for each in self.prey if each.is_withdrawn]
        hunting.assert_no_trace(gone, hunting.storage())
        assert not WithdrawalRequest.objects.filter(completed_at=None).exists()

    def _downloads(self, formats: tuple[str, ...] | list[str]) -> list[tuple[str, bytes]]:
        mine = Release.objects.filter(campaign=self.campaign)
        found = list(hunting.downloads(self.curator.client, formats, mine))
        for release in mine:
            paused = Clip.objects.filter(paused_at__isnull=False)
            assert not live_entries(release).filter(clip__in=paused).exists()
        return found

    def teardown(self) -> None:
        """The hunt proper, through everything there is."""
        self.purge()
        rows = hunting.tables()
        dump = [(table, "\n".join(lines).encode()) for table, lines in rows.items()]
        hunting.assert_no_trace(self.prey, dump)
        hunting.assert_no_trace(self.prey, hunting.cache())
        hunting.assert_no_trace(self.prey, self._downloads(FORMATS))
        hunting.assert_nobody_named(self.prey, {**rows, "Redis": self._redis_lines()})
        hunting.assert_intact(self.prey)

    def _redis_lines(self) -> list[str]:
        return [value.decode("latin-1") for _, value in hunting.cache()]


def test_nothing_is_left_of_what_was_taken_back():
    by_chance = EXAMPLES > 3
    run_state_machine_as_test(
        Hunt,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30 if by_chance else 14,
            deadline=None,
            database=None,
            derandomize=not by_chance,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_hunter_finds_what_is_there(speaker: Person, campaign: Campaign):
    """No test that cannot fail: of clips that are not taken back, everything is found."""
    clip_id, data = uuid.uuid4(), noise(7, "FLAC")
    speaker.put(data, campaign.prompts.get(text="yes"), clip_id)
    part = speaker.speaker.participations.get()
    prey = Prey(str(clip_id), frozenset({part.pseudonym, str(part.speaker_id)}))
    prey.gather()
    hunting.assert_intact([prey])
    prey.is_withdrawn = True
    for place in (hunting.storage(), [("a dump", data.hex().encode())]):
        with pytest.raises(AssertionError, match=str(clip_id)):
            hunting.assert_no_trace([prey], place)
    with pytest.raises(AssertionError, match="names"):
        line = f'{{"clip": "{clip_id}", "voice": "{part.pseudonym}"}}'
        hunting.assert_nobody_named([prey], {"a table": [line]})
    with pytest.raises(AssertionError):
        hunting.assert_nobody_named([prey], {})
