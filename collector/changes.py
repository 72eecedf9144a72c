"""What is different in a new text: pure, sentence by sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_SENTENCE = re.compile(r"[^\s].*?(?:[.!?:;](?=\s)|$)\s*", re.DOTALL)


@dataclass(frozen=True)
class Change:
    """A run of text that is the same as before, new, or gone."""

    kind: Literal["same", "added", "removed"]
    text: str


def sentences(text: str) -> list[str]:
    """The text in pieces that end with a sentence, each with the white space behind it."""
    return _SENTENCE.findall(text)


def changes_between(before: str, after: str) -> list[Change]:
    """How ``after`` differs from ``before``; all that is not "removed", joined, is ``after``."""
    old, new = sentences(before), sentences(after)
    found: list[Change] = []
    matcher = SequenceMatcher(a=[_core(s) for s in old], b=[_core(s) for s in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Change("same", "".join(new[c:d])))
            continue
        if a < b:
            found.append(Change("removed", "".join(old[a:b])))
        if c < d:
            found.append(Change("added", "".join(new[c:d])))
    return found


def _core(sentence: str) -> str:
    return " ".join(sentence.split())
