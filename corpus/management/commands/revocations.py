"""``manage.py revocations``: what an operator does about the lists of what was taken back."""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from collector.errors import ChoirError
from corpus.management.commands.release import refuse
from corpus.revocations.keys import as_pem, fingerprint
from corpus.services import adopt_list, fill_hashes, publish_revocations, rotate_key
from corpus.services.revocations import put_aside

HELP = """Lists of what was taken back (docs/sync.md).

verbs:
  publish                make a list now, if one is due (the worker does it by itself)
  fill                   take the hashes of clips that came before hashes were kept
  rotate                 a new key, signed by the present one; keep an offline copy of it
  adopt LIST SIGNATURE   after a restore: go on after the last list that was published

exit codes:
  0  done; one JSON document on standard output
  1  the command line is wrong, or a file cannot be read
  3  refused; standard error holds a JSON document with code and detail
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """Its help keeps its lines."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for each verb."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb in ("publish", "fill", "rotate"):
            verbs.add_parser(verb)
        adopt = verbs.add_parser("adopt")
        adopt.add_argument("list", type=Path)
        adopt.add_argument("signature", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb, and print what it answers."""
        try:
            answer = getattr(self, f"_{options['verb']}")(options)
        except ChoirError as error:
            refuse(error)
        self.stdout.write(json.dumps(answer))

    def _publish(self, _options: dict[str, Any]) -> dict[str, Any]:
        made = publish_revocations()
        return {"list_number": made.number if made else None}

    def _fill(self, _options: dict[str, Any]) -> dict[str, Any]:
        return {"filled": fill_hashes()}

    def _rotate(self, _options: dict[str, Any]) -> dict[str, Any]:
        made = rotate_key(self._tell if settings.REVOCATION_KEY else put_aside)
        return {"fingerprint": fingerprint(made.public_key)}

    def _tell(self, key: Ed25519PrivateKey) -> None:
        self.stderr.write("Set REVOCATION_KEY to this on every machine, now:")
        self.stderr.write(as_pem(key).decode())

    def _adopt(self, options: dict[str, Any]) -> dict[str, Any]:
        content, signature = options["list"].read_bytes(), options["signature"].read_bytes()
        return {"list_number": adopt_list(content, signature).number}
