"""What a line of a manifest says, and what is told about one that says nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from validation.prescoring.manifest import BadLine, parse_line

FOLDER = Path("/corpus")


def parse(**fields: Any) -> Any:
    return parse_line(7, json.dumps({"audio_filepath": "a.wav", **fields}), FOLDER, "en")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"text": "yes"}, "keyword"),
        ({"text": "hey you", "competitors": ["hey me"]}, "keyword"),
        ({"text": "enter six two four"}, "sentence"),
        ({"text": "stop", "kind": "sentence"}, "sentence"),
        ({"text": "the room", "kind": "noise"}, "noise"),
        ({}, "sentence"),
    ],
)
def test_a_kind_that_is_not_given_is_seen_from_the_text(fields: dict[str, Any], kind: str):
    assert parse(**fields).kind == kind


def test_a_line_as_nemo_writes_it():
    line = parse(text="yes", offset=1.5, duration=2, lang="de-AT", speaker="x")
    assert (line.path, line.lang) == (FOLDER / "a.wav", "de-AT")
    assert (line.offset_s, line.duration_s) == (1.5, 2.0)
    assert line.fields["speaker"] == "x"


def test_what_is_not_said_has_a_default():
    line = parse(text="yes")
    assert (line.lang, line.offset_s, line.duration_s, line.competitors) == ("en", 0.0, None, ())


def test_null_is_as_good_as_nothing():
    line = parse(text=None, lang=None, kind=None, competitors=None, offset=None, duration=None)
    assert (line.text, line.lang, line.competitors, line.duration_s) == ("", "en", (), None)


def test_an_absolute_path_is_taken_as_it_is():
    line = parse_line(1, '{"audio_filepath": "/other/a.wav", "text": "a"}', FOLDER, "en")
    assert line.path == Path("/other/a.wav")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Line 7 is no JSON"),
        ("[" * 100_000, "Line 7 is no JSON"),
        ("[]", "Line 7 is no JSON object"),
        ('{"audio_filepath": "a", "deep": ' + "[" * 400 + "]" * 400 + "}", "Line 7 holds lists"),
        ("{}", "Line 7: `audio_filepath`"),
        ('{"audio_filepath": 5}', "Line 7: `audio_filepath`"),
        ('{"audio_filepath": "a\\u0000b"}', "Line 7: `audio_filepath`"),
        ('{"audio_filepath": "a", "text": 5}', "Line 7: `text`"),
        ('{"audio_filepath": "a", "kind": "song"}', "`kind` must be one of keyword, sentence"),
        ('{"audio_filepath": "a", "kind": []}', "`kind` must be one of"),
        ('{"audio_filepath": "a", "competitors": "no"}', "Line 7: `competitors`"),
        ('{"audio_filepath": "a", "competitors": [1]}', "Line 7: `competitors`"),
        ('{"audio_filepath": "a", "offset": -1}', "Line 7: `offset`"),
        ('{"audio_filepath": "a", "offset": NaN}', "Line 7: `offset`"),
        ('{"audio_filepath": "a", "duration": true}', "Line 7: `duration`"),
    ],
)
def test_a_bad_line_is_refused_in_a_sentence(text: str, said: str):
    with pytest.raises(BadLine, match=said.replace("`", "`")):
        parse_line(7, text, FOLDER, "en")
