"""How clips come: recorded, sent by a linked device, brought in from elsewhere."""

from __future__ import annotations

import json
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from collector.models import Clip
from corpus.services.import_plans import ImportPlan, ImportReport
from corpus.services.importing import import_corpus
from tests.corpus.hunt.cast import WHICH, WHO, Cast, Linked, pick
from tests.corpus.hunt.prey import Prey, noise, samples_of
from tests.device import link

CONTAINER = st.sampled_from(["FLAC", "WAV"])
BASIS = "Its speakers published it under this licence."


@dataclass
class Corpus:
    """Speech from elsewhere: its files, who speaks in each, and what became of them here."""

    source: str
    accept: bool
    files: dict[str, bytes] = field(default_factory=dict)
    prey: dict[str, Prey] = field(default_factory=dict)

    def grow(self) -> None:
        """Another clip; its speakers take turns, and each has a folder."""
        number = len(self.files)
        self.files[f"{self.source}-{number % 2}/{number}.wav"] = noise()

    def write(self, root: Path) -> None:
        """As NeMo lays it out."""
        lines = [
            {"audio_filepath": path, "text": "bai", "speaker": speaker_in(path), "kind": "keyword"}
            for path in self.files
        ]
        (root / "manifest.json").write_text("\n".join(map(json.dumps, lines)), "utf-8")
        for path, data in self.files.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(data)

    def voice_of(self, path: str) -> str | None:
        """Under which pseudonym its speaker is known here, if at all."""
        same = (self.prey[each] for each in self.prey if speaker_in(each) == speaker_in(path))
        return next((each.voice for each in same), None)


def speaker_in(path: str) -> str:
    """Who speaks, as the corpus names them."""
    return path.split("/", maxsplit=1)[0]


class Lending(Cast):
    """Whoever has agreed is taken in; whoever has not, or no more, is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.corpora: list[Corpus] = []

    @rule(who=WHO, container=CONTAINER)
    def upload(self, who: int, container: str) -> None:
        prompt, clip_id = self.prompts[len(self.prey) % 2], uuid.uuid4()
        answer = self.people[who].put(noise(container), prompt, clip_id)
        expected = 403 if self.voice(who) in self.ended else 201
        assert answer.status_code == expected, answer.content
        if expected == 201:
            self.prey.append(Prey.of(Clip.objects.get(pk=clip_id)))

    @precondition(lambda self: self.ended)
    @rule(who=WHO)
    def agree_anew(self, who: int) -> None:
        if self.voice(who) in self.ended:
            assert self.people[who].consent(self.campaign).status_code == 201
            self.ended.remove(self.voice(who))

    @rule(who=WHO)
    def link_device(self, who: int) -> None:
        if self.voice(who) not in self.ended:
            sender, device = link(self.people[who], self.campaign)
            self.linked.append(Linked(sender, device, self.voice(who)))

    @precondition(lambda self: self.linked)
    @rule(which=WHICH, container=CONTAINER)
    def send(self, which: int, container: str) -> None:
        """What a device hears is taken as long as its link stands, and not once more."""
        mine, clip_id = pick(self.linked, which), uuid.uuid4()
        answer = mine.sender.put(noise(container), clip_id)
        assert answer.status_code == (201 if mine.is_on else 403), answer.content
        if mine.is_on:
            self.prey.append(Prey.of(Clip.objects.get(pk=clip_id), str(mine.device.pk)))

    @rule(accept=st.booleans(), num_clips=st.integers(1, 3))
    def bring(self, accept: bool, num_clips: int) -> None:
        """A curator brings a corpus in."""
        self.corpora.append(Corpus(f"Corpus {uuid.uuid4().hex[:8]}", accept))
        for _ in range(num_clips):
            self.corpora[-1].grow()
        report = self._bring(self.corpora[-1])
        assert (report.imported, report.refused) == (num_clips, [])

    @precondition(lambda self: self.corpora)
    @rule(which=WHICH)
    def bring_again(self, which: int) -> None:
        """With a clip more: what was taken back does not come again, nor anything of its voice."""
        corpus = pick(self.corpora, which)
        corpus.grow()
        known = corpus.prey.values()
        new = [path for path in corpus.files if path not in corpus.prey]
        barred = [path for path in new if corpus.voice_of(path) in self.ended]
        report = self._bring(corpus)
        assert report.withdrawn == sum(each.is_withdrawn for each in known) + len(barred)
        assert report.imported == len(new) - len(barred)
        assert report.present == len(corpus.files) - report.withdrawn - report.imported

    def _bring(self, corpus: Corpus) -> ImportReport:
        plan = ImportPlan(corpus.source, "CC0-1.0", BASIS, accept=corpus.accept)
        with tempfile.TemporaryDirectory() as folder:
            corpus.write(Path(folder))
            report = import_corpus(self.as_curator, self.campaign, Path(folder), plan)
        for clip in Clip.objects.filter(capture__imported__source=corpus.source):
            path = clip.capture["imported"]["path"]
            if path not in corpus.prey:
                found = corpus.prey[path] = Prey.of(clip, corpus.source, path)
                # Its original is gone as soon as there is a master: nobody agreed to its keeping.
                found.sounds += [corpus.files[path], samples_of(corpus.files[path])]
                self.prey.append(found)
        return report
