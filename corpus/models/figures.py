"""What a release's page counts, kept from when it was counted."""

from __future__ import annotations

from django.db import models

from corpus.models.release import Release


class ReleaseFigures(models.Model):
    """The counts behind a release's figures, of one of its revisions.

    Of a large release a worker counts them: they stay those of an earlier revision until then.
    """

    release = models.OneToOneField(
        Release, models.CASCADE, primary_key=True, related_name="figures"
    )
    revision = models.PositiveIntegerField(null=True, help_text="The one that was counted.")
    counts = models.JSONField(default=dict)
    asked_at = models.DateTimeField(
        null=True, help_text="Since when somebody waits for those of a later revision."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revision__isnull=False) | models.Q(counts={}),
                name="figures_of_a_revision",
            )
        ]

    def __str__(self) -> str:
        return f"figures of {self.release}"
