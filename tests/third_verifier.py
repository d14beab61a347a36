"""A third verifier, from docs/seal.md alone: ``python tests/third_verifier.py "DIGITS" FILE``.

Tiny: it looks for the headers of elements that may carry a seal instead of walking to them. What
is genuine is so either way, for the seal speaks of every byte; why a file is not may differ.
"""

import json
import re
import sys
from base64 import b64decode, b64encode
from ctypes import CDLL, c_ulonglong, create_string_buffer
from hashlib import scrypt, sha256, sha512
from hmac import digest as hmac
from pathlib import Path
from struct import pack, unpack
from typing import Any

from nacl import _sodium
from nacl.bindings import crypto_core_ed25519_is_valid_point as is_key
from nacl.signing import VerifyKey

SODIUM = CDLL(_sodium.__file__)  # PyNaCl has no Python name for ChaCha20
NO_SEAL, NEWER, FOREIGN = "tail-gone-or-never-sealed", "newer-format", "another-publishers-key"
KINDS = {  # start of the file: header of a seal, order and surplus of its size, SUFFIX, armour
    rb"\x1aE\xdf\xa3": (rb"\xec\x01(.{7})", 1, 0, 0, False),
    rb".{4}ftyp": (rb"(.{4})free", 1, 8, 0, False),
    rb"ID3|\xff[\xe2-\xfb]": (rb"APETAGEX.{24}(.{4}).{4}Dummy\0\0", -1, 1, 32, True),
    rb"PK\x03\x04.{26}mimetypeapplication/epub": (rb"PK\x05\x06.{16}(..)", -1, 0, 0, True),
}
big = int.from_bytes


def need(fits: object, reason: str = "seal-altered") -> None:
    if not fits:
        raise ValueError(reason)


def fold(nodes: list[bytes], width: int, empty: bytes = bytes(32)) -> bytes:
    while width > 1 or len(nodes) > 1:
        nodes = [*nodes, empty]
        nodes = [sha256(b"".join(nodes[n : n + 2])).digest() for n in range(0, len(nodes) - 1, 2)]
        empty, width = sha256(empty + empty).digest(), width // 2
    return nodes[0]


def signed(key: str, space: bytes, text: bytes, signature: bytes) -> None:
    fields = (space + b"@magnitizdat", b"", b"sha512", sha512(text).digest())
    packed = b"".join(pack(">I", len(field)) + field for field in fields)
    VerifyKey(bytes.fromhex(key)).verify(b"SSHSIG" + packed, signature)


def same(text: bytes, fields: int) -> Any:  # noqa: ANN401 -- JSON
    v = json.loads(text)
    need(json.dumps(v, sort_keys=True, separators=(",", ":")).encode() == text)
    need(not fields or v["v"] == 1, NEWER if fields and v["v"] > 1 else "seal-altered")
    need(fields in {0, len(v)})
    return v


def keys(chain: bytes, value: bytes) -> dict[str, str]:
    said, roots, follows, states = b"", [], "", dict[str, str]()
    for count, link in enumerate(same(chain, 0), 1):
        previous = sha256(said).hexdigest() if said else ""
        now = same(said := link["statement"].encode(), 7)
        need((now["number"], now["previous"]) == (count, previous))
        roots.append(bytes.fromhex(now["root"]))
        need(roots[-1] == roots[-2:][0] or sha256(roots[-1]).hexdigest() == follows)
        signed(now["root"], b"statement", said, bytes.fromhex(link["signature"]))
        states |= {key["key"]: key["state"] for key in now["keys"]}
        follows = now["next"]
    salt = b"magnitizdat words v1"
    need(scrypt(roots[0], salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=11) == value, FOREIGN)
    return states


def judge(d: bytes, plain: bytes, value: bytes, at: int, end: int, stop: int) -> str:
    sizes = unpack(">5I", plain[18:38])
    need(len(plain) == 102 + sum(sizes))
    parts = [plain[102 + sum(sizes[:n]) :][:size] for n, size in enumerate(sizes)]
    text, chain, layer, report, rest = parts
    states, m = keys(chain, value), same(text, 22)
    need(re.fullmatch(r"(\d{4}-\d\d-\d\d)?", m["date"]) and m["path"][0] != ".")
    wide, length, root = m["piece"] >> 14, m["prefix"]["length"], m["prefix"]["root"]
    need(1 <= wide <= 1024 and m["piece"] == 1 << wide.bit_length() + 13 and not any(rest))
    need(is_key(bytes.fromhex(m["signer"])))
    need(m["signer"] in states, FOREIGN)
    need(states[m["signer"]] != "stolen", "key-stolen")
    signed(m["signer"], b"seal", text, plain[38:102])
    need((m["chain"], m["report"]) == (sha256(chain).hexdigest(), sha256(report).hexdigest()))
    nodes, pieces = [layer[n : n + 32] for n in range(0, len(layer), 32)], -(-length // m["piece"])
    need(len(layer) == 32 * pieces * (pieces > 1))
    need(not nodes or fold(nodes, 1, fold([bytes(32)], wide)).hex() == root)
    while report:
        size = big(report[:2])
        need(re.fullmatch(rb"report(\.[a-z]{2,3})?\.md", report[2 : 2 + size]))
        report = report[6 + size + big(report[2 + size : 6 + size]) :]
    need(len(d) <= stop, "bytes-after-the-seal")
    need(len(d) == stop, NO_SEAL)
    need(sha256(d[end:]).hexdigest() == m["suffix"], "altered")
    own = [sha256(d[n : min(n + 2**14, at)]).digest() for n in range(0, at, 2**14)]
    mine = [fold(own[n : n + wide], wide) for n in range(0, len(own), wide)]
    moved = not any(a == b for a, b in zip(mine, nodes, strict=False))
    need(not moved or (at == length and pieces == 1), "moved-from-another-file")
    need(at == length and fold(own, 1).hex() == root, "altered")
    return "complete"


def whiten(key: bytes, data: bytes) -> bytes:
    out = create_string_buffer(len(data))
    SODIUM.crypto_stream_chacha20_ietf_xor(out, data, c_ulonglong(len(data)), bytes(12), key)
    return out.raw


def find(value: bytes, d: bytes) -> str:
    kind = [kind for start, kind in KINDS.items() if re.match(start, d, re.DOTALL)]
    need(kind, "no-container-for-a-seal")
    header, order, surplus, suffix, armoured = kind[0]
    key, could = hmac(b"magnitizdat seal v1", value, "sha256"), False
    for found in reversed([*re.finditer(b"(?=(" + header + b"))", d, re.DOTALL)]):
        at, size = found.end(1), big(found[2][::order]) - surplus
        payload = d[at : at + size]
        if armoured:
            text = (
                payload if re.fullmatch(rb"([\w+/]{4})*([\w+/]{2}==|[\w+/]{3}=)?", payload) else b""
            )
            payload = b64decode(text) if b64encode(b64decode(text)) == text else b""
        if at + size > len(d) or not 134 <= len(payload) <= 2**20:
            continue
        could = could or at + size + suffix == len(d)
        own = hmac(key, b"key" + payload[:32], "sha256")
        if whiten(own, payload[32:48]) == b"magnitizdat-seal":
            plain = whiten(own, payload[32:])
            need(plain[16:18] <= b"\0\1", NEWER)
            need(hmac(key, b"salt" + plain, "sha256") == payload[:32] and plain[17])
            return judge(d, plain, value, at, at + size, at + size + suffix)
    return "no-trusted-words-open-it" if could else NO_SEAL


def verify(value: bytes, d: bytes) -> str:
    try:
        return find(value, d)
    except Exception as defect:  # noqa: BLE001 -- whatever does not hold together
        return str(defect) if re.fullmatch("[a-z]+(-[a-z]+)*", str(defect)) else "seal-altered"


if __name__ == "__main__":
    secret = int(re.sub(r"\D", "", sys.argv[1])[:27]).to_bytes(11, "big")
    print(verify(secret, Path(sys.argv[2]).read_bytes()))
