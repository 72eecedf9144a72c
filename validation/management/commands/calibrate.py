"""``manage.py calibrate``: the match's coefficients, from recordings of which the text is known."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from validation.scoring import WeightsError
from validation.scoring.calibrate import as_file, calibrate
from validation.scoring.trial_files import write_trials
from validation.scoring.trials import Clip, all_trials, read_manifest

COLUMNS = ("right", "wrong", "auc", "equal_error", "recall", "calibration_error")


class Command(BaseCommand):
    """Fits the coefficients and says what they are worth on speakers that they never saw."""

    requires_system_checks = []
    help = (
        "Fit the coefficients of the match on manifests of real speech: a JSON object a line "
        "with audio_filepath (beside the manifest, mono, 16 kHz), text, kind, speaker, source."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help`."""
        parser.add_argument("manifest", type=Path, nargs="+")
        parser.add_argument("--out", type=Path, required=True, help="the file to write")
        parser.add_argument("--number", type=int, required=True, help="of this calibration")
        parser.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
        parser.add_argument(
            "--trials", type=Path, help="keep what was fitted on, too, as gzipped JSON lines"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, try, fit, judge, write."""
        clips = _read(options["manifest"])
        try:
            made = all_trials(clips, workers=options["workers"])
            fitted = calibrate(made, clips, options["number"])
            stored = as_file(fitted, made, clips)
        except (ValueError, WeightsError) as error:
            raise CommandError(str(error)) from error
        options["out"].write_text(json.dumps(stored, indent=2) + "\n", "utf-8")
        if options["trials"]:
            write_trials(options["trials"], made)
        self.stdout.write(f"{len(clips)} clips, {len(made)} trials; on speakers not fitted on:")
        for name, worth in stored["held_out"].items():
            cells = "  ".join(f"{column} {worth[column]:.4g}" for column in COLUMNS)
            self.stdout.write(f"{name:22}{cells}")


def _read(manifests: list[Path]) -> list[Clip]:
    try:
        return [clip for manifest in manifests for clip in read_manifest(manifest)]
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(f"Cannot read the manifest: {error!r}") from error
