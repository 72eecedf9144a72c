"""Pages for listening, and for those who see to it that others can listen."""

from validation.views.cases import case, cases
from validation.views.desk import machine, review
from validation.views.people import languages, reviewers
from validation.views.policy import policy, redecide

__all__ = ["case", "cases", "languages", "machine", "policy", "redecide", "review", "reviewers"]
