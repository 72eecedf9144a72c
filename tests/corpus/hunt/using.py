"""What is done with what is lent: work, listen, judge, publish, download, take out, pause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from collector.models import Clip, ClipStatus
from corpus.models import Release
from corpus.selectors import live_entries
from tests.corpus.hunt import places
from tests.corpus.hunt.cast import WHO, Cast
from tests.pipeline import next_cases, process, vote
from validation.models import CaseStatus, PreScore, ReviewCase

#: One format for each way of packing audio: FLAC in a tar, the loudest second, WAV, and parquet.
FORMATS = ("nemo", "speech-commands", "ljspeech", "parquet")
MEDIA = ("preview", "peaks", "spectrogram")


class Using(Cast):
    """Nobody is ever given what is taken back or held."""

    @precondition(lambda self: self.prey)
    @rule()
    def work(self) -> None:
        """A worker takes up whatever waits; the machine's words are put in by hand."""
        waiting = Clip.objects.filter(
            participation__campaign=self.campaign,
            status__in=(ClipStatus.RECEIVED, ClipStatus.TRANSCODED),
            pre_scores=None,
        )
        for clip in waiting:
            process(clip)
            PreScore.objects.create(clip=clip, heard=f"heard {clip.pk}", model="m", match=0.5)
            next(each for each in self.prey if each.clip_id == str(clip.pk)).gather()

    @precondition(lambda self: self.prey)
    @rule(who=WHO, kind=st.sampled_from(MEDIA))
    def look(self, who: int, kind: str) -> None:
        for each in self.lent(self.voice(who)):
            answer = self.people[who].get(f"clips/{each.clip_id}/{kind}")
            assert answer.status_code in (200, 404), answer.content
            each.gather()

    @precondition(lambda self: self.prey)
    @rule()
    def judge(self) -> None:
        out = {each.clip_id for each in self.out}
        for reviewer in self.reviewers:
            for case in next_cases(reviewer, self.campaign, 20):
                assert case["clip"]["id"] not in out
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
        places.assert_no_trace(self.out, self.downloads([format_name]))

    @precondition(lambda self: self.prey)
    @rule(who=WHO)
    def take_out(self, who: int) -> None:
        """Everything that somebody gave holds all that they still lend, and nothing else."""
        answer: Any = self.people[who].get("takeout")
        if answer.status_code == 429:
            return  # they have asked too often
        assert answer.status_code == 200, answer
        archive = b"".join(answer.streaming_content)
        withdrawn = [each for each in self.prey if each.is_withdrawn]
        places.assert_no_trace(withdrawn, [("a takeout", archive)])
        for each in self.lent(self.voice(who)):
            assert each.original in archive

    @precondition(lambda self: self.prey)
    @rule(who=WHO, way=st.sampled_from(["pause", "resume"]))
    def circulate(self, who: int, way: str) -> None:
        assert self.people[who].post(f"clips/{way}", {"everything": True}).status_code == 200

    def downloads(self, formats: Iterable[str]) -> list[tuple[str, bytes]]:
        """All releases in these formats; nothing that is paused is in any."""
        mine = Release.objects.filter(campaign=self.campaign)
        found = list(places.downloads(self.curator.client, formats, mine))
        for release in mine:
            paused = Clip.objects.filter(paused_at__isnull=False)
            assert not live_entries(release).filter(clip__in=paused).exists()
        return found
