"""Names: safe on every system, one type at their end, and that type allowed."""

import re
from collections.abc import Iterator

from packager.errors import InputRefused
from packager.safety.finding import Found, Rule
from packager.values import RelativePath, printable

MAX_PATH = 200  # characters; Windows takes 260 with the folders in front
_RUNNABLE = frozenset(
    "7z aab ace apk app appimage appref-ms arj bat bz2 cab chm cmd com cpl deb dex dll dmg "
    "docm exe gz hta htm html img inf ipa iso jar jnlp js jse lnk lzh mht mhtml msi msp "
    "mst ova pdf php pif pkg ps1 psd1 psm1 py pyw rar reg rpm rtf scf scr sct sh shb shs "
    "ssa svg swf tar tgz url vb vbe vbs vhd vhdx wsc wsf wsh xbap xhtml xlsm xpi xz zip".split()
)
_BESIDE = "._"
_LITTER = (
    (re.compile(r"\.DS_Store"), b"\0\0\0\1Bud1"),
    (re.compile(r"\._.+"), b"\0\5\x16\7\0\2\0\0"),  # AppleDouble
    (re.compile(r"Thumbs\.db"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
)
_PADDING = re.compile(r"\.pad/(0|[1-9][0-9]{0,9})")


def suffix_of(path: str) -> str:
    """The ending of a name with its dot, in lower case; may be empty."""
    name = path.rsplit("/", 1)[-1]
    stem, dot, ending = name.rpartition(".")
    return dot + ending.lower() if stem else ""


def problems(untrusted_path: str, allowed: frozenset[str]) -> Iterator[Found]:
    """Judge the path of a file in its folder."""
    suffix = suffix_of(untrusted_path)
    try:
        RelativePath(untrusted_path)
    except InputRefused as error:
        yield Found(Rule.NAME, error.fact)
    if len(untrusted_path) > MAX_PATH:
        yield Found(Rule.NAME, f"a path of more than {MAX_PATH} characters")
    *folders, name = untrusted_path.split("/")
    yield from filter(None, map(folder_problem, folders))
    inner = name.split(".")[-2].strip().lower() if name.count(".") > 1 else ""
    if inner in _RUNNABLE or f".{inner}" in allowed:
        types = f".{printable(inner)}{printable(suffix)}"
        yield Found(Rule.DOUBLE_SUFFIX, f"it ends in two types, {types}")
    if suffix not in allowed:
        listed = " ".join(sorted(allowed))
        yield Found(Rule.TYPE, f"files of this type do not travel, only {listed}")


def folder_problem(untrusted_name: str) -> Found | None:
    """A folder that a system takes for a program, as macOS does with ``.app``; None for others."""
    ending = untrusted_name.rpartition(".")[2].strip().lower() if "." in untrusted_name else ""
    if ending not in _RUNNABLE:
        return None
    return Found(Rule.DOUBLE_SUFFIX, f"a folder that ends as a program does, in .{ending}")


def litter_magic(name: str, allowed: frozenset[str]) -> bytes | None:
    """The first bytes of what macOS and Windows drop into folders that people only look at.

    None for other names. A file with such a name and other first bytes is no litter. What stands
    beside a file (``._NAME``) has its ending, and runs as it does: batch files and pages for
    programs do so whatever their first bytes are.
    """
    if name.startswith(_BESIDE) and suffix_of(name[len(_BESIDE) :]) not in {*allowed, ""}:
        return None
    return next((magic for fits, magic in _LITTER if fits.fullmatch(name)), None)


def padding_size(path: str) -> int | None:
    """How many zeros a file must hold that torrent clients write between others (BEP 47)."""
    fits = _PADDING.fullmatch(path)
    return int(fits[1]) if fits else None
