"""The verifier page in a real Firefox, from the disk: the same answers as the command."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import damage
import firefox
import pytest
import sealed
from reader import CORPUS, JUDGE, PAGE, judged, spoken

pytestmark = [pytest.mark.tool, pytest.mark.slow]


@pytest.fixture(scope="module")
def window() -> Iterator[firefox.Firefox]:
    with firefox.firefox() as found:
        yield found


def test_the_same_answer_as_the_command_for_every_file(
    window: firefox.Firefox, tmp_path: Path, releases: list[Path], desk: sealed.Desk
) -> None:
    corpus = damage.lone_files(tmp_path, releases, desk)
    window.open(PAGE)
    window.run(CORPUS)
    window.choose("#corpus", corpus)
    line = json.dumps(desk.publisher.pin.line)
    answers = window.run(f"const packager = window.packager; return {JUDGE}({line})")

    ours = judged(corpus, desk)
    assert [pair for pair in zip(answers, ours, strict=True) if pair[0] != pair[1]] == []


def test_a_reader_gets_an_answer_and_no_network(
    window: firefox.Firefox, releases: list[Path], desk: sealed.Desk
) -> None:
    window.open(PAGE)
    files = sorted(releases[0].iterdir())
    window.choose("#files", files)
    window.run(
        "const words = document.querySelector('#words'); words.value = arguments[0];"
        "words.dispatchEvent(new Event('input')); document.querySelector('#check').click()",
        spoken(desk),
    )
    deadline = time.monotonic() + 30
    while window.run("return document.querySelector('#result').hidden"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    found = window.run("return {...document.querySelector('#result').dataset}")
    assert found == {"verdict": "genuine", "reason": "complete"}
    count = window.run("return document.querySelectorAll('#judged li').length")
    assert count == len(files)
    fetched = "return fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')"
    assert window.run(fetched) == "refused"
