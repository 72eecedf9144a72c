"""What an operator sets up by hand: campaigns, their prompts and texts, and who has which role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collector.models import (
    Campaign,
    ConsentText,
    Event,
    Membership,
    Prompt,
    PromptReport,
    ReportStatus,
    Topic,
    User,
)
from collector.models.campaign import QUOTAS, RECORDING_RANGES
from collector.rules import normalised_text
from collector.services import offer_again, offer_prompts, publish_consent_text, settle_reports


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
            _("How much of each prompt"),
            {"fields": QUOTAS},
        ),
        (
            _("How it is recorded"),
            {"fields": (*RECORDING_RANGES, "keeps_room_tone", "show_heard", "accepts_devices")},
        ),
    )
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """With other quotas, other prompts are offered."""
        super().save_model(request, obj, form, change)
        offer_again(obj)


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ("name", "campaign", "wanted_takes")
    list_filter = ("campaign",)
    actions = None  # deleting several at once would pass by delete_model

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        """With another quota, other prompts are offered."""
        super().save_model(request, obj, form, change)
        offer_again(obj.campaign)

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        """Its prompts stay, and go by the campaign's quota."""
        super().delete_model(request, obj)
        offer_again(obj.campaign)


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    list_display = ("text", "kind", "campaign", "topic", "takes", "is_offered", "is_open")
    list_filter = ("campaign", "kind", "topic", "is_open")
    list_select_related = ("campaign", "topic", "tally")
    search_fields = ("text",)

    @admin.display(description=_("Takes"), ordering="tally__takes")
    def takes(self, prompt: Prompt) -> str:
        """How many there are of how many."""
        return f"{prompt.tally.takes} / {prompt.tally.wanted or '∞'}"

    @admin.display(description=_("In circulation"), boolean=True)
    def is_offered(self, prompt: Prompt) -> bool:
        """Neither closed nor reported."""
        return prompt.tally.is_offered

    def save_model(self, request: HttpRequest, obj: Prompt, form: Any, change: bool) -> None:
        """What was opened, closed or given a quota is offered accordingly."""
        obj.text = normalised_text(obj.text)
        super().save_model(request, obj, form, change)
        offer_prompts([obj])


@admin.register(PromptReport)
class PromptReportAdmin(admin.ModelAdmin):
    """What speakers find wrong with prompts, for a curator to look at."""

    list_display = ("prompt", "reason", "note", "status", "at")
    list_filter = ("status", "prompt__campaign", "reason")
    list_select_related = ("prompt",)
    readonly_fields = ("prompt", "reason", "note", "status", "at", "settled_at")
    exclude = ("participation",)
    actions = ("offer_prompts_again", "close_prompts")

    @admin.action(description=_("The prompts are right: offer them again"))
    def offer_prompts_again(self, request: HttpRequest, reports: QuerySet[PromptReport]) -> None:
        """Dismiss all reports of these prompts."""
        self._settle(request, reports, ReportStatus.DISMISSED)

    @admin.action(description=_("The prompts are wrong: close them"))
    def close_prompts(self, request: HttpRequest, reports: QuerySet[PromptReport]) -> None:
        """Uphold all reports of these prompts."""
        self._settle(request, reports, ReportStatus.UPHELD)

    def _settle(
        self, request: HttpRequest, reports: QuerySet[PromptReport], outcome: ReportStatus
    ) -> None:
        prompts = Prompt.objects.filter(pk__in=reports.values("prompt"))
        settled = sum(settle_reports(prompt, outcome) for prompt in prompts)
        text = ngettext("%d prompt was settled.", "%d prompts were settled.", settled)
        self.message_user(request, text % settled)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: speakers report."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a report is settled."""
        return False


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
