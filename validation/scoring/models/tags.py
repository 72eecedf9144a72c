"""Language tags: which of the languages at hand serves the one asked for."""

from __future__ import annotations

from collections.abc import Iterable

ANY = "*"


def best_tag(wanted: str, available: Iterable[str]) -> str | None:
    """The entry of ``available`` that serves the tag ``wanted``, or None.

    The lookup of RFC 4647, section 3.4: subtags are taken off from the end until one fits, and a
    single letter goes together with what it introduced. Letter case does not matter, and an
    underscore, as in a locale's name, is a hyphen. ``*`` serves whatever nothing else does, as a
    multilingual model would.
    """
    known = {normalised(tag): tag for tag in available}
    subtags = normalised(wanted).split("-")
    while subtags and subtags[0]:
        found = known.get("-".join(subtags))
        if found is not None:
            return found
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return known.get(ANY)


def normalised(tag: str) -> str:
    """A tag as all others are compared with it: ``EN_us`` is ``en-us``."""
    return tag.strip().lower().replace("_", "-")
