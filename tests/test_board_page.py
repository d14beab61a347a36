"""The dashboard as its owner sees it: a real node, a real browser, on loopback only."""

import contextlib
import http.client
import json
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import browser
import pytest
import sealed
from nodes import NAME, PACKAGER, Node, leech, node, until

from packager import torrent
from packager.keyring import Home
from packager.torrent import Kind

pytestmark = [pytest.mark.slow, pytest.mark.swarm, pytest.mark.tool]
RISKY = "Silver.Lantern.2011.720p"


@dataclass
class Board:
    """A dashboard of its own process."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].split("/")[0])

    def get(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(line):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, body, sent)
            answer = line.getresponse()
            got = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, got, answer.read().decode()


@contextlib.contextmanager
def dashboard(home: Path) -> Iterator[Board]:
    words = ("--home", str(home), "seed", "dashboard", "--port", "0")
    process = subprocess.Popen([*PACKAGER, *words], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        found = re.fullmatch(r"dashboard: (http://127\.0\.0\.1:\d+/\?token=\S{43})\n", line)
        assert found, line + process.stderr.read()
        yield Board(process, found[1])
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.communicate()


def release(out: Path, desk: sealed.Desk, name: str, *allowed: str) -> Path:
    done = sealed.release(out / name, desk, told=replace(sealed.terms(), allowed=allowed))
    data = torrent.build(name, done.files, done.piece_length, done.sha1_pieces, Kind.V1, [])
    (out / f"{name}.torrent").write_bytes(data)
    return out


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk) -> Path:
    out = tmp_path_factory.mktemp("out")
    release(out, desk, RISKY, "real-title")
    return release(out, desk, NAME)


@pytest.fixture
def out(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "out"))


@pytest.fixture
def running(tmp_path: Path, desk: sealed.Desk) -> Iterator[Node]:
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    with node(home.path) as one:
        yield one


@pytest.fixture
def board(running: Node) -> Iterator[Board]:
    with dashboard(running.home) as one:
        yield one


def press(tab: browser.Chromium, label: str) -> None:
    """Click a button as a person does, and wait for the page that follows."""
    tab.run("window.old = true")
    with contextlib.suppress(browser.Left):
        tab.run(
            "[...document.querySelectorAll('button')]"
            f".find(b => b.textContent === {json.dumps(label)}).click()"
        )
    until(lambda: arrived(tab))


def arrived(tab: browser.Chromium) -> bool:
    """Whether another page is there, all of it."""
    with contextlib.suppress(browser.Left):
        return bool(tab.run("!window.old && document.readyState === 'complete'"))
    return False


def text(tab: browser.Chromium, selector: str = "body") -> str:
    found = tab.run(f"document.querySelector({json.dumps(selector)}).innerText")
    assert isinstance(found, str)
    return found


def errors(tab: browser.Chromium) -> list[Any]:
    return [
        one["params"]
        for one in tab.events
        if one["method"] in {"Runtime.exceptionThrown", "Log.entryAdded"}
        and one["sessionId"] == tab._session  # the tab before lost its dashboard
    ]


def test_the_owner_works_with_it(
    running: Node, board: Board, out: Path, tmp_path: Path, chromium: browser.Chromium
) -> None:
    tab = chromium
    tab.events.clear()
    tab.open(board.url)
    assert tab.run("location.search") == ""  # the token is not in the address any more
    assert "gives nothing yet" in text(tab, "h1")
    assert "Nobody beyond this computer" in text(tab, "#facts")
    assert tab.run("document.cookie") == ""  # no script sees it

    tab.run(f"document.querySelector('#subject').value = {json.dumps(str(out / NAME))}")
    press(tab, "Add")
    until(lambda: "gives 1 work" in text(tab, "h1"))
    assert "The bridge" in text(tab, "#works h3")  # the true title, not the name of the file
    assert "No check was overruled" in text(tab, "#works")
    assert "desk" in text(tab, "#works")

    tab.run(f"document.querySelector('#subject').value = {json.dumps(str(out / RISKY))}")
    press(tab, "Add")
    until(lambda: "its author overruled a check" in text(tab, "#told"))
    tab.run(
        f"document.querySelector('#subject').value = {json.dumps(str(out / RISKY))};"
        "document.querySelector('[value=real-title]').checked = true"
    )
    press(tab, "Add")
    until(lambda: "gives 2 works" in text(tab, "h1"))
    assert "its name is that of a real work" in text(tab, ".risk")

    before = tab.run("performance.timeOrigin")
    assert leech(out, tmp_path / "got", running.address) == 0
    until(lambda: "1.0 times" in text(tab, "#works"))  # live, on the same page
    assert tab.run("performance.timeOrigin") == before
    assert errors(tab) == []


def test_buttons_work_on_the_node(
    running: Node, board: Board, out: Path, chromium: browser.Chromium
) -> None:
    tab = chromium
    tab.events.clear()
    running.ask("add", str(out / NAME))
    running.ask("add", str(out / RISKY), "--allow", "real-title")
    tab.open(board.url)
    press(tab, "Pause")
    until(lambda: "you paused it" in text(tab, "h1 + p"))
    assert running.told()["paused"] is True
    running.ask("resume")  # somebody else's word arrives by itself
    until(lambda: "gives 2 works" in text(tab, "h1"))

    tab.run("document.querySelector('#works details').open = true")
    press(tab, "Stop giving it and forget it")
    until(lambda: "gives 1 work" in text(tab, "h1"))
    assert len(running.releases("status")) == 1
    assert (out / NAME).is_dir()
    assert errors(tab) == []


def test_fits_every_screen(
    running: Node, board: Board, out: Path, chromium: browser.Chromium
) -> None:
    running.ask("add", str(out / NAME))
    running.ask("add", str(out / RISKY), "--allow", "real-title")
    chromium.open(board.url)
    for width in (360, 768, 1280):
        chromium.resize(width, 800)
        chromium.run("for (const one of document.querySelectorAll('details')) one.open = true")
        page = "document.documentElement"
        assert chromium.run(f"{page}.clientWidth") <= width
        assert chromium.run(f"{page}.scrollWidth <= {page}.clientWidth")
        small = chromium.run(
            "[...document.querySelectorAll('button, summary, #q, #subject')]"
            ".filter(e => e.getClientRects().length && e.clientHeight + 2 < 44).length"
        )
        assert small == 0  # a finger finds it


def test_nobody_else_gets_in(running: Node, board: Board) -> None:
    paths = ("/", "/live", "/board.css", "/board.js", "/metrics", "/healthz", "/readyz", "/x")
    for path in paths:
        status, headers, told = board.get(path)
        assert (status, "default-src 'none'" in headers["content-security-policy"]) == (403, True)
        assert "The node" not in told
    assert board.get("/do/pause", "POST", "form=x")[0] == 403
    link = board.url.partition(str(board.port))[2]
    rebound = board.get(link, host="evil.example")
    assert rebound[0] == 421
    status, headers, _ = board.get(link)
    assert (status, headers["location"]) == (303, "/")
    cookie = headers["set-cookie"].partition(";")[0]
    assert board.get(link)[0] == 403  # once
    status, headers, page = board.get("/", cookie=cookie)
    assert status == 200
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert board.get("/", cookie=cookie, host=f"evil.example:{board.port}")[0] == 421
    word = re.search(r'name="form" value="([^"]+)"', page)
    assert word
    form = f"form={word[1]}"
    origin = f"http://127.0.0.1:{board.port}"
    kind = "application/x-www-form-urlencoded"
    for body, sent in (
        ("form=x", {"cookie": cookie, "origin": origin}),
        (form, {"cookie": cookie, "origin": "http://evil.example"}),
        (form, {"cookie": cookie}),
        (form, {"origin": origin}),
    ):
        assert board.get("/do/pause", "POST", body, content_type=kind, **sent)[0] in {400, 403}
    assert running.told()["paused"] is False
    assert board.get("/do/pause", "POST", form, cookie=cookie, origin=origin)[0] == 303
    assert running.told()["paused"] is True


def test_names_from_outside_stay_text(
    running: Node, board: Board, chromium: browser.Chromium
) -> None:
    chromium.open(board.url)
    bad = "/<img src=x onerror=document.title='taken'>"
    chromium.run(f"document.querySelector('#subject').value = {json.dumps(bad)}")
    press(chromium, "Add")
    until(lambda: "onerror" in text(chromium, "#told"))
    assert chromium.run("document.title") == "Your node"
    assert chromium.run("document.querySelectorAll('img').length") == 0
    assert running.releases("status") == []


def test_programs_read_numbers_and_health(running: Node, board: Board, out: Path) -> None:
    running.ask("add", str(out / NAME))
    token = (running.home / "seed" / "metrics.token").read_text().strip()
    assert (running.home / "seed" / "metrics.token").stat().st_mode & 0o777 == 0o600
    word = {"authorization": f"Bearer {token}"}
    numbers = board.get("/metrics", **word)[2]
    assert 'packager_releases{state="seeding"} 1.0' in numbers
    assert NAME not in numbers
    assert board.get("/healthz", **word)[::2] == (200, "ok\n")
    status, _, told = board.get("/readyz", **word)
    assert (status, told.count("ok  ")) == (200, 4)
    assert board.get("/", **word)[0] == 403
    done = subprocess.run(
        [*PACKAGER, "--home", str(running.home), "seed", "health", "--json"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout)["good"] is True
    assert running.end(signal.SIGTERM) == 0
    until(lambda: board.get("/healthz", **word)[0] == 503)
    assert board.get("/readyz", **word)[0] == 503
    assert "packager_up 0.0" in board.get("/metrics", **word)[2]


def test_tells_when_the_node_or_the_dashboard_is_gone(
    running: Node, chromium: browser.Chromium
) -> None:
    with dashboard(running.home) as board:
        chromium.open(board.url)
        chromium.run("document.querySelector('#end').open = true")
        press(chromium, "End the node now")
        until(lambda: "not running" in text(chromium, "h1"))
        assert running.process.wait(20) == 0
        assert chromium.run("document.querySelector('#lost').hidden") is True
    until(lambda: chromium.run("document.querySelector('#lost').hidden") is False)
