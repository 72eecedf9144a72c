"""What a clip says, where that is not its prompt or it has none: two who agree decide.

Everyone who accepts a clip claims a text: the one they wrote, or else the prompt. As long as all
claim the prompt this is no question, and the campaign's policy decides. Otherwise two equal claims
decide; where two people differ a third one settles it, and if that one differs too, a curator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from validation.models import Verdict
from validation.scoring.text import comparable
from validation.verdicts.policies import Outcome

AGREEING: Final = 2
SETTLERS: Final = 3


@dataclass(frozen=True)
class Spoken:
    """One vote: its verdict, and the transcript where one was written."""

    verdict: Verdict
    transcript: str = ""


@dataclass(frozen=True)
class Settled:
    """What follows, and the text that was agreed on; empty where it is the prompt."""

    outcome: Outcome
    text: str = ""


def settle(prompt: str, spoken: Sequence[Spoken]) -> Settled | None:
    """What the transcripts decide; None where they do not differ from the prompt.

    ``prompt`` is empty for a clip without one. Texts are equal when their words are: case,
    punctuation and spaces do not count.
    """
    claims = [s.transcript or prompt for s in spoken if s.verdict == Verdict.ACCEPT]
    if prompt and all(comparable(claim) == comparable(prompt) for claim in claims):
        return None
    counted = Counter(map(comparable, claims))
    for claim in claims:
        if counted[comparable(claim)] >= AGREEING:
            same = comparable(claim) == comparable(prompt)
            return Settled(Outcome.ACCEPTED, "" if same else claim)
    rejects = sum(s.verdict == Verdict.REJECT for s in spoken)
    if rejects >= AGREEING:
        return Settled(Outcome.REJECTED)
    told = rejects + len(claims)
    return Settled(Outcome.ADJUDICATE if told >= SETTLERS else Outcome.ASK_ONE_MORE)
