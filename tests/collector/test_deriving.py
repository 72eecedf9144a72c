"""Previews, peaks and spectrograms: made when asked for, kept, and erased with the clip."""

from __future__ import annotations

import json
import struct
from io import StringIO

import pytest
from django.core.management import call_command

from collector.audio.decode import decode
from collector.errors import NotFound
from collector.models import Campaign, Clip
from collector.services import Derivative, derive, deriving, erase_clip, withdraw_clip
from collector.storage import audio_store, clip_folder
from tests.people import Person
from tests.pipeline import process

KINDS = [kind.value for kind in Derivative]


def names(clip: Clip) -> list[str]:
    """What lies in the clip's folder, by what comes before the hash."""
    return [key.rsplit("/", 1)[1].split("-")[0] for key in audio_store().keys(clip_folder(clip.pk))]


@pytest.fixture
def clip(speaker: Person, campaign: Campaign) -> Clip:
    """A clip with its master, waiting for a reviewer."""
    return process(speaker.lend(campaign, "yes"))


def test_nothing_is_derived_before_somebody_asks(clip: Clip):
    assert names(clip) == ["master", "original"]
    assert clip.files == {}


@pytest.mark.parametrize(
    ("kind", "media_type", "begins"),
    [
        ("preview", "audio/webm", b"\x1aE\xdf\xa3"),
        ("peaks", "application/octet-stream", b"CHPK"),
        ("spectrogram", "image/png", b"\x89PNG"),
    ],
)
def test_it_is_made_once_and_kept(
    speaker: Person, clip: Clip, kind: str, media_type: str, begins: bytes
):
    first = speaker.get(f"clips/{clip.pk}/{kind}")
    assert (first.status_code, first["Content-Type"]) == (200, media_type)
    assert first.content.startswith(begins)
    assert names(clip) == sorted([kind, "master", "original"])
    assert speaker.get(f"clips/{clip.pk}/{kind}").content == first.content
    assert names(clip) == sorted([kind, "master", "original"])


def test_a_preview_sounds_for_as_long_as_its_master(speaker: Person, clip: Clip):
    heard = decode(speaker.get(f"clips/{clip.pk}/preview").content)
    assert heard.codec == "opus"
    assert len(heard.samples) / heard.sampling_rate_hz == pytest.approx(clip.duration_s, abs=0.01)


def test_peaks_say_how_long_the_master_is(speaker: Person, clip: Clip):
    header = speaker.get(f"clips/{clip.pk}/peaks").content[:16]
    assert struct.unpack("<4sHHII", header)[:4] == (b"CHPK", 1, 16, clip.num_samples)


@pytest.mark.parametrize("kind", KINDS)
def test_a_known_tag_is_answered_with_not_modified(speaker: Person, clip: Clip, kind: str):
    first = speaker.get(f"clips/{clip.pk}/{kind}")
    again = speaker.get(f"clips/{clip.pk}/{kind}", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = speaker.get(f"clips/{clip.pk}/{kind}", **{"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert first["Cache-Control"] == "private, no-store", "a picture of a voice is one, too"


def test_a_preview_is_served_in_parts(speaker: Person, clip: Clip):
    whole = speaker.get(f"clips/{clip.pk}/preview")
    part = speaker.get(f"clips/{clip.pk}/preview", Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    fitting = {"Range": "bytes=100-199", "If-Range": whole["ETag"]}
    assert speaker.get(f"clips/{clip.pk}/preview", **fitting).status_code == 206
    outdated = {"Range": "bytes=100-199", "If-Range": '"other"'}
    assert speaker.get(f"clips/{clip.pk}/preview", **outdated).content == whole.content
    assert speaker.get(f"clips/{clip.pk}/preview", Range="bytes=9999999-").status_code == 416


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_speaker_the_curator_and_the_reviewer_in_charge_get_it(
    clip: Clip, campaign: Campaign, reviewer: Person, curator: Person, stranger: Person, kind: str
):
    for person in (stranger, reviewer):
        assert person.get(f"clips/{clip.pk}/{kind}").status_code == 404
    assert clip.files == {} and names(clip) == ["master", "original"]
    assert reviewer.post(f"campaigns/{campaign.slug}/review/next").status_code == 200
    assert reviewer.get(f"clips/{clip.pk}/{kind}").status_code == 200
    # Whoever settles what people cannot agree on must hear it.
    assert curator.get(f"clips/{clip.pk}/{kind}").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_before_the_master_there_is_nothing_to_see(speaker: Person, campaign: Campaign, kind: str):
    received = speaker.lend(campaign, "yes")
    answer = speaker.get(f"clips/{received.pk}/{kind}")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "master_missing")


def test_a_withdrawal_takes_all_of_it_along(speaker: Person, clip: Clip):
    for kind in KINDS:
        assert speaker.get(f"clips/{clip.pk}/{kind}").status_code == 200
    assert len(names(clip)) == 5
    assert speaker.post(f"clips/{clip.pk}/withdraw").status_code == 202
    for kind in KINDS:
        assert speaker.get(f"clips/{clip.pk}/{kind}").status_code == 404
    assert erase_clip(clip.pk)
    assert names(clip) == []
    assert Clip.objects.get(pk=clip.pk).files == {}


@pytest.mark.parametrize("erased", [True, False])
def test_a_withdrawal_in_the_middle_leaves_no_file(
    clip: Clip, monkeypatch: pytest.MonkeyPatch, erased: bool
):
    peaks = deriving.RECIPES[Derivative.PEAKS]

    def withdrawn_meanwhile(flac: bytes) -> bytes:
        withdraw_clip(clip)
        if erased:
            erase_clip(clip.pk)
        return peaks.make(flac)

    slow = deriving.Recipe(withdrawn_meanwhile, 1, peaks.suffix, peaks.media_type)
    monkeypatch.setitem(deriving.RECIPES, Derivative.PEAKS, slow)
    with pytest.raises(NotFound):
        derive(clip, Derivative.PEAKS)
    assert "peaks" not in names(clip)
    assert Clip.objects.get(pk=clip.pk).files == {}


def test_a_master_that_was_erased_since_is_not_found(clip: Clip):
    before = Clip.objects.get(pk=clip.pk)
    withdraw_clip(clip)
    erase_clip(clip.pk)
    with pytest.raises(NotFound):
        derive(before, Derivative.PEAKS)


def test_two_kinds_made_at_once_are_both_kept(clip: Clip):
    seen_by_one, seen_by_other = Clip.objects.get(pk=clip.pk), Clip.objects.get(pk=clip.pk)
    derive(seen_by_one, Derivative.PEAKS)
    derive(seen_by_other, Derivative.SPECTROGRAM)
    assert sorted(Clip.objects.get(pk=clip.pk).files) == ["peaks", "spectrogram"]


def test_a_new_version_takes_the_place_of_the_old(clip: Clip, monkeypatch: pytest.MonkeyPatch):
    old = derive(clip, Derivative.PEAKS)
    newer = deriving.Recipe(lambda _: b"of tomorrow", 2, ".bin", "application/octet-stream")
    monkeypatch.setitem(deriving.RECIPES, Derivative.PEAKS, newer)
    made = derive(Clip.objects.get(pk=clip.pk), Derivative.PEAKS)
    assert made.sha256 != old.sha256
    assert audio_store().get(made.key(clip.pk, Derivative.PEAKS)) == b"of tomorrow"
    assert names(clip) == ["master", "original", "peaks"]


def rederive(*kinds: str) -> str:
    out = StringIO()
    call_command("rederive", *kinds, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_rederive_makes_what_is_lacking_and_only_that(
    speaker: Person, campaign: Campaign, clip: Clip
):
    derive(clip, Derivative.PEAKS)
    process(speaker.lend(campaign, "no"))
    assert rederive("peaks") == "Made 1 files.\n"
    assert rederive() == "Made 4 files.\n"
    assert rederive() == "Made 0 files.\n"
    assert names(clip) == ["master", "original", "peaks", "preview", "spectrogram"]
