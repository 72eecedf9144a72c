"""Bring the translators' catalogues up to date with the code, or check that they are complete."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import translations


class Command(BaseCommand):
    """``manage.py messages [--check]``."""

    help = "Bring frontend/locale up to date with the texts in the code; then translate the .po."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check`` writes nothing."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if a text lacks translation"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Update every language but English, then say what is left to translate."""
        faults = []
        for language, _name in settings.LANGUAGES:
            if language == translations.SOURCE_LANGUAGE:
                continue
            for domain in translations.DOMAINS:
                if not check:
                    translations.update(settings.BASE_DIR, language, domain)
                faults += translations.faults(settings.BASE_DIR, language, domain)
        self.stdout.write("\n".join([*faults, f"{len(faults)} texts to translate or to mend"]))
        if check and faults:
            raise CommandError("Translate these in frontend/locale, after: manage.py messages")
