"""A pruned copy equals a fresh export of what is left, byte for byte, in every format."""

from __future__ import annotations

import random
from pathlib import Path

from clients import choir_sync
from corpus.exporters import EXPORTERS
from tests.corpus.sync.conftest import Place, tree_of


def packed_of(copy: Path) -> Path:
    """The folder in which the same release lies as it was downloaded."""
    return copy.parents[1] / "packed"


def test_pruned_copies_are_fresh_exports_of_what_is_left(place: Place):
    """By HTTP, from the site's database and storage, in all formats, twice one after the other."""
    chance = random.Random(6)
    copies = {name: place.copy(name, f"copy-{name}") for name in EXPORTERS}
    left = list(range(len(place.clips)))
    chance.shuffle(left)
    for share in (0.25, 0.5):
        gone = [left.pop() for _ in range(round(share * len(left)))]
        place.take_back(*gone)
        told = place.publish()
        for name, copy in copies.items():
            assert choir_sync.main(["check", *told, str(copy)]) == choir_sync.Found.code, name
            assert choir_sync.main(["prune", "--yes", *told, str(copy)]) == 0, name
            fresh_copy = place.copy(name, f"fresh-{name}-{share}")
            fresh, pruned = tree_of(fresh_copy), tree_of(copy)
            assert set(pruned) == set(fresh), name
            assert choir_sync.main(["prune", "--yes", *told, str(packed_of(copy))]) == 0, name
            assert tree_of(packed_of(copy)) == tree_of(packed_of(fresh_copy)), name
            assert [path for path in fresh if pruned[path] != fresh[path]] == [], name
            assert choir_sync.main(["check", *told, str(copy)]) == 0, name
            assert choir_sync.main(["verify", str(copy)]) == 0, name
