"""Tags and questions as lines of text, for curators to write, and back as they are stored."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from validation.vocabulary import MAX_CODE, QUESTIONS

#: Leaves room for the answer's own words.
_MAX_QUESTION: Final = MAX_CODE // 2
_NO_QUESTION = _("“%(answer)s” answers no question: write one of your own on a line above it.")


class TagLines(forms.CharField):
    """Tags, one a line: a known code, or a code and a label of one's own."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """What is stored, as lines."""
        return "\n".join(map(_line, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Lines, as they are stored."""
        return [_stored(line) for line in _lines(value)]


class QuestionLines(forms.CharField):
    """Questions, one a line, each with its answers below it, after a dash.

    A known question is its code alone. Of an own one, and of its answers, the words are enough:
    they are given codes, which are shown from then on and stay when the words are changed.
    """

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """What is stored, as lines."""
        if not isinstance(value, list):
            return value
        blocks = [[_line(each), *(f"- {_line(one)}" for one in _options(each))] for each in value]
        return "\n".join("\n".join(block) for block in blocks)

    def to_python(self, value: Any) -> Any:
        """Lines, as they are stored."""
        questions: list[Any] = []
        for line in _lines(value):
            if not line.startswith("-"):
                is_known = "=" in line or line in QUESTIONS
                stored = _stored(line if is_known else f"{_code(line)[:_MAX_QUESTION]} = {line}")
                questions.append(stored if isinstance(stored, str) else {**stored, "options": []})
            elif questions and isinstance(questions[-1], dict):
                questions[-1]["options"].append(_answer(questions[-1]["code"], line[1:].strip()))
            else:
                raise forms.ValidationError(_NO_QUESTION % {"answer": line})
        return questions


def _answer(question: str, line: str) -> Any:
    return _stored(line if "=" in line else f"{_code(f'{question}_{line}')} = {line}")


def _options(question: Any) -> list[Any]:
    return [] if isinstance(question, str) else list(question["options"])


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _line(stored: Any) -> str:
    return stored if isinstance(stored, str) else f"{stored['code']} = {stored['label']}"


def _stored(line: str) -> Any:
    code, equals, label = (part.strip() for part in line.partition("="))
    return {"code": code, "label": label} if equals else code


def _code(words: str) -> str:
    """A code made of words in any script."""
    plain = "".join(each if each.isalnum() else " " for each in words.casefold())
    return "_".join(plain.split())[:MAX_CODE].strip("_")
