"""Bringing speech in from elsewhere: each clip through the same gate as one that is lent here."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from collector.access import Actor, require_role
from collector.audio.containers import HEAD_BYTES, sniff
from collector.audio.decode import DEFAULT_LIMITS
from collector.errors import ConsentWithdrawn, Unprocessable
from collector.models import (
    Campaign,
    Clip,
    ClipStatus,
    ConsentText,
    PromptKind,
    Purpose,
    Role,
    User,
)
from collector.models.clip import GONE
from collector.rules import normalised_text
from collector.services import transcode_clip
from collector.services.intake import MAX_PROMPT, Arrival, Intake
from corpus.errors import LayoutUnknown, LicenceDiffers
from corpus.importers import IMPORTERS, Found, Importer, Refused, recognise
from corpus.models.release import MAX_TEXT
from corpus.services.import_plans import ImportPlan, ImportReport
from validation.services.importing import accept_imported

#: What may go out under any licence.
PUBLIC_DOMAIN = ("CC0-1.0", "PDDL-1.0")


def import_corpus(actor: Actor, campaign: Campaign, root: Path, plan: ImportPlan) -> ImportReport:
    """Bring in what a folder holds; the same again finds all present, and a crash goes on.

    Each clip is stored, written and decoded in the same jail as one that is lent here. One that was
    taken back never comes again, nor does anything of a voice that was taken back as a whole.
    Raises RoleMissing, LicenceDiffers, LayoutUnknown, or Unprocessable for a plan that says too
    little.
    """
    curator = require_role(actor, campaign, Role.CURATOR)
    _check(plan, campaign)
    importer = IMPORTERS.get(plan.format) if plan.format else recognise(root)
    if importer is None:
        raise LayoutUnknown
    importing = _Import(campaign, root, plan, importer, curator)
    importing.run()
    return importing.report


def _check(plan: ImportPlan, campaign: Campaign) -> None:
    if not (plan.source.strip() and plan.licence.strip() and len(plan.basis.split()) >= 3):
        raise Unprocessable(
            _("Say where it comes from, under which licence, and in a sentence by what right.")
        )
    if plan.licence not in (campaign.licence, *PUBLIC_DOMAIN):
        raise LicenceDiffers(licence=plan.licence, campaign=campaign.licence)
    further = (Purpose.PUBLIC_PLAYBACK, Purpose.KEEP_ORIGINAL)
    if not set(plan.purposes) <= set(further):
        raise Unprocessable(_("What the licence does not say may be: %s.") % ", ".join(further))


@dataclass(frozen=True)
class _Begun:
    """A clip that is written down (None in a dry run), and may be being decoded by a thread."""

    found: Found
    said: str
    clip: Clip | None
    is_new: bool
    decoding: Future[None] | None


def _decode(clip_id: uuid.UUID) -> None:
    """In a thread: the jailed decoder is a process of its own, which it waits for."""
    try:
        transcode_clip(clip_id)
    finally:
        connection.close()  # the thread's own


class _Import:
    """One run: its plan, and how far it is."""

    def __init__(
        self, campaign: Campaign, root: Path, plan: ImportPlan, importer: Importer, curator: User
    ) -> None:
        self.campaign, self.root, self.plan = campaign, root.resolve(), plan
        self.importer, self.curator = importer, curator
        self.intake = Intake(campaign, plan.source, plan.agreed)
        self.report = ImportReport(plan.source, importer.format, plan.dry_run)
        self.pattern = re.compile(plan.speaker_pattern) if plan.speaker_pattern else None
        self.speakers: set[str] = set()
        #: In the order of the corpus, and so is the report, whichever is decoded first.
        self.begun: deque[_Begun | Refused] = deque()
        self.threads = ThreadPoolExecutor(plan.jobs) if plan.jobs > 1 else None

    def run(self) -> None:
        text = None if self.plan.dry_run else self.intake.agree(self._basis())
        try:
            for row in self.importer.rows(self.root):
                self.begun.append(self._begin(row, text) if isinstance(row, Found) else row)
                # Enough that no thread waits for the next, and no more.
                self._end_all_but(2 * self.plan.jobs if self.threads else 0)
            self._end_all_but(0)
        finally:
            if self.threads:
                self.threads.shutdown(cancel_futures=True)
        self.report.speakers = len(self.speakers)

    def _speaker_of(self, found: Found) -> str:
        """Who it is, as far as anybody knows; whoever is unknown counts as one for each split."""
        if found.speaker:
            return found.speaker
        matched = self.pattern.search(found.path) if self.pattern else None
        return matched[1] if matched and matched.groups() else f"?{found.split}"

    def _basis(self) -> str:
        return (
            f"Imported from: {self.plan.source}\nLicence: {self.plan.licence}\n"
            f"Basis: {self.plan.basis}\nBy: {self.curator.email}"
        )

    def _begin(self, found: Found, text: ConsentText | None) -> _Begun | Refused:
        """Take one clip in, and have it decoded where there are threads for that; or why not."""
        self.report.found += 1
        speaker = self._speaker_of(found)
        self.speakers.add(speaker)
        refuse = partial(Refused, found.path)
        said = self._said(found)
        if isinstance(said, Refused):
            return said
        data = self._read(found.path)
        if isinstance(data, Refused):
            return data
        sha256, clip_id = hashlib.sha256(data).hexdigest(), self.intake.clip_id(found.key)
        if clip_id in self._clips_begun():
            self._end_all_but(0)  # the same name twice: the second finds what became of the first
        clip = Clip.objects.filter(pk=clip_id).first()
        if clip is not None and clip.status in GONE:
            return self._taken_back(found)
        if clip is not None and clip.original_sha256 != sha256:
            return refuse("changed", "Under this name another recording was brought in before.")
        is_new = clip is None
        try:
            clip = clip or self._take_in(_arrival(found, clip_id, speaker, said, data), text)
        except ConsentWithdrawn:
            return self._taken_back(found)
        decoding = None
        if self.threads and clip is not None and clip.status == ClipStatus.RECEIVED:
            decoding = self.threads.submit(_decode, clip.pk)
        return _Begun(found, said, clip, is_new, decoding)

    def _taken_back(self, found: Found) -> Refused:
        self.report.withdrawn += 1
        why = "It, or all of its voice, was taken back here, and does not come again."
        return Refused(found.path, "withdrawn", why)

    def _clips_begun(self) -> set[uuid.UUID]:
        return {each.clip.pk for each in self.begun if isinstance(each, _Begun) and each.clip}

    def _end_all_but(self, most: int) -> None:
        while len(self.begun) > most:
            each = self.begun.popleft()
            why = each if isinstance(each, Refused) else self._end(each)
            if why is not None:
                self.report.refused.append(why)

    def _end(self, begun: _Begun) -> Refused | None:
        """See one clip through to its end; why it is not in, or None."""
        if begun.clip is not None and not self.plan.dry_run:
            if begun.decoding:
                begun.decoding.result()
                begun.clip.refresh_from_db()
            why = self._finish(begun.clip, begun.found, begun.said)
            if why is not None:
                return why
        self.report.imported += begun.is_new
        self.report.present += not begun.is_new
        return None

    def _said(self, found: Found) -> str | Refused:
        if found.kind == PromptKind.NOISE:
            return ""
        try:
            said = normalised_text(found.text)
        except Unprocessable:
            return Refused(found.path, "text_empty", "Nothing is known to be said in it.")
        most = MAX_TEXT if self.plan.accept else MAX_PROMPT
        if len(said) > most:
            return Refused(found.path, "text_too_long", f"{len(said)} characters, over {most}.")
        return said

    def _read(self, path: str) -> bytes | Refused:
        """A sound's bytes; its name is not believed, nor a link that leads out."""
        file = self.root / path
        try:
            real = file.resolve(strict=True)
            if not real.is_relative_to(self.root) or not real.is_file():
                return Refused(path, "path_outside", "It leads out of the folder, or is no file.")
            if real.stat().st_size > DEFAULT_LIMITS.max_bytes:
                return Refused(path, "too_large", f"Over {DEFAULT_LIMITS.max_bytes} bytes.")
            data = real.read_bytes()
        except (OSError, ValueError) as error:
            return Refused(path, "file_missing", str(getattr(error, "strerror", "") or error))
        if sniff(data[:HEAD_BYTES]) is None:
            return Refused(path, "not_audio", "Its first bytes are those of no known sound file.")
        return data

    def _take_in(self, arrival: Arrival, text: ConsentText | None) -> Clip | None:
        """A new clip, None in a dry run; ConsentWithdrawn where its whole voice was taken back."""
        if text is not None:
            return self.intake.take_in(arrival, text)
        self.intake.refuse_withdrawn(arrival.speaker)
        return None

    def _finish(self, clip: Clip, found: Found, said: str) -> Refused | None:
        """Decode what was received, and accept what was judged; also after a crash between."""
        if clip.status == ClipStatus.RECEIVED:
            transcode_clip(clip.pk)
        clip.refresh_from_db()
        part = clip.participation
        if clip.status in GONE or part is None:  # meanwhile
            return self._taken_back(found)
        if clip.status == ClipStatus.UNUSABLE:
            return Refused(found.path, clip.problem, str(clip.get_problem_display()))
        if found.split:
            self.report.split_speakers.setdefault(found.split, set()).add(part.pseudonym)
        if self.plan.accept and clip.status == ClipStatus.TRANSCODED:
            self.report.accepted += accept_imported(
                clip,
                self.curator,
                text="" if clip.prompt_id else said,
                accepts=found.accepts,
                rejects=found.rejects,
                source=self.plan.source,
            )
        return None


def _arrival(found: Found, clip_id: uuid.UUID, speaker: str, said: str, data: bytes) -> Arrival:
    return Arrival(
        clip_id, found.path, speaker, found.kind, said, data, found.age, found.gender, found.accent
    )
