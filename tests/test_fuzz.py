"""A short run of the fuzzer; ``tests/fuzz.py`` runs as long as one likes."""

from pathlib import Path

import fuzz
import pytest
from crafted import Desk

from packager import pins, verify
from packager.container import Kind
from packager.verify import Verdict

pytestmark = pytest.mark.slow

SEED, COUNT = 20_260_531, 3000


def test_no_damage_is_genuine_slow_or_a_crash() -> None:
    answers, findings, slowest = fuzz.run(SEED, range(COUNT))

    assert findings == []
    assert slowest < fuzz.SLOWEST
    assert set(answers) >= {"altered", "seal-altered", "bytes-after-the-seal"}
    assert sum(answers.values()) == COUNT


def test_the_samples_are_genuine_themselves(tmp_path: Path) -> None:
    stranger = pins.of_words(Desk("stranger").value)
    for sample in fuzz.samples():
        (tmp_path / "file").write_bytes(sample.data)
        found = verify.file(tmp_path / "file", "file", (*fuzz.TRUSTED, stranger))
        assert found.verdict is Verdict.GENUINE


def test_a_number_makes_the_same_file_again() -> None:
    assert fuzz.mutation(SEED, 77) == fuzz.mutation(SEED, 77)
    assert fuzz.mutation(SEED, 77) != fuzz.mutation(SEED, 78)


@pytest.mark.parametrize("tail", [b"\xec\x01", b"free", b"PK\5\6", b"\0\0\0\x08free", b"\xec\x80"])
@pytest.mark.parametrize("kind", Kind)
def test_files_made_to_be_slow_are_not(tmp_path: Path, kind: Kind, tail: bytes) -> None:
    sample = next(one for one in fuzz.samples() if one.kind is kind)
    data = sample.data + tail * (2 * 1024 * 1024 // len(tail))

    assert fuzz.judge(tmp_path / "file", data).finding == ""
    bare = sample.data[:40] + tail * (1024 * 1024 // len(tail))
    assert fuzz.judge(tmp_path / "file", bare).finding == ""
