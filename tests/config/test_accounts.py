"""Accounts by e-mail, one-time links, and the demo's people."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client

from collector.access import Actor, roles
from collector.models import Campaign, Prompt, Role, User
from config import demo


def test_an_account_is_made_by_e_mail(client: Client, db: None):
    form = {"email": "new@example.org", "password1": "a voice of my own 7"}
    assert client.post("/accounts/signup/", form).status_code == 302
    assert "_auth_user_id" not in client.session, "not before the address is confirmed"
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)
    assert link is not None
    client.post(link[1])
    answer = client.post(
        "/accounts/login/", {"login": form["email"], "password": form["password1"]}
    )
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_loading_the_demo_again_changes_nothing(db: None):
    for _ in range(2):
        campaign = demo.load()
        kinds = [prompt.kind for prompt in Prompt.objects.filter(campaign=campaign)]
        assert {kind: kinds.count(kind) for kind in set(kinds)} == {
            "keyword": 10,
            "sentence": 40,
            "noise": 1,
        }
        assert campaign.consent_texts.count() == 1
        assert campaign.memberships.count() == 4


def test_a_sign_in_link_works_once_and_for_its_person(client: Client, db: None):
    campaign = demo.load()
    links = dict(demo.sign_in_links(campaign, "http://testserver"))
    assert set(links) == {"curator", "reviewer", "second-reviewer", "researcher"}
    client.get(links["curator"])
    curator = User.objects.get(pk=client.session["_auth_user_id"])
    assert roles(Actor(user=curator), campaign) == {Role.CURATOR}
    other = Client()
    other.get(links["curator"])
    assert "_auth_user_id" not in other.session


def test_a_draft_is_seen_by_its_members_only(client: Client, db: None):
    campaign = demo.load()
    Campaign.objects.update(status="draft")
    assert client.get(f"/c/{campaign.slug}/").status_code == 404
    client.force_login(
        User.objects.get(email__startswith="curator"), "django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(f"/c/{campaign.slug}/").status_code == 200
