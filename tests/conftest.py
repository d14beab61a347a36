"""No test talks to the world; helpers beside the tests can be imported by name."""

import gc
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

import browser
import commands
import damage
import nodes
import sealed
from reader import PAGE

from packager.demo.tracker import Tracker
from packager.keyring import Home

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # jobs in the background start deaf to it
    signal.signal(signal.SIGINT, signal.default_int_handler)
for _number in (signal.SIGHUP, signal.SIGQUIT):  # and under nohup to these
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)
settings.register_profile("house", deadline=None)  # a busy machine is no mistake of the code
settings.register_profile("quick", deadline=None, max_examples=15)  # for the fast gate
settings.load_profile("quick" if "PACKAGER_QUICK" in os.environ else "house")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


_LATER = re.compile(r"^pytestmark = .*\bpytest\.mark\.(slow|swarm|tool)\b", re.MULTILINE)
_FILES = sorted(Path(__file__).parent.glob("test_*.py"))


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Load no file whose tests the fast gate leaves out, and of the others its share alone."""
    if collection_path not in _FILES or not (quick := os.environ.get("PACKAGER_QUICK")):
        return None
    share, _, shares = quick.partition("/")
    theirs = _FILES.index(collection_path) % int(shares or 1) != int(share) - 1
    return theirs or bool(_LATER.search(collection_path.read_text("utf-8"))) or None


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the search for garbage need not look at it ever again."""
    gc.freeze()


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: tuple[str, int] | str) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            pytest.fail(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report to pack where any will do; nobody may change it."""
    return commands.brief(tmp_path_factory.mktemp("brief") / "report")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> sealed.Desk:
    """A publisher with a home."""
    return sealed.desk(tmp_path_factory.mktemp("home"))


@pytest.fixture
def home(tmp_path: Path, desk: sealed.Desk) -> Path:
    """The home of a volunteer who trusts the desk."""
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    return home.path


@pytest.fixture
def out(tmp_path: Path, desk: sealed.Desk) -> Path:
    """A release of the desk whose tracker never answers."""
    out = tmp_path / "out" / nodes.NAME
    nodes.packed(out, desk, "http://127.0.0.1:9/announce")
    return out


@pytest.fixture(scope="module")
def tracker() -> Iterator[Tracker]:
    with Tracker() as running:
        yield running


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk) -> list[Path]:
    """Releases of this publisher, one of each kind."""
    return damage.releases(tmp_path_factory.mktemp("releases"), desk)


@pytest.fixture(scope="module")
def chromium() -> Iterator[browser.Chromium]:
    with browser.chromium() as found:
        yield found


@pytest.fixture
def tab(chromium: browser.Chromium) -> browser.Chromium:
    """The verifier page, just opened."""
    chromium.events.clear()
    chromium.open(PAGE)
    return chromium
