"""``manage.py up``: the whole site on this machine, until Ctrl-C."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.embedded import ServiceFailed
from config.supervisor import CannotStart, Supervisor


class Command(BaseCommand):
    help = (
        "Start the database, Redis, the web server, a worker and the timetable; Ctrl-C stops all."
    )
    # The checks and the migrations run inside, once the database is there.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and how much to start."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="processes that handle clips")
        parser.add_argument("--no-demo", action="store_true", help="leave out the demo campaign")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop; a step that fails says so in one line."""
        supervisor = Supervisor(
            settings.VAR_DIR,
            host=options["host"],
            port=options["port"],
            workers=options["workers"],
            with_demo=not options["no_demo"],
        )
        try:
            supervisor.run()
        except (CannotStart, ServiceFailed) as error:
            raise CommandError(str(error)) from error
