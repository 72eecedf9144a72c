"""``manage.py release``: previews, cuts, lists and compares releases; JSON comes out."""

from __future__ import annotations

import json
import sys
from argparse import RawDescriptionHelpFormatter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collector.access import Actor
from collector.errors import ChoirError, NotFound
from collector.models import Campaign, User
from corpus.models import Release
from corpus.recipe import Recipe
from corpus.selectors import delta, release_counts
from corpus.services import cut_release, preview_release

EXIT_CODES = """
exit codes:
  0  done; the answer is one JSON document on standard output
  1  the command line is wrong, or a file cannot be read
  3  refused; standard error holds a JSON document with code, detail, and fields or failures
  4  preview only: something stands against freezing ("findings" with "is_failure")

a recipe is a JSON object, such as
  {"kinds": ["keyword"], "snr_db_min": 15, "split_rule": "strict-speaker", "testing_percent": 5}
docs/releases.md lists its fields. A release is named CAMPAIGN:VERSION, with @REVISION if it is an
older one: words:2 or words:2@0.
"""
REFUSED, WOULD_FAIL = 3, 4


def campaign_of(slug: str) -> Campaign:
    """The campaign; NotFound otherwise."""
    found = Campaign.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no campaign “{slug}”.")
    return found


def release_of(name: str) -> tuple[Release, int | None]:
    """The release that is named CAMPAIGN:VERSION[@REVISION], and the revision; or NotFound."""
    which, _, revision = name.partition("@")
    slug, _, version = which.partition(":")
    releases = Release.objects.select_related("campaign").filter(campaign__slug=slug)
    found = releases.filter(version=version).first() if version.isdecimal() else None
    if found is None or not (revision or "0").isdecimal():
        raise NotFound(f"There is no release “{name}”. Name one as CAMPAIGN:VERSION[@REVISION].")
    return found, int(revision) if revision else None


def refuse(error: ChoirError) -> None:
    """Say why on standard error, and leave."""
    said = {"code": error.code, "detail": str(error), **error.extra}
    sys.stderr.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.exit(REFUSED)


class Command(BaseCommand):
    help = "Preview, cut, list and compare releases." + EXIT_CODES

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """Its help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for each verb."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb in ("preview", "cut"):
            one = verbs.add_parser(verb)
            one.add_argument("campaign", help="its slug")
            one.add_argument("--by", required=True, help="e-mail address of a curator's account")
            one.add_argument("--recipe", default="{}", help="JSON, or @FILE with it")
        verbs.add_parser("list").add_argument("campaign", help="its slug")
        compared = verbs.add_parser("delta")
        compared.add_argument("old", help="CAMPAIGN:VERSION[@REVISION]")
        compared.add_argument("new", help="CAMPAIGN:VERSION; as it is today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb, and print what it answers."""
        try:
            answer = getattr(self, f"_{options['verb']}")(options)
        except ChoirError as error:
            refuse(error)
        self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))
        findings = answer.get("findings", []) if isinstance(answer, dict) else []
        if any(finding["is_failure"] for finding in findings):
            sys.exit(WOULD_FAIL)

    def _preview(self, options: dict[str, Any]) -> dict[str, Any]:
        actor, recipe = actor_of_email(options["by"]), _recipe(options["recipe"])
        return asdict(preview_release(actor, campaign_of(options["campaign"]), recipe))

    def _cut(self, options: dict[str, Any]) -> dict[str, Any]:
        actor, recipe = actor_of_email(options["by"]), _recipe(options["recipe"])
        return _told(cut_release(actor, campaign_of(options["campaign"]), recipe))

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        releases = campaign_of(options["campaign"]).releases.order_by("version")
        return [_told(release) for release in releases.select_related("campaign")]

    def _delta(self, options: dict[str, Any]) -> dict[str, Any]:
        (old, since), (new, _) = release_of(options["old"]), release_of(options["new"])
        return dict(delta(old, new, since))


def _told(release: Release) -> dict[str, Any]:
    return {
        "id": str(release.pk),
        "name": f"{release.campaign.slug}:{release.version}",
        "revision": release.revision,
        "status": release.status,
        "is_public": release.is_public,
        "frozen_at": release.frozen_at.isoformat(),
        "recipe": release.recipe,
        **release_counts(release),
    }


def actor_of_email(email: str) -> Actor:
    """Who acts, by the address of their account; NotFound otherwise."""
    user = User.objects.filter(email=email).first()
    if user is None:
        raise NotFound(f"There is no account “{email}”.")
    return Actor(user=user)


def _recipe(given: str) -> Recipe:
    try:
        text = Path(given[1:]).read_text("utf-8") if given.startswith("@") else given
        return Recipe.of(json.loads(text))
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(f"The recipe is no JSON object that can be read: {error}") from error
