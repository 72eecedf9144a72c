"""Which measurements are worth a word to the speaker."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.core.exceptions import ValidationError

from collector.findings import (
    FindingCode,
    Thresholds,
    findings_of,
    validate_thresholds,
)

GOOD: dict[str, object] = {
    "clipped_runs": 0,
    "loudness_lufs": -23.0,
    "snr_db": 40.0,
    "speech_probability_max": 0.99,
    "speech_s": 1.0,
    "leading_silence_s": 0.4,
    "trailing_silence_s": 0.4,
    "start_edge_below_speech_db": 40.0,
    "end_edge_below_speech_db": 40.0,
}
CUT_START = {"leading_silence_s": 0.0, "start_edge_below_speech_db": 3.0}
CUT_END = {"trailing_silence_s": 0.0, "end_edge_below_speech_db": 3.0}
SILENT = {
    "speech_probability_max": 0.1,
    "speech_s": 0.0,
    "snr_db": 2.0,
    "loudness_lufs": -60.0,
    "leading_silence_s": None,
    "start_edge_below_speech_db": None,
}


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"loudness_lufs": -38.0}, []),
        ({"loudness_lufs": -38.1}, ["too_quiet"]),
        ({"loudness_lufs": -12.0}, []),
        ({"loudness_lufs": -11.9}, ["too_loud"]),
        ({"clipped_runs": 2}, []),
        ({"clipped_runs": 3}, ["clipped"]),
        ({"snr_db": 15.0}, []),
        ({"snr_db": 14.9}, ["noisy"]),
        ({"speech_probability_max": 0.5, "speech_s": 0.1}, []),
        ({"speech_probability_max": 0.49}, ["no_speech"]),
        ({"speech_s": 0.09}, ["no_speech"]),
        (SILENT, ["no_speech"]),
        ({**SILENT, "clipped_runs": 9}, ["clipped", "no_speech"]),
        (CUT_START, ["cut_start"]),
        ({**CUT_START, "leading_silence_s": 0.1}, []),
        ({**CUT_START, "start_edge_below_speech_db": 12.0}, []),
        (CUT_END, ["cut_end"]),
        ({**CUT_START, **CUT_END, "snr_db": 3.0}, ["noisy", "cut_start", "cut_end"]),
    ],
)
def test_the_rule_from_measurements_to_findings(
    changed: dict[str, object], codes: list[str]
) -> None:
    assert [finding.code for finding in findings_of({**GOOD, **changed})] == codes


def test_of_a_room_only_distortion_is_told() -> None:
    found = findings_of({**GOOD, **SILENT, "clipped_runs": 9}, speech_expected=False)
    assert [finding.code for finding in found] == ["clipped"]


def test_what_was_not_measured_finds_nothing() -> None:
    assert findings_of({}) == []
    assert findings_of({"loudness_lufs": -23.0, "snr_db": 40.0, "clipped_runs": 0}) == []


def test_a_campaign_may_set_its_own_thresholds() -> None:
    strict = Thresholds.of({"snr_db_min": 50, "clipped_runs_max": 0})
    assert [finding.code for finding in findings_of(GOOD, strict)] == ["noisy"]
    assert Thresholds.of({}) == Thresholds()


@pytest.mark.parametrize(
    "value",
    [
        [],
        None,
        {"snr": 5},
        {"snr_db_min": "15"},
        {"snr_db_min": True},
        {"snr_db_min": None},
        {"snr_db_min": float("nan")},
        {"snr_db_min": float("inf")},
        {"loudness_lufs_min": -10},
    ],
)
def test_thresholds_that_make_no_sense_are_refused(value: object) -> None:
    with pytest.raises(ValidationError, match=r"\w{4}"):
        validate_thresholds(value)


@pytest.mark.parametrize("name", [field.name for field in fields(Thresholds)])
def test_every_threshold_can_be_set(name: str) -> None:
    validate_thresholds({name: -30})


@pytest.mark.parametrize("code", FindingCode)
def test_every_finding_has_a_name_and_says_what_to_do(code: FindingCode) -> None:
    (finding,) = [
        found
        for measured in (
            {"loudness_lufs": -50},
            {"loudness_lufs": -2},
            {"clipped_runs": 9},
            {"snr_db": 1},
            {"speech_s": 0.0},
            CUT_START,
            CUT_END,
        )
        for found in findings_of({**GOOD, **measured})
        if found.code == code
    ]
    assert finding.label and finding.advice.endswith(".")
