"""What a licence allows, by its SPDX id: pure."""

from __future__ import annotations


def allows_commercial_use(licence: str) -> bool:
    """Whether products may be made of it; Creative Commons writes NC into those that forbid it."""
    return "NC" not in licence.upper().split("-")


def for_research_only(licence: str) -> str:
    """The licence nearest to this one that forbids commercial use.

    CC-BY-4.0 becomes CC-BY-NC-4.0 and CC-BY-SA-4.0 becomes CC-BY-NC-SA-4.0; whatever has no such
    relative, such as CC0-1.0, becomes CC-BY-NC-4.0.
    """
    if not allows_commercial_use(licence):
        return licence
    if licence.upper().startswith("CC-BY-"):
        return licence[:5] + "-NC" + licence[5:]
    return "CC-BY-NC-4.0"
