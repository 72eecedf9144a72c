"""A browser plays a preview, knows its length, and seeks in it."""

from __future__ import annotations

import base64
import io

import pytest
import soundfile
from playwright.sync_api import Playwright

from bootstrap import find_chromium
from collector.audio.preview import make_preview
from tests.collector.audio.material import speech

PLAY = """async (address) => {
  const audio = new Audio(address);
  await new Promise((done, failed) => {
    audio.oncanplaythrough = done;
    audio.onerror = () => failed(new Error(audio.error.message));
  });
  const duration_s = audio.duration;
  audio.currentTime = duration_s / 2;
  await new Promise((done) => { audio.onseeked = done; });
  return [duration_s, audio.currentTime];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("name", ["an4/0022.flac", "librivox/0005.flac"])
def test_a_browser_plays_a_preview_and_seeks_in_it(playwright: Playwright, name: str) -> None:
    master = speech(name)
    address = f"data:audio/webm;base64,{base64.b64encode(make_preview(master)).decode()}"
    browser = playwright.chromium.launch(executable_path=find_chromium())
    try:
        duration_s, reached_s = browser.new_page().evaluate(PLAY, address)
    finally:
        browser.close()
    assert duration_s == pytest.approx(soundfile.info(io.BytesIO(master)).duration, abs=0.05)
    assert reached_s == pytest.approx(duration_s / 2, abs=0.05)
