"""A legal hold: a recording that the law wants kept, and that nobody may use meanwhile."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.models.clip import Clip
from collector.models.people import User


class LegalHold(models.Model):
    """Why a clip may neither be used nor erased, who said so, and when that ended.

    GDPR, article 17(3) and 18(2): erasure waits where the law demands it, and what waits is
    restricted. While it stands, the clip is in no review and no release; its speaker may take it
    back all the same, and its audio is erased the moment the hold is lifted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clip = models.ForeignKey(Clip, models.PROTECT, related_name="legal_holds")
    basis = models.CharField(
        max_length=300, help_text=_("The law or the order that demands it, and its reference.")
    )
    placed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clip"], name="hold_one_standing", condition=models.Q(lifted_at=None)
            ),
            models.CheckConstraint(condition=~models.Q(basis=""), name="hold_has_a_basis"),
        ]

    def __str__(self) -> str:
        return f"hold on {self.clip_id}: {self.basis}"
