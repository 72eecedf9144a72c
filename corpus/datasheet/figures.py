"""A release's figures: counts with titles, labels and a sentence, in the reader's language. Pure.

Each is a list of bars, from which the page draws a plot and writes the table that says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collector.models.about import AgeBand, Gender
from collector.models.prompt import PromptKind
from corpus.datasheet.bins import Group, Range, joined_over_time, ranges, without_small
from corpus.datasheet.counts import Count, Counts
from corpus.models.release import Split

KEYWORDS_SHOWN = 24


@dataclass(frozen=True)
class Bar:
    """One group: its label, its length, and its value as people read it."""

    label: str
    value: float
    shown: str
    #: Where on the axis a column begins; empty for rows.
    tick: str = ""


@dataclass(frozen=True)
class Figure:
    """Bars that belong together. ``shape`` is ``columns``, ``rows`` or ``line``."""

    code: str
    title: str
    note: str
    axis: str
    unit: str
    shape: str
    bars: list[Bar]


def figures_of(counts: Counts) -> list[Figure]:
    """All that there is something to show of."""
    # Those of one shape stand together: three in a row on a wide page.
    made = (
        _splits(counts), _kinds(counts), _votes(counts),
        _over_time(counts), _speakers(counts), _durations(counts),
        _snr(counts), _levels(counts), _matches(counts),
        _agreement(counts), _keywords(counts), _ages(counts), _genders(counts),
    )  # fmt: skip
    return [figure for figure in made if figure is not None and figure.bars]


def _clips(count: int) -> str:
    return ngettext("%(num)s clip", "%(num)s clips", count) % {"num": _whole(count)}


def _whole(count: float) -> str:
    return number_format(round(count), use_l10n=True, force_grouping=True)


def _number(value: float, digits: int = 2) -> str:
    return number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)


def _short(value: float) -> str:
    return f"{value:g}".replace("-", "\u2212")


def _groups(counts: Sequence[Count]) -> list[Group]:
    return [Group(c.bin, c.clips, c.speakers or 0, c.hours or 0.0) for c in counts]


def _hours(hours: float) -> str:
    # A keyword lasts a second: of a few hundred, hours would be all noughts.
    return _("%s h") % _number(hours, 1 if hours >= 10 else 2 if hours >= 1 else 3)


def _over_time(counts: Counts) -> Figure | None:
    months = joined_over_time(_groups(counts.get("months", [])))
    if len(months) < 2:
        return None
    sums = accumulate(month.hours for month in months)
    bars = [
        Bar(month.name, so_far, _hours(so_far), month.name)
        for month, so_far in zip(months, sums, strict=True)
    ]
    note = _("Months with under five speakers are counted with the next.")
    return Figure("time", _("Hours over time"), note, _("Month"), _("Hours so far"), "line", bars)


def _splits(counts: Counts) -> Figure:
    found = {group.name: group for group in _groups(counts.get("splits", []))}
    bars = []
    for split in Split:
        group = found.get(split, Group(split, 0, 0, 0.0))
        speakers = ngettext("%(num)s speaker", "%(num)s speakers", group.speakers) % {
            "num": _whole(group.speakers)
        }
        shown = f"{_hours(group.hours)} · {_clips(group.clips)} · {speakers}"
        bars.append(Bar(str(split.label), group.hours, shown))
    title = _("Balance of the splits")
    note = _("The length of a bar is its share of the hours.")
    return Figure("splits", title, note, _("Split"), _("Hours, clips, speakers"), "rows", bars)


def _kinds(counts: Counts) -> Figure | None:
    found = {group.name: group for group in _groups(counts.get("kinds", []))}
    bars = [
        Bar(
            str(kind.label),
            found[kind].hours,
            f"{_hours(found[kind].hours)} · {_clips(found[kind].clips)}",
        )
        for kind in PromptKind
        if kind in found
    ]
    if len(bars) < 2:
        return None
    return Figure("kinds", _("Kinds"), "", _("Kind"), _("Hours, clips"), "rows", bars)


_PER_SPEAKER = ((1, 1), (2, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, 200), (201, None))


def _speakers(counts: Counts) -> Figure:
    of_size = {int(c.bin): c.speakers or 0 for c in counts.get("speakers", [])}
    bars = []
    for low, high in _PER_SPEAKER:
        speakers = sum(n for size, n in of_size.items() if low <= size <= (high or size))
        label = f"{low}" if low == high else f"{low}\u2013{high}" if high else f"{low}+"
        bars.append(Bar(label, speakers, _whole(speakers), label))
    while bars and not bars[-1].value:
        bars.pop()
    title = _("Clips per speaker")
    return Figure("speakers", title, "", _("Clips"), _("Speakers"), "columns", bars)


def _keywords(counts: Counts) -> Figure | None:
    words = sorted(counts.get("keywords", []), key=lambda count: (-count.clips, count.bin))
    bars = [Bar(word.bin, word.clips, _whole(word.clips)) for word in words[:KEYWORDS_SHOWN]]
    left = len(words) - len(bars)
    note = ""
    if left > 0:
        note = _("The most frequent ones of %(num)s.") % {
            "num": _whole(len(words)) if len(words) < 201 else _("more than two hundred")
        }
    return Figure("keywords", _("Keywords"), note, _("Keyword"), _("Clips"), "rows", bars)


def _histogram(
    counts: Counts,
    code: str,
    title: str,
    axis: str,
    widths: Sequence[float],
    note: Callable[[Mapping[float, int]], str],
) -> Figure | None:
    fine = {float(c.bin): c.clips for c in counts.get(code, [])}
    if not fine:
        return None
    bars = [_column(each) for each in ranges(fine, widths)]
    return Figure(code, title, note(fine), axis, _("Clips"), "columns", bars)


def _column(each: Range) -> Bar:
    label = _("%(low)s to %(high)s") % {"low": _short(each.low), "high": _short(each.high)}
    return Bar(label, each.count, _whole(each.count), _short(each.low))


def _middle(sentence: str, width: float) -> Callable[[Mapping[float, int]], str]:
    """The sentence with the ends of the middle half, to the finest width."""

    def note(fine: Mapping[float, int]) -> str:
        total, passed = sum(fine.values()), 0
        ends: list[float] = []
        for start in sorted(fine):
            passed += fine[start]
            while len(ends) < 2 and passed >= total * (0.25, 0.75)[len(ends)]:
                ends.append(start + (width if ends else 0))
        low, high = map(_short, ends)
        return sentence % {"low": low, "high": high}

    return note


def _durations(counts: Counts) -> Figure | None:
    note = _middle(_("Half of the clips last between %(low)s and %(high)s s."), 0.25)
    widths = (0.25, 0.5, 1, 2, 5)
    return _histogram(counts, "durations", _("Duration"), _("Seconds"), widths, note)


def _snr(counts: Counts) -> Figure | None:
    note = _middle(_("Half of the clips have between %(low)s and %(high)s dB."), 1)
    return _histogram(counts, "snr", _("Signal to noise"), _("SNR in dB"), (1, 2, 5, 10), note)


def _levels(counts: Counts) -> Figure | None:
    note = _middle(_("Half of the clips speak at %(low)s to %(high)s dB of full scale."), 1)
    return _histogram(
        counts, "levels", _("Level of the speech"), _("dB of full scale"), (1, 2, 5, 10), note
    )


def _matches(counts: Counts) -> Figure | None:
    fine = {round(float(c.bin), 2): c.clips for c in counts.get("matches", [])}
    if not fine:
        return None
    steps = [n / 20 for n in range(20)]
    bars = [
        Bar(
            _("%(low)s to %(high)s") % {"low": f"{s:g}", "high": f"{s + 0.05:g}"},
            fine.get(s, 0),
            _whole(fine.get(s, 0)),
            f"{s:g}" if round(s * 20) % 5 == 0 else "",
        )
        for s in steps
    ]
    title, note = _("Match"), _("How likely the machine found it that the clip says its prompt.")
    return Figure("matches", title, note, _("Probability"), _("Clips"), "columns", bars)


def _agreement(counts: Counts) -> Figure | None:
    fine = {round(float(c.bin) * 10): c.clips for c in counts.get("agreement", [])}
    if not fine:
        return None
    bars = [
        Bar(
            _("%(low)s to %(high)s") % {"low": f"{n * 10} %", "high": f"{n * 10 + 10} %"},
            fine.get(n, 0),
            _whole(fine.get(n, 0)),
            f"{n * 10}" if n % 2 == 1 else "",
        )
        for n in range(min(fine), 10)
    ]
    title, note = _("Agreement"), _("Which share of a clip's votes accepted it; “unsure” left out.")
    return Figure("agreement", title, note, _("Per cent"), _("Clips"), "columns", bars)


def _votes(counts: Counts) -> Figure | None:
    found = sorted(counts.get("votes", []), key=lambda count: (-count.clips, count.bin))
    bars = []
    for count in found[:6]:
        accepts, rejects = count.bin.split(":")
        label = _("%(accepts)s for, %(rejects)s against") % {
            "accepts": accepts, "rejects": rejects,
        }  # fmt: skip
        bars.append(Bar(label, count.clips, _whole(count.clips)))
    rest = sum(count.clips for count in found[6:])
    if rest:
        bars.append(Bar(_("others"), rest, _whole(rest)))
    return Figure("votes", _("Votes"), "", _("Votes"), _("Clips"), "rows", bars)


def _ages(counts: Counts) -> Figure | None:
    labels = {str(band): str(band.label) for band in AgeBand}
    return _told(counts, "ages", _("Age"), labels)


def _genders(counts: Counts) -> Figure | None:
    labels = {str(gender): str(gender.label) for gender in Gender}
    return _told(counts, "genders", _("Gender"), labels)


def _told(counts: Counts, code: str, title: str, labels: Mapping[str, str]) -> Figure | None:
    told, untold = without_small(_groups(counts.get(code, [])))
    if not told:
        return None
    told.sort(key=lambda group: list(labels).index(group.name) if group.name in labels else 99)
    bars = [Bar(labels.get(g.name, g.name), g.clips, _clips(g.clips)) for g in told]
    if untold is not None:
        label = _("Not told, or by under five people")
        bars.append(Bar(label, untold.clips, _clips(untold.clips)))
    return Figure(code, title, "", title, _("Clips"), "rows", bars)
