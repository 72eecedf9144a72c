"""What a curator does by hand with what is published: legal holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from collector.access import actor_of
from collector.errors import ChoirError
from collector.models import Clip, LegalHold
from corpus.services import lift_hold, place_hold


class LegalHoldForm(forms.ModelForm):
    """A clip by its id, and the ground; the hold itself is placed by the service."""

    clip_id = forms.UUIDField(label=_("The recording's id"))

    class Meta:
        model = LegalHold
        fields = ("basis",)

    def clean_clip_id(self) -> Any:
        """There must be such a recording."""
        clip_id = self.cleaned_data["clip_id"]
        if not Clip.objects.filter(pk=clip_id).exists():
            raise forms.ValidationError(_("There is no recording with this id."))
        return clip_id


@admin.register(LegalHold)
class LegalHoldAdmin(admin.ModelAdmin):
    """Holds, standing and lifted: placed and lifted here, never edited."""

    form = LegalHoldForm
    list_display = ("clip_id", "basis", "placed_at", "placed_by", "lifted_at", "lifted_by")
    list_filter = ("lifted_at",)
    fields = ("clip_id", "basis")
    actions = ("lift",)

    def save_model(self, request: HttpRequest, obj: LegalHold, form: Any, change: bool) -> None:
        """By the same verb as everywhere; what it refuses is the answer."""
        obj.pk = place_hold(actor_of(request), form.cleaned_data["clip_id"], obj.basis).pk

    @admin.action(description=_("Lift the hold"))
    def lift(self, request: HttpRequest, holds: QuerySet[LegalHold]) -> None:
        """End them; what was taken back meanwhile is erased now."""
        try:
            for clip_id in holds.filter(lifted_at=None).values_list("clip", flat=True):
                lift_hold(actor_of(request), clip_id)
        except ChoirError as error:
            self.message_user(request, str(error), "ERROR")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list is shown; no single hold is edited."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: it is lifted."""
        return False
