#!/usr/bin/env python3
"""Choir's command line: ``manage.py help`` lists what it can do."""

import os
import sys
from contextlib import nullcontext

# Commands that read and write no row, or that start the services themselves.
WITHOUT_SERVICES = {
    "up",
    "help",
    "--help",
    "--version",
    "collectstatic",
    "makemessages",
    "compilemessages",
    "spectacular",
    "makemigrations",
    "prescore",
}


def main() -> None:
    """Run one command, with the laptop's own services around it where none are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from config import embedded

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    alone = command in WITHOUT_SERVICES
    with nullcontext() if alone else embedded.services(settings.VAR_DIR):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
