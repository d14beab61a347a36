"""Whom a reader trusts, and what a home remembers of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from commands import Command
from sealed import Desk, desk, release, terms

from packager import known, verify, words
from packager.cli import verdict as commands
from packager.errors import InputRefused
from packager.keyring import Home
from packager.known import Known
from packager.pins import Pin
from packager.remember import remember

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def by(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk(tmp_path_factory.mktemp("desk"))


def film(folder: Path, by: Desk, serial: int = 7, date: str = "2026-05-31") -> Path:
    release(folder, by, told=replace(terms(), serial=serial, date=date))
    return next(folder.glob("*.mkv"))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_words_alone_are_trusted_and_their_key_is_learned(by: Desk, tmp_path: Path) -> None:
    home = Command(tmp_path / "home")
    spoken = words.spell(by.publisher.pin.words).upper()
    added = home("pin", "add", spoken, "--name", "radio", "--json")
    assert " words " in added.facts["pins"][0]["pin"]

    done = home("verify", film(tmp_path / "film", by), "--json")

    assert (done.code, done.facts["publisher"]) == (0, "radio")
    (pin,) = home("pin", "list", "--json").facts["pins"]
    assert pin["pin"] == by.publisher.pin.line.replace("desk", "radio", 1)
    (memory,) = (tmp_path / "home" / "known").iterdir()
    assert memory.stat().st_mode & 0o777 == 0o600
    assert home("pin", "add", spoken, "--name", "radio", "--json").facts["pins"] == [pin]

    assert home("pin", "remove", "radio").code == 0
    assert not memory.exists()


def test_words_on_the_command_line_leave_no_trace(by: Desk, tmp_path: Path) -> None:
    home = Command(tmp_path / "home")
    path = film(tmp_path / "film", by)
    (tmp_path / "pin").write_text(by.publisher.pin.line, encoding="ascii")

    assert home("verify", path, "--words", words.digits(by.publisher.pin.words)).code == 0
    assert home("verify", path, "--pin", tmp_path / "pin").code == 0

    assert not (tmp_path / "home").exists()


def test_a_slip_of_order_is_explained_and_proves_nothing(by: Desk, tmp_path: Path) -> None:
    spoken = words.spell(by.publisher.pin.words).split()
    spoken[2], spoken[5] = spoken[5], spoken[2]

    done = Command(tmp_path)(
        *("verify", film(tmp_path / "film", by), "--words", " ".join(spoken), "--json")
    )

    assert (done.code, done.facts["verdict"]) == (3, "cannot-tell")
    assert "words 3 and 6 changed places" in done.facts["notes"][0]


def test_older_than_what_you_have_stays_genuine_and_is_said(by: Desk, tmp_path: Path) -> None:
    home = Command(tmp_path / "home")
    home("pin", "add", by.publisher.pin.line)
    old, new = film(tmp_path / "7", by), film(tmp_path / "8", by, 8, "2026-04-01")

    assert home("verify", old, "--json").facts["notes"] == []
    assert home("verify", new, "--json").facts["notes"] == []
    again = home("verify", old, "--json")

    assert (again.code, again.facts["verdict"]) == (0, "genuine")
    assert "older than what you already have" in again.facts["notes"][0]


@pytest.mark.parametrize(
    ("had", "given", "older"),
    [
        ((8, ""), (7, "2026-01-01"), True),
        ((8, "2026-01-01"), (9, "2020-01-01"), False),
        ((0, "2026-01-02"), (0, "2026-01-01"), True),
        ((8, "2026-01-02"), (0, "2026-01-01"), True),
        ((8, "2026-01-01"), (0, ""), False),
        ((0, ""), (0, ""), False),
    ],
)
def test_age_is_told_by_serial_before_date(
    by: Desk, had: tuple[int, str], given: tuple[int, str], *, older: bool
) -> None:
    assert Known(by.publisher.chain, *had).is_newer_than(*given) is older


def test_what_only_looks_genuine_teaches_nothing(by: Desk, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.save_pins((Pin("radio", by.publisher.pin.words),))
    path = film(tmp_path / "film", by)
    data = bytearray(path.read_bytes())
    data[3000] ^= 1
    path.write_bytes(data)
    before = tree(home.path)

    result = verify.release(path, home.pins(), home.known())

    assert result.verdict is verify.Verdict.NOT_GENUINE
    assert not remember(home, result)
    assert tree(home.path) == before


def test_expiry_is_a_warning(by: Desk, tmp_path: Path) -> None:
    told = replace(terms(), expires="2026-06-30")
    release(tmp_path / "film", by, told=told)
    result = verify.release(tmp_path / "film", [by.publisher.pin])

    assert result.verdict is verify.Verdict.GENUINE
    assert commands._expiry(result, "2026-06-30") == ()
    assert "until 2026-06-30" in commands._expiry(result, "2026-07-01")[0]


def test_a_damaged_memory_is_named_and_not_believed(by: Desk, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.save_pins((by.publisher.pin,))
    home.remember(by.publisher.pin.words, Known(by.publisher.chain, 1, ""))
    (file,) = (tmp_path / "known").iterdir()
    file.write_bytes(file.read_bytes().replace(b'"serial":1', b'"serial": 1'))

    with pytest.raises(InputRefused, match="damaged") as caught:
        home.known()

    assert "move it away" in caught.value.hints[0]


def test_the_memory_of_another_publisher_is_refused(by: Desk, tmp_path: Path) -> None:
    home, other = Home(tmp_path / "home"), desk(tmp_path / "other", "other")
    home.save_pins((by.publisher.pin,))
    home.remember(by.publisher.pin.words, Known(other.publisher.chain))

    with pytest.raises(InputRefused, match="another publisher"):
        home.known()


def test_a_memory_comes_back(by: Desk) -> None:
    memory = Known(by.publisher.chain, 12, "2026-05-31")

    assert known.parse(memory.encode()) == memory
    assert memory.seen(by.publisher.chain, 3, "2027-01-01") == replace(memory, date="2027-01-01")


def test_a_home_that_cannot_be_written_still_judges(by: Desk, tmp_path: Path) -> None:
    home = Command(tmp_path / "home", wrap=("prlimit", "--fsize=10"))
    Home(home.home).save_pins((by.publisher.pin,))

    done = home("verify", film(tmp_path / "film", by))

    assert done.code == 0
    assert "cannot remember" in done.err
