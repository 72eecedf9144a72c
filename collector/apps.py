"""The Django app of speaking."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CollectorConfig(AppConfig):
    name = "collector"
    verbose_name = _("Collector")

    def ready(self) -> None:
        """Register the system checks, which Django finds by import alone."""
        import collector.checks  # noqa: F401
