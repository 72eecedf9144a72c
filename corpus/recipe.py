"""By what rules a release is cut: which clips, how many of each, and in which splits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.licences import allows_commercial_use, for_research_only
from collector.models import PromptKind, Purpose
from corpus.errors import PercentsInvalid, RecipeInvalid
from validation.vocabulary import MAX_CODE

MAX_PSEUDONYM: Final = 8
#: How many of what is wrong are named.
_LISTED: Final = 20


class SplitRule(models.TextChoices):
    """How clips come into splits; docs/releases.md says which one to choose."""

    SPEAKER = "speaker", _("By the hash of the speaker; per cent of the speakers")
    STRICT_SPEAKER = "strict-speaker", _("By speaker; per cent of the audio")
    STRICT_PROMPT = "strict-prompt", _("By the hash of the text: no text in two splits")
    FIXED = "fixed", _("By lists of speakers; all others are for training")


class ReleasePurpose(models.TextChoices):
    """What a release is cut for: its licence follows, and which clips' speakers agreed to it."""

    BY_LICENCE = "", _("As the campaign's licence says")
    RESEARCH = "research-release", _("Research only, under a licence that says so")


@dataclass(frozen=True)
class Recipe:
    """What a curator chooses. Empty and None mean that nothing is left out.

    A noise has neither speech nor a match, so the limits on these let it pass. ``match_max`` finds
    hard examples: clips that people accepted although the machine doubted them. Where caps leave
    a choice, it is by the hash of the clip's id: the same every time, and nobody's preference.
    A clip has a tag when anybody who judged it has said so; ``tags`` wants all of them.
    Raises RecipeInvalid (PercentsInvalid for the splits), which names each field that is wrong.
    """

    purpose: str = ReleasePurpose.BY_LICENCE
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tags_excluded: tuple[str, ...] = ()
    snr_db_min: float | None = None
    duration_s_min: float | None = None
    duration_s_max: float | None = None
    match_min: float | None = None
    match_max: float | None = None
    agreement_min: float | None = None
    hours_max: float | None = None
    clips_per_speaker_max: int | None = None
    clips_per_prompt_max: int | None = None
    split_rule: str = SplitRule.SPEAKER
    validation_percent: float = 10.0
    testing_percent: float = 10.0
    validation_speakers: tuple[str, ...] = ()
    testing_speakers: tuple[str, ...] = ()
    shard_num_bytes: int = 1_000_000_000

    def __post_init__(self) -> None:
        if not (self.validation_percent >= 0 and self.testing_percent >= 0):
            raise PercentsInvalid
        if self.validation_percent + self.testing_percent > 100:
            raise PercentsInvalid
        wrong = self._wrong()
        if wrong:
            raise RecipeInvalid(fields=wrong)

    def _wrong(self) -> dict[str, str]:
        return self._wrong_ranges() | self._unknown() | self._wrong_lists() | self._too_long()

    def _wrong_ranges(self) -> dict[str, str]:
        wrong = {
            name: str(_("From %(least)s to %(most)s.") % {"least": least, "most": most})
            for name, (least, most) in _RANGES.items()
            if (value := getattr(self, name)) is not None and not least <= value <= most
        }
        for least, most in (("duration_s_min", "duration_s_max"), ("match_min", "match_max")):
            low, high = getattr(self, least), getattr(self, most)
            if low is not None and high is not None and low > high:
                wrong[least] = str(_("More than the most, so that nothing would be left."))
        return wrong

    def _unknown(self) -> dict[str, str]:
        """What is none of the words that a choice has."""
        choices: dict[str, tuple[set[str], list[str]]] = {
            "kinds": (set(self.kinds), PromptKind.values),
            "split_rule": ({self.split_rule}, SplitRule.values),
            "purpose": ({self.purpose}, ReleasePurpose.values),
        }
        return {
            name: str(_("Known are: %s.") % ", ".join(filter(None, known)))
            for name, (asked, known) in choices.items()
            if asked - set(known)
        }

    def _wrong_lists(self) -> dict[str, str]:
        twice = {
            "tags_excluded": set(self.tags) & set(self.tags_excluded),
            "testing_speakers": set(self.validation_speakers) & set(self.testing_speakers),
        }
        wrong = {
            name: str(_("In both lists: %s.") % ", ".join(sorted(both)[:_LISTED]))
            for name, both in twice.items()
            if both
        }
        lists = self.validation_speakers or self.testing_speakers
        if bool(lists) != (self.split_rule == SplitRule.FIXED):
            wrong["validation_speakers"] = str(_("Lists and the rule “fixed” go together."))
        return wrong

    def _too_long(self) -> dict[str, str]:
        return {
            name: str(
                _("At most %(most)d, of at most %(length)d characters each.")
                % {"most": longest.most, "length": longest.length}
            )
            for name, longest in LISTS.items()
            if len(given := getattr(self, name)) > longest.most
            or any(len(each) > longest.length for each in given)
        }

    def licence(self, campaign_licence: str) -> str:
        """The licence of a release by this recipe."""
        if self.purpose == ReleasePurpose.RESEARCH:
            return for_research_only(campaign_licence)
        return campaign_licence

    def purposes(self, campaign_licence: str) -> list[str]:
        """What the speaker of each clip must have opted into: what the licence allows others."""
        commercial = allows_commercial_use(self.licence(campaign_licence))
        return [Purpose.RESEARCH_RELEASE, *([Purpose.COMMERCIAL_USE] if commercial else [])]

    def as_json(self) -> dict[str, Any]:
        """What is kept with the release."""
        return asdict(self)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Recipe:
        """The recipe of JSON; RecipeInvalid for names that there are not."""
        unknown = sorted(set(given) - {field.name for field in fields(cls)})
        if unknown:
            raise RecipeInvalid(fields={name: str(_("No such field.")) for name in unknown})
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in given.items()
        }
        return cls(**values)


class Longest(NamedTuple):
    """How many a list may have, and how many characters each of them."""

    most: int
    length: int


LISTS: Final = {
    "kinds": Longest(len(PromptKind), 20),
    "tags": Longest(100, MAX_CODE),
    "tags_excluded": Longest(100, MAX_CODE),
    "validation_speakers": Longest(10_000, MAX_PSEUDONYM),
    "testing_speakers": Longest(10_000, MAX_PSEUDONYM),
}
_MANY = 2**31 - 1
_RANGES: dict[str, tuple[float, float]] = {
    "snr_db_min": (-100, 200),
    "duration_s_min": (0, 3600),
    "duration_s_max": (0, 3600),
    "match_min": (0, 1),
    "match_max": (0, 1),
    "agreement_min": (0, 1),
    "hours_max": (0, 10_000_000),
    "clips_per_speaker_max": (1, _MANY),
    "clips_per_prompt_max": (1, _MANY),
    "shard_num_bytes": (1_000_000, 1_000_000_000_000),
}
