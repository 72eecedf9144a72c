"""A pruned copy equals a fresh export of what is left, byte for byte, in every format."""

from __future__ import annotations

import random

import pytest

from clients import choir_sync
from corpus.exporters import EXPORTERS
from tests.sync.conftest import Place, tree_of


@pytest.mark.parametrize("format_name", EXPORTERS)
def test_a_pruned_copy_is_a_fresh_export_of_what_is_left(place: Place, format_name: str):
    chance = random.Random(format_name)
    copy = place.copy(format_name, "copy")
    for share in (0.25, 0.5):
        gone = chance.sample(range(len(place.clips)), round(share * len(place.clips)))
        place.take_back(*gone)
        told = place.publish()
        held = choir_sync.main(["check", *told, str(copy)])
        assert choir_sync.main(["prune", "--yes", *told, str(copy)]) == 0
        fresh = tree_of(place.copy(format_name, f"fresh-{share}"))
        pruned = tree_of(copy)
        assert set(pruned) == set(fresh)
        assert [path for path in fresh if pruned[path] != fresh[path]] == []
        assert held == choir_sync.Found.code
        assert choir_sync.main(["check", *told, str(copy)]) == 0
        assert choir_sync.main(["verify", str(copy)]) == 0
