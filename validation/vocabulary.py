"""The words for what reviewers hear: tags, and questions with answers. Pure.

A campaign lists codes of what is known here, which are translated, or objects with labels of its
own. The questions are those of Mycroft's tagger for wake words, in its order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NUM_KEYS: Final = 9
MAX_CODE: Final = 40
MAX_LABEL: Final = 200
#: Tags and answers together.
MAX_TAGS: Final = 200

QUALITY: Final[Mapping[str, str | Promise]] = {
    "noise": _("Noise"),
    "clipping": _("Clipping"),
    "cut_start": _("Cut off at the start"),
    "cut_end": _("Cut off at the end"),
    "wrong_word": _("Wrong word"),
    "extra_word": _("Extra word"),
    "other_voice": _("Another voice"),
    "wrong_language": _("Wrong language"),
    "hesitation": _("Hesitation"),
    "distorted": _("Distorted"),
    "too_quiet": _("Too quiet"),
    "no_speech": _("No speech"),
}
#: In the order of the keys 1 to 9.
DEFAULT_TAGS: Final = tuple(list(QUALITY)[:10])

QUESTIONS: Final[Mapping[str, tuple[str | Promise, Mapping[str, str | Promise]]]] = {
    "speech": (_("Is there any speech?"), {"speech_yes": _("Yes"), "speech_no": _("No")}),
    "keyword": (
        _("Does the speaker say the keyword?"),
        {
            "keyword_no": _("No"),
            "keyword_similar": _("Something similar"),
            "keyword_several": _("Several times"),
            "keyword_once": _("Once"),
        },
    ),
    "background": (
        _("Is there noise in the background?"),
        {"background_yes": _("Yes"), "background_no": _("No")},
    ),
    "voice": (
        _("What does the voice sound like?"),
        {"voice_female": _("Female"), "voice_male": _("Male"), "voice_unclear": _("Hard to tell")},
    ),
    "age": (
        _("How old does the speaker sound?"),
        {"age_child": _("A child"), "age_adult": _("An adult"), "age_unclear": _("Hard to tell")},
    ),
}
MYCROFT: Final = tuple(QUESTIONS)

#: Which tag a finding of ``collector.findings`` proposes.
_TAG_OF_FINDING: Final = {
    "too_quiet": "too_quiet",
    "too_loud": "distorted",
    "clipped": "clipping",
    "noisy": "noise",
    "no_speech": "no_speech",
    "cut_start": "cut_start",
    "cut_end": "cut_end",
}


@dataclass(frozen=True)
class Tag:
    """One thing that can be said of a clip; ``group`` is its question, or empty."""

    code: str
    label: str | Promise
    group: str = ""


@dataclass(frozen=True)
class Question:
    """A question and its answers, which are tags of its group."""

    code: str
    label: str | Promise
    options: tuple[Tag, ...]


@dataclass(frozen=True)
class Vocabulary:
    """All that a campaign's reviewers may say."""

    quality: tuple[Tag, ...]
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, tags: object, questions: object = ()) -> Vocabulary:
        """From what a policy stores. Raises ValueError, saying what is wrong."""
        if not isinstance(tags, list | tuple) or not isinstance(questions, list | tuple):
            raise ValueError("Tags and questions are lists, of codes or of objects.")
        made = cls(tuple(map(_tag, tags)), tuple(map(_question, questions)))
        codes = [tag.code for tag in made.tags]
        if len(codes) > MAX_TAGS:
            raise ValueError(f"There are at most {MAX_TAGS} tags and answers, not {len(codes)}.")
        if len(set(codes)) < len(codes):
            raise ValueError("Each tag and answer needs a code of its own.")
        return made

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Tags and answers alike: each is a code on a vote."""
        return self.quality + tuple(tag for question in self.questions for tag in question.options)

    @property
    def in_words(self) -> dict[str, str]:
        """Each code in the reader's language; an answer with its question, or it says nothing."""
        answers = {
            option.code: f"{question.label} {option.label}"
            for question in self.questions
            for option in question.options
        }
        return {tag.code: str(tag.label) for tag in self.quality} | answers

    def unknown(self, codes: list[str]) -> list[str]:
        """Those codes that nobody may use here."""
        known = {tag.code for tag in self.tags}
        return sorted(set(codes) - known)

    def proposed(self, findings: list[str]) -> list[str]:
        """The tags that the machine's findings propose, as far as the campaign has them."""
        wanted = {_TAG_OF_FINDING[code] for code in findings if code in _TAG_OF_FINDING}
        return [tag.code for tag in self.quality if tag.code in wanted]


def _tag(stored: object, group: str = "") -> Tag:
    if isinstance(stored, str):
        if stored not in QUALITY:
            raise ValueError(f"There is no tag {stored!r}; there are {', '.join(QUALITY)}.")
        return Tag(stored, QUALITY[stored], group)
    code, label = _named(stored)
    return Tag(code, label, group)


def _question(stored: object) -> Question:
    if isinstance(stored, str):
        if stored not in QUESTIONS:
            raise ValueError(f"There is no question {stored!r}; there are {', '.join(QUESTIONS)}.")
        label, answers = QUESTIONS[stored]
        return Question(stored, label, tuple(Tag(c, text, stored) for c, text in answers.items()))
    code, own_label = _named(stored)
    options: Any = stored.get("options", []) if isinstance(stored, dict) else []
    if not isinstance(options, list) or len(options) < 2:
        raise ValueError(f"The question {code!r} needs at least two options.")
    return Question(code, own_label, tuple(_tag(option, code) for option in options))


def _named(stored: object) -> tuple[str, str]:
    if not isinstance(stored, dict):
        raise ValueError(f"{stored!r} is neither a code nor an object with code and label.")
    code, label = stored.get("code"), stored.get("label")
    if not isinstance(code, str) or not code.replace("_", "").isalnum() or len(code) > MAX_CODE:
        raise ValueError(f"A code has letters, digits and underlines, not {code!r}.")
    if not isinstance(label, str) or not label.strip():
        raise ValueError(f"The tag {code!r} needs a label.")
    if len(label) > MAX_LABEL:
        raise ValueError(f"The label of {code!r} has at most {MAX_LABEL} characters.")
    return code, label
