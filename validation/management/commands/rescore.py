"""``manage.py rescore``: let the model of today hear a whole campaign again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from collector.models import Campaign
from validation import services
from validation.hearing import ear_of
from validation.rescoring import Rescoring, folder_named
from validation.scoring.models import ModelFolderError
from validation.tasks import rescore

LOOK_EVERY_S = 0.5
IDLE_HINT_S = 30.0
STOPPED = 130


class Command(BaseCommand):
    help = (
        "Hears a campaign's clips again with the model and the coefficients of today, behind "
        "everything that a speaker waits for. Scores of earlier models are kept. Ctrl-C stops it; "
        "the same command goes on where it ended. Exit code 1: some clips could not be heard."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """See help."""
        parser.add_argument("--campaign", required=True, metavar="SLUG")
        parser.add_argument(
            "--model",
            metavar="onnx-asr:/FOLDER",
            help="another model than the settings name for the campaign's language",
        )
        parser.add_argument(
            "--here", action="store_true", help="in this process, not through the workers"
        )

    def handle(self, *args: Any, campaign: str, here: bool, **options: Any) -> None:
        """Show progress until nothing is left, or until somebody stops it."""
        run = _run(campaign, options["model"])
        model = options["model"]
        progress = tqdm(total=run.left().count(), unit="clip", file=sys.stderr, dynamic_ncols=True)
        try:
            with progress:
                for num_done in _steps(run, model, here):
                    progress.update(num_done)
        except KeyboardInterrupt:
            self.stderr.write(f"Stopped; {run.left().count()} clips are left.")
            sys.exit(STOPPED)
        self.stdout.write(f"{progress.n - len(run.failed)} clips heard by {run.ear.listener.name}.")
        if run.failed:
            listed = ", ".join(map(str, sorted(run.failed)[:10]))
            raise CommandError(
                f"{len(run.failed)} clips could not be heard (see the worker's log): {listed}"
            )


def _run(slug: str, model: str | None) -> Rescoring:
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise CommandError(f"There is no campaign {slug}.")
    try:
        ear = ear_of(campaign, folder_named(model))
    except (ValueError, ModelFolderError) as error:
        raise CommandError(str(error)) from error
    if ear is None:
        raise CommandError(
            f"No model knows the language {campaign.language}: name one in SPEECH_MODELS, or by "
            "--model."
        )
    return Rescoring(campaign, ear, retry_after_s=settings.WORK_LEASE_S)


def _steps(run: Rescoring, model: str | None, here: bool) -> Iterator[int]:
    folder = folder_named(model)
    if here:
        yield from run.here(lambda clip_id: services.rescore_clip(clip_id, folder))
        return
    in_message = None if folder is None else str(folder)
    idle_since_s = time.monotonic()
    for num_done in run.through_queue(
        lambda chunk: rescore.delay([str(clip_id) for clip_id in chunk], in_message)
    ):
        yield num_done
        if num_done:
            idle_since_s = time.monotonic()
        elif time.monotonic() - idle_since_s > IDLE_HINT_S:
            tqdm.write("Nothing moves: does a worker run? Or use --here.", file=sys.stderr)
            idle_since_s = time.monotonic()
        time.sleep(LOOK_EVERY_S)
