"""Curators' verbs as operators use them, in the administration and at commands.

No role is asked for, and the journal says that it was an operator. The curators' own pages call
the verbs themselves, in ``campaigns`` and ``prompts``, with who asks.
"""

from __future__ import annotations

from collections.abc import Collection

from collector.access import OPERATOR
from collector.models import Campaign, ConsentText, Prompt, Purpose, ReportStatus
from collector.services import campaigns, prompts


def publish_consent_text(
    campaign: Campaign, body: str, purposes: Collection[str] = tuple(Purpose.values)
) -> ConsentText:
    """The next version of the text; see ``campaigns.publish_consent_text``."""
    return campaigns.publish_consent_text(OPERATOR, campaign, body, purposes)


def settle_reports(prompt: Prompt, outcome: ReportStatus) -> bool:
    """Close the reported prompt or offer it again; see ``prompts.settle_reports``."""
    return prompts.settle_reports(OPERATOR, prompt, outcome)
