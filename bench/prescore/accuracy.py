"""How well the match tells right from wrong, on speakers that its fit never saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bench.prescore.targets import Row
from validation.scoring.calibrate import held_out, weights
from validation.scoring.figures import Figures, calibration_error, figures
from validation.scoring.logistic import probability
from validation.scoring.trials import CUT, CUT_PADDED, FOREIGN, NOISE, RIGHT, Trial

SENTENCE, KEYWORD, LONE_KEYWORD = "sentence", "keyword_among_others", "keyword"
CUTS = (CUT, CUT_PADDED)
Pick = Callable[[Trial], bool]


class Judged:
    """The trials of one layer, each with the evidence of a fit that did not see its speaker."""

    def __init__(
        self, made: Sequence[Trial], layer: str, groups: Sequence[str] | None = None
    ) -> None:
        evidence = held_out(made, layer, groups)
        self.trials = [made[index] for index in evidence]
        self.evidence = list(evidence.values())

    def figures(self, right: Pick, wrong: Pick) -> tuple[Figures, Figures] | None:
        """Ours and the edit distance's; None where there is nothing of one sort."""
        rights = [i for i, t in enumerate(self.trials) if t.what == RIGHT and right(t)]
        wrongs = [i for i, t in enumerate(self.trials) if t.what != RIGHT and wrong(t)]
        if not rights or not wrongs:
            return None
        ours = figures([self.evidence[i] for i in rights], [self.evidence[i] for i in wrongs])
        similarity = [t.similarity for t in self.trials]
        plain = figures([similarity[i] for i in rights], [similarity[i] for i in wrongs])
        return ours, plain

    def calibration_error(self, pick: Pick, *, even: bool) -> float:
        """Of `match`: with right and wrong at even odds as it assumes, or as the trials come."""
        mine = [i for i, trial in enumerate(self.trials) if pick(trial)]
        tried = [self.trials[i] for i in mine]
        weighed = weights(tried) if even else np.ones(len(tried))
        matches = [probability(self.evidence[i]) for i in mine]
        return calibration_error(matches, [t.what == RIGHT for t in tried], weighed)


def accuracy(made: Sequence[Trial]) -> list[Row]:
    """The table of the issue, and what it does not ask for but one should know."""
    sentences, keywords = Judged(made, SENTENCE), Judged(made, KEYWORD)
    lone = Judged(made, LONE_KEYWORD)
    rows = [
        *_ranked("sentences, wrong or cut", sentences, _any, _any, (0.990, 0.93), (0.997, 0.98)),
        *_recall("sentences, one word changed", sentences, _any, "one word changed", 0.88, 0.95),
        *_recall("sentences, cut short", sentences, _any, CUT),
        *_ranked("keywords, wrong word", keywords, _any, _wrong, (0.990, 0.93), (0.998, 0.98)),
        *_ranked("no others known, wrong word", lone, _any, _wrong, (0.990, 0.93), (0.998, 0.98)),
        *_recall("keywords cut short, recordings with margins", keywords, _own, CUT, 0.70, 0.90),
        *_recall("no others known, cut short, with margins", lone, _own, CUT, 0.70, 0.90),
        *_recall("keywords cut short, margins added to tight clips", keywords, _added, CUT),
        *_recall("keywords cut short, trimmed tight", keywords, _tight, CUT),
        *_recall("keywords cut short, room tone after the cut", keywords, _own, CUT_PADDED),
    ]
    for name, judged in (
        ("sentences", sentences),
        ("keywords", keywords),
        ("keywords, no others known", lone),
    ):
        rows += [
            _error(f"calibration error of match, {name}", judged, even=True),
            _error(f"the same, trials as they come, {name}", judged, even=False),
        ]
    return rows


def by_kind_of_wrong(made: Sequence[Trial]) -> list[Row]:
    """Recall at 1 % false accepts against each way to be wrong."""
    rows: list[Row] = []
    for layer in (SENTENCE, KEYWORD):
        judged = Judged(made, layer)
        for what in sorted({trial.what for trial in judged.trials} - {RIGHT, *CUTS}):
            rows += _recall(f"{layer.split('_')[0]}s, {what}", judged, _any, what)
    if not any(trial.what == FOREIGN for trial in made):
        rows.append(Row("another language", None, note="none in this manifest"))
    return rows


def by_corpus(made: Sequence[Trial]) -> list[Row]:
    """Keywords of each source by a fit that saw none of it: rooms and microphones are new too."""
    judged = Judged(made, KEYWORD, [trial.source for trial in made])
    rows: list[Row] = []
    for source in sorted({t.source for t in judged.trials if t.what == RIGHT}):
        rows += _of_source(judged, source)
    return rows


def _of_source(judged: Judged, source: str) -> list[Row]:
    def mine(trial: Trial) -> bool:
        return trial.source == source and _not_padded(trial)

    def with_margins(trial: Trial) -> bool:
        return trial.source == source and trial.margins != "none"

    return [
        *_recall_of(
            f"{source}, wrong word", judged, mine, lambda t: mine(t) and t.what not in CUTS
        ),
        *_recall(f"{source}, cut short, with margins", judged, with_margins, CUT),
        _error(f"{source}, calibration error", judged, even=True, pick=mine),
    ]


def _any(trial: Trial) -> bool:
    return trial.as_recorded


def _not_padded(trial: Trial) -> bool:
    return trial.as_recorded and trial.what != CUT_PADDED


def _wrong(trial: Trial) -> bool:
    return trial.what not in CUTS and _any(trial)


def _own(trial: Trial) -> bool:
    return trial.margins == "own"


def _added(trial: Trial) -> bool:
    return trial.margins == "added"


def _tight(trial: Trial) -> bool:
    return trial.margins == "none"


def _ranked(
    name: str,
    judged: Judged,
    right: Pick,
    wrong: Pick,
    must: tuple[float, float],
    stretch: tuple[float, float],
) -> list[Row]:
    found = judged.figures(right, wrong)
    if found is None:
        return [Row(name, None, note="none in this manifest")]
    ours, plain = found
    note = f"{ours.right} right, {ours.wrong} wrong"
    return [
        Row(f"{name}: AUC", ours.auc, "", must[0], stretch[0], beside=plain.auc, note=note),
        Row(f"{name}: equal error", ours.equal_error, "%", beside=plain.equal_error),
        Row(
            f"{name}: recall at 1 % false accepts",
            ours.recall,
            "%",
            must[1],
            stretch[1],
            beside=plain.recall,
        ),
    ]


def _recall(
    name: str,
    judged: Judged,
    pick: Pick,
    what: str,
    must: float | None = None,
    stretch: float | None = None,
) -> list[Row]:
    strange = what in (NOISE, FOREIGN)  # not recorded for the campaign, so with no such margins
    return _recall_of(
        name,
        judged,
        pick,
        lambda trial: trial.what == what and (strange or pick(trial)),
        must,
        stretch,
    )


def _recall_of(
    name: str,
    judged: Judged,
    right: Pick,
    wrong: Pick,
    must: float | None = None,
    stretch: float | None = None,
) -> list[Row]:
    found = judged.figures(right, wrong)
    if found is None:
        return [Row(name, None, "%", must, stretch, note="none in this manifest")]
    ours, plain = found
    note = f"{ours.right} right, {ours.wrong} wrong, AUC {ours.auc:.4f}"
    return [Row(name, ours.recall, "%", must, stretch, beside=plain.recall, note=note)]


def _error(name: str, judged: Judged, *, even: bool, pick: Pick = _not_padded) -> Row:
    value = judged.calibration_error(pick, even=even)
    return Row(name, value, "", 0.03, 0.01, at_most=True)
