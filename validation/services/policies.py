"""Setting a campaign's review policy, and ceasing to trust a machine that has drifted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from collector.access import Actor, require_role
from collector.events import announce
from collector.models import Campaign, EventKind, Role
from validation.errors import PolicyInvalid
from validation.models import CaseStatus, PreScore, ReviewCase, ReviewPolicy
from validation.services.deciding import rule_of
from validation.verdicts.drift import Drift, drifts


@transaction.atomic
def set_policy(actor: Actor, campaign: Campaign, **changes: Any) -> ReviewPolicy:
    """Change what is named; ``redecide`` brings earlier cases to it.

    To trust the machine again begins a new measurement: what was found before counts no more.
    Raises RoleMissing unless the actor is a curator, PolicyInvalid with what is wrong.
    """
    require_role(actor, campaign, Role.CURATOR)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    policy = ReviewPolicy.of(campaign.pk)
    trusted_before = policy.trusts_machine
    for name, value in changes.items():
        setattr(policy, name, value)
    if policy.trusts_machine and not trusted_before:
        policy.trusted_since, policy.distrust = timezone.now(), None
    try:
        rule_of(policy)
        policy.full_clean(validate_unique=False)
    except ValidationError as error:
        raise PolicyInvalid("; ".join(error.messages), errors=error.message_dict) from error
    except ValueError as error:
        raise PolicyInvalid(str(error)) from error
    policy.save()
    announce(EventKind.POLICY_CHANGED, campaign=campaign.slug, changed=sorted(changes))
    return policy


def measured_drift(campaign: Campaign) -> list[Drift]:
    """The machine against the blind verdicts of a campaign, since it was last trusted."""
    policy = ReviewPolicy.of(campaign.pk)
    cases = ReviewCase.objects.filter(
        campaign=campaign,
        is_blind=True,
        status__in=[CaseStatus.ACCEPTED, CaseStatus.REJECTED],
    )
    if policy.trusted_since is not None:
        cases = cases.filter(decided_at__gte=policy.trusted_since)
    newest: dict[Any, float] = {}
    scores = PreScore.objects.filter(clip__review_case__in=cases, match__isnull=False).order_by(
        "at"
    )
    for case, match in scores.values_list("clip__review_case", "match"):
        newest[case] = match or 0.0
    judged = cases.filter(pk__in=newest).values_list("pk", "status")
    return drifts([(newest[pk], status == CaseStatus.ACCEPTED) for pk, status in judged])


@transaction.atomic
def watch_drift(campaign: Campaign) -> bool:
    """Stop trusting the machine when it is beyond its bound; True when this call did it."""
    policy = ReviewPolicy.of(campaign.pk)
    beyond = [drift for drift in measured_drift(campaign) if drift.is_beyond(policy.drift_bound)]
    if not beyond or not policy.trusts_machine:
        return False
    if policy.pk is None:
        policy.save()
    found = [asdict(drift) for drift in beyond]
    trusting = ReviewPolicy.objects.filter(pk=policy.pk, trusts_machine=True)
    if not trusting.update(trusts_machine=False, distrust=found):
        return False
    announce(EventKind.MACHINE_DISTRUSTED, campaign=campaign.slug, drifts=found)
    return True
