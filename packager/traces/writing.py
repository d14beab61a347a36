"""What a text gives away besides its words: signs nobody sees, and letters of another script."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from packager.traces.finding import Trace, What, trace

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_ORDINARY = frozenset("\n\r\t")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_BLANKS = frozenset(" \u3000")
_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[A-Za-z]")
_LOOKALIKE = re.compile(r"[\u0370-\u03ff\u0400-\u04ff]")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_FRONT = re.compile(r"^\s*#(.*)$", re.MULTILINE)
_TITLE = re.compile(r"\]\(\s*[^\s()]+\s+(\"[^\"\n]+\"|'[^'\n]+')\s*\)")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]^][^\]\n]*)\]:\s*(\S.*)$", re.MULTILINE)
# Names that services hang on addresses, of who copied, shared or was sent them
_FOLLOWED = re.compile(
    r"[?&](utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|ysclid|ymclid|twclid|ttclid|"
    r"igshid|igsh|mibextid|li_fat_id|mc_eid|mc_cid|mkt_tok|_hsenc|_hsmi|vero_id|oly_\w+_id|"
    r"share_id|shareid|sharer_id|sec_uid|share_app_id|rcm|trk|si|ref_src|cxt)=([^\s&#<>()\"']+)",
    re.IGNORECASE,
)
_CUE = re.compile(r"^(?:NOTE|STYLE|REGION)\b.*(?:\n.+)*", re.MULTILINE)


def of_text(text: str) -> Iterator[Trace]:
    """All oddities, with how often each stands there."""
    unseen = Counter(c for c in text if _is_unseen(c))
    for sign, count in sorted(unseen.items()):
        name = unicodedata.name(sign, "control")
        value = f"U+{ord(sign):04X} {name.lower()}, {count} times"
        yield trace(What.TEXT, "invisible signs", value)
    blanks = Counter(c for c in text if unicodedata.category(c) == "Zs" and c not in _BLANKS)
    for sign, count in sorted(blanks.items()):
        value = f"U+{ord(sign):04X} {unicodedata.name(sign).lower()}, {count} times"
        yield trace(What.TEXT, "unusual blanks", value)
    mixed = sorted({w for w in _WORD.findall(text) if _LATIN.search(w) and _LOOKALIKE.search(w)})
    if mixed:
        yield trace(What.TEXT, "letters of two scripts in a word", ", ".join(mixed[:20]))
    if (apart := len(text) - len(unicodedata.normalize("NFC", text))) > 0:
        yield trace(What.TEXT, "letters and their marks written apart", f"{apart} times")
    forms = sorted({c for c in text if _is_other_form(c)})
    if forms:
        value = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, '?').lower()}" for c in forms[:10])
        yield trace(What.TEXT, "letters that look like others", value)
    ends = len(re.findall(r"[ \t]+\r?$", text, re.MULTILINE))
    if ends:
        yield trace(What.TEXT, "blanks at the ends of lines", f"{ends} lines")
    if "\r\n" in text:
        yield trace(What.TEXT, "ends of lines", "written on Windows (CR LF)")
    for mark in followed(text):
        yield trace(What.TEXT, "a mark in an address, of who copied or was sent it", mark)


def followed(text: str) -> tuple[str, ...]:
    """What services hang on addresses to know them again, as ``name=value``, each once."""
    return tuple(dict.fromkeys(f"{name}={value}" for name, value in _FOLLOWED.findall(text)))


def of_markdown(text: str) -> Iterator[Trace]:
    """Remarks that no reader of the page sees; the seal keeps them, as it keeps every byte."""
    plain = text.removeprefix("\ufeff")
    has_front = plain.startswith("---")
    front, _, body = plain.removeprefix("---").partition("\n---") if has_front else ("", "", plain)
    for remark in _FRONT.findall(front):
        yield trace(What.TEXT, "a remark in the front matter", remark)
    for remark in _COMMENT.findall(body):
        yield trace(What.TEXT, "a remark in the Markdown", remark)
    for title in _TITLE.findall(body):
        yield trace(What.TEXT, "the title of a link or picture", title[1:-1])
    for label, words in _REFERENCE.findall(body):
        if len(re.findall(re.escape(f"[{label}]"), body, re.IGNORECASE)) == 1:
            yield trace(What.TEXT, "an address that nothing refers to", f"{label}: {words}")


def of_subtitles(text: str) -> Iterator[Trace]:
    """Remarks and styles in WebVTT, and tags that players hide."""
    for remark in _CUE.findall(text.replace("\r\n", "\n")):
        yield trace(What.TEXT, "a remark in the subtitles", remark)
    for hidden in sorted(set(re.findall(r"\{[^{}\n]*\}|<(?!/?[ib]>)[^<>\n]+>", text)))[:20]:
        yield trace(What.TEXT, "markup in the subtitles", hidden)


def _is_other_form(character: str) -> bool:
    """Whether it is a letter that Unicode has twice, such as a ligature or one for formulas."""
    if not unicodedata.category(character).startswith("L"):
        return False
    return unicodedata.normalize("NFKC", character) != unicodedata.normalize("NFC", character) or (
        unicodedata.normalize("NFC", character) != character
    )


def _is_unseen(character: str) -> bool:
    if character in _ORDINARY:
        return False
    hidden = unicodedata.category(character) in _UNSEEN or character in _FILLERS
    return hidden or any(ord(character) in selectors for selectors in _SELECTORS)
