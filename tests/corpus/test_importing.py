"""Speech from elsewhere comes in once, under its licence, through the same gate as all other."""

from __future__ import annotations

import io
import json
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from collector.access import Actor
from collector.errors import ChoirError, RoleMissing
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    ConsentBy,
    ConsentEvent,
    Participation,
    Prompt,
    Purpose,
    Speaker,
)
from collector.receipts import receipt_of
from collector.selectors import current_consent_text, with_purpose
from collector.services import erase_clip, transcode_clip
from collector.services.intake import IMPORTED
from corpus.services import cut_release, withdraw, withdraw_by_letter
from corpus.services.import_plans import ImportPlan, ImportReport
from corpus.services.importing import import_corpus
from tests.people import Person, audio_of
from validation.models import CaseStatus, ReviewCase

PLAN = ImportPlan("Words 1.0", "CC-BY-4.0", "Their speakers published them under CC BY.")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two words of two speakers, one file that is no sound, and one that is missing."""
    lines = [
        {"audio_filepath": "a.wav", "text": "yes", "speaker": "s1", "kind": "keyword"},
        {"audio_filepath": "b.wav", "text": "stop", "speaker": "s2", "accepts": 3, "rejects": 1},
        {"audio_filepath": "c.wav", "text": "no", "speaker": "s2"},
        {"audio_filepath": "d.wav", "text": "no", "speaker": "s2"},
        {"audio_filepath": "e.wav", "text": " \t ", "speaker": "s2"},
    ]
    (tmp_path / "manifest.json").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    (tmp_path / "a.wav").write_bytes(audio_of("yes"))
    (tmp_path / "b.wav").write_bytes(audio_of("stop"))
    (tmp_path / "c.wav").write_text("not a sound", "utf-8")
    return tmp_path


def bring(curator: Person, campaign: Campaign, root: Path, **plan: Any) -> ImportReport:
    made = ImportPlan(**{**PLAN.__dict__, **plan})
    return import_corpus(Actor(user=curator.user), campaign, root, made)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    curator: Person, campaign: Campaign, corpus: Path
):
    report = bring(curator, campaign, corpus, dry_run=True)
    assert (report.found, report.imported, report.speakers) == (5, 2, 2)
    codes = {refused.where: refused.code for refused in report.refused}
    assert codes == {"c.wav": "not_audio", "d.wav": "file_missing", "e.wav": "text_empty"}
    assert not Clip.objects.exists() and not Speaker.objects.exists()
    assert not Participation.objects.exists()


def test_the_same_import_twice_makes_nothing_twice(
    curator: Person, campaign: Campaign, corpus: Path
):
    first = bring(curator, campaign, corpus, accept=True)
    assert (first.imported, first.present, first.accepted) == (2, 0, 2)
    models = (Clip, Speaker, Participation, ConsentEvent, Prompt, ReviewCase)
    before = [set(model.objects.values_list("pk", flat=True)) for model in models]
    again = bring(curator, campaign, corpus, accept=True)
    assert (again.imported, again.present, again.accepted) == (0, 2, 0)
    assert [set(model.objects.values_list("pk", flat=True)) for model in models] == before
    assert again.refused == first.refused


def test_what_a_crash_left_half_done_is_finished(
    curator: Person, campaign: Campaign, corpus: Path, monkeypatch: pytest.MonkeyPatch
):
    def die(_clip_id: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("corpus.services.importing.transcode_clip", die)
        with pytest.raises(KeyboardInterrupt):
            bring(curator, campaign, corpus, accept=True)
    assert Clip.objects.get().status == ClipStatus.RECEIVED
    report = bring(curator, campaign, corpus, accept=True)
    assert (report.imported, report.present, report.accepted) == (1, 1, 2)
    assert set(Clip.objects.values_list("status", flat=True)) == {ClipStatus.TRANSCODED}


@pytest.mark.django_db(transaction=True)
def test_many_are_decoded_at_once_and_reported_in_their_order(
    curator: Person, campaign: Campaign, corpus: Path
):
    damaged = {"audio_filepath": "f.wav", "text": "no", "speaker": "s3"}
    with (corpus / "manifest.json").open("a", encoding="utf-8") as manifest:
        manifest.write(f"\n{json.dumps(damaged)}")
    (corpus / "f.wav").write_bytes(audio_of("yes")[:60])
    report = bring(curator, campaign, corpus, accept=True, jobs=3)
    assert [refused.where for refused in report.refused] == ["c.wav", "d.wav", "e.wav", "f.wav"]
    assert (report.imported, report.present, report.accepted) == (2, 0, 2)
    again = bring(curator, campaign, corpus, accept=True, jobs=3)
    assert (again.imported, again.present, again.refused) == (0, 2, report.refused)


def test_speakers_come_in_under_pseudonyms_with_their_basis_on_record(
    curator: Person, campaign: Campaign, corpus: Path
):
    text = current_consent_text(campaign)
    bring(curator, campaign, corpus, purposes=(Purpose.PUBLIC_PLAYBACK,))
    for part in Participation.objects.all():
        assert part.pseudonym not in ("s1", "s2") and part.speaker.user is None
        consent = part.consent_events.get()
        assert consent.text.language == IMPORTED
        assert consent.by == ConsentBy.IMPORTER, "nobody was asked here"
        told = json.dumps(receipt_of(consent))
        assert "dpv:DataController" in told and "eu-gdpr:A6-1-a" not in told
        for said in ("Words 1.0", "CC-BY-4.0", PLAN.basis, "curator@example.org"):
            assert said in consent.text.body
    for purpose, clips in ((Purpose.PUBLIC_PLAYBACK, 2), (Purpose.COMMERCIAL_USE, 2)):
        assert with_purpose(Clip.objects.all(), purpose).count() == clips
    assert not with_purpose(Clip.objects.all(), Purpose.KEEP_ORIGINAL).exists()
    assert current_consent_text(campaign) == text, "nobody is asked to agree to an import"


def test_votes_come_along_and_people_judge_what_nobody_has(
    curator: Person, campaign: Campaign, corpus: Path
):
    bring(curator, campaign, corpus)
    assert not ReviewCase.objects.filter(status=CaseStatus.ACCEPTED).exists()
    bring(curator, campaign, corpus, accept=True)
    case = ReviewCase.objects.get(clip__prompt__text="stop")
    assert case.status == CaseStatus.ACCEPTED
    assert sorted(case.reviews.values_list("verdict", flat=True)) == ["accept"] * 3 + ["reject"]
    assert case.decisions.get().decided_by == curator.user
    release = cut_release(Actor(user=curator.user), campaign)
    assert release.entries.get(text="stop").details["agreement"] == 0.75


def test_what_was_taken_back_here_never_comes_again(
    curator: Person, campaign: Campaign, corpus: Path
):
    bring(curator, campaign, corpus)
    clip = Clip.objects.get(prompt__text="yes")
    withdraw(Actor(speaker=clip.participation.speaker), clip.pk)
    report = bring(curator, campaign, corpus)
    assert (report.withdrawn, report.present) == (1, 1)
    assert "withdrawn" in {refused.code for refused in report.refused}
    clip.refresh_from_db()
    assert clip.status == ClipStatus.WITHDRAWN


def test_nothing_comes_any_more_of_a_voice_that_a_letter_took_back(
    curator: Person, campaign: Campaign, corpus: Path
):
    bring(curator, campaign, corpus)
    actor, clip = Actor(user=curator.user), Clip.objects.get(prompt__text="stop")
    voice = Participation.objects.filter(clips=clip)
    mine = Clip.objects.filter(participation__in=voice)
    withdraw_by_letter(actor, campaign, mine, letter="2026/117", voices=voice)
    (corpus / "d.wav").write_bytes(audio_of("no"))  # of the same speaker, and new
    ledger = ConsentEvent.objects.count()
    # Another purpose is another text, to which an import would agree anew.
    for plan in ({"dry_run": True}, {}, {"purposes": (Purpose.PUBLIC_PLAYBACK,)}):
        report = bring(curator, campaign, corpus, **plan)
        codes = {refused.where: refused.code for refused in report.refused}
        assert (codes["b.wav"], codes["d.wav"]) == ("withdrawn", "withdrawn")
        assert (report.imported, report.present, report.withdrawn) == (0, 1, 2)
    assert Clip.objects.exclude(status__in=("withdrawn", "erased")).count() == 1
    assert ConsentEvent.objects.count() == ledger


def test_an_import_run_again_after_a_restore_loses_what_the_record_names(
    curator: Person, campaign: Campaign, corpus: Path, monkeypatch: pytest.MonkeyPatch
):
    """The backup is older than the import, and knows neither it nor the letter."""
    record = io.StringIO()
    with transaction.atomic():
        bring(curator, campaign, corpus)
        gone = Clip.objects.get(prompt__text="stop")
        withdraw(Actor(speaker=gone.participation.speaker), gone.pk)
        call_command("taken_back", stdout=record)
        transaction.set_rollback(True)
    assert bring(curator, campaign, corpus).imported == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(record.getvalue()))
    call_command("after_restore", stdout=io.StringIO())
    gone.refresh_from_db()
    assert gone.status == ClipStatus.WITHDRAWN
    assert Clip.objects.filter(status=ClipStatus.TRANSCODED).count() == 1


def test_a_voice_that_is_taken_back_while_it_comes_in_comes_no_further(
    curator: Person, campaign: Campaign, corpus: Path, monkeypatch: pytest.MonkeyPatch
):
    lines = [{"audio_filepath": name, "text": "no", "speaker": "s", "split": "testing"}
             for name in ("a.wav", "b.wav")]  # fmt: skip
    (corpus / "manifest.json").write_text("\n".join(map(json.dumps, lines)), "utf-8")

    def after_the_letter(clip_id: uuid.UUID) -> None:
        mine, voice = Clip.objects.filter(pk=clip_id), Participation.objects.all()
        actor = Actor(user=curator.user)
        withdraw_by_letter(actor, campaign, mine, letter="2026/117", voices=voice)
        assert erase_clip(clip_id)
        transcode_clip(clip_id)

    monkeypatch.setattr("corpus.services.importing.transcode_clip", after_the_letter)
    report = bring(curator, campaign, corpus, accept=True)
    assert [refused.code for refused in report.refused] == ["withdrawn", "withdrawn"]
    assert (report.imported, report.withdrawn, report.accepted) == (0, 2, 0)
    assert Clip.objects.get().status == ClipStatus.ERASED, "and the second was never written"


def test_another_recording_under_the_same_name_is_refused(
    curator: Person, campaign: Campaign, corpus: Path
):
    bring(curator, campaign, corpus)
    (corpus / "a.wav").write_bytes(audio_of("stop"))
    assert bring(curator, campaign, corpus).refused[0].code == "changed"


def test_imported_prompts_are_asked_of_nobody_and_long_texts_are_the_clips_own(
    curator: Person, campaign: Campaign, corpus: Path
):
    long = "word " * 100
    line = {"audio_filepath": "b.wav", "text": long, "speaker": "s2"}
    (corpus / "manifest.json").write_text(json.dumps(line), "utf-8")
    offered = campaign.prompts.filter(tally__is_offered=True).count()
    assert bring(curator, campaign, corpus).refused[0].code == "text_too_long"
    assert bring(curator, campaign, corpus, accept=True).imported == 1
    assert campaign.prompts.filter(tally__is_offered=True).count() == offered
    entry = cut_release(Actor(user=curator.user), campaign).entries.get()
    assert entry.text == long.strip() and entry.clip.prompt is None


@pytest.mark.parametrize(
    "plan",
    [
        {"licence": ""},
        {"basis": "yes"},
        {"source": " "},
        {"licence": "CC-BY-NC-4.0"},
        {"format": "no-such"},
        {"purposes": ("commercial-use",)},
    ],
)
def test_a_plan_that_says_too_little_is_refused(
    curator: Person, campaign: Campaign, corpus: Path, plan: dict[str, Any]
):
    with pytest.raises(ChoirError):
        bring(curator, campaign, corpus, **plan)
    assert not Clip.objects.exists()


def test_only_a_curator_brings_speech_in(researcher: Person, campaign: Campaign, corpus: Path):
    with pytest.raises(RoleMissing):
        bring(researcher, campaign, corpus)


def test_the_command_takes_archives_and_reports_what_it_refused(
    curator: Person,
    campaign: Campaign,
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    zipped = shutil.make_archive(str(tmp_path.parent / "words"), "zip", corpus)
    asked = ["words", zipped, "--by", "curator@example.org", "--source", "Words 1.0", "--licence",
             "CC-BY-4.0", "--basis", PLAN.basis, "--accept"]  # fmt: skip
    with pytest.raises(SystemExit) as left:
        call_command("import_corpus", *asked)
    assert left.value.code == 4
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["format"], report["imported"]) == ("nemo", 2)
    assert report["refused_by_code"] == {"not_audio": 1, "file_missing": 1, "text_empty": 1}
    with pytest.raises(SystemExit) as left:
        call_command("import_corpus", *asked[:7], "CC-BY-NC-4.0", *asked[8:])
    assert left.value.code == 3
    assert json.loads(capsys.readouterr().err)["code"] == "licence_differs"


LIST = """text\tkind\ttopic\tsource
Set a timer.\t\ttime\tBook one
set a TIMER.\t\t\t
Write to a@b.example.\t\t\t
yes\tkeyword\t\t
…\t\t\t
Halt.\tshout\t\t
Zwölf  Eier\u00a0und Mehl.
"""


def test_a_list_of_prompts_comes_in_once_and_says_what_it_left_out(
    curator: Person, campaign: Campaign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "list.tsv"
    path.write_text(LIST, "utf-8")
    asked = ["import_prompts", "words", str(path), "--by", "curator@example.org", "--source",
             "Cook books", "--licence", "CC0-1.0"]  # fmt: skip
    for dry in (["--dry-run"], []):
        with pytest.raises(SystemExit) as left:
            call_command(*asked, *dry)
        report = json.loads(capsys.readouterr().out)
        assert (left.value.code, report["found"], report["added"]) == (4, 3, 2)
        codes = {refused["where"]: refused["code"] for refused in report["refused"]}
        assert codes == {
            "list.tsv:3": "duplicate",
            "list.tsv:4": "has_an_address",
            "list.tsv:5": "present",
            "list.tsv:6": "no_letters",
            "list.tsv:7": "kind_unknown",
        }
    added = campaign.prompts.get(text="Set a timer.")
    assert (added.topic.name, added.origin.source, added.tally.is_offered) == (
        "time", "Book one", True,
    )  # fmt: skip
    assert campaign.prompts.get(text="Zwölf Eier und Mehl.").origin.source == "Cook books"
    with pytest.raises(SystemExit):
        call_command(*asked)
    assert json.loads(capsys.readouterr().out)["added"] == 0
    with pytest.raises(SystemExit) as left:
        call_command(*asked[:-1], "CC-BY-NC-4.0")
    assert left.value.code == 3
