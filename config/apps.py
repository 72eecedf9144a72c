"""The wiring, as a Django app: it holds the commands that start and fill a site."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Choir"
