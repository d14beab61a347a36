"""Walk one sample report through everything: pack, verify, seed, fetch, verify the copy.

Every step is the real command in a process of its own, on loopback, in temporary homes: one of a
journalist, one of a volunteer who trusts that journalist, and none for the reader.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from packager import files, program, terminal
from packager.demo.ports import free_port
from packager.demo.tracker import Tracker
from packager.errors import CheckFailed, Exit, MachineFailed

_HERE = Path(__file__).parents[1]
_SAMPLES = (_HERE / "samples" / "report", _HERE.parent / "samples" / "report")
_COMMAND = 240.0  # seconds that one command may take
_FETCH = 60.0
_READY = 20.0
_LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class _Walk:
    """The steps so far; each is told as soon as it is done."""

    root: Path
    as_json: bool
    steps: list[dict[str, object]] = field(default_factory=list)

    def step(self, what: str, work: Callable[[], str]) -> None:
        """Do ``work``; what it returns is what was seen."""
        start = time.monotonic()
        seen = work()
        seconds = round(time.monotonic() - start, 2)
        self.steps.append({"step": what, "seen": seen, "seconds": seconds})
        if not self.as_json:
            terminal.note(f"{len(self.steps):2}. {what:38} {seconds:6.2f} s  {seen}")

    def command(
        self, home: str, *arguments: str | Path, expect: Exit = Exit.DONE
    ) -> dict[str, object]:
        """Run ``packager ... --json`` in a home; its answer."""
        lines: list[str] = []
        code = Exit.DONE
        try:
            program.run(
                self.line(home, *arguments, "--json"),
                cwd=self.root,
                timeout=_COMMAND,
                on_line=lines.append,
            )
        except program.ProgramFailed as failure:
            if failure.returncode != expect:
                raise _in_its_words(lines, failure) from None
            code = Exit(failure.returncode)
        if code != expect:
            raise CheckFailed(f"{arguments[0]} ended with {int(code)} instead of {int(expect)}")
        answer = json.loads("".join(lines))
        return answer if isinstance(answer, dict) else {}

    def line(self, home: str, *arguments: str | Path) -> list[str | Path]:
        """A whole command line."""
        return [sys.executable, "-m", "packager", "--home", self.root / home, *arguments]


def _in_its_words(lines: list[str], failure: program.ProgramFailed) -> MachineFailed:
    """What a command that failed said itself."""
    try:
        said = json.loads("".join(lines))
        return MachineFailed(str(said["error"]), *map(str, said["hints"]))
    except (ValueError, KeyError, TypeError):
        return failure


def show(out: Path | None, *, as_json: bool) -> int:
    """Walk, telling each step; 0 if all went as it should."""
    if find_spec("libtorrent") is None:
        raise MachineFailed(
            "the demo seeds, and libtorrent is not here",
            "install magnitizdat with its extra part: magnitizdat[node] (Linux)",
        )
    if out is not None and out.exists():
        raise files.already_there(out)
    if out is not None:
        out.mkdir(parents=True)
    root = out.absolute() if out else Path(tempfile.mkdtemp(prefix="packager-demo-"))
    walk = _Walk(root, as_json)
    start = time.monotonic()
    try:
        with ExitStack() as open_things:
            _walk(walk, open_things)
    except BaseException:
        if out is None:
            shutil.rmtree(root, ignore_errors=True)
        raise
    total = round(time.monotonic() - start, 1)
    facts = {"steps": walk.steps, "seconds": total, "folder": str(root)}
    lines = [
        f"All of it worked, in {total} seconds. The files lie in {root}",
        f"  look at  {root / 'out'}/*/review.html",
        f"  play     {root / 'copy'}/*/*.mp4",
    ]
    terminal.answer(facts, lines, as_json=as_json)
    return int(Exit.DONE)


def _walk(walk: _Walk, open_things: ExitStack) -> None:
    facts: dict[str, object] = {}

    def make_publisher() -> str:
        facts.update(
            walk.command("journalist", "publisher", "new", "sample-desk", "--no-passphrase")
        )
        return f"words: {facts['words']}"

    def pack() -> str:
        tracker = open_things.enter_context(Tracker())
        facts.update(
            walk.command(
                *("journalist", "pack", _sample(), "--as", "movie", "--language", "ru"),
                *("--out", walk.root / "out", "--tracker", tracker.url),
            )
        )
        return Path(str(facts["release"])).name

    def verify() -> str:
        answer = walk.command("journalist", "verify", str(facts["release"]))
        return str(answer["verdict"])

    def seed() -> str:
        return _seed(walk, open_things, facts)

    walk.step("made a publisher", make_publisher)
    walk.step("packed the report as a movie", pack)
    walk.step("verified the release", verify)
    walk.step("a volunteer trusts it and seeds it", seed)
    walk.step("a second client fetched it", lambda: _fetch(walk, facts))
    _judge_copy(walk, facts)


def _seed(walk: _Walk, open_things: ExitStack, facts: dict[str, object]) -> str:
    walk.command("volunteer", "pin", "add", str(facts["pin"]))
    port = free_port()
    facts["peer"] = f"{_LOOPBACK}:{port}"
    node = walk.line("volunteer", "seed", "run", "--listen", str(facts["peer"]), "--offline")
    running = open_things.enter_context(program.start(node, cwd=walk.root))
    with _patience(_READY) as waiting:
        while waiting():
            if running.ended:
                running.wait(1)  # raises what it said last
            try:
                walk.command("volunteer", "seed", "status", expect=Exit.DONE)
                break
            except MachineFailed:
                time.sleep(0.2)
    walk.command("volunteer", "seed", "add", str(facts["output"]))
    with _patience(_READY) as waiting:
        while waiting():
            status = walk.command("volunteer", "seed", "status")
            releases = status["releases"]
            if isinstance(releases, list) and releases and releases[0]["state"] == "seeding":
                return f"on {facts['peer']}, after its seal was checked"
            time.sleep(0.2)
    raise CheckFailed("the node did not start to seed")


def _fetch(walk: _Walk, facts: dict[str, object]) -> str:
    """aria2c or transmission where there is one; else a bare libtorrent in its own process."""
    folder = walk.root / "copy"
    folder.mkdir()
    torrent = Path(str(facts["torrent"]))
    facts["copy"] = str(folder / torrent.stem)
    aria2c = shutil.which("aria2c")
    if aria2c:
        command: list[str | Path] = [
            *(aria2c, f"--dir={folder}", "--seed-time=0", "--enable-dht=false", "--no-conf"),
            *("--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false"),
            *(f"--listen-port={free_port()}", "--file-allocation=none", "--quiet=true"),
            *("--interface=127.0.0.1", "--bt-tracker-interval=2", torrent),
        ]
        name = "aria2c"
    else:
        leecher = (sys.executable, "-m", "packager.demo.leecher")
        command = [*leecher, torrent, folder, str(facts["peer"]), "--seconds", "60"]
        name = "a bare libtorrent session"
    program.run(command, cwd=walk.root, timeout=_FETCH)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{name}, {size:,} bytes"


def _judge_copy(walk: _Walk, facts: dict[str, object]) -> None:
    copy = Path(str(facts["copy"]))
    words = ("--words", str(facts["words"]))

    def verdict(path: Path, *trust: str, expect: Exit = Exit.DONE) -> str:
        answer = walk.command("reader", "verify", path, *trust, expect=expect)
        return f"{answer['verdict']}: {answer['detail']}"

    def flip() -> str:
        film = max(copy.iterdir(), key=lambda path: path.stat().st_size)
        altered = walk.root / f"altered{film.suffix}"
        data = bytearray(film.read_bytes())
        data[len(data) // 2] ^= 1
        altered.write_bytes(bytes(data))
        return verdict(altered, *words, expect=Exit.NO)

    def unpack() -> str:
        walk.command("reader", "unpack", copy, "--out", walk.root / "unpacked", *words)
        texts = sorted((walk.root / "unpacked").iterdir())
        same = [t.name for t in texts if t.read_bytes() == (_sample() / t.name).read_bytes()]
        if len(same) != len(texts):
            raise CheckFailed("the unpacked report differs from the sample")
        return f"{' '.join(same)}, byte for byte"

    walk.step("a reader checked the copy by words", lambda: verdict(copy, *words))
    walk.step("the same with one byte altered", flip)
    walk.step("the same with nobody to trust", lambda: verdict(copy, expect=Exit.CANNOT_TELL))
    walk.step("took the report out of the copy", unpack)


def _sample() -> Path:
    for folder in _SAMPLES:
        if (folder / "report.md").is_file():
            return folder
    raise MachineFailed("the sample report is missing", "install the package again")


@contextmanager
def _patience(seconds: float) -> Iterator[Callable[[], bool]]:
    """``while waiting():`` until the time is over, which is an error."""
    end = time.monotonic() + seconds

    def waiting() -> bool:
        if time.monotonic() > end:
            raise MachineFailed("the node did not answer in time")
        return True

    yield waiting
