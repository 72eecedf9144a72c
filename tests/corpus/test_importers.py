"""Each layout is recognised and read; what cannot be used is listed; archives are not trusted."""

from __future__ import annotations

import io
import json
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from corpus.importers import IMPORTERS, Found, Refused, recognise
from corpus.importers.unpacking import ArchiveRefused, UnpackLimits, unpack

WAV = b"RIFF\0\0\0\0WAVEfmt "


def lay(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


CV = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccents\n"
SESSION, OTHER = "a" * 32, "b" * 32

LAYOUTS: dict[str, tuple[dict[str, str | bytes], list[tuple[object, ...]], list[str]]] = {
    "common-voice": (
        {
            "cv/en/validated.tsv": CV
            + 's1\ta.mp3\t"null"\t2\t0\ttwenties\tmale\tnorth|south\n'
            + "s2\tb.mp3\tNA\t3\t1\t\t\t\ns3\tc.mp3\n"
            + "s4\t../../../x.mp3\tout\t2\t0\t\t\t\n",
            "cv/en/test.tsv": CV + "s2\tb.mp3\tNA\t3\t1\t\t\t\n",
        },
        [
            ("cv/en/clips/a.mp3", '"null"', "sentence", "s1", ""),
            ("cv/en/clips/b.mp3", "NA", "sentence", "s2", "testing"),
            ("x.mp3", "out", "sentence", "s4", ""),
        ],
        ["columns_wrong"],
    ),
    "speech-commands": (
        {
            "sc/yes/0a_nohash_0.wav": WAV,
            "sc/turn_up/0b_nohash_1.wav": WAV,
            "sc/yes/odd.wav": WAV,
            "sc/_background_noise_/tap.wav": WAV,
            "sc/testing_list.txt": "turn_up/0b_nohash_1.wav\n",
            "sc_test_set/turn_up/0b_nohash_1.wav": WAV,
        },
        [
            ("sc/_background_noise_/tap.wav", "", "noise", "", "training"),
            ("sc/turn_up/0b_nohash_1.wav", "turn up", "keyword", "0b", "testing"),
            ("sc/yes/0a_nohash_0.wav", "yes", "keyword", "0a", "training"),
        ],
        ["name_unknown"],
    ),
    "librispeech": (
        {
            "LibriSpeech/dev-clean/7/1/7-1.trans.txt": "7-1-0000 A MAN\n7-1-0001 GONE\n",
            "LibriSpeech/dev-clean/7/1/7-1-0000.flac": b"fLaC",
            "LibriSpeech/SPEAKERS.TXT": ";ID|SEX\n7 | F | dev-clean | 8 | Jane Roe\n",
        },
        [("LibriSpeech/dev-clean/7/1/7-1-0000.flac", "A MAN", "sentence", "7", "validation")],
        ["file_missing"],
    ),
    "ljspeech": (
        {"metadata.csv": 'LJ1|in 2|in two\nLJ2|"so|so\nno\n', "wavs/LJ1.wav": WAV},
        [
            ("wavs/LJ1.wav", "in two", "sentence", "", ""),
            ("wavs/LJ2.wav", "so", "sentence", "", ""),
        ],
        ["columns_wrong"],
    ),
    "deepspeech": (
        {
            "dev.csv": "wav_filename,wav_filesize,transcript\n"
            'a.wav,16,"yes, no"\nb.wav,9,wrong size\n/etc/passwd,1,x\nc.wav\n',
            "a.wav": WAV,
            "b.wav": WAV,
        },
        [("a.wav", "yes, no", "sentence", "", "validation")],
        ["size_differs", "path_outside", "columns_wrong"],
    ),
    "nemo": (
        {
            "train_manifest.json": '{"audio_filepath": "a.wav", "text": "one", "speaker": "s"}\n'
            '{"audio_filepath": "n.wav", "text": "-"}\nbroken\n'
            '{"audio_filepath": "p.wav", "text": "x", "offset": 2.5}\n'
            '{"audio_filepath": "q.wav"}\n',
            "train_commands.json": '{"audio_filepath": "a.wav", "command": "one"}\n'
            '{"audio_filepath": "k.wav", "command": "go"}\n',
        },
        [
            ("a.wav", "one", "sentence", "s", "training"),
            ("n.wav", "", "noise", "", "training"),
            ("k.wav", "go", "keyword", "", "training"),
        ],
        ["not_json", "is_a_piece", "text_missing"],
    ),
    "open-stt": (
        {
            "testing.csv": "audio/a.wav,audio/a.txt,1.5\naudio/b.wav,audio/b.txt,2\n",
            "audio/a.txt": "שלום\n",
        },
        [("audio/a.wav", "שלום\n", "sentence", "", "testing")],
        ["text_missing"],
    ),
    "open-speech-recording": (
        {f"turn_up_{SESSION}_{OTHER}.ogg": b"\x1a\x45\xdf\xa3", "note.ogg": b""},
        [(f"turn_up_{SESSION}_{OTHER}.ogg", "turn up", "keyword", SESSION, "")],
        ["name_unknown"],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_recognised_and_read(name: str, tmp_path: Path):
    files, clips, codes = LAYOUTS[name]
    root = lay(tmp_path, files)
    importer = recognise(root)
    assert importer is not None and importer.format == name
    rows = list(importer.rows(root))
    found = [row for row in rows if isinstance(row, Found)]
    assert [(row.path, row.text, row.kind, row.speaker, row.split) for row in found] == clips
    assert len({row.key for row in found}) == len(found)
    assert [row.code for row in rows if isinstance(row, Refused)] == codes
    assert list(importer.rows(root)) == rows, "the same each time"


def test_votes_and_what_speakers_told_are_read(tmp_path: Path):
    root = lay(tmp_path, LAYOUTS["common-voice"][0])
    first, second = list(IMPORTERS["common-voice"].rows(root))[:2]
    assert isinstance(first, Found) and isinstance(second, Found)
    assert (first.age, first.gender, first.accent) == ("twenties", "male_masculine", "north|south")
    assert (second.accepts, second.rejects) == (3, 1)
    libri = list(IMPORTERS["librispeech"].rows(lay(tmp_path / "l", LAYOUTS["librispeech"][0])))
    assert libri[0].gender == "female_feminine"  # type: ignore[union-attr]
    assert "Jane" not in repr(libri)


def test_the_forks_recordings_come_once_and_four_digits_hold_within_one_zip(tmp_path: Path):
    stages = {f"yes{stage}/1a2b3c4d.ogg": b"x" for stage in ("-raw", "-wav", "-clean")}
    for name in ("monday", "tuesday"):
        root = lay(tmp_path / name, {**stages, "_noise_/1a2bffff.wav": b"x"})
        importer = recognise(root)
        assert importer is not None and importer.format == "open-speech-recording"
        found = [row for row in importer.rows(root) if isinstance(row, Found)]
        assert [(row.path, row.text, row.kind) for row in found] == [
            ("yes-raw/1a2b3c4d.ogg", "yes", "keyword"),
            ("_noise_/1a2bffff.wav", "", "noise"),
        ]
        assert {row.speaker for row in found} == {f"{name}/1a2b"}


def test_a_folder_of_anything_else_is_none(tmp_path: Path):
    assert recognise(lay(tmp_path, {"readme.txt": "hello", "a.wav": WAV})) is None


def test_our_own_clips_jsonl_is_read_with_all_that_it_tells(tmp_path: Path):
    line = {"audio_filepath": "audio/a.flac", "text": "yes", "kind": "keyword", "split": "testing",
            "speaker": "0a", "accepts": 2, "rejects": 1, "age": "fifties"}  # fmt: skip
    root = lay(tmp_path, {"clips.jsonl": json.dumps(line)})
    (row,) = IMPORTERS["nemo"].rows(root)
    assert isinstance(row, Found)
    assert (row.kind, row.split, row.accepts, row.rejects) == ("keyword", "testing", 2, 1)


def bad_tar(path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        for name in ("ok/a.wav", "../out.wav", "/abs.wav", "ok/a.wav"):
            info = tarfile.TarInfo(name)
            info.size = 3
            tar.addfile(info, io.BytesIO(b"abc"))
        for name, kind in (("ok/link", tarfile.SYMTYPE), ("ok/pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)


def bad_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("ok/a.wav", "../out.wav", "/abs.wav", "ok/../../out.wav"):
            archive.writestr(name, b"abc")
        link = zipfile.ZipInfo("ok/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (bad_tar, ["path_outside", "path_outside", "twice_in_archive", "is_a_link", "is_no_file"]),
        (bad_zip, ["path_outside", "path_outside", "path_outside", "is_a_link"]),
    ],
)
def test_nothing_leaves_the_folder_that_an_archive_is_unpacked_into(
    make: object, codes: list[str], tmp_path: Path
):
    make(tmp_path / "archive.wav")  # type: ignore[operator] # its ending is not believed
    refused = unpack(tmp_path / "archive.wav", tmp_path / "in/to")
    assert sorted(each.code for each in refused) == sorted(codes)
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert there == {"archive.wav", "in/to/ok/a.wav"}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_an_archive_of_more_than_is_let_in_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.wav", bytes(5_000_000))
    for limits in (UnpackLimits(file_num_bytes=1_000), UnpackLimits(all_num_bytes=1_000)):
        with pytest.raises(ArchiveRefused):
            unpack(tmp_path / "bomb.zip", tmp_path / str(limits.file_num_bytes), limits)
    with pytest.raises(ArchiveRefused):
        unpack(tmp_path / "bomb.zip", tmp_path / "c", UnpackLimits(num_files=0))
    (tmp_path / "cut.zip").write_bytes((tmp_path / "bomb.zip").read_bytes()[:100])
    with pytest.raises(ArchiveRefused):
        unpack(tmp_path / "cut.zip", tmp_path / "d")


def test_a_link_out_of_the_folder_is_read_by_no_importer(tmp_path: Path):
    secret = lay(tmp_path / "secret", {"key": "sesame"}) / "key"
    root = lay(tmp_path / "in", LAYOUTS["open-stt"][0])
    (root / "audio/a.txt").unlink()
    (root / "audio/a.txt").symlink_to(secret)
    assert "sesame" not in repr(list(IMPORTERS["open-stt"].rows(root)))
