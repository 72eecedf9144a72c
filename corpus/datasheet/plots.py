"""Where on the paper the bars and the line of a figure lie. Pure.

The units are those of an SVG's viewBox. The page's own style sheet says how it all looks: in the
SVG there is no style, so the site's policy allows it and it follows light and dark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.formats import number_format

from corpus.datasheet.figures import Bar, Figure

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 8, 26
_INNER_WIDTH, _INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
_LABELS = 6


@dataclass(frozen=True)
class Box:
    """A bar; ``title`` is what it says when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Mark:
    """A word or number at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Plot:
    """A figure, laid out."""

    figure: Figure
    boxes: list[Box]
    line: str
    area: str
    across: list[Mark]
    up: list[Mark]

    @property
    def rows(self) -> list[dict[str, Bar | Box]]:
        """Each bar with its box, for a table that is its own plot."""
        pairs = zip(self.figure.bars, self.boxes, strict=True)
        return [{"bar": bar, "box": box} for bar, box in pairs]


def plot(figure: Figure) -> Plot:
    """Rows get boxes of up to 100 units; columns and lines a frame with marks on both axes."""
    most = max((bar.value for bar in figure.bars), default=0) or 1
    if figure.shape == "rows":
        boxes = [Box(0, 0, _r(100 * bar.value / most), 6, "") for bar in figure.bars]
        return Plot(figure, boxes, "", "", [], [])
    step = nice_step(most)
    top = math.ceil(most / step - 1e-9) * step
    up = [Mark(LEFT - 5, _y(n * step, top), _shown(n * step)) for n in range(round(top / step) + 1)]
    if figure.shape == "line":
        return _line(figure, top, up)
    return _columns(figure, top, up)


def nice_step(most: float) -> float:
    """1, 2 or 5 times a power of ten, so that two to four steps reach the most."""
    size = 10 ** math.floor(math.log10(most))
    steps = (size * factor for factor in (0.1, 0.2, 0.5, 1, 2, 5))
    return float(next(step for step in steps if most / step <= 4))


def _columns(figure: Figure, top: float, up: list[Mark]) -> Plot:
    width = _INNER_WIDTH / len(figure.bars)
    gap = min(2.0, width / 5)
    boxes, across, every = [], [], max(1, math.ceil(len(figure.bars) / _LABELS))
    named = all(bar.tick == bar.label for bar in figure.bars)
    for n, bar in enumerate(figure.bars):
        x, y = LEFT + n * width, _y(bar.value, top)
        title = f"{bar.label}: {bar.shown}"
        boxes.append(Box(_r(x + gap / 2), y, _r(width - gap), _r(HEIGHT - BOTTOM - y), title))
        if bar.tick and (named or "" in {b.tick for b in figure.bars} or n % every == 0):
            # A range is marked where it begins, a group in its middle.
            across.append(Mark(_r(x + (width / 2 if named else 0)), HEIGHT - 10, bar.tick))
    return Plot(figure, boxes, "", "", across, up)


def _line(figure: Figure, top: float, up: list[Mark]) -> Plot:
    last = max(1, len(figure.bars) - 1)
    points = [
        (_r(LEFT + n * _INNER_WIDTH / last), _y(bar.value, top))
        for n, bar in enumerate(figure.bars)
    ]
    line = "M" + "L".join(f"{x} {y}" for x, y in points)
    floor = HEIGHT - BOTTOM
    area = f"{line}L{points[-1][0]} {floor}L{points[0][0]} {floor}Z"
    ends = {0, len(figure.bars) - 1}
    across = [
        Mark(points[n][0], HEIGHT - 10, bar.tick) for n, bar in enumerate(figure.bars) if n in ends
    ]
    return Plot(figure, [], line, area, across, up)


def _y(value: float, top: float) -> float:
    return _r(TOP + _INNER_HEIGHT * (1 - value / top))


def _r(value: float) -> float:
    return round(value, 1)


def _shown(value: float) -> str:
    if value >= 1000:
        return f"{value / 1000:g}k" if value < 1_000_000 else f"{value / 1_000_000:g}M"
    return str(number_format(float(f"{value:.6g}"))) if value % 1 else f"{value:g}"
