"""What an operator sees and sets up by hand: who has which role, topics, prompts and texts.

Whatever a verb of the services owns is done by that verb here too, or only shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collector.access import Actor, actor_of
from collector.models import (
    Campaign,
    ConsentText,
    Event,
    Membership,
    Prompt,
    PromptKind,
    PromptReport,
    Purpose,
    ReportStatus,
    Role,
    Topic,
    User,
)
from collector.models.campaign import QUOTAS, RECORDING_RANGES
from collector.models.consent import BASE_PURPOSE
from collector.rules import purposes_agreed
from collector.services import (
    add_prompt,
    give_role,
    offer_again,
    offer_prompts,
    publish_consent_text,
    settle_reports,
    take_role,
)


def _operator(request: HttpRequest) -> Actor:
    """Whoever the administration lets act: Django has asked for the permission by then."""
    return replace(actor_of(request), is_operator=True)


class ReadOnly(admin.ModelAdmin):
    """What is changed by verbs alone, on pages of its own: here it is read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    """Campaigns, as their curators set them up."""

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


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who has which role: given and taken, never edited. It helps where no curator is left."""

    list_display = ("user", "campaign", "role")
    list_filter = ("campaign", "role")
    list_select_related = ("user", "campaign")
    search_fields = ("user__email",)
    autocomplete_fields = ("user",)
    actions = None  # deleting several at once would pass by delete_model

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """By the same verb as everywhere, which writes it down."""
        actor, role = actor_of(request), Role(obj.role)
        obj.pk = give_role(actor, obj.campaign, obj.user.email, role).pk

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """By the same verb as everywhere, which keeps the last curator."""
        take_role(actor_of(request), obj.campaign, obj.pk)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a role is taken, and another given."""
        return False


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ("name", "campaign", "wanted_takes")
    list_filter = ("campaign",)
    actions = None  # deleting several at once would pass by delete_model

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Its prompts are of one campaign, and stay there."""
        return () if obj is None else ("campaign",)

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
    """Prompts: added, and given a topic and a quota; opened and closed on the campaign's page."""

    list_display = ("text", "kind", "campaign", "topic", "takes", "is_offered", "is_open")
    list_filter = ("campaign", "kind", "topic", "is_open")
    list_select_related = ("campaign", "topic", "tally")
    search_fields = ("text",)
    fields = ("campaign", "kind", "text", "seconds", "topic", "wanted_takes", "is_open")

    @admin.display(description=_("Takes"), ordering="tally__takes")
    def takes(self, prompt: Prompt) -> str:
        """How many there are of how many."""
        return f"{prompt.tally.takes} / {prompt.tally.wanted or '∞'}"

    @admin.display(description=_("In circulation"), boolean=True)
    def is_offered(self, prompt: Prompt) -> bool:
        """Neither closed nor reported."""
        return prompt.tally.is_offered

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What was asked for stays; whether it is asked for is said on the campaign's page."""
        return ("is_open",) if obj is None else ("campaign", "kind", "text", "seconds", "is_open")

    def save_model(self, request: HttpRequest, obj: Prompt, form: Any, change: bool) -> None:
        """Added by the same verb as everywhere; with another quota it is offered accordingly."""
        if not change:
            kind = PromptKind(obj.kind)
            obj.pk = add_prompt(obj.campaign, kind, obj.text, obj.seconds, obj.topic).pk
        wanted = {"topic": obj.topic, "wanted_takes": obj.wanted_takes}
        Prompt.objects.filter(pk=obj.pk).update(**wanted)
        offer_prompts([obj])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: it is closed."""
        return False


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
        actor = _operator(request)
        settled = sum(settle_reports(actor, prompt, outcome) for prompt in prompts)
        text = ngettext("%d prompt was settled.", "%d prompts were settled.", settled)
        self.message_user(request, text % settled)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: speakers report."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a report is settled."""
        return False


class ConsentTextForm(forms.ModelForm):
    """A text, and what it asks about besides the base."""

    purposes = forms.MultipleChoiceField(
        label=_("What may be ticked besides the base"),
        choices=[each for each in Purpose.choices if each[0] != BASE_PURPOSE],
        initial=[each for each in Purpose.values if each != BASE_PURPOSE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = ConsentText
        fields = ("campaign", "body")

    def clean_purposes(self) -> list[str]:
        """The base is always asked about."""
        return purposes_agreed(Purpose.values, self.cleaned_data["purposes"])


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin):
    """A text is published, and followed by another; none is ever edited."""

    form = ConsentTextForm
    list_display = ("campaign", "version", "language", "created_at")
    fields = ("campaign", "body", "purposes")

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        """By the same verb as everywhere, which numbers and hashes it."""
        asked = form.cleaned_data["purposes"]
        obj.pk = publish_consent_text(_operator(request), obj.campaign, obj.body, asked).pk

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what was agreed to stays what it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Event)
class EventAdmin(ReadOnly):
    """The journal, to read."""

    list_display = ("at", "kind", "clip_id")
    list_filter = ("kind",)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Accounts, and what they may do on the whole site."""

    list_display = ("email", "is_staff", "date_joined")
    fields = ("email", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
    filter_horizontal = ("groups", "user_permissions")
    search_fields = ("email",)
    actions = None  # deleting several at once would pass by delete_model

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody gives more than they have: only superusers give powers."""
        return () if _is_superuser(request.user) else self.fields[2:]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of a superuser's account only for superusers."""
        return super().has_change_permission(request, obj) and _outranks(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same."""
        return super().has_delete_permission(request, obj) and _outranks(request, obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Their roles are taken first, which is written down and keeps every last curator."""
        for member in obj.memberships.select_related("campaign"):
            take_role(actor_of(request), member.campaign, member.pk)
        super().delete_model(request, obj)


def _outranks(request: HttpRequest, account: User | None) -> bool:
    return _is_superuser(request.user) or not _is_superuser(account)


def _is_superuser(account: object) -> bool:
    return isinstance(account, User) and account.is_superuser
