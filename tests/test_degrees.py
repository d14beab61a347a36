"""How much of a file is as sealed, and why not all: one reason each, and what to do next."""

from dataclasses import replace
from pathlib import Path

import crafted
import pytest
import sealed
from crafted import DESK, PINNED, good, judged, slot

from packager import merkle, verify
from packager.chain import State
from packager.container import Kind
from packager.verify import Reason, Verdict

KINDS = pytest.mark.parametrize("kind", Kind)


@pytest.mark.parametrize("state", State)
def test_what_the_paper_key_says_of_the_daily_key(tmp_path: Path, state: State) -> None:
    how = replace(crafted.craft(), chain=DESK.more((DESK.daily().public, state)).encode())
    found = judged(tmp_path, crafted.sealed(crafted.plain(Kind.MKV), how))

    assert (found.reason is Reason.STOLEN) == (state is State.STOLEN)
    assert bool(found.notes) == (state in {State.RETIRED, State.LOST})


@KINDS
def test_a_hole_in_the_middle(tmp_path: Path, kind: Kind) -> None:
    data = bytearray(good(kind, 100_000))
    data[40_000:48_000] = bytes(8000)
    found = judged(tmp_path, bytes(data))

    assert found.verdict is not Verdict.GENUINE
    if kind is Kind.MKV:  # its walk does not lead through the hole
        assert found.reason is Reason.ALTERED
        assert (found.pieces - found.pieces_ok, found.pieces) == (1, 7)
        assert f"altered from byte {2 * merkle.BLOCK} on" in found.detail
        assert found.altered_at == 2 * merkle.BLOCK


@KINDS
def test_rewritten_by_a_player_or_messenger(tmp_path: Path, kind: Kind) -> None:
    data = good(kind)
    place = slot(kind, data)
    bare = bytearray(data[: place.start - kind.header_size])
    patch = kind.restore(lambda at, size: data[at : at + size], place)
    if patch:
        bare[patch[0] : patch[0] + len(patch[1])] = patch[1]
    found = judged(tmp_path, bytes(bare))

    assert found.reason is Reason.NO_SEAL
    assert "messenger" in found.detail
    assert "original" in found.detail


def test_a_program_under_the_name_of_a_renamed_film(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "renamed.mkv").write_bytes(good(Kind.MKV))
    (tmp_path / "r" / crafted.NAME[Kind.MKV]).write_bytes(b"MZ" + bytes(500))

    found = verify.release(tmp_path / "r", PINNED)

    assert (found.verdict, found.reason) == (Verdict.NOT_GENUINE, Reason.UNSAFE)


def test_a_listed_song_or_book_without_a_seal_is_compared(tmp_path: Path) -> None:
    book = sealed.book_bytes()
    leaves = crafted.leaves_of(book)
    listed = {"path": "notes.epub", "length": len(book), "sealed": False}
    listed |= {"root": merkle.root(leaves).hex()}
    how = replace(crafted.craft(), manifest=lambda fields: {**fields, "siblings": [listed]})
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "film.mkv").write_bytes(crafted.sealed(crafted.plain(Kind.MKV), how))
    for data, verdict in ((book, Verdict.GENUINE), (book[:-1] + b"x", Verdict.NOT_GENUINE)):
        (tmp_path / "r" / "notes.epub").write_bytes(data)
        assert verify.release(tmp_path / "r", PINNED).verdict is verdict


def test_the_reasons_are_those_of_the_page() -> None:
    text = (Path(__file__).parent.parent / "docs" / "seal.md").read_text(encoding="utf-8")
    verdicts = text[text.index("## 8. Verdicts") :]

    assert {f"`{reason}`" for reason in Reason} <= {*verdicts.split()}
