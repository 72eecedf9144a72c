"""The administration goes by the same verbs as everybody, or only shows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from collector.models import (
    Campaign,
    Event,
    EventKind,
    LegalHold,
    Membership,
    Prompt,
    PromptTally,
    Role,
    Topic,
    User,
)
from tests.people import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def operator(db: None) -> Person:
    """Somebody in the administration, with a role in no campaign."""
    user = User.objects.create_superuser("operator@example.org")
    client = Client()
    client.force_login(user, BACKEND)
    return Person(client, user)


def staff(*permissions: str) -> Person:
    """Somebody in the administration who may do these things and no others."""
    user = User.objects.create_user("staff@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user, BACKEND)
    return Person(client, user)


def page(row: Model, name: str) -> str:
    return reverse(f"admin:collector_{row._meta.model_name}_{name}", args=[row.pk])


def saved(person: Person, row: Model, **changes: object) -> dict[str, object]:
    """Open the row's form, change something, save; what the form found wrong."""
    address = page(row, "change")
    form = person.client.get(address).context["adminform"].form
    body = {name: value for name, value in form.initial.items() if value is not None} | changes
    body = {name: value for name, value in body.items() if value is not False and value is not None}
    answer = person.client.post(address, body)
    if answer.status_code == 302:
        return {}
    errors = answer.context["adminform"].form.errors
    assert errors, "what was refused says why"
    return dict(errors)


def give(person: Person, campaign: Campaign, user: User, role: Role) -> HttpResponse:
    body = {"user": user.pk, "campaign": campaign.pk, "role": role.value}
    answer: HttpResponse = person.client.post("/admin/collector/membership/add/", body)
    return answer


def delete(person: Person, row: Model) -> HttpResponse:
    answer: HttpResponse = person.client.post(page(row, "delete"), {"post": "yes"})
    return answer


def test_a_campaign_is_only_shown(operator: Person, speaker: Person, campaign: Campaign):
    speaker.lend(campaign, "yes")
    before = Campaign.objects.values().get()
    shown = operator.client.get(page(campaign, "change"))
    assert shown.status_code == 200 and b'name="licence"' not in shown.content
    body = before | {"licence": "CC0-1.0", "language": "de", "status": "draft"}
    body = {name: value for name, value in body.items() if value is not None}
    assert operator.client.post(page(campaign, "change"), body).status_code == 403
    assert delete(operator, campaign).status_code == 403
    assert operator.client.get("/admin/collector/campaign/add/").status_code == 403
    assert Campaign.objects.values().get() == before


def test_roles_are_given_and_taken_by_the_verbs(
    operator: Person, curator: Person, campaign: Campaign
):
    anna = User.objects.create_user("anna@example.org")
    assert give(operator, campaign, anna, Role.REVIEWER).status_code == 302
    given = Event.objects.get(kind=EventKind.ROLE_GIVEN).data
    assert (given["user"], given["role"], given["by"]) == (anna.pk, "reviewer", operator.user.pk)
    role = Membership.objects.get(user=anna)
    assert operator.client.post(page(role, "change"), {"role": "curator"}).status_code == 403
    assert delete(operator, role).status_code == 302
    assert Event.objects.get(kind=EventKind.ROLE_TAKEN).data["user"] == anna.pk
    assert not Membership.objects.filter(user=anna).exists()


@pytest.mark.parametrize("of", ["membership", "account"])
def test_the_last_curator_stays(of: str, operator: Person, curator: Person, campaign: Campaign):
    row = Membership.objects.get() if of == "membership" else curator.user
    refused = delete(operator, row)
    assert refused.status_code == 409
    assert "keeps at least one curator" in refused.content.decode()
    assert campaign.memberships.get().user == curator.user
    give(operator, campaign, operator.user, Role.CURATOR)
    assert delete(operator, row).status_code == 302
    assert campaign.memberships.get().user == operator.user
    assert Event.objects.get(kind=EventKind.ROLE_TAKEN).data["by"] == operator.user.pk


def test_several_at_once_pass_by_no_verb(operator: Person, curator: Person, campaign: Campaign):
    for row in (Membership.objects.get(), curator.user, campaign, campaign.prompts.first()):
        body = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        operator.client.post(reverse(f"admin:collector_{row._meta.model_name}_changelist"), body)
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_curator_without_the_permission_and_staff_without_a_role_give_none(
    curator: Person, campaign: Campaign
):
    anna = User.objects.create_user("anna@example.org")
    assert give(curator, campaign, anna, Role.CURATOR).status_code == 302, "to the sign-in"
    assert give(staff("view_membership"), campaign, anna, Role.CURATOR).status_code == 403
    assert not Membership.objects.filter(user=anna).exists()


def test_nobody_raises_themselves(operator: Person):
    helper = staff("view_user", "change_user", "delete_user")
    saved(helper, helper.user, is_superuser="on", is_active="on")
    helper.user.refresh_from_db()
    assert not helper.user.is_superuser
    changed = helper.client.post(page(operator.user, "change"), {"email": "mine@example.org"})
    assert changed.status_code == 403
    assert delete(helper, operator.user).status_code == 403
    permission = Permission.objects.get(codename="add_campaign")
    assert saved(operator, helper.user, user_permissions=[permission.pk]) == {}
    assert User.objects.get(pk=helper.user.pk).has_perm("collector.add_campaign")


def test_what_was_asked_for_stays_and_how_often_is_set(operator: Person, campaign: Campaign):
    yes = campaign.prompts.get(text="yes")
    topic = Topic.objects.create(campaign=campaign, name="Answers")
    other = Campaign.objects.create(slug="other", name="O", description="-", language="en")
    Campaign.objects.filter(pk=campaign.pk).update(wanted_takes=9)
    said = {"text": "no way", "kind": "sentence", "campaign": other.pk, "is_open": ""}
    assert saved(operator, yes, topic=topic.pk, **said) == {}
    yes.refresh_from_db()
    assert (yes.text, yes.kind, yes.campaign, yes.is_open) == ("yes", "keyword", campaign, True)
    assert saved(operator, topic, wanted_takes=5, campaign=other.pk) == {}
    assert wanted("yes") == 5
    assert saved(operator, yes, topic=topic.pk, wanted_takes=2) == {}
    assert wanted("yes") == 2
    assert "wanted_takes" in saved(operator, yes, wanted_takes=0)
    assert saved(operator, yes, wanted_takes=None) == {}
    topic.refresh_from_db()
    assert topic.campaign == campaign
    delete(operator, topic)
    assert wanted("yes") == 9
    assert delete(operator, yes).status_code == 403
    listed = operator.client.get(reverse("admin:collector_prompt_changelist"))
    assert "0 / 9" in listed.content.decode()


def wanted(text: str) -> int | None:
    return PromptTally.objects.get(prompt__text=text).wanted


def test_a_prompt_is_added_as_everywhere(operator: Person, campaign: Campaign):
    body = {"campaign": campaign.pk, "kind": "noise", "text": "Keep  quiet.", "seconds": "5"}
    answer = operator.client.post("/admin/collector/prompt/add/", body | {"wanted_takes": "4"})
    assert answer.status_code == 302, answer.content
    made = Prompt.objects.get(kind="noise")
    assert (made.text, made.seconds, made.is_open) == ("Keep quiet.", 5, True)
    assert (made.tally.wanted, made.tally.is_offered) == (4, True)


@pytest.mark.parametrize("field", ["text", "kind", "campaign"])
def test_the_database_keeps_a_prompt_that_was_spoken(
    field: str, speaker: Person, campaign: Campaign
):
    speaker.lend(campaign, "yes")
    other = Campaign.objects.create(slug="other", name="O", description="-", language="en")
    change = {"text": "no way", "kind": "sentence", "campaign": other}[field]
    with pytest.raises(IntegrityError, match="has clips"), transaction.atomic():
        Prompt.objects.filter(text="yes").update(**{field: change})
    assert Prompt.objects.filter(text="no").update(**{field: change}) == 1, "nobody spoke it yet"
    assert Prompt.objects.filter(text="yes").update(is_open=False, wanted_takes=3) == 1


def test_a_hold_that_is_refused_is_no_success(
    operator: Person, speaker: Person, campaign: Campaign
):
    clip = speaker.lend(campaign, "yes")
    form = {"clip_id": str(clip.pk), "basis": "An order."}
    refused = operator.client.post("/admin/collector/legalhold/add/", form)
    assert refused.status_code == 403
    assert not LegalHold.objects.exists()
