"""What an operator sets up by hand: campaigns, their prompts and texts, and who has which role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from collector.models import Campaign, ConsentText, Event, Membership, Prompt, User
from collector.models.campaign import RECORDING_RANGES
from collector.services import publish_consent_text


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "language", "status")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "slug",
                    "description",
                    "language",
                    "licence",
                    "status",
                    "goal_clips",
                )
            },
        ),
        (
            _("How it is recorded"),
            {"fields": (*RECORDING_RANGES, "keeps_room_tone", "show_heard")},
        ),
    )
    inlines = (MembershipInline,)


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    list_display = ("text", "kind", "campaign", "is_open")
    list_filter = ("campaign", "kind", "is_open")
    search_fields = ("text",)


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin):
    """A text is published, and followed by another; none is ever edited."""

    list_display = ("campaign", "version", "language", "created_at")
    fields = ("campaign", "body")

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        """By the same verb as everywhere, which numbers and hashes it."""
        obj.pk = publish_consent_text(obj.campaign, obj.body).pk

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what was agreed to stays what it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """The journal, to read."""

    list_display = ("at", "kind", "clip_id")
    list_filter = ("kind",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: facts are announced by what makes them."""
        return False

    has_change_permission = ConsentTextAdmin.has_change_permission
    has_delete_permission = ConsentTextAdmin.has_delete_permission


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "is_staff", "date_joined")
    fields = ("email", "is_active", "is_staff", "is_superuser")
    search_fields = ("email",)
