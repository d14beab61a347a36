"""Killed at random moments, a node loses no release and shows no false state.

`python tests/crashes.py --kills 100` does the same for longer.
"""

from pathlib import Path

import crashes
import pytest

pytestmark = [pytest.mark.swarm, pytest.mark.slow]


@pytest.mark.parametrize("seed", [6])
def test_a_node_killed_at_random_moments_loses_nothing(tmp_path: Path, seed: int) -> None:
    seen = crashes.kill_often(tmp_path, 8, seed)
    assert seen["far seeding"] > 0
