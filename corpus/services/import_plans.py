"""What an import is to bring in, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from collector.licences import allows_commercial_use
from collector.models import Purpose
from corpus.importers import Refused


@dataclass(frozen=True)
class ImportPlan:
    """What is brought in, from where, and by what right.

    ``source`` names the corpus and its version for good: ids follow from it. ``basis`` says why
    its speakers' recordings may be here, in a sentence; ``purposes`` what it allows besides what
    the licence does: public playback, keeping the original. With ``accept`` its clips count as
    judged; without, they go to this site's reviewers. ``speaker_pattern`` finds the speaker in
    the path, as its first group, where the layout knows none; else each split counts as one
    speaker's: so nobody is in two of them, if nobody was before.
    """

    source: str
    licence: str
    basis: str
    format: str = ""
    accept: bool = False
    purposes: tuple[str, ...] = ()
    speaker_pattern: str = ""
    dry_run: bool = False
    #: How many clips are decoded at once.
    jobs: int = 1

    @property
    def agreed(self) -> list[str]:
        """What its speakers' consent here is for: what the licence allows anybody, and the rest."""
        allowed = [Purpose.RESEARCH_RELEASE]
        if allows_commercial_use(self.licence):
            allowed.append(Purpose.COMMERCIAL_USE)
        return [str(each) for each in Purpose if each in (*allowed, *self.purposes)]


@dataclass
class ImportReport:
    """What became of it; ``recipe`` cuts a release in the splits that the corpus had."""

    source: str
    format: str
    dry_run: bool
    found: int = 0
    imported: int = 0
    present: int = 0
    withdrawn: int = 0
    accepted: int = 0
    speakers: int = 0
    refused: list[Refused] = field(default_factory=list)
    split_speakers: dict[str, set[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the command line."""
        told = asdict(self)
        del told["split_speakers"]
        codes = Counter(refused.code for refused in self.refused)
        return {**told, "refused_by_code": dict(codes), "recipe": self.recipe}

    @property
    def recipe(self) -> dict[str, Any]:
        """A speaker in two splits of the corpus is for training: no recipe parts one person."""
        held = {s: self.split_speakers.get(s, set()) for s in ("validation", "testing")}
        everywhere = Counter(one for each in self.split_speakers.values() for one in each)
        lists = {
            f"{split}_speakers": sorted(one for one in speakers if everywhere[one] == 1)
            for split, speakers in held.items()
        }
        return {"split_rule": "fixed", **lists} if any(lists.values()) else {}
