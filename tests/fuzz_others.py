"""Good inputs for the parsers that keep no gate.

What a node is told, what a home keeps, what a decoder in its box answers, what a stranger's file
gives away: none of them may crash or hang, and nothing that was signed may come out changed.
"""

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import books
import clips
import crafted
import good
from PIL import Image

from packager import container, minisign, notice, seal, seen, subtitles, torrent, traces
from packager import traits as looks
from packager.book.unbind import unbind
from packager.container import Kind
from packager.demo import tracker
from packager.disguise.base import Options
from packager.evidence import blocks
from packager.evidence import books as contents
from packager.notice import Reason, Withdrawal
from packager.pack import recipe
from packager.publisher import paper
from packager.seed import config, control, peek, policy
from packager.seed.web import errands
from packager.source import BareWords
from packager.speech import wording
from packager.traces import answer, tags, writing
from packager.values import Digest, Language

Parse = Callable[[bytes], object]
_HASH = "ab" * 20
_LINK = f"magnet:?xt=urn:btih:{_HASH}&dn=a&tr=http%3A%2F%2Fa.example%2Fannounce&ws=http://a/"
_ANNOUNCE = f"info_hash={'%ab' * 20}&peer_id=a&port=6881&left=0&event=started&numwant=9&compact=1"
_PAPER = "abandon " * 11 + "about"
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>Canon</rdf:li><exif:GPS>1,2</exif:GPS></x:xmpmeta>'
)
_WORDS = "Слово 12,5 % & 3-й \u200bдом. 14:05, §7 — «так»!"
_SOUND = "-f lavfi -i sine=d=1 -metadata title=Quill".split()
_STORED = {
    "wav": (_SOUND, "wav"),
    "flac": (_SOUND, "flac"),
    "ogg": ([*_SOUND, "-c:a", "libvorbis"], "ogg"),
    "avi": ("-f lavfi -i testsrc2=s=64x48:d=1 -c:v mpeg4 -metadata title=Quill".split(), "avi"),
    "ts": ("-f lavfi -i testsrc2=s=64x48:d=1 -c:v libx264".split(), "mpegts"),
}  # what ffmpeg makes, and what its demuxer is called
_DRAWN = ("GIF", "TIFF", "WEBP", "AVIF")


class ForgedError(Exception):
    """A signed statement came out of a parser with other words in it."""


def _text(parse: Callable[[str], object]) -> Parse:
    return lambda data: parse(data.decode("utf-8", "replace"))


def _speaking(language: Language) -> Parse:
    return _text(lambda text: wording.spoken(text, language))


def _on_disk(look: Callable[[Path], object]) -> Parse:
    """For what wants a file of its own."""
    path = _folder() / "input"

    def parse(data: bytes) -> object:
        path.write_bytes(data)
        return look(path)

    return parse


@cache
def _room() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="fuzz-")


def _folder() -> Path:
    return Path(_room().name)


def inputs() -> Iterator[tuple[str, bytes, Parse]]:
    """A name, a good input and its parser."""
    yield from _told()
    yield from _kept()
    yield from _answered()
    yield from _signed()
    yield from _looked_into()


def _told() -> Iterator[tuple[str, bytes, Parse]]:
    """What reaches a node, its page and the demo's tracker."""
    asked = control.Request(control.Verb.ADD, "/a/b", ("real-title",)).encode()
    wiring = policy.Wiring(policy.parse_address("127.0.0.1:6881"), offline=False)
    links = b"http://a.example:80/announce udp://[::1]:9/a wss://b/ https://c.d/"
    yield "request", asked, control.parse_request
    yield "node answer", control.encode_answer(_status()), control.parse_answer
    yield (
        "form",
        b"subject=/a/b&allow=real-title",
        _text(lambda t: errands.request_of("add", parse_qs(t))),
    )
    yield "trackers", links, _text(lambda t: policy.trackers(t.split(), wiring))
    yield "magnet", _LINK.encode(), _text(torrent.read_link)
    yield "announce", _ANNOUNCE.encode(), _text(tracker.parse_announce)
    yield "address", b"[2001:db8::1]:6881", _text(policy.parse_address)
    yield "info", _info(), torrent.read_info


def _status() -> control.Status:
    """An answer of a node with one release."""
    release: dict[str, object] = {
        "id": _HASH, "name": "A", "publisher": "desk", "state": control.State.SEEDING, "size": 9,
        "uploaded": 1, "peers": 2, "done": 9, "note": "", "title": "B", "overruled": (),
    }  # fmt: skip
    node: dict[str, object] = dict.fromkeys(control.NodeStatus.__dataclass_fields__, 0)
    words = ("address", "route", "limits_change", "consent_until", "version", "problem")
    truths = ("listening", "reached", "offline", "paused")
    node |= dict.fromkeys(words, "") | dict.fromkeys(truths, True) | {"silent": (), "notes": ()}
    return control.Status((control.ReleaseStatus(**release),), control.NodeStatus(**node))  # type: ignore[arg-type]


def _info() -> bytes:
    whole = torrent.decode(dict(good.files())["film.torrent"], 10**6)
    assert isinstance(whole, dict)
    return torrent.encode(whole[b"info"])


def _kept() -> Iterator[tuple[str, bytes, Parse]]:
    """What lies in a home or beside a release, and may have been put there by others."""
    settings = "\n".join(line.removeprefix("# ") for line in config.EXAMPLE.splitlines()[3:])
    made = recipe.Recipe(Options(), BareWords(None, "", "", ""), "desk", (), "", {"ffmpeg": "7"})
    records = seal.encode_report({"report.md": "a", "report.ru.md": "б"})
    secret = minisign.secret_key_file(crafted.key("a"), "", b"")
    yield "settings", settings.encode(), _text(config.parse)
    yield "recipe", made.encode(), _on_disk(recipe.read)
    yield "records", records, seal.parse_report
    yield "paper", _PAPER.encode(), _text(paper.parse)
    yield "secret", secret.encode(), _text(minisign.is_encrypted)
    yield "unbound", books.bound(books.told(Language("en"), Language("ru"))), unbind


def _answered() -> Iterator[tuple[str, bytes, Parse]]:
    """What a decoder that was taken over could say; and texts that are spoken or searched."""
    stream = {"kind": "video", "codec": "h264", "profile": "High", "level": 40, "cover": False}
    stream |= {"width": 64, "height": 48, "tags": {"a": "b"}}
    shown = {"tags": {"Title": "a"}, "streams": [stream], "chapters": [], "windows": [9, 9]}
    shown["chapters"] = [{"start": 5, "title": "One"}]
    picture = {"index": 0, "codec": "h264", "pixel_format": "yuv420p", "profile": "High"}
    picture |= {"width": 64, "height": 48, "aspect": "1/1", "clock": "1/90000", "average": "25/1"}
    picture |= {"transfer": 1, "rotation": 90, "stamps": [0, 3600]}
    picture |= {"trimmed": 0, "margin": 8}
    facts = {"duration": 10**6, "streams": 1, "picture": picture, "sounds": 0}
    listed = {
        "entries": [["tag", "film", "title", "a"], ["sei", "b", "00", ""]],
        "pictures": ["QQ=="],
    }
    srt = b"1\n00:00:01,000 --> 00:00:02,000\na\xe2\x80\x8bb\n\n"
    yield "traits", json.dumps(shown).encode(), _text(looks.parse)
    yield "seen", json.dumps(facts).encode(), _text(seen.parse)
    yield "listed", json.dumps(listed).encode(), _text(answer.parse)
    yield "xmp", _XMP.encode(), _text(lambda t: list(tags.of_xmp("XMP", t)))
    yield (
        "writing",
        b"# A\n<!-- b -->\n\xe2\x80\x8b\n",
        _text(lambda t: [*writing.of_text(t), *writing.of_markdown(t)]),
    )
    yield "cues", srt, _text(lambda t: list(writing.of_subtitles(t)))
    yield "shows", srt, subtitles.shows
    for language in Language:
        yield f"spoken {language}", _WORDS.encode(), _speaking(language)


def _signed() -> Iterator[tuple[str, bytes, Parse]]:
    """Notices and seals; what is signed must come out as it was signed, or not at all."""
    desk = crafted.DESK
    stated = Withdrawal(
        (_HASH,), (Digest(bytes(32)),), Reason.ERROR, "2026-05-31", desk.daily().public
    )
    yield "notice", notice.sign(stated, desk.chain, desk.daily()).encode(), _notice(stated)
    for kind in Kind:
        data = crafted.good(kind, 3000)
        yield f"peek.{kind}", data, _peek(data)
        yield f"boxes.{kind}", data, _boxes(kind)
        yield f"noise.{kind}", data, _on_disk(_noise)


def _notice(stated: Withdrawal) -> Parse:
    def parse(data: bytes) -> object:
        found = notice.parse(data)
        notice.check(found, None)
        if found.words == crafted.DESK.value and found.stated != stated:
            raise ForgedError(found.stated)
        return found

    return parse


def _peek(data: bytes) -> Parse:
    def look(path: Path) -> object:
        return peek.peek(path, crafted.PINNED, {})

    path = _folder() / "whole"
    path.write_bytes(data)
    right = look(path)

    def parse(changed: bytes) -> object:
        found = _on_disk(look)(changed)
        if found is not None and found != right:
            raise ForgedError(found)
        return found

    return parse


def _boxes(kind: Kind) -> Parse:
    """All that ``seal`` and ``unseal`` read of a stranger's file."""

    def parse(data: bytes) -> object:
        def read_at(at: int, size: int) -> bytes:
            return data[at : at + size]

        layout = container.walk(kind, read_at, len(data))
        for slot in layout.slots[-3:]:
            kind.restore(read_at, slot)
        container.at_tail(kind, read_at, len(data), 10**6)
        return kind.patch(read_at, len(data), 1000)

    return parse


def _looked_into() -> Iterator[tuple[str, bytes, Parse]]:
    """Files whose traces are told and whose payload is measured, by their structure alone."""
    kinds = {"film.mp4": "mov", "film.mkv": "matroska", "02 - Two.mp3": "mp3", "RGB.png": "PNG"}
    kinds |= {"photo.jpg": "JPEG"}
    for name, data in good.files():
        if name in kinds:
            yield f"traces of {kinds[name]}", data, _traces(kinds[name])
        if name == "book.epub":
            yield "contents", data, _on_disk(contents.read)
    for suffix, (words, demuxer) in _STORED.items():
        data = clips.run(words, _folder() / f"a.{suffix}").read_bytes()
        yield f"traces of {demuxer}", data, _traces(demuxer)
    for kind in _DRAWN:
        out = io.BytesIO()
        Image.effect_noise((48, 32), 60).convert("RGB").save(out, kind)
        yield f"traces of {kind}", out.getvalue(), _traces(kind)


def _traces(kind: str) -> Parse:
    return lambda data: list(
        traces.of_structure(kind, lambda at, size: data[at : at + size], len(data))
    )


def _noise(path: Path) -> object:
    with path.open("rb") as file:
        size = path.stat().st_size
        return blocks.noise(file.fileno(), size), blocks.marks(file.fileno(), size)
