"""What somebody might try on a sealed file, one test each, on every container it fits."""

import shutil
import subprocess
import sys
import time
from base64 import b64decode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import crafted
import pytest
import sealed
from crafted import DESK, PINNED, Craft, Desk, good, judged, slot

from packager import chain as chains
from packager import files, minisign, pins, seal, survey, verify
from packager.container import Kind, mkv, mp3
from packager.errors import InputRefused, PackagerError
from packager.keys import PublicKey
from packager.manifest import parse
from packager.values import MAX_TEXT_BYTES, parse_canonical_json, printable
from packager.verify import Reason, Verdict

pytestmark = pytest.mark.slow

THIEF = Desk("thief")
KINDS = pytest.mark.parametrize("kind", Kind)


@KINDS
@pytest.mark.parametrize("added", [1, 5, 100_000])
def test_trailing_data(tmp_path: Path, kind: Kind, added: int) -> None:
    for more in (bytes(added), crafted.noise(added)):
        found = judged(tmp_path, good(kind) + more)
        assert found.reason is Reason.TRAILING
        assert found.detail.startswith(f"{added} bytes")
        assert found.extra_bytes == added


def grown(kind: Kind, data: bytes, more: bytes) -> bytes:
    """The file with one more element of the kind that seals sit in, well linked."""
    if kind is Kind.MKV:
        at = data.index(mkv.SEGMENT) + 4
        room = int.from_bytes(data[at + 1 : at + 8], "big") + len(more) + 9
        return data[:at] + mkv.header(room)[1:] + data[at + 8 :] + mkv.header(len(more)) + more
    if kind is Kind.MP4:
        return data + kind.header(len(more)) + more
    if kind is Kind.MP3:
        return data + mp3.header(len(more)) + more + mp3.suffix(len(more))
    end = data.rindex(b"PK\5\6")  # a second end record, which unzip programs would find first
    return data + data[end : end + 20] + len(more).to_bytes(2, "little") + more


@KINDS
def test_two_seals(tmp_path: Path, kind: Kind) -> None:
    inner = good(kind)
    theirs = crafted.sealed(crafted.plain(kind), crafted.craft(THIEF))
    place = slot(kind, theirs)
    twice = grown(kind, inner, theirs[place.start : place.end])

    assert judged(tmp_path, twice).reason is Reason.TRAILING
    for trusted in (PINNED, (*PINNED, pins.of_words(THIEF.value))):
        found = judged(tmp_path, twice, trusted)
        assert found.verdict is not Verdict.GENUINE


def test_a_seal_around_a_sealed_file_speaks_for_the_whole(tmp_path: Path) -> None:
    outer = crafted.sealed(good(Kind.MKV), crafted.craft(THIEF))
    thief = pins.of_words(THIEF.value)

    assert judged(tmp_path, outer).reason is Reason.TRAILING
    assert judged(tmp_path, outer, (thief,)).verdict is Verdict.GENUINE
    both = judged(tmp_path, outer, (*PINNED, thief))
    assert (both.verdict, both.pin) == (Verdict.GENUINE, thief)


@KINDS
def test_a_seal_moved_from_another_file(tmp_path: Path, kind: Kind) -> None:
    source, target = good(kind, 40_000), bytearray(good(kind, 44_000))
    theirs, place = slot(kind, source), slot(kind, bytes(target))
    if theirs.length == place.length:
        target[place.start : place.end] = source[theirs.start : theirs.end]
        assert judged(tmp_path, bytes(target)).reason in {Reason.MOVED, Reason.ALTERED}
    whole = crafted.plain(kind, 44_000)
    room = kind.header(theirs.length) + source[theirs.start :]
    if kind in {Kind.MP4, Kind.MP3}:
        assert judged(tmp_path, whole + room).reason in {Reason.MOVED, Reason.ALTERED}


@KINDS
def test_truncation(tmp_path: Path, kind: Kind) -> None:
    data = good(kind, 40_000)
    for left in (len(data) - 1, len(data) - 40, len(data) // 2, 200):
        found = judged(tmp_path, data[:left])
        assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, Reason.NO_SEAL), left
        assert "missing" in found.detail


@KINDS
def test_bytes_put_in_front(tmp_path: Path, kind: Kind) -> None:
    assert judged(tmp_path, bytes(16) + good(kind)).verdict is not Verdict.GENUINE
    assert judged(tmp_path, good(kind) * 2).verdict is not Verdict.GENUINE


@KINDS
def test_sealed_again_by_the_attacker(tmp_path: Path, kind: Kind) -> None:
    theirs = crafted.sealed(crafted.plain(kind), crafted.craft(THIEF))
    found = judged(tmp_path, theirs)
    assert (found.verdict, found.reason, found.pin) == (Verdict.CANNOT_TELL, Reason.NO_PIN, None)

    known = crafted.sealed(crafted.plain(kind), replace(crafted.craft(THIEF), value=DESK.value))
    assert judged(tmp_path, known).reason is Reason.FOREIGN
    inside = crafted.sealed(crafted.plain(kind), replace(crafted.craft(), daily=THIEF.daily()))
    assert judged(tmp_path, inside).reason is Reason.FOREIGN


@KINDS
def test_downgrade_to_unsealed(tmp_path: Path, kind: Kind) -> None:
    found = judged(tmp_path, crafted.plain(kind))

    assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, Reason.NO_SEAL)
    assert "ask for the original" in found.detail


def test_downgrade_to_legacy_minisign() -> None:
    text = minisign.signature_file(DESK.daily(), sha256(b"x").digest() * 2, "serial 7")
    assert b64decode(text.splitlines()[1])[:2] == b"ED"  # prehashed: never the legacy "Ed"


def test_the_file_does_not_choose_how_it_is_judged(tmp_path: Path) -> None:
    """A name, an ending or a signature beside it changes nothing."""
    forged = bytearray(good(Kind.MKV))
    forged[90] ^= 1
    for name in ("film.mkv.minisig", "film.sig", "film.txt", "film.mp4", "verified.mkv"):
        (tmp_path / name).write_bytes(forged)
        assert verify.file(tmp_path / name, name, PINNED).reason is Reason.ALTERED


def test_polyglots_and_lying_endings(tmp_path: Path) -> None:
    (tmp_path / "film.mkv").write_bytes(good(Kind.MP4))
    (tmp_path / "film.exe").write_bytes(sealed.media_bytes("mp4"))
    (tmp_path / "song.mp3").write_bytes(sealed.media_bytes("mp3") + sealed.book_bytes())

    assert {one.path for one in survey.refusals(tmp_path)} == {"film.mkv", "film.exe", "song.mp3"}


@pytest.mark.parametrize(
    "path",
    ["../x.mkv", "/etc/x", "a/../../x", "C:x.mkv", "a\\b.mkv", "x\0.mkv", ".x", "-x", "nul.mkv"],
)
def test_path_traversal_in_the_manifest(tmp_path: Path, path: str) -> None:
    how = replace(crafted.craft(), manifest=lambda fields: {**fields, "path": path})
    assert judged(tmp_path, crafted.sealed(crafted.plain(Kind.MKV), how)).reason is Reason.FORGED


@pytest.mark.parametrize("path", ["a\u202egpj.mkv", "a\u200b.mkv", "a\ufeff.mkv", "a\x1b[2J.mkv"])
def test_bidi_and_invisible_letters(tmp_path: Path, path: str) -> None:
    how = replace(crafted.craft(), manifest=lambda fields: {**fields, "path": path})
    found = judged(tmp_path, crafted.sealed(crafted.plain(Kind.MKV), how))

    assert found.reason is Reason.FORGED
    assert path not in found.detail


def test_terminal_escapes(tmp_path: Path) -> None:
    name = "\x1b]0;owned\x07\x9b31m.mkv"
    (tmp_path / "file").write_bytes(good(Kind.MKV)[:-1])

    found = verify.file(tmp_path / "file", name, PINNED)

    assert found.path == printable(name)
    assert not {*"\x1b\x07\x9b"} & {*found.path}


def test_nothing_is_ever_decompressed() -> None:
    code = "import packager.seal, packager.manifest, packager.chain, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout

    assert {b"gzip", b"lzma", b"bz2"} & {*loaded.split()} == set()


LENGTHS = (0, 1, 2**31 - 1, 2**31, 2**32 - 1)


@KINDS
def test_huge_lengths(tmp_path: Path, kind: Kind) -> None:
    data = good(kind)
    start = slot(kind, data).start
    began = time.process_time()
    for at in [*range(40), *range(start - 47, start)]:
        for value in (b"\xff" * 8, b"\x01" + b"\xff" * 7, b"\x7f\xff\xff\xff", bytes(8)):
            altered = data[:at] + value + data[at + len(value) :]
            assert judged(tmp_path, altered).verdict is not Verdict.GENUINE or altered == data
    assert time.process_time() - began < 20


def test_huge_lengths_inside_the_seal(tmp_path: Path) -> None:
    for field in range(5):
        for value in LENGTHS:

            def edit(plain: bytes, at: int = 18 + 4 * field, value: int = value) -> bytes:
                return plain[:at] + value.to_bytes(4, "big") + plain[at + 4 :]

            how = replace(crafted.craft(), plain=edit)
            data = crafted.sealed(crafted.plain(Kind.MKV), how)
            found = judged(tmp_path, data)
            assert found.reason in {Reason.FORGED, Reason.COMPLETE}
            assert found.reason is Reason.FORGED or data == good(Kind.MKV)


@pytest.mark.parametrize(
    "record",
    [
        b"[" * 100_000,
        b'{"a":' * 5000,
        b'{"v":1,"v":1}',
        b'{"v": 1}',
        b'{"v":1.0}',
        b'{"v":1e9}',
        b'{"v":NaN}',
        b'{"\\u0076":1}',
        '{"v":"ё"}'.encode(),
        b'{"v":' + b"9" * 5000 + b"}",
        b"",
        b"null",
    ],
)
def test_odd_records(record: bytes) -> None:
    with pytest.raises(PackagerError):
        parse(record)
    with pytest.raises(PackagerError):
        chains.parse(record)


def test_records_over_their_limits() -> None:
    with pytest.raises(InputRefused, match="limit"):
        parse_canonical_json(b'"' + b"a" * 200_000 + b'"', 128 * 1024)
    many = crafted.craft()
    with pytest.raises(PackagerError):
        chains.parse(many.chain * 100)
    with pytest.raises(InputRefused, match="cut off"):
        seal.parse_report(b"\0\x09report.md" + (MAX_TEXT_BYTES + 1).to_bytes(4, "big"))


def test_sparse_files_pipes_and_links(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.write(good(Kind.MKV))
        file.truncate(2**33)
    began = time.process_time()
    found = verify.file(tmp_path / "sparse", "sparse", PINNED)
    assert (found.reason, time.process_time() - began < 1) == (Reason.TRAILING, True)

    (tmp_path / "link").symlink_to(tmp_path / "sparse")
    subprocess.run(["mkfifo", tmp_path / "pipe"], check=True)
    for name in ("link", "pipe", "."):
        with pytest.raises(InputRefused):
            verify.file(tmp_path / name, name, PINNED)


def test_an_exchanged_file_is_judged_as_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good").write_bytes(good(Kind.MKV))
    (tmp_path / "bad").write_bytes(good(Kind.MKV)[:-1])
    opened = files.open_plain

    def and_then_exchange(path: Path) -> int:
        descriptor = opened(path)
        shutil.copy(tmp_path / "bad", tmp_path / "new")
        (tmp_path / "new").replace(path)
        return descriptor

    monkeypatch.setattr(files, "open_plain", and_then_exchange)
    assert verify.file(tmp_path / "good", "good", PINNED).verdict is Verdict.GENUINE
    monkeypatch.undo()
    assert verify.file(tmp_path / "good", "good", PINNED).verdict is Verdict.CANNOT_TELL


LOW = "0100000000000000000000000000000000000000000000000000000000000000"


def test_weak_keys_when_used_and_when_pinned(tmp_path: Path) -> None:
    how = Craft(
        DESK.value,
        DESK.chain.encode(),
        DESK.daily(),
        manifest=lambda fields: {**fields, "signer": LOW},
        signature=lambda _: b"\1" + bytes(63),
    )
    assert judged(tmp_path, crafted.sealed(crafted.plain(Kind.MKV), how)).reason is Reason.FORGED
    with pytest.raises(InputRefused, match="low order"):
        PublicKey(bytes.fromhex(LOW))
    for line in ("desk ssh-ed25519 AAAA words", "desk words one two", "desk"):
        with pytest.raises(InputRefused, match="pin line 1"):
            pins.parse(line)


@pytest.mark.parametrize("version", [2, 3, 65535])
def test_algorithm_agility(tmp_path: Path, version: int) -> None:
    how = replace(crafted.craft(), version=version)
    found = judged(tmp_path, crafted.sealed(crafted.plain(Kind.MKV), how))

    assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, Reason.NEWER)


def test_version_nought(tmp_path: Path) -> None:
    how = replace(crafted.craft(), version=0)
    found = judged(tmp_path, crafted.sealed(crafted.plain(Kind.MKV), how))

    assert (found.verdict, found.reason) == (Verdict.NOT_GENUINE, Reason.FORGED)


def test_an_old_release_as_news(tmp_path: Path) -> None:
    found = judged(tmp_path, good(Kind.MKV))

    assert found.seal
    assert (found.seal.manifest.date, found.seal.manifest.serial) == ("2026-05-31", 7)


@pytest.mark.parametrize("date", ["1970-01-01", "9999-12-31", ""])
def test_no_clock_changes_a_verdict(tmp_path: Path, date: str) -> None:
    how = replace(
        crafted.craft(), manifest=lambda fields: {**fields, "date": date, "expires": "1990-01-01"}
    )
    data = crafted.sealed(crafted.plain(Kind.MKV), how)

    assert judged(tmp_path, data).verdict is Verdict.GENUINE
