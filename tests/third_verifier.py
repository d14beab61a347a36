"""A third verifier, from docs/seal.md alone: ``python tests/third_verifier.py "DIGITS" FILE``."""

import hmac
import json
import re
import sys
from base64 import b64decode, b64encode
from hashlib import scrypt, sha256, sha512
from pathlib import Path
from struct import pack, unpack
from typing import Any

from nacl.bindings import crypto_core_ed25519_is_valid_point as is_key
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey
from third_walks import big, walk

NO_SEAL, NO_PIN, NEWER = "tail-gone-or-never-sealed", "no-trusted-words-open-it", "newer-format"
FOREIGN = "another-publishers-key"
BASE64 = rb"([\w+/]{4})*([\w+/]{2}==|[\w+/]{3}=)?"


class Told(Exception):
    """The reason."""


def need(fits: object, reason: str = "seal-altered") -> None:
    if not fits:
        raise Told(reason)


def chacha(key: bytes, data: bytes) -> bytes:
    out = b""
    for block in range(-(-len(data) // 64)):
        x = state = [*unpack("<12I", b"expand 32-byte k" + key), block, 0, 0, 0]
        for turn in range(80):
            x, s = x[:], turn // 4 % 2
            a, b, c, e = (turn % 4, *((turn + n * s) % 4 + 4 * n for n in (1, 2, 3)))
            for p, q, r, bits in ((a, b, e, 16), (c, e, b, 12), (a, b, e, 8), (c, e, b, 7)):
                x[p] = x[p] + x[q] & 2**32 - 1
                x[r] = ((y := x[r] ^ x[p]) << bits | y >> 32 - bits) & 2**32 - 1
        out += pack("<16I", *(v + w & 2**32 - 1 for v, w in zip(x, state, strict=True)))
    return bytes(v ^ w for v, w in zip(out, data, strict=False))


def fold(nodes: list[bytes], width: int = 1, empty: bytes = bytes(32)) -> bytes:
    width = max(width, 1 << (len(nodes) - 1).bit_length())
    while width > 1:
        nodes = [*nodes, empty]
        nodes = [sha256(b"".join(nodes[n : n + 2])).digest() for n in range(0, len(nodes) - 1, 2)]
        empty, width = sha256(empty + empty).digest(), width // 2
    return nodes[0]


def ssh(key: str, space: bytes, text: bytes, signature: bytes) -> None:
    fields = (space, b"", b"sha512", sha512(text).digest())
    packed = b"".join(pack(">I", len(field)) + field for field in fields)
    VerifyKey(bytes.fromhex(key)).verify(b"SSHSIG" + packed, signature)


def same(text: bytes) -> Any:  # noqa: ANN401 -- JSON
    need(json.dumps(v := json.loads(text), sort_keys=True, separators=(",", ":")).encode() == text)
    return v


def keys(chain: bytes, value: bytes) -> dict[str, str]:
    said, roots, follows, states = b"", [], "", dict[str, str]()
    for count, link in enumerate(same(chain), 1):
        previous = sha256(said).hexdigest() if said else ""
        now = same(said := link["statement"].encode())
        need(now["v"] == 1, NEWER if now["v"] > 1 else "seal-altered")
        need((now["number"], now["previous"], len(now)) == (count, previous, 7))
        roots.append(bytes.fromhex(now["root"]))
        need(roots[-1] == roots[-2:][0] or sha256(roots[-1]).hexdigest() == follows)
        ssh(now["root"], b"statement@magnitizdat", said, bytes.fromhex(link["signature"]))
        states |= {key["key"]: key["state"] for key in now["keys"]}
        follows = now["next"]
    salt = b"magnitizdat words v1"
    need(scrypt(roots[0], salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=11) == value, FOREIGN)
    return states


def judge(d: bytes, plain: bytes, value: bytes, at: int, end: int, stop: int) -> None:
    sizes = unpack(">5I", plain[18:38])
    need(len(plain) == 102 + sum(sizes))
    starts = [102 + sum(sizes[:n]) for n in range(5)]
    text, chain, layer, report, rest = (plain[s:][:n] for s, n in zip(starts, sizes, strict=True))
    states, m = keys(chain, value), same(text)
    need(m["v"] == 1, NEWER)
    need(re.fullmatch(r"(\d{4}-\d\d-\d\d)?", m["date"]) and m["path"][0] != ".")
    wide, length, root = m["piece"], m["prefix"]["length"], bytes.fromhex(m["prefix"]["root"])
    need(len(m) == 22 and 2**14 <= wide <= 2**24 and not wide & wide - 1)
    need(is_key(bytes.fromhex(m["signer"])) and not any(rest))
    need(m["signer"] in states, FOREIGN)
    need(states[m["signer"]] != "stolen", "key-stolen")
    ssh(m["signer"], b"seal@magnitizdat", text, plain[38:102])
    need((m["chain"], m["report"]) == (sha256(chain).hexdigest(), sha256(report).hexdigest()))
    nodes, pieces = [layer[n : n + 32] for n in range(0, len(layer), 32)], -(-length // wide)
    need(len(layer) == 32 * pieces * (pieces > 1))
    need(not nodes or fold(nodes, 1, fold([bytes(32)], wide >> 14)) == root)
    while report:
        name, report = report[2:][: big(report[:2])], report[2 + big(report[:2]) :]
        report = report[4 + big(report[:4]) :]
        need(re.fullmatch(rb"report(\.[a-z]{2,3})?\.md", name))
    need(len(d) <= stop, "bytes-after-the-seal")
    need(len(d) == stop, NO_SEAL)
    need(sha256(d[end:]).hexdigest() == m["suffix"], "altered")
    own = [sha256(d[n : min(n + 2**14, at)]).digest() for n in range(0, at, 2**14)]
    mine = [fold(own[n : n + (wide >> 14)], wide >> 14) for n in range(0, len(own), wide >> 14)]
    right = sum(a == b for a, b in zip(mine, nodes, strict=False))
    need(right or (at == length and pieces == 1), "moved-from-another-file")
    need(at == length and fold(own) == root, "altered")


def find(value: bytes, d: bytes) -> None:
    walked = walk(d)
    need(walked, "no-container-for-a-seal")
    slots, whole, armoured = walked or ([], False, False)
    key, last = hmac.digest(b"magnitizdat seal v1", value, "sha256"), b""
    for start, size, suffix in slots[:-17:-1]:
        payload = d[start : start + size]
        if armoured:
            text = payload if re.fullmatch(BASE64, payload) else b"="
            payload = b64decode(text) if b64encode(b64decode(text + b"==")) == text else b""
        last = last or payload
        own = hmac.digest(key, b"key" + payload[:32], "sha256")
        if start + size > len(d) or not 134 <= len(payload) <= 2**20:
            continue
        if chacha(own, payload[32:48]) == b"magnitizdat-seal":
            plain = chacha(own, payload[32:])
            need(plain[16:18] <= b"\0\1", NEWER)
            need(hmac.digest(key, b"salt" + plain, "sha256") == payload[:32] and plain[17])
            return judge(d, plain, value, start, start + size, start + size + suffix)
    raise Told(NO_PIN if whole and len(last) >= 134 else NO_SEAL)


def verify(value: bytes, d: bytes) -> str:
    try:
        find(value, d)
    except Told as told:
        return str(told)
    except (CryptoError, LookupError, TypeError, ValueError):
        return "seal-altered"
    return "complete"


if __name__ == "__main__":
    secret = int(re.sub(r"\D", "", sys.argv[1])[:27]).to_bytes(11, "big")
    print(verify(secret, Path(sys.argv[2]).read_bytes()))
