"""Everything that a person ever gave, as one archive made while it is downloaded."""

from corpus.takeout.contents import Takeout, take_out
from corpus.takeout.people import lent_by

__all__ = ["Takeout", "lent_by", "take_out"]
