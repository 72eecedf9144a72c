"""Lists and documents that point at other files and addresses, alone and behind a signature."""

from __future__ import annotations

from collections.abc import Iterator

from collector.audio.problems import Problem
from tests.collector.audio.hostile.files import Bait, HostileFile


def texts(bait: Bait) -> dict[str, str]:
    """Every kind of reference, to a local file and to an address."""
    path, url, http = bait.file, bait.file_url, bait.http_url
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n"
    dash = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="audio/mp4">'
        '<Representation id="1" bandwidth="9"><BaseURL>{}</BaseURL><SegmentBase/>'
        "</Representation></AdaptationSet></Period></MPD>"
    )
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{}">]>'
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "file.m3u8": hls.format(url),
        "address.m3u8": hls.format(http),
        "concat-protocol.m3u8": hls.format(f"concat:{path}|{path}"),
        "key-from-file.m3u8": (
            f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n#EXTINF:9,\n{http}\n'
        ),
        "map-from-address.m3u8": f'#EXTM3U\n#EXT-X-MAP:URI="{http}"\n#EXTINF:9,\n{url}\n',
        "master.m3u8": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{http}\n",
        "plain.m3u": f"{path}\n{http}\n",
        "file.ffconcat": f"ffconcat version 1.0\nfile '{path}'\nfile '{url}'\n",
        "address.ffconcat": f"ffconcat version 1.0\nfile {http}\n",
        "subfile.ffconcat": f"ffconcat version 1.0\nfile subfile,,start,0,end,99,,:{path}\n",
        "dash-file.mpd": dash.format(url),
        "dash-address.mpd": dash.format(http),
        "entity-file.svg": entity.format(url) + "<svg xmlns='http://www.w3.org/2000/svg'>&e;</svg>",
        "entity-address.xml": entity.format(http) + "<x>&e;</x>",
        "billion-laughs.svg": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><svg>&l9;</svg>',
        "list.pls": f"[playlist]\nFile1={url}\nFile2={http}\nNumberOfEntries=2\nVersion=2\n",
        "list.asx": f'<asx version="3.0"><entry><ref href="{http}"/></entry></asx>',
        "list.xspf": f"<playlist><trackList><track><location>{url}</location></track></trackList>",
        "list.smil": f'<smil><body><audio src="{http}"/></body></smil>',
        "stream.ram": f"{http}\n",
        "session.sdp": f"v=0\nc=IN IP4 127.0.0.1\nm=audio {bait.port} RTP/AVP 0\n",
        "sheet.cue": f'FILE "{path}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        "smooth.ism": f'<SmoothStreamingMedia><StreamIndex Url="{http}"/></SmoothStreamingMedia>',
        "graph.lavfi": f"amovie={path}",
        "script.avs": f'DirectShowSource("{path}")\n',
        "subtitles.ass": f"[Script Info]\nScriptType: v4.00+\nAudio File: {path}\n[Events]\n",
        "metadata.ffmeta": f";FFMETADATA1\ntitle={path}\n",
        "image-sequence.txt": f"{bait.file.parent}/%05d.png\n",
        "terminal.ans": "\x1b[2J\x1b[1;31mhello\x1b[0m" * 20,
    }


SIGNATURES = {
    "wav": b"RIFF\xff\xff\xff\xffWAVE",
    "flac": b"fLaC",
    "ogg": b"OggS\0\2",
    "webm": b"\x1aE\xdf\xa3",
    "mp4": b"\0\0\0\x10ftypM4A \0\0\0\0",
    "mp3": b"ID3\4\0\0\0\0\0\0",
    "aac": b"\xff\xf1\x50\x80",
}


def behind_a_signature(bait: Bait) -> Iterator[HostileFile]:
    """A list that our own sniffing takes for sound: ffmpeg's walls alone must hold."""
    for suffix, signature in SIGNATURES.items():
        for name in ("file.m3u8", "file.ffconcat", "dash-address.mpd"):
            data = signature + b"\n" + texts(bait)[name].encode()
            yield _file("playlists-in-disguise", f"{name}.{suffix}", data, Problem.DAMAGED)


def _file(family: str, name: str, data: bytes, expected: Problem) -> HostileFile:
    return HostileFile(family, name, lambda: data, expected)


def files(bait: Bait) -> Iterator[HostileFile]:
    """Every list of the corpus."""
    for name, text in texts(bait).items():
        yield _file("playlists", name, text.encode(), Problem.NOT_AUDIO)
    yield from behind_a_signature(bait)
