"""A pruned copy equals a fresh export of what is left, byte for byte, in every format."""

from __future__ import annotations

import random

from clients import choir_sync
from corpus.exporters import EXPORTERS
from tests.corpus.sync.conftest import Place, tree_of


def test_pruned_copies_are_fresh_exports_of_what_is_left(place: Place):
    """By HTTP, from the site's database and storage, in all formats, twice one after the other."""
    chance = random.Random(6)
    copies = {name: place.copy(name, f"copy-{name}") for name in EXPORTERS}
    for share in (0.25, 0.5):
        place.take_back(*chance.sample(range(len(place.clips)), round(share * len(place.clips))))
        told = place.publish()
        for name, copy in copies.items():
            assert choir_sync.main(["check", *told, str(copy)]) == choir_sync.Found.code, name
            assert choir_sync.main(["prune", "--yes", *told, str(copy)]) == 0, name
            fresh, pruned = tree_of(place.copy(name, f"fresh-{name}-{share}")), tree_of(copy)
            assert set(pruned) == set(fresh), name
            assert [path for path in fresh if pruned[path] != fresh[path]] == [], name
            assert choir_sync.main(["check", *told, str(copy)]) == 0, name
            assert choir_sync.main(["verify", str(copy)]) == 0, name
