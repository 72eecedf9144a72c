"""ffmpeg's words, as it really writes them."""

from __future__ import annotations

import pytest

from collector.audio.ffmpeg_log import InputReport, read_log, read_plain_log

LIVE_WEBM = """[info] Input #0, matroska,webm, from 'fd:':
[info]   Metadata:
[info]     ENCODER         : Lavf63.1.102
[info]   Duration: N/A, start: 0.000000, bitrate: N/A
[info]   Stream #0:0(eng): Audio: opus, 48000 Hz, mono, fltp (default)
[info] Stream mapping:
[info]   Stream #0:0 -> #0:0 (opus (native) -> pcm_f32be (native))
[info] Output #0, au, to 'pipe:1':
[info]   Stream #0:0: Audio: pcm_f32be ([6][0][0][0] / 0x0006), 48000 Hz, mono, flt, 1536 kb/s
"""
M4A_WITH_COVER = """[png @ 0x55b9] [error] Codec (png) not on whitelist 'flac,opus'
[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'fd:':
[info]   Duration: 01:02:03.07, start: 0.000000, bitrate: 74 kb/s
[info]   Stream #0:0[0x1](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, mono, fltp (default)
[info]   Stream #0:1[0x0]: Video: png, rgb24(pc), 64x64 [SAR 1:1 DAR 1:1], 90k tbr (attached pic)
"""
VIDEO = """[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'fd:':
[info]   Duration: 00:00:01.00, start: 0.000000, bitrate: 90 kb/s
[info]   Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, 64x64, 25 fps
[info]   Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, mono, fltp
"""
GUESSED = """[in#0/aac @ 0x5614] [warning] Estimating duration from bitrate, this may be inaccurate
[info] Input #0, aac, from 'fd:':
[info]   Duration: 00:00:03.03, bitrate: 74 kb/s
[info]   Stream #0:0: Audio: aac (LC), 48000 Hz, mono, fltp, 74 kb/s
"""
CUT = """[info] Input #0, flac, from 'fd:':
[info]   Duration: 00:00:03.07, start: 0.000000, bitrate: 151 kb/s
[info]   Stream #0:0: Audio: flac, 48000 Hz, mono, s16
[in#0/flac @ 0x5595] [warning] Packet corrupt (stream = 0, dts = 83968).
[flac @ 0x5595] [error] invalid residual
[fatal] Error opening output files: Invalid argument
"""
TITLE_THAT_LIES = """[info] Input #0, mp3, from 'fd:':
[info]   Metadata:
[info]     title           :   Stream #0:0: Video: h264
[info]   Duration: 00:00:02.00, start: 0.023021, bitrate: 65 kb/s
[info]   Stream #0:0: Audio: mp3 (mp3float), 48000 Hz, mono, fltp, 64 kb/s
"""


RATE_CHANGES = """[info] Input #0, mp3, from 'fd:':
[info]   Stream #0:0: Audio: mp3 (mp3float), 44100 Hz, mono, fltp, 64 kb/s
[af#0:0 @ 0x7f] [info] Reconfiguring filter graph because audio parameters changed to 16000 Hz
[info] Output #0, au, to 'pipe:1':
"""
RECONFIGURED = "Reconfiguring filter graph because audio parameters changed to 16000 Hz"


@pytest.mark.parametrize(
    ("log", "report"),
    [
        (LIVE_WEBM, InputReport("opus", False, None, (), False)),
        (M4A_WITH_COVER, InputReport("aac", False, 3723.07, (), False)),
        (VIDEO, InputReport("aac", True, 1.0, (), False)),
        (GUESSED, InputReport("aac", False, None, (), False)),
        (
            CUT,
            InputReport(
                "flac",
                False,
                3.07,
                ("invalid residual", "Error opening output files: Invalid argument"),
                True,
            ),
        ),
        (TITLE_THAT_LIES, InputReport("mp3", False, 2.0, (), False)),
        (RATE_CHANGES, InputReport("mp3", False, None, (RECONFIGURED,), False)),
        ("", InputReport(None, False, None, (), False)),
    ],
)
def test_a_log_is_read(log: str, report: InputReport) -> None:
    assert read_log(log) == report


@pytest.mark.parametrize(
    ("log", "is_plain"),
    [(LIVE_WEBM, True), (VIDEO, True), (GUESSED, False), (CUT, False), (RATE_CHANGES, False)],
)
def test_of_several_files_only_plain_facts_are_believed(log: str, is_plain: bool) -> None:
    assert (read_plain_log(log, 1) is not None) is is_plain
    assert read_plain_log(log, 2) is None
