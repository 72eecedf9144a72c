"""How to cite a release. Pure."""

from __future__ import annotations

from datetime import datetime

_ESCAPED = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$"}


def cite_as(title: str, version: int, frozen_at: datetime, url: str) -> str:
    """In one line, as in a list of references."""
    return f"The speakers of {title} ({frozen_at.year}). {title}, version {version}. {url}"


def bibtex(slug: str, title: str, version: int, frozen_at: datetime, url: str) -> str:
    """For LaTeX; the title keeps its capitals."""
    name = "".join(_ESCAPED.get(c, c) for c in title)
    return (
        f"@misc{{{slug}-v{version},\n"
        f"  author = {{{{The speakers of {name}}}}},\n"
        f"  title  = {{{{{name}}}, version {version}}},\n"
        f"  year   = {{{frozen_at.year}}},\n"
        f"  url    = {{{url}}}\n"
        "}"
    )
