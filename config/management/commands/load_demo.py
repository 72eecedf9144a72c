"""``manage.py load_demo``: the demo campaign, and one-time sign-in links for its people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import demo


class Command(BaseCommand):
    help = "Load the demo campaign (again is harmless) and print one-time sign-in links."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then print."""
        for name, address in demo.sign_in_links(demo.load(), settings.SITE_URL):
            self.stdout.write(f"{name:16} {address}")
