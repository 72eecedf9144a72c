"""What the issue asks for, and how a figure is shown beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of a table: a figure, and what it must and should be."""

    name: str
    value: float | None
    """None where it could not be measured; `note` says why."""
    unit: str = ""
    must: float | None = None
    stretch: float | None = None
    at_most: bool = False
    """Whether less is better."""
    beside: float | None = None
    """The same figure of the peer."""
    note: str = ""

    def reaches(self, target: float | None) -> bool | None:
        """Whether the target is met; None where there is no target or no figure."""
        if target is None or self.value is None:
            return None
        return self.value <= target if self.at_most else self.value >= target

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {
            "meets_must": self.reaches(self.must),
            "meets_stretch": self.reaches(self.stretch),
        }


def show(title: str, rows: Sequence[Row], beside: str) -> None:
    """Print a table."""
    print(f"\n{title}")
    print(f"{'':62}{'ours':>9}{beside:>14}{'must':>14}{'stretch':>14}")
    for row in rows:
        cells = (
            _figure(row.value, row.unit).rjust(9)
            + _figure(row.beside, row.unit).rjust(14)
            + _target(row, row.must).rjust(14)
            + _target(row, row.stretch).rjust(14)
        )
        print(f"{row.name:62}{cells}{'  ' + row.note if row.note else ''}")


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if unit == "%" else f"{value:.4g}{unit and ' ' + unit}"


def _target(row: Row, target: float | None) -> str:
    if target is None:
        return ""
    said = {True: "yes", False: "NO", None: "?"}[row.reaches(target)]
    return f"{_figure(target, row.unit)} {said}"
