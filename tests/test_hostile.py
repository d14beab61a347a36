"""Nothing of the hostile corpus is accepted, and nothing of the good one refused."""

from collections.abc import Callable
from pathlib import Path

import good
import hostile
import pytest
from commands import Command
from hostile.__main__ import write

from packager import safety, survey
from packager.safety import Refusal, Rule, metainfo

LEAST = 250  # samples that the corpus must have


def judged(path: str, data: bytes, exists: Callable[[str], bool]) -> tuple[Refusal, ...]:
    def read_at(at: int, size: int) -> bytes:
        return data[at : at + size]

    return safety.problems(path, len(data), read_at, exists, metainfo.BESIDE)


def found(path: str, data: bytes) -> list[Refusal]:
    """What refuses a file whose folder holds two songs and a playlist."""
    there = {"01.mp3", "02.mp3", "list.m3u8"}
    return [one for one in judged(path, data, there.__contains__) if not one.is_warning]


def test_the_corpus_is_large_and_each_sample_has_its_name() -> None:
    names = [sample.what for sample in hostile.corpus()]

    assert len(names) == len(set(names)) > LEAST


@pytest.mark.slow
def test_no_sample_is_accepted() -> None:
    accepted, elsewhere = [], []
    for sample in hostile.corpus():
        refusals = found(sample.path, sample.make())
        if not refusals:
            accepted.append(sample.what)
        elif sample.rule not in {one.rule for one in refusals} and sample.rule is not Rule.POLYGLOT:
            elsewhere.append((sample.what, sample.rule, refusals[0]))
        for one in refusals:
            assert one.message.isprintable(), sample.what

    assert accepted == []
    assert elsewhere == []


@pytest.mark.slow
def test_the_command_refuses_every_sample_on_disk(tmp_path: Path) -> None:
    written = write(tmp_path / "corpus")
    for path in (tmp_path / "corpus").glob("*.txt"):
        path.unlink()
    bare = Command(tmp_path / "home")
    accepted, odd = [], []
    for folder in sorted((tmp_path / "corpus").iterdir()):
        refusals = survey.findings(folder, (), metainfo.BESIDE)
        if not any(not one.is_warning for one in refusals):
            accepted.append(folder.name)
        if any(one.rule is Rule.NAME and one.path == folder.name for one in refusals):
            odd.append(folder.name)

    assert accepted == []
    assert len(written) > LEAST
    for name in (odd[0], "0000"):
        done = bare("safety", tmp_path / "corpus" / name, "--json")
        assert done.code == 1
        assert done.facts["refused"][0].keys() == {"path", "rule", "message"}


def test_good_files_are_accepted() -> None:
    whole = dict(good.files())
    for path, data in whole.items():
        assert judged(path, data, whole.__contains__) == (), path


@pytest.mark.slow
@pytest.mark.tool
def test_what_other_programs_write_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    refused = [one for path in good.made(tmp_path / "work") for one in survey.findings(path)]

    assert refused == []


@pytest.mark.slow
def test_a_whole_folder_of_good_files_is_accepted(tmp_path: Path) -> None:
    for name, data in good.files():
        target = tmp_path / "folder" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    done = Command(tmp_path / "home")("safety", tmp_path / "folder", "--json")

    assert (done.code, done.facts) == (0, {"refused": [], "warnings": []})
