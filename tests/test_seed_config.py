"""The settings file: read whole, or refused with the line that is wrong."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from commands import Command
from hypothesis import given
from hypothesis import strategies as some

from packager.errors import Exit, InputRefused
from packager.seed import config, zones
from packager.seed.config import Config
from packager.seed.limits import Rest
from packager.seed.schedule import Window

WHOLE = re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", config.EXAMPLE)


def test_an_empty_file_and_the_example_as_printed_change_nothing() -> None:
    assert config.parse("") == config.parse(config.EXAMPLE) == Config()


def test_the_example_without_its_marks_sets_everything() -> None:
    read = config.parse(WHOLE, zones.zone_of)
    assert str(read.network.listen) == "[::]:6881"
    assert (read.disk.quota, read.disk.keep_free) == (50 * 10**9, 10**9)
    assert read.rules.windows == (Window(frozenset(range(5)), 480, 1080, 500_000, 1_000_000),)
    assert read.rules.zone == ZoneInfo("Europe/Vilnius")
    assert read.rules.month.upload == 300 * 10**9
    assert read.rest_of("sever-desk") == Rest(ratio=3.0)
    assert read.rest_of("another") == Rest(ratio=10.0, days=365)
    assert read.allow.checks == {"real-title"}
    keys = set(re.findall(r"(?m)^([a-z_]+) = ", WHOLE))
    assert keys >= {"listen", "offline", "folder", "zone", "days", "from", "to", "checks"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[disk]\nquotta = '1 GB'\n", 2, "'disk.quotta'"),
        ("\n[disc]\n", 2, "'disc'"),
        ("[disk]\n\nquota = 5", 3, "text in quotes"),
        ("[disk]\nquota = '5 apples'", 2, "50 GB"),
        ("disk.quota = ''", 1, "50 GB"),
        ("[disk]\nfolder = 'here'", 2, "whole path"),
        ("[network]\nlisten = 'localhost:1'", 2, "0.0.0.0:6881"),
        ("[network]\noffline = 1", 2, "true or false"),
        ("[speed]\nupload = '0 B/s'", 2, "off"),
        ("[[hours]]\ndays = 'daily'\nfrom = '08:00'\n[[hours]]\n", 1, "to is missing"),
        ("[[hours]]\ndays='daily'\nfrom='08:00'\nto='08:00'", 4, "same time"),
        ("[[hours]]\ndays='daily'\nfrom='1:00'\nto='08:00'", 3, "08:30"),
        (
            "[[hours]]\ndays='daily'\nfrom='01:00'\nto='02:00'\n\n[[hours]]\ndays='x'\n",
            *(7, "mon-fri"),
        ),
        ("[hours]\ndays='daily'", 1, "two brackets"),
        ("[month]\nzone = 'Europe/Nowhere'", 2, "time zone"),
        ("[rest]\nratio = -1", 2, "above 0"),
        ("[rest]\ndays = 1.5", 2, "whole number"),
        ("[publisher.desk]\nratioo = 1", 2, "'ratio'"),
        ("[consent]\ndays = true", 2, "whole number"),
        ("[allow]\nchecks = ['Real Title']", 2, "real-title"),
        ("speed = 5", 1, "[speed]"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(InputRefused) as raised:
        config.parse(text, zones.zone_of)
    said = " ".join((raised.value.fact, *raised.value.hints))
    assert f"node.toml, line {line}: " in said, said
    assert words in said


def test_what_is_not_toml_is_said_with_the_parsers_line() -> None:
    with pytest.raises(InputRefused, match="at line 2"):
        config.parse("[disk]\nquota = 50 GB\n")


@given(some.text() | some.sampled_from(WHOLE.splitlines()).map(lambda line: line + "\nx = 1"))
def test_any_text_is_settings_or_refused(untrusted: str) -> None:
    try:
        assert isinstance(config.parse(untrusted), Config)
    except InputRefused:
        return


def test_the_zone_of_this_computer_is_a_zone() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert noon.astimezone(zones.zone_of("")).utcoffset() == noon.astimezone().utcoffset()


@pytest.mark.slow
def test_the_command_prints_an_example_and_checks_a_file(tmp_path: Path) -> None:
    command = Command(tmp_path)
    shown = command("seed", "config", "--example")
    assert shown.out == config.EXAMPLE
    (tmp_path / "node.toml").write_text("[disk]\nquota = '1 apple'\n")
    done = command("seed", "config")
    assert (done.code, "line 2" in done.err) == (Exit.REFUSED, True)
    started = command("seed", "run", "--listen", "127.0.0.1:0", "--offline")
    assert (started.code, "line 2" in started.err) == (Exit.REFUSED, True)
    (tmp_path / "node.toml").write_text(config.EXAMPLE)
    assert command("seed", "config").code == Exit.DONE
