"""``manage.py site_keys``: the site's keys, and what they are still needed for."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from collector.models import ClipKey, SiteKey
from collector.vault.keys import current_site_key
from collector.vault.site_keys import encode_key, site_keys
from collector.vault.wrapping import new_key


class Command(BaseCommand):
    help = "Lists the site's keys, by fingerprint; makes the first one where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """To make one for SITE_KEYS."""
        parser.add_argument(
            "--print-new", action="store_true", help="print a new key for SITE_KEYS; keep nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each: fingerprint, status, since when, whether it is here, who needs it."""
        if options["print_new"]:
            self.stdout.write(encode_key(new_key()))
            return
        with transaction.atomic():
            current_site_key()
        here = set(site_keys().ids())
        for key in SiteKey.objects.order_by("made_at"):
            since = key.destroyed_at or key.retired_at or key.made_at
            place = "here" if key.pk in here else "NOT HERE"
            if key.destroyed_at:
                place = "gone"
            num_clips = ClipKey.objects.filter(site_key=key).count()
            self.stdout.write(
                f"{key.pk}  {key.status:9}  since {since:%Y-%m-%d}  {place:8}  {num_clips} clips"
            )
