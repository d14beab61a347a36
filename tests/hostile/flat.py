"""Books of one XML file (FB2) that load, run, hide or explode."""

import base64
from collections.abc import Callable

import sealed

from hostile.build import (
    EXE,
    LITTLE,
    Sample,
    jpeg,
    picture,
)
from packager.safety import Rule

FB2 = f"""<?xml version="1.0" encoding="UTF-8"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">
<description><title-info><genre>prose</genre><author><first-name>Ivan</first-name>
<last-name>Lis</last-name></author><book-title>Прогулка</book-title>
<coverpage><image l:href="#cover.jpg"/></coverpage><lang>ru</lang></title-info>
<document-info><author><nickname>a</nickname></author><date value="2020-01-01">2020</date>
<id>1</id><version>1.0</version></document-info></description>
<body><title><p>Прогулка</p></title><section id="one"><p>Дождь <emphasis>шёл</emphasis>.
<a l:href="https://example.org/x">там</a> <a l:href="#one">тут</a></p><empty-line/></section></body>
<binary id="cover.jpg" content-type="image/jpeg">{base64.b64encode(picture("JPEG")).decode()}</binary>
</FictionBook>
""".encode()


def _fb2(old: str, new: str) -> bytes:
    assert old.encode() in FB2
    return FB2.replace(old.encode(), new.encode(), 1)


def _binary(kind: str, data: bytes, name: str = "cover.jpg") -> bytes:
    at, end = FB2.index(b"<binary"), FB2.index(b"</FictionBook>")
    text = base64.b64encode(data).decode()
    new = f'<binary id="{name}" content-type="{kind}">{text}</binary>'
    return FB2[:at] + new.encode() + FB2[end:]


_P = "<empty-line/>"
PLAIN_BOOKS: dict[str, tuple[Callable[[], bytes], Rule]] = {
    "another root": (lambda: b"<?xml version='1.0'?><x/>", Rule.CONTENT),
    "no namespace": (lambda: b"<FictionBook><body/></FictionBook>", Rule.ACTIVE),
    "no end": (lambda: FB2[:-20], Rule.CONTENT),
    "something behind": (lambda: FB2 + b"<x/>", Rule.CONTENT),
    "a program behind": (lambda: FB2 + EXE, Rule.CONTENT),
    "entities": (lambda: _fb2("?>\n", '?>\n<!DOCTYPE FictionBook [<!ENTITY a "x">]>\n'), Rule.CONTENT),
    "an outer entity inside": (
        lambda: _fb2("<lang>", '<!ENTITY a SYSTEM "file:///etc/hostname"><lang>'), Rule.CONTENT
    ),
    "an entity": (lambda: _fb2(_P, "<p>&a;</p>"), Rule.CONTENT),
    "a style sheet": (lambda: _fb2("<description>", "<stylesheet type='text/css'>p{}</stylesheet><description>"), Rule.ACTIVE),
    "a style instruction": (lambda: _fb2("<body>", "<?xml-stylesheet href='http://127.0.0.1/'?><body>"), Rule.ACTIVE),
    "a comment": (lambda: _fb2(_P, "<!-- hidden -->"), Rule.HIDDEN),
    "a style that loads": (
        lambda: _fb2(_P, '<p style="background:url(http://127.0.0.1/)">x</p>'), Rule.REMOTE
    ),
    "a script": (lambda: _fb2(_P, "<script>alert(1)</script>"), Rule.ACTIVE),
    "html": (lambda: _fb2(_P, '<x xmlns="http://www.w3.org/1999/xhtml"/>'), Rule.ACTIVE),
    "a handler": (lambda: _fb2(_P, '<p onclick="alert(1)">x</p>'), Rule.ACTIVE),
    "an unknown element": (lambda: _fb2(_P, "<evil/>"), Rule.ACTIVE),
    "an output": (lambda: _fb2("</description>", "<output/></description>"), Rule.ACTIVE),
    "a picture from the web": (lambda: _fb2(_P, '<image l:href="http://127.0.0.1/x.jpg"/>'), Rule.REMOTE),
    "a picture from the disk": (lambda: _fb2(_P, '<image l:href="file:///etc/x.jpg"/>'), Rule.REMOTE),
    "a picture as data": (lambda: _fb2(_P, '<image l:href="data:image/png;base64,AA"/>'), Rule.REMOTE),
    "a picture that is missing": (lambda: _fb2(_P, '<image l:href="#gone"/>'), Rule.CONTENT),
    "a javascript link": (lambda: _fb2("https://example.org/x", "javascript:alert(1)"), Rule.ACTIVE),
    "a file link": (lambda: _fb2("https://example.org/x", "file:///etc/hostname"), Rule.ACTIVE),
    "a relative link": (lambda: _fb2("https://example.org/x", "setup.exe"), Rule.CONTENT),
    "a link to nothing": (lambda: _fb2('"#one"', '"#two"'), Rule.CONTENT),
    "a program as a picture": (lambda: _binary("image/jpeg", EXE), Rule.CONTENT),
    "a program as itself": (lambda: _binary("application/x-msdownload", EXE), Rule.HIDDEN),
    "a font": (lambda: _binary("application/x-font-ttf", LITTLE), Rule.HIDDEN),
    "an svg": (lambda: _binary("image/svg+xml", b"<svg/>"), Rule.HIDDEN),
    "a picture with exif": (lambda: _binary("image/jpeg", jpeg((0xE1, b"Exif\0\0" + LITTLE))), Rule.HIDDEN),
    "a picture with more behind": (lambda: _binary("image/jpeg", picture("JPEG") + EXE), Rule.HIDDEN),
    "a picture of another type": (lambda: _binary("image/png", picture("JPEG")), Rule.CONTENT),
    "a picture nothing shows": (lambda: _binary("image/jpeg", picture("JPEG"), "a"), Rule.CONTENT),
    "no base64": (lambda: _fb2("</binary>", "!!</binary>"), Rule.HIDDEN),
    "a picture twice": (lambda: _fb2("</FictionBook>", FB2[FB2.index(b"<binary"):].decode()), Rule.HIDDEN),
    "an element in a picture": (lambda: _fb2("</binary>", "<p>x</p></binary>"), Rule.HIDDEN),
    "windows letters": (lambda: FB2.decode().replace("UTF-8", "windows-1251").encode("cp1251"), Rule.TEXT),
    "another coding": (lambda: _fb2("UTF-8", "UTF-7"), Rule.TEXT),
    "bidi": (lambda: _fb2(_P, "<p>\u202ex</p>"), Rule.TEXT),
    "depth": (lambda: _fb2(_P, "<section>" * 500 + "</section>" * 500), Rule.CONTENT),
    "many elements": (lambda: _fb2(_P, _P * 400_000), Rule.CONTENT),
    "a long attribute": (lambda: _fb2('id="one"', f'id="{"a" * 5000}"'), Rule.TEXT),
    "an archive": (sealed.book_bytes, Rule.PROGRAM),
}  # fmt: skip


def samples() -> list[Sample]:
    return [Sample(f"fb2 with {what}", "book.fb2", *pair) for what, pair in PLAIN_BOOKS.items()]
