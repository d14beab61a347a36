"""The seal: noise to whoever has no words, bound byte by byte, the same for the same input."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import sealed
from hypothesis import given
from hypothesis import strategies as st

from packager import container, merkle, seal, words
from packager.errors import InputRefused
from packager.keys import whiten
from packager.values import Digest

RELEASES = 50


def payload_of(film: Path) -> tuple[bytes, bytes]:
    data = film.read_bytes()
    kind = container.kind_of(data[: container.HEAD])
    assert kind
    slot = container.walk(kind, lambda at, size: data[at : at + size], len(data)).slots[-1]
    return data[: slot.start], data[slot.start : slot.end]


@pytest.fixture(scope="module")
def fifty(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, bytes]]:
    """Prefix and payload of fifty releases of one publisher: as alike as they come."""
    root = tmp_path_factory.mktemp("fifty")
    desk = sealed.desk(root / "home")
    made = []
    for number in range(RELEASES):
        suffix = ("mkv", "mp4")[number % 2]
        told = sealed.terms(sha256(b"%d" % number).digest())
        folder = root / str(number)
        sealed.release(folder, desk, suffix, told=told)
        made.append(payload_of(next(folder.glob(f"*.{suffix}"))))
    return made


@pytest.mark.slow
def test_no_seven_bytes_stand_in_two_payloads(fifty: list[tuple[bytes, bytes]]) -> None:
    seen: Counter[bytes] = Counter()
    for _, payload in fifty:
        seen.update({payload[at : at + 7] for at in range(len(payload) - 6)})

    assert [text for text, count in seen.items() if count > 1] == []


def test_no_byte_of_a_payload_is_constant(fifty: list[tuple[bytes, bytes]]) -> None:
    shortest = min(len(payload) for _, payload in fifty)
    for at in [*range(600), *range(-600, 0)]:
        assert len({payload[at % shortest] for _, payload in fifty}) > 25, at


def test_a_payload_looks_like_noise(fifty: list[tuple[bytes, bytes]]) -> None:
    together = b"".join(payload for _, payload in fifty)
    expected = len(together) / 256
    chi_square = sum((n - expected) ** 2 / expected for n in Counter(together).values())

    assert 150 < chi_square < 380  # 255 degrees of freedom: outside this once in a million
    assert len(zlib.compress(together, 9)) > len(together)
    assert len({len(payload) for _, payload in fifty}) > 40  # the length is no mark either


def guesses(prefix: bytes) -> Iterator[bytes]:
    """What a scanner without words could compute from the rest of the file."""
    blocks = range(0, len(prefix), merkle.BLOCK)
    root = merkle.root([Digest(sha256(prefix[at : at + merkle.BLOCK]).digest()) for at in blocks])
    for data in (prefix, prefix[:-9], prefix[:-8], prefix[-4096:], prefix[:4096], root):
        for name in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "sha3_256"):
            yield hashlib.new(name, data).digest()
    yield root


@pytest.mark.slow
def test_nothing_in_a_payload_follows_from_the_rest_of_the_file(
    fifty: list[tuple[bytes, bytes]],
) -> None:
    for prefix, payload in fifty:
        for guess in guesses(prefix):
            assert guess[:8] not in payload
            key = (guess + guess)[:32]
            for body in (payload, payload[16:], payload[32:]):
                assert b"magn" not in whiten(key, body[:64])


def test_without_the_words_no_text_comes_out(fifty: list[tuple[bytes, bytes]]) -> None:
    for _, payload in fifty:
        for text in (b"magnitizdat", b"ssh-", b"Ed25519", b"report", b"language"):
            assert text not in payload
        assert seal.unlock(payload, [words.Words(bytes(11))]) is None


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "home")
    one = sealed.release(tmp_path / "one", desk)
    two = sealed.release(tmp_path / "elsewhere" / "two", desk)

    assert one == two
    names = [path.name for path in sorted((tmp_path / "one").iterdir())]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (
            tmp_path / "elsewhere" / "two" / name
        ).read_bytes()


REPORT_TEXTS = st.dictionaries(
    st.sampled_from(["report.md", "report.ru.md", "report.fa.md", "report.my.md"]),
    st.text(st.characters(codec="utf-8"), max_size=300),
    max_size=4,
)


@given(REPORT_TEXTS)
def test_report_texts_come_back_byte_for_byte(texts: dict[str, str]) -> None:
    assert seal.parse_report(seal.encode_report(texts)) == texts


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_report_record(untrusted_record: bytes) -> None:
    try:
        texts = seal.parse_report(untrusted_record)
    except InputRefused:
        return
    assert seal.encode_report(texts) == untrusted_record


@given(st.integers(0, 70), st.sampled_from([1, 2, 4, 16]))
def test_the_root_of_a_layer_is_the_root_of_the_leaves(count: int, blocks: int) -> None:
    leaves = [Digest(sha256(bytes([n])).digest()) for n in range(count)]
    layer = merkle.layer(leaves, blocks)

    if count > blocks:
        assert merkle.root_of_layer(layer, blocks) == merkle.root(leaves)
    assert len(layer) == -(-count // blocks)
