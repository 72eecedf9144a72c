"""Everything that a person ever gave, as one archive made while it is downloaded."""

from corpus.takeout.contents import Takeout, take_out

__all__ = ["Takeout", "take_out"]
