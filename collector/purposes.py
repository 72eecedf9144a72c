"""The words in which each purpose is asked for, and their hash: what the ledger keeps of a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from collector.models.consent import Purpose

#: Whoever changes the words asks anew; those who agreed to the old ones have these in the ledger.
WORDINGS = {
    Purpose.RESEARCH_RELEASE: _(
        "My recordings may be published for speech research, under a random name."
    ),
    Purpose.COMMERCIAL_USE: _("They may also be used to make products that are sold."),
    Purpose.PUBLIC_PLAYBACK: _("Some of them may be played to everybody on this site, as samples."),
    Purpose.KEEP_ORIGINAL: _(
        "Keep each one as my device sent it too. Otherwise only the prepared copy stays."
    ),
}


def wordings_of(purposes: Collection[str]) -> dict[str, str]:
    """By purpose the sentence that asks for it, in the language of the moment."""
    return {str(each): str(WORDINGS[each]) for each in Purpose if each in purposes}


def hash_of(wordings: Mapping[str, str]) -> str:
    """SHA-256 (hex) of the wordings as JSON with sorted names, in UTF-8."""
    text = json.dumps(wordings, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
