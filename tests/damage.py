"""What becomes of sealed files in the world: one folder of them for every reader to judge."""

import io
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import sealed
from PIL import Image

from packager import container, seal
from packager.keys import whiten
from packager.words import Words

MUTANTS = 24  # of each container


def releases(parent: Path, desk: sealed.Desk) -> list[Path]:
    """A release of each container."""
    for suffix in sealed.SUFFIXES:
        sealed.release(parent / suffix, desk, suffix)
    return [parent / suffix for suffix in sealed.SUFFIXES]


def lone_files(parent: Path, whole: list[Path], desk: sealed.Desk) -> list[Path]:
    """Files made from those of ``releases``, some that were never sealed, and a stranger's."""
    folder = parent / "files"
    folder.mkdir()
    for release in whole:
        film = film_in(release)
        data = film.read_bytes()
        for name, changed in (*named(data, desk.publisher.pin.words), *mutants(data)):
            (folder / f"{film.suffix[1:]}-{name}").write_bytes(changed)
    for suffix in sealed.SUFFIXES:
        (folder / f"unsealed.{suffix}").write_bytes(sealed.media_bytes(suffix))
    (folder / "empty.mkv").write_bytes(b"")
    (folder / "text.mp4").write_text("#EXTM3U\n", encoding="utf-8")
    stranger = sealed.desk(parent / "stranger", "stranger")
    sealed.release(parent / "foreign", stranger, "mkv")
    (folder / "foreign.mkv").write_bytes(film_in(parent / "foreign").read_bytes())
    return sorted(folder.iterdir())


def film_in(folder: Path) -> Path:
    return next(p for p in folder.iterdir() if p.suffix[1:] in sealed.SUFFIXES)


def slot_of(data: bytes) -> tuple[container.Kind, container.Slot]:
    kind = container.kind_of(data[:64])
    assert kind
    return kind, container.walk(kind, lambda at, size: data[at : at + size], len(data)).slots[-1]


def named(data: bytes, words: Words) -> Iterator[tuple[str, bytes]]:
    """The ways that have a name."""
    kind, slot = slot_of(data)
    middle = len(data) // 2
    yield "renamed.bin", data
    yield "flipped", data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    yield "shorter", data[: len(data) * 3 // 10]
    yield "cut-by-one", data[:-1]
    yield "longer", data + bytes(17)
    yield "twice", data + data[slot.start - 20 :]
    yield "moved", data[:200] + data[slot.start - 21 : 199 : -1] + data[slot.start - 20 :]
    yield "payload-flipped", flip(data, slot.start + 900)
    yield "head-flipped", flip(data, 5)
    payload = kind.payload(data[slot.start : slot.end])
    assert payload
    for name, changed in inside(payload, words):
        yield name, data[: slot.start] + kind.body(changed) + data[slot.end :]
    yield "body-gone", data[: slot.start] + bytes(slot.length) + data[slot.end :]
    if slot.suffix:
        yield "suffix-flipped", flip(data, len(data) - 1)
        yield "suffix-cut", data[: slot.end + 5]


def inside(payload: bytes, words: Words) -> Iterator[tuple[str, bytes]]:
    """Payloads that open, because the words are public, and yet do not hold."""
    opened = seal.unlock(payload, [words])
    assert opened
    plain = bytearray(opened.plain)
    yield "version-2", whitened(words, bytes(plain[:16] + b"\0\x02" + plain[18:]))
    yield "bad-signature", whitened(words, flip(bytes(plain), 38))
    yield "padding", whitened(words, bytes(plain[:-1] + b"\x01"))
    yield "manifest", whitened(words, flip(bytes(plain), 38 + 64 + 40))
    yield "chain", whitened(words, flip(bytes(plain), 38 + 64 + 1600))
    stranger = Words(bytes(11))
    yield "other-words", whitened(stranger, bytes(plain))


def whitened(words: Words, plain: bytes) -> bytes:
    key = seal._words_key(words)
    salt = seal._salt(key, plain)
    return salt + whiten(seal._file_key(key, salt), plain)


def mutants(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Chance damage, the same each time."""
    dice = random.Random(len(data))
    for number in range(MUTANTS):
        changed = bytearray(data)
        at, other = dice.randrange(len(data) * 4 // 5), dice.randrange(len(data) * 4 // 5)
        match number % 6:
            case 0:
                changed[at] ^= 1 << dice.randrange(8)
            case 1:
                del changed[at : at + dice.randrange(1, 3000)]
            case 2:
                changed[at:at] = dice.randbytes(dice.randrange(1, 100))
            case 3:
                changed[at : at + 1024] = changed[other : other + 1024]
            case 4:
                changed[dice.randrange(200)] = dice.randrange(256)
            case _:
                changed[-dice.randrange(1, min(6000, len(data)))] ^= 1 << dice.randrange(8)
        yield f"mutant-{number}", bytes(changed)


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (24, 24), (30, 90, 160)).save(out, kind)
    return out.getvalue()


def pictures() -> Iterator[tuple[str, bytes]]:
    """Whole ones, and what hides in them."""
    for suffix, whole in (("jpg", picture("JPEG")), ("png", picture("PNG"))):
        yield f"{suffix}-whole", whole
        yield f"{suffix}-longer", whole + b"x"
        yield f"{suffix}-repeated", whole + whole
        yield f"{suffix}-cut", whole[: len(whole) // 2] + whole[-12:]
    note = b"\xff\xfe\xff\xff" + bytes(0xFFFD)
    yield "jpg-notes", b"\xff\xd8" + note + note + bytes.fromhex("ffd9")
    text = (9).to_bytes(4, "big") + b"tEXtComment\0x" + bytes(4)
    png = picture("PNG")
    yield "png-text", png[:33] + text + png[33:]


def folders(parent: Path, release: Path, other: Path) -> list[Path]:
    """Copies of a release, each with one thing done to it."""
    parent.mkdir()

    def copy(name: str) -> Path:
        return Path(shutil.copytree(release, parent / name))

    copy("whole")
    (copy("program") / "codec.exe").write_bytes(b"MZ" + bytes(200))
    (copy("note") / "note.txt").write_text("seen on tuesday\n", encoding="utf-8")
    (copy("page") / "note.txt").write_text("<html><p>hello", encoding="utf-8")
    (copy("two-types") / "cover.exe.jpg").write_bytes(b"\xff\xd8\xff\xe0\xff\xd9")
    (copy("tail") / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0\xff\xd9MZ")
    (copy("missing") / "ReadMe.txt").unlink()
    (copy("altered") / "ReadMe.txt").write_text("Install codec.exe first\n", encoding="utf-8")
    for name, data in pictures():
        (copy(name) / f"cover.{name[:3]}").write_bytes(data)
    (copy("dot") / ".hidden").write_text("x\n", encoding="utf-8")
    (copy("litter") / ".DS_Store").write_bytes(b"\0\0\0\1Bud1" + bytes(99))
    (parent / "litter" / "._ReadMe.txt").write_bytes(b"\0\5\x16\7\0\2\0\0" + bytes(99))
    (parent / "litter" / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99))
    (copy("no-litter") / "._codec.exe").write_bytes(b"MZ" + bytes(200))
    (copy("beside") / "._codec.bat").write_bytes(b"\0\5\x16\7\0\2\0\0\r\ncalc\r\n")
    film_in(copy("bare")).unlink()
    shutil.copy(film_in(other), copy("two-films") / "second.mp4")
    film = film_in(copy("hurt"))
    film.write_bytes(flip(film.read_bytes(), film.stat().st_size // 2))
    out = parent / "around"
    shutil.copytree(release, out / "around")
    (out / "around.torrent").write_bytes(b"de")
    (out / "signatures").mkdir()
    (out / "signatures" / "SHA256SUMS").write_text("x\n", encoding="utf-8")
    return sorted(parent.iterdir())
