"""Shares of 1, for people."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> float | None:
    """0.97 is 97; nothing stays nothing."""
    return None if share is None else 100.0 * share
