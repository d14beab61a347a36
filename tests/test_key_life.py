"""Keys that survive: lost computers, lost cards, thieves, forgotten passphrases, real commands."""

import codecs
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import SAMPLE, Command, Done
from sealed import Desk, release
from tools import tool

from packager.keyring import Home

pytestmark = pytest.mark.slow

WORDS = re.compile(r"^  ((?:[a-z]+ ){11}[a-z]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Office:
    """A publisher's computer, and two cards in a drawer elsewhere."""

    run: Command
    drawer: Path

    @property
    def cards(self) -> tuple[Path, Path]:
        return self.drawer / "card-1", self.drawer / "card-2"

    def seals(self, name: str, passphrase: str = "") -> Path:
        """A film sealed with what the computer holds now."""
        home = Home(self.run.home)
        who = home.publisher("desk")
        daily = home.daily_key(who, lambda _: passphrase)
        folder = self.drawer / name
        release(folder, Desk(home, who, daily, ""))
        return next(folder.glob("*.mkv"))

    def does(self, *arguments: str | Path, card: int = 1) -> Done:
        """A `publisher` command with one of the cards at hand."""
        done = self.run(
            *("publisher", *arguments, "--json"), "--paper-key-file", self.cards[card - 1]
        )
        assert done.code == 0, done.err
        return done


def open_office(folder: Path, *how: str | Path) -> Office:
    office = Office(Command(folder / "computer"), folder / "drawer")
    office.drawer.mkdir(parents=True)
    done = office.run("publisher", "new", "desk", *(how or ("--no-passphrase",)), "--json")
    assert done.code == 0, done.err
    for card, secret in zip(office.cards, WORDS.findall(done.err), strict=True):
        card.write_text(secret, encoding="ascii")
    return office


def reader_of(office: Office, folder: Path) -> Command:
    reader = Command(folder)
    pin = office.run("publisher", "show", "--json").facts["pin"]
    assert reader("pin", "add", pin).code == 0
    return reader


def tree(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def states(office: Office) -> list[str]:
    return [key["state"] for key in office.run("publisher", "show", "--json").facts["keys"]]


@pytest.mark.slow
def test_a_journalist_loses_the_computer_and_goes_on(tmp_path: Path) -> None:
    secret, other = tmp_path / "passphrase", tmp_path / "other"
    secret.write_text("correct horse\n", encoding="ascii")
    other.write_text("battery staple\n", encoding="ascii")
    office = open_office(tmp_path / "office", "--passphrase-file", secret)
    pack = ("pack", SAMPLE, "--as", "movie", "--out", tmp_path / "out")

    refused = office.run(*pack, "--passphrase-file", secret)
    assert refused.code == 4
    assert "packager publisher backup-check desk" in refused.err
    checked = office.run("publisher", "backup-check", "--words-file", office.cards[0], "--json")
    assert checked.facts == {"name": "desk", "card": "paper-key", "passed": True}

    first = office.seals("first", "correct horse")
    reader = reader_of(office, tmp_path / "reader")
    assert reader("verify", first).code == 0

    shutil.rmtree(office.run.home)
    restored = office.does("restore", "desk", "--from", first, "--passphrase-file", other).facts
    assert [key["state"] for key in restored["keys"]] == ["lost", "active"]
    assert restored["backup_checked"]
    second = office.seals("second", "battery staple")
    assert reader("verify", second).code == 0

    office.does("rotate", "--passphrase-file", other)
    assert states(office) == ["lost", "retired", "active"]
    third = office.seals("third", "battery staple")
    for film in (first, second, third):
        done = reader("verify", film, "--json")
        assert (done.code, done.facts["verdict"]) == (0, "genuine")
    assert any("lost the key" in note for note in reader("verify", first, "--json").facts["notes"])


@pytest.mark.slow
def test_a_stolen_key_is_refused_by_who_heard_of_it(tmp_path: Path) -> None:
    office = open_office(tmp_path / "office")
    old = office.seals("old")
    reader = reader_of(office, tmp_path / "reader")
    assert reader("verify", old).code == 0

    office.does("state", "daily", "stolen")
    assert states(office) == ["stolen"]
    refused = office.run("pack", SAMPLE, "--as", "movie", "--out", tmp_path / "out")
    assert refused.code == 4
    assert "packager publisher rotate desk" in refused.err
    office.does("rotate")
    assert states(office) == ["stolen", "active"]
    new = office.seals("new")

    assert reader("verify", old).code == 0, "nobody told this reader yet"
    assert reader("verify", new).code == 0
    done = reader("verify", old, "--json")
    assert (done.code, done.facts["reason"]) == (1, "key-stolen")
    assert reader("unpack", old, "--out", tmp_path / "text").code == 1
    again = office.run("publisher", "state", "1", "lost", "--paper-key-file", office.cards[0])
    assert again.code == 4
    assert "stays stolen" in again.err


@pytest.mark.slow
def test_the_second_card_takes_over_alone(tmp_path: Path) -> None:
    office = open_office(tmp_path / "office")
    old = office.seals("old")
    reader = reader_of(office, tmp_path / "reader")
    page = tmp_path / "card.html"

    done = office.does("next-root", "--card", page, card=2)

    assert page.stat().st_mode & 0o777 == 0o600
    (third,) = WORDS.findall(done.err)
    assert all(f"<li>{word}</li>" in page.read_text(encoding="utf-8") for word in third.split())
    refused = office.run("publisher", "rotate", "--paper-key-file", office.cards[0])
    assert refused.code == 4
    assert "newest card" in refused.err
    office.does("rotate", card=2)
    new = office.seals("new")
    assert reader("verify", old).code == reader("verify", new).code == 0

    shutil.rmtree(office.run.home)
    nothing = office.run(
        *("publisher", "restore", "desk", "--no-passphrase", "--from", new),
        *("--paper-key-file", office.cards[1]),
    )
    assert nothing.code == 4
    assert "--words" in nothing.err
    known = next((reader.home / "known").iterdir())
    office.does("restore", "desk", "--no-passphrase", "--from", old, "--from", known, card=2)
    assert states(office) == ["retired", "lost", "active"]
    assert reader("verify", office.seals("newest")).code == 0


@pytest.mark.slow
def test_two_different_words_of_one_number_are_not_believed(tmp_path: Path) -> None:
    office = open_office(tmp_path / "office")
    thief = Office(Command(tmp_path / "copy"), office.drawer)
    shutil.copytree(office.run.home, thief.run.home)
    reader = reader_of(office, tmp_path / "reader")
    office.does("rotate")
    assert reader("verify", office.seals("ours")).code == 0

    thief.does("rotate")
    done = reader("verify", thief.seals("theirs"), "--json")

    assert (done.code, done.facts["reason"]) == (1, "key-chains-differ")
    assert "statement 2" in done.facts["detail"]


@pytest.mark.slow
def test_a_refused_change_changes_nothing(tmp_path: Path) -> None:
    office = open_office(tmp_path / "office")
    other = open_office(tmp_path / "other")
    typo = tmp_path / "typo"
    typo.write_text(office.cards[0].read_text("ascii").rsplit(" ", 1)[0] + " zoo", "ascii")
    before = tree(office.run.home)

    for card in (other.cards[0], office.cards[1], typo):
        for command in (("rotate",), ("state", "daily", "lost"), ("next-card",)):
            done = office.run("publisher", *command, "--paper-key-file", card)
            assert done.code == 4, command
            assert "hint:" in done.err
    assert office.run("publisher", "next-root", "--paper-key-file", office.cards[0]).code == 4
    assert office.run("publisher", "restore", "desk", "--from", typo).code == 4
    tight = Command(office.run.home, wrap=("prlimit", "--fsize=200"))
    full = tight("publisher", "rotate", "--paper-key-file", office.cards[0])

    assert full.code == 5
    assert tree(office.run.home) == before
    assert not list(office.run.home.rglob(".*")), "nothing half done"


@pytest.mark.slow
def test_passphrases_are_changed_and_forgotten(tmp_path: Path) -> None:
    files = [tmp_path / str(number) for number in range(3)]
    for file in files:
        file.write_text(f"passphrase {file.name}\n", encoding="ascii")
    office = open_office(tmp_path / "office", "--passphrase-file", files[0])
    change = ("publisher", "passphrase", "--passphrase-file")

    wrong = office.run(*change, files[1], "--new-passphrase-file", files[2])
    right = office.run(*change, files[0], "--new-passphrase-file", files[1])

    assert (wrong.code, right.code) == (4, 0)
    assert office.run(*change, files[0], "--new-passphrase-file", files[2]).code == 4
    office.does("rotate", "--forgotten", "--passphrase-file", files[2])
    assert states(office) == ["retired", "active"]
    assert office.seals("after", "passphrase 2").is_file()
    assert len(list((office.run.home / "publishers" / "desk").iterdir())) == 1, "old keys are gone"


@pytest.mark.slow
def test_a_lost_second_card_is_replaced(tmp_path: Path) -> None:
    office = open_office(tmp_path / "office")
    (words,) = WORDS.findall(office.does("next-card").err)
    old = office.run("publisher", "next-root", "--paper-key-file", office.cards[1])
    office.cards[1].write_text(words, encoding="ascii")

    assert old.code == 4
    office.does("next-root", card=2)
    check = ("publisher", "backup-check", "--words-file", office.cards[1], "--json")
    assert office.run(*check).facts["card"] == "paper-key"


def test_a_card_page_loads_nothing_and_is_never_overwritten(tmp_path: Path) -> None:
    run = Command(tmp_path / "home")
    page = tmp_path / "card.html"

    done = run("publisher", "new", "desk", "--no-passphrase", "--card", page, "--json")

    assert done.facts["cards"] == [str(page), str(tmp_path / "card.next.html")]
    secrets = WORDS.findall(done.err)
    for file, secret in zip(done.facts["cards"], secrets, strict=True):
        text = Path(file).read_text(encoding="utf-8")
        assert Path(file).stat().st_mode & 0o777 == 0o600
        assert [f"<li>{word}</li>" in text for word in secret.split()] == [True] * 12
        assert done.facts["pin"] in text
        assert not re.search(r"<script|https?:|//[a-z]+\.", text.replace("http://www.w3.org", ""))
    again = run("publisher", "new", "two", "--no-passphrase", "--card", page)
    assert again.code == 4
    assert run("publisher", "show", "two").code == 2


class Terminal:
    """A terminal at which somebody answers."""

    def __init__(self, *arguments: str | Path) -> None:
        line = [*(tool("setsid"), "--ctty", "--wait", sys.executable, "-m", "packager")]
        line += map(str, arguments)
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(line, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self._decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end inside a letter
        self.said = ""

    def wait_for(self, text: str) -> str:
        """All that was said up to ``text``, which is then behind us.

        What is typed before the space behind a hidden prompt is lost, as at every terminal.
        """
        end = time.monotonic() + 60
        while text not in self.said:
            if time.monotonic() > end:
                self.process.kill()
                self.close()
                pytest.fail(f"{text!r} never came, but {self.said!r}")
            if select.select([self._ours], [], [], 1)[0]:
                self.said += self._decoder.decode(os.read(self._ours, 65536))
        before, _, self.said = self.said.partition(text)
        return before

    def answer(self, text: str) -> None:
        os.write(self._ours, text.encode() + b"\n")

    def close(self) -> int:
        try:
            return self.process.wait(timeout=30)
        finally:
            self.process.kill()  # or the next test hears of it
            self.process.wait()
            os.close(self._ours)


def test_three_words_are_asked_back_at_a_terminal(tmp_path: Path) -> None:
    terminal = Terminal("--home", tmp_path / "home", "publisher", "new", "desk")
    for prompt in ("New passphrase: ", "epeat for confirmation: "):
        terminal.wait_for(prompt)
        terminal.answer("correct horse")
    shown = terminal.wait_for("then press Enter").replace("\r", "")
    first, _ = WORDS.findall(shown)
    terminal.answer("")
    for wrong in (True, False):
        for _ in range(3):
            terminal.wait_for("PAPER KEY: word number ")
            number = terminal.wait_for(": ")
            terminal.answer("zoo" if wrong else first.split()[int(number) - 1].upper())
        if wrong:
            terminal.wait_for("then press Enter")
            terminal.answer("")
    assert first.split()[0] not in terminal.wait_for("Right."), "typed unseen"
    terminal.wait_for("Daily keys")

    assert terminal.close() == 0
    assert Home(tmp_path / "home").publisher("desk").backup_checked


def test_an_interrupted_creation_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal("--home", tmp_path / "home", "publisher", "new", "desk")
    terminal.wait_for("New passphrase: ")
    terminal.answer("correct horse")
    terminal.wait_for("epeat for confirmation: ")
    terminal.answer("correct horse")
    terminal.wait_for("then press Enter")
    terminal.answer("\x03")

    assert terminal.close() == 130
    assert not (tmp_path / "home").exists()
