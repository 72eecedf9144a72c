"""Where a prompt comes from, where it was not written for its campaign."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from collector.models import Prompt, User


class PromptOrigin(models.Model):
    """The source and the licence of a prompt that came in with a list."""

    prompt = models.OneToOneField(Prompt, models.CASCADE, primary_key=True, related_name="origin")
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=60, help_text=_("SPDX id."))
    brought_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.prompt_id} from {self.source}"
