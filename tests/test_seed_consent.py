"""The owner's word, and what a host or a lawyer is shown."""

import time
from pathlib import Path

import pytest
from nodes import info_hash, node, packager

from packager.errors import UsageMistake
from packager.keyring import Home
from packager.seed import daemon
from packager.seed.config import Config
from packager.seed.policy import Wiring, parse_address
from packager.seed.store import Store

pytestmark = [pytest.mark.swarm, pytest.mark.slow]


def test_a_word_once_given_is_kept(home: Path) -> None:
    wish = daemon.Wish(parse_address("0.0.0.0:0"), offline=True, accepted_risk=False)
    with pytest.raises(UsageMistake):
        daemon.wire(Home(home), wish, Config(), accepted=False)
    done = packager(home, "seed", "renew")  # with no node running
    assert (done.returncode, "The law:" in done.stderr) == (0, True)
    with Store(Home(home).folder("seed")) as store:
        assert abs(store.consented - time.time()) < 60
        wiring = daemon.wire(Home(home), wish, Config(), accepted=store.consented > 0)
    assert wiring == Wiring(parse_address("0.0.0.0:0"), offline=True)


def test_a_statement_names_what_is_held_by_its_true_title(home: Path, out: Path) -> None:
    with node(home) as one:
        one.ask("add", str(out))
        said = packager(home, "seed", "statement").stdout
    assert "The bridge" in said
    assert info_hash(out).hex() in said
