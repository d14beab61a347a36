"""Bencode: one spelling for each value, judged by libtorrent's codec."""

from typing import Any, cast

import libtorrent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import torrent
from packager.errors import InputRefused
from packager.torrent import bencode

LIMIT = 10**6
VALUES: st.SearchStrategy[torrent.Value] = st.recursive(
    st.integers(-(2**53), 2**53) | st.binary(max_size=20),
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.binary(max_size=6), below, max_size=4)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_round_trip_and_same_as_libtorrent(value: torrent.Value) -> None:
    data = torrent.encode(value)
    assert torrent.decode(data, LIMIT) == value
    assert libtorrent.bencode(cast("Any", value)) == data


@given(st.binary(max_size=40) | st.text("ilde0123456789:-ab", max_size=20).map(str.encode))
def test_whatever_is_read_has_that_one_spelling(untrusted_bytes: bytes) -> None:
    try:
        value = torrent.decode(untrusted_bytes, LIMIT)
    except InputRefused:
        return
    assert torrent.encode(value) == untrusted_bytes


@pytest.mark.parametrize(
    "spelling",
    [
        b"",
        b"i",
        b"ie",
        b"i-e",
        b"i-0e",
        b"i01e",
        b"i1",
        b"i1.5e",
        b"i 1e",
        b"i+1e",
        b"i1_0e",
        b"i" + b"9" * 30 + b"e",
        b"01:a",
        b"2:a",
        b"-1:a",
        b"9999999999:a",
        b"99999999999:a",
        b"l",
        b"li1e",
        b"d",
        b"d1:ae",
        b"di1e1:ae",
        b"d1:bi1e1:ai1ee",
        b"d1:ai1e1:ai2ee",
        b"i1ei2e",
        b"i1e\n",
        b"x",
        b"l" * 100 + b"e" * 100,
        "i٣e".encode(),
    ],
)
def test_refused(spelling: bytes) -> None:
    with pytest.raises(InputRefused, match="not canonical bencode at byte"):
        torrent.decode(spelling, LIMIT)


def test_size_is_limited() -> None:
    with pytest.raises(InputRefused, match="the limit is 3"):
        torrent.decode(b"2:ab", 3)


@pytest.mark.slow
def test_number_of_values_is_limited() -> None:
    flood = b"l" + b"le" * bencode.MAX_VALUES + b"e"
    with pytest.raises(InputRefused, match="too many values"):
        torrent.decode(flood, len(flood))
