"""A newcomer with Firefox: their voice arrives, by the path that Firefox has."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from django.urls import reverse

from collector.audio.master import read_master
from collector.models import Campaign, Clip, ClipStatus
from collector.storage import audio_store, master_key
from tests.journey.conftest import Site
from tests.journey.firefox import Tab, firefox, missing, sound_system
from tests.journey.test_faults import wait_until
from tests.people import AUDIO

# Where everything is asserted to hold, a browser that could not be installed is a failure.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        missing() is not None and os.environ.get("CI") != "true", reason=missing() or ""
    ),
]
PROMPT = "yes"
STATE = "document.querySelector('choir-recorder')?.dataset.state"


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    """A Firefox that hears somebody say "yes" every two seconds."""
    speech, rate_hz = soundfile.read(AUDIO / "an4/0022.flac", dtype="int16")
    soundfile.write(tmp_path / "speech.wav", speech, rate_hz)
    with (
        sound_system(tmp_path / "sound", tmp_path / "speech.wav") as environment,
        firefox(tmp_path / "firefox", environment) as opened,
    ):
        yield opened


def reach(tab: Tab, state: str) -> None:
    tab.wait_for(f"{STATE} === '{state}'", f"the recorder becomes {state}")


def record_one_take(tab: Tab) -> None:
    """Record, some seconds of the room, Stop, Accept: as a speaker does it."""
    reach(tab, "ready")
    tab.click("[data-action=record]")
    reach(tab, "recording")
    tab.evaluate("new Promise((resolve) => setTimeout(resolve, 4000))")
    tab.click("[data-action=stop]")
    reach(tab, "take")
    tab.click("[data-action=accept]")


def test_a_newcomer_records_in_firefox(
    site: Site, make_campaign: Callable[..., Campaign], tab: Tab
) -> None:
    campaign = make_campaign("firefox", [PROMPT])
    tab.goto(site.url + reverse("record", args=[campaign.slug]))
    reach(tab, "consent")
    tab.click("[data-action=agree]")
    record_one_take(tab)
    clips = Clip.objects.filter(participation__campaign=campaign)
    wait_until(clips.filter(status=ClipStatus.TRANSCODED).exists, "the clip is transcoded", 60)
    clip = clips.get()
    # Firefox has no MediaStreamTrackProcessor, and needs no lossy path either.
    assert (clip.capture["path"], clip.capture["lossy"]) == ("audio-worklet", False)
    assert clip.capture["encoder"] == "libflacjs"
    master = read_master(audio_store().get(master_key(clip.pk, clip.master_sha256)))
    assert np.abs(master.astype(np.int32)).max() > 1000, "it heard somebody"
