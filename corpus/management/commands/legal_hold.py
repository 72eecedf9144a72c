"""``manage.py legal_hold``: keep a clip from use and from erasure because the law says so."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collector.access import Actor
from collector.errors import ChoirError
from collector.models import User
from corpus.services import lift_hold, place_hold


class Command(BaseCommand):
    help = (
        "Places a legal hold on a clip, or lifts it. While it stands the clip is in no review and "
        "no release, and its audio is not erased, even when its speaker takes it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which clip, who says so, and on what ground."""
        parser.add_argument("clip", type=uuid.UUID)
        parser.add_argument("--curator", required=True, help="the e-mail of who answers for it")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--basis", help="the law or the order, with its reference")
        what.add_argument("--lift", action="store_true", help="end the hold")

    def handle(self, *args: Any, **options: Any) -> None:
        """Place or lift, and say what follows."""
        user = User.objects.filter(email=options["curator"]).first()
        if user is None:
            raise CommandError(f"No account has the address {options['curator']}.")
        try:
            self.stdout.write(self._do(Actor(user=user), options))
        except ChoirError as error:
            raise CommandError(str(error)) from error

    def _do(self, actor: Actor, options: dict[str, Any]) -> str:
        clip_id = options["clip"]
        if not options["lift"]:
            place_hold(actor, clip_id, options["basis"])
            return f"Held: clip {clip_id} is out of circulation, and is not erased."
        if lift_hold(actor, clip_id):
            return f"Lifted: clip {clip_id} goes on; had it been taken back, it is erased now."
        return f"No hold stood on clip {clip_id}."
