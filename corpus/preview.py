"""What a release would hold, and what stands against it: read from what was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from corpus.drawing import read
from corpus.models import Split
from corpus.models.release import MAX_TEXT
from corpus.recipe import Recipe, SplitRule

_AMOUNTS = """
    count(*) AS clips, count(DISTINCT pseudonym) AS speakers,
    round(COALESCE(sum(num_samples), 0) / 57600000.0, 4)::float8 AS hours
"""
_JOINED = "FROM drawn JOIN placed USING (unit)"
_PROMPTS = "SELECT kind, text, count(*) AS clips FROM drawn GROUP BY kind, text"
_BY_TEXT = 'kind, text COLLATE "C" LIMIT %(limit)s'
_SPREAD = """
    SELECT
        count(*) AS count, min(clips) AS fewest, max(clips) AS most,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY clips) AS median
    FROM (SELECT count(*) AS clips FROM drawn GROUP BY kind, text) AS counted
"""
_LISTED = 20


@dataclass(frozen=True)
class Finding:
    """Something about a release that is not as it should be, and what would help.

    Those that are no failures are for the curator to weigh: they stop nothing.
    """

    code: str
    message: str
    remedy: str
    is_failure: bool


@dataclass(frozen=True)
class Preview:
    """The size and balance of what was drawn; amounts are clips, speakers and hours."""

    total: dict[str, Any]
    splits: dict[str, dict[str, Any]]
    kinds: dict[str, dict[str, Any]]
    prompts: dict[str, Any]
    findings: list[Finding]

    @property
    def failures(self) -> list[Finding]:
        """Those that stand against freezing."""
        return [finding for finding in self.findings if finding.is_failure]


def preview_drawn(recipe: Recipe) -> Preview:
    """What ``draw`` has left, counted and checked."""
    total = read(f"SELECT {_AMOUNTS} {_JOINED}")[0]
    splits = _by("split")
    return Preview(total, splits, _by("kind"), _prompts(), _findings(recipe, total, splits))


def _by(column: str) -> dict[str, dict[str, Any]]:
    rows = read(f"SELECT {column}, {_AMOUNTS} {_JOINED} GROUP BY 1 ORDER BY 1")
    return {row.pop(column): row for row in rows}


def _prompts() -> dict[str, Any]:
    """How even the prompts are: their number, the spread, the rarest and the most frequent."""
    rarest = read(f"{_PROMPTS} ORDER BY clips, {_BY_TEXT}", limit=_LISTED)
    commonest = read(f"{_PROMPTS} ORDER BY clips DESC, {_BY_TEXT}", limit=_LISTED)
    return {**read(_SPREAD)[0], "rarest": rarest, "commonest": commonest}


def _findings(
    recipe: Recipe, total: dict[str, Any], splits: dict[str, dict[str, Any]]
) -> list[Finding]:
    if not total["clips"]:
        return [
            Finding(
                "nothing_to_release",
                _("No clip fits the recipe."),
                _("Loosen its limits, or wait until more clips have been accepted."),
                True,
            )
        ]
    return [
        *_texts(), *_lengths(), *_sizes(), *_lists(recipe), *_both(recipe),
        *_empty(recipe, splits), *_crowded(total),
    ]  # fmt: skip


def _texts() -> list[Finding]:
    bad = read(
        "SELECT count(*) AS n FROM drawn"
        " WHERE kind <> 'noise' AND (text = '' OR text ~ '[\\t\\n\\r]')"
    )[0]["n"]
    if not bad:
        return []
    message = _("%d clips have no text, or one with tabs or line breaks.") % bad
    remedy = _("Correct their prompts, or leave their kind of prompt out.")
    return [Finding("text_unusable", message, remedy, True)]


def _lengths() -> list[Finding]:
    bad = read("SELECT count(*) AS n FROM drawn WHERE length(text) > %(most)s", most=MAX_TEXT)[0]
    if not bad["n"]:
        return []
    message = _("%(count)d clips have a text of more than %(most)d characters.") % {
        "count": bad["n"], "most": MAX_TEXT,
    }  # fmt: skip
    remedy = _("Shorten what was written of them, or leave them out.")
    return [Finding("text_too_long", message, remedy, True)]


def _sizes() -> list[Finding]:
    bad = read("SELECT count(*) AS n FROM drawn WHERE COALESCE(master_num_bytes, 0) = 0")[0]["n"]
    if not bad:
        return []
    message = _("%d clips have no master of a known size.") % bad
    return [Finding("master_missing", message, _("Have them measured again."), True)]


def _lists(recipe: Recipe) -> list[Finding]:
    if recipe.split_rule != SplitRule.FIXED:
        return []
    listed = [*recipe.validation_speakers, *recipe.testing_speakers]
    known = read("SELECT DISTINCT unit FROM drawn WHERE unit = ANY(%(listed)s)", listed=listed)
    absent = sorted(set(listed) - {row["unit"] for row in known})
    if not absent:
        return []
    message = _("Speakers in the lists who have no clip here: %s.") % ", ".join(absent[:_LISTED])
    remedy = _("Take them out of the lists, or check how they are written.")
    return [Finding("speakers_unknown", message, remedy, True)]


def _both(recipe: Recipe) -> list[Finding]:
    """The promise of the rule, looked up and not believed."""
    unit = "lower(text)" if recipe.split_rule == SplitRule.STRICT_PROMPT else "pseudonym"
    both = read(f"SELECT {unit} AS unit {_JOINED} GROUP BY 1 HAVING count(DISTINCT split) > 1")
    if not both:
        return []
    message = _("%d speakers or texts are in more than one split.") % len(both)
    return [Finding("splits_overlap", message, _("Report this: it is our mistake."), True)]


def _empty(recipe: Recipe, splits: dict[str, dict[str, Any]]) -> list[Finding]:
    percents = {
        Split.VALIDATION: recipe.validation_percent,
        Split.TESTING: recipe.testing_percent,
        Split.TRAINING: 100 - recipe.validation_percent - recipe.testing_percent,
    }
    return [
        Finding(
            "split_empty",
            _("Nobody is in the split “%s”.") % split.label,
            _("Ask more speakers, or have speakers placed by per cent of the audio."),
            False,
        )
        for split, percent in percents.items()
        if percent > 0 and split not in splits
    ]


def _crowded(total: dict[str, Any]) -> list[Finding]:
    most = read(
        "SELECT count(*) AS clips FROM drawn GROUP BY pseudonym ORDER BY clips DESC LIMIT 1"
    )[0]["clips"]
    if total["speakers"] < 2 or 2 * most <= total["clips"]:
        return []
    message = _("One speaker made more than half of the clips.")
    remedy = _("Say how many clips of one speaker it takes at most.")
    return [Finding("one_speaker_leads", message, remedy, False)]
