"""``manage.py prescore``: let the machine hear a corpus that somebody already has."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from collector.audio.sandbox import CannotStart
from validation.prescoring.crew import Crew
from validation.prescoring.hearing import Answer, Hearing, failed
from validation.prescoring.manifest import BadLine, Line, parse_line
from validation.scoring import WeightsError
from validation.scoring.models import ModelFolderError

SOME_FAILED, USAGE = 1, 2
STOPPED_BY_SIGNAL = 128  # a shell adds the signal's number to this

DESCRIPTION = """\
Reads a manifest with a JSON object on each line and writes one with the machine's opinion for
each, in the same order, to standard output. Needs no database and no running site.

reads    audio_filepath  beside the manifest (from a pipe: in the current folder) or absolute;
                         WAV, FLAC, Ogg, WebM, MP4, MP3 or AAC
         text            what should be said
         kind            keyword, sentence or noise; if absent, a single word is a keyword
         competitors     list of what else may have been said, for keywords
         lang            BCP 47 tag; see SPEECH_MODELS in deploy/env.example
         offset, duration  a segment, in seconds, of up to a minute; the recording may be longer
writes   the line's own fields (without error; NaN and Infinity, which JSON lacks, as null), and
         match           0 to 1, that the audio says the text; null where there is no text, no
                         model for the language, or more than 30 s of speech
         heard           what the model makes of the audio, also where it is clearly the text
         log_likelihood, features, model, model_sha256, method
         note            null, or that there is no model for the language
         measurements    levels in dBFS, loudness in LUFS, and so on
         speech          where somebody speaks: a list of start_s and end_s
         flags           what is wrong with the sound: too_quiet, too_loud, clipped, noisy,
                         no_speech, cut_start, cut_end
    or   {"audio_filepath": ..., "error": {"code": ..., "detail": ...}}
"""
EXIT_CODES = """\
exit codes  0  every line was answered     1  some lines got an error object
            2  wrong usage, or the model   128 and more: stopped by a signal
               or ffmpeg cannot be started
"""


class _Formatter(RawDescriptionHelpFormatter):
    """Django's own reorders options; all that matters here is that lines stay lines."""


class Command(BaseCommand):
    help = "Score the recordings of a manifest; no database is needed."
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser, with the help's lines kept as they are."""
        parser = super().create_parser(
            prog_name, subcommand, formatter_class=_Formatter, epilog=EXIT_CODES, **kwargs
        )
        parser.description = DESCRIPTION
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """See DESCRIPTION."""
        parser.add_argument("manifest", type=Path, help="the file to read")
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            help="processes, one thread each (about 300 MB and one core each; default 1)",
        )
        parser.add_argument("--lang", default="en", help="of lines without a lang (default en)")

    def handle(self, *args: Any, manifest: Path, workers: int, lang: str, **options: Any) -> None:
        """Answer line by line; leave with the exit code that EXIT_CODES explains."""
        if workers < 1:
            raise CommandError("--workers must be 1 or more.", returncode=USAGE)
        signal.signal(signal.SIGTERM, _stop)
        try:
            with _opened(manifest) as file:
                num_lines, folder = _length_and_folder(file, manifest)
                num_failed = _write(_numbered(file, folder, lang), num_lines, workers)
        except (CannotStart, ModelFolderError, WeightsError) as error:
            raise CommandError(f"Nothing can be scored: {error}", returncode=USAGE) from error
        except BrokenPipeError:
            # Whoever read us, such as `head`, has enough; nothing more may be flushed at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(STOPPED_BY_SIGNAL + signal.SIGPIPE)
        except KeyboardInterrupt:
            sys.exit(STOPPED_BY_SIGNAL + signal.SIGINT)
        if num_failed:
            sys.exit(SOME_FAILED)


def _stop(number: int, _frame: object) -> None:
    sys.exit(STOPPED_BY_SIGNAL + number)


def _opened(manifest: Path) -> IO[str]:
    try:
        return manifest.open(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError as error:
        raise CommandError(f"There is no {manifest}.", returncode=USAGE) from error
    except OSError as error:
        detail = f"{manifest} cannot be read: {error.strerror or error}."
        raise CommandError(detail, returncode=USAGE) from error


def _length_and_folder(file: IO[str], manifest: Path) -> tuple[int | None, Path]:
    """How many lines there are, and where their recordings lie; a pipe tells neither."""
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return None, Path()
    num_lines = sum(1 for line in file if line.strip())
    file.seek(0)
    return num_lines, manifest.parent


def _numbered(file: IO[str], folder: Path, lang: str) -> Iterator[Line | BadLine]:
    for number, text in enumerate(file, start=1):
        if text.strip():
            try:
                yield parse_line(number, text, folder, lang)
            except BadLine as error:
                yield error


def _write(lines: Iterator[Line | BadLine], num_lines: int | None, workers: int) -> int:
    """Write the answers; how many of them are errors."""
    num_failed = 0
    answer_to = _AnswerTo(Hearing(settings.SPEECH_MODELS))
    with (
        Crew(answer_to, workers, _died) as crew,
        tqdm(total=num_lines, unit="clip", file=sys.stderr, dynamic_ncols=True) as progress,
    ):
        for answer in crew.answers(lines):
            sys.stdout.buffer.write(_as_line(answer))
            sys.stdout.buffer.flush()
            num_failed += "error" in answer
            progress.update()
    return num_failed


def _as_line(answer: Answer) -> bytes:
    """JSON in UTF-8, whatever the terminal's language; half a surrogate pair stays an escape."""
    try:
        return f"{json.dumps(answer, ensure_ascii=False, allow_nan=False)}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(answer, allow_nan=False)}\n".encode()
    except ValueError:  # Python reads and writes NaN and Infinity, which are no JSON
        return _as_line(json.loads(json.dumps(answer), parse_constant=lambda _: None))


class _AnswerTo:
    """What a worker process does with an item; a line that cannot be read answers itself."""

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing

    def __call__(self, line: Line | BadLine) -> Answer:
        if isinstance(line, BadLine):
            return failed(line.audio_filepath, line.code, str(line))
        return self.hearing.hear(line)


def _died(line: Line | BadLine) -> Answer:
    return failed(
        line.audio_filepath,
        "worker_died",
        "The process that worked on this recording died, twice. It was left out.",
    )
