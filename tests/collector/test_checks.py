"""An operator is told which jail recordings are decoded in."""

from __future__ import annotations

import pytest
from django.core.checks import INFO, WARNING
from django.core.management import call_command

from collector import checks
from collector.audio import jails


def test_the_check_before_a_deployment_tells_the_jail(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", "--deploy", "--tag", "security")
    assert jails.describe_jail() in "".join(capsys.readouterr())


def test_limits_alone_are_warned_of_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.checks.jail_in_force", lambda: jails.JAILS[-1])
    (warned,) = checks.say_which_jail()
    assert warned.level == WARNING
    assert "bubblewrap" in str(warned.hint)


def test_a_jail_with_walls_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.checks.jail_in_force", lambda: jails.JAILS[0])
    (told,) = checks.say_which_jail()
    assert told.level == INFO
