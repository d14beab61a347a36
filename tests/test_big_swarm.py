"""A small version of `make swarm`: namespaces, slow and lossy wires, nodes killed at random."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from big_swarm import NAMESPACES
from tools import tool

SCRIPT = Path(__file__).with_name("big_swarm.py")


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.tool
def test_everybody_gets_all_of_it_while_nodes_are_killed() -> None:
    for program in ("aria2c", "ip", "unshare"):
        tool(program)
    probe = [*NAMESPACES, "ip", "tuntap", "add", "probe0", "mode", "tun"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this computer makes no network namespaces, or no TUN devices in them")
    words = "--nodes 2 --leechers 4 --kills 4 --seconds 10 --limit 150".split()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["whole"], told["genuine"], told["early"]) == (4, 2, [])
    assert (told["seeding"], told["kills"]) == (2, 4)
    assert told["packets"]["lost"] > 0
