"""The wiring, as a Django app: it holds the commands that start and fill a site."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Choir"

    def ready(self) -> None:
        """Let the documentation know its extensions."""
        from config import openapi  # noqa: F401 - registers itself
