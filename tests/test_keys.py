"""The strict verifier takes what libsodium takes, and nothing else."""

import json
from pathlib import Path
from typing import Any

import nacl.bindings
import nacl.exceptions
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import InputRefused
from packager.keys import PublicKey, SecretKey

VECTORS = Path(__file__).with_name("vectors") / "ed25519"


def load(name: str) -> Any:  # noqa: ANN401 -- JSON of three authors
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def ours(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return PublicKey(key).verifies(message, signature)
    except InputRefused:
        return False


def libsodium(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        nacl.bindings.crypto_sign_open(signature + message, key)
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False
    return True


@pytest.mark.slow
def test_cctv_accepts_the_same_43_of_914_as_libsodium() -> None:
    verdicts = []
    for case in load("cctv_ed25519.json"):
        parts = bytes.fromhex(case["key"]), case["msg"].encode(), bytes.fromhex(case["sig"])
        assert ours(*parts) == libsodium(*parts), case
        verdicts.append(ours(*parts))

    assert (len(verdicts), sum(verdicts)) == (914, 43)


def test_speccheck_accepts_only_case_3() -> None:
    accepted = []
    for number, case in enumerate(load("speccheck_cases.json")):
        parts = [bytes.fromhex(case[k]) for k in ("pub_key", "message", "signature")]
        assert ours(*parts) == libsodium(*parts)
        if ours(*parts):
            accepted.append(number)

    assert accepted == [3]


def test_wycheproof_has_no_errors() -> None:
    count = 0
    for group in load("wycheproof_ed25519.json")["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            verdict = ours(key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            assert verdict == (case["result"] == "valid"), case
            count += 1

    assert count == 151


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_signatures_are_those_of_libsodium(seed: bytes, message: bytes) -> None:
    key = SecretKey(seed)
    public, secret = nacl.bindings.crypto_sign_seed_keypair(seed)

    assert key.public.raw == public
    assert key.sign(message) == nacl.bindings.crypto_sign(message, secret)[:64]
    assert key.public.verifies(message, key.sign(message))


@given(st.integers(0, 64 * 8 - 1))
def test_a_flipped_bit_of_a_signature_is_refused(bit: int) -> None:
    key = SecretKey(b"\7" * 32)
    number = int.from_bytes(key.sign(b"news"), "big") ^ (1 << bit)

    assert not key.public.verifies(b"news", number.to_bytes(64, "big"))


@pytest.mark.parametrize("raw", [b"", b"\1" + bytes(31), b"\xff" * 32, b"\2" * 31])
def test_weak_or_malformed_keys_cannot_exist(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        PublicKey(raw)


def test_a_secret_key_shows_nothing() -> None:
    assert "070707" not in repr(SecretKey(b"\7" * 32)).replace("\\x", "")
