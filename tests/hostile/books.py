"""Books that load, run, hide or explode."""

import io
import zipfile
from collections.abc import Callable

import sealed

from hostile.build import (
    EPUB,
    EXE,
    HTML,
    LITTLE,
    NOISE,
    TEXT,
    Sample,
    commented,
    jpeg,
    of,
    picture,
    png,
    zip_extra,
    zip_flate,
    zip_gap,
)  # fmt: skip
from packager.safety import Rule

_PAGE = sealed._PAGE


def _page(body: str, head: str = "") -> bytes:
    page = _PAGE.replace("<p>It rained until noon.</p>", body)
    return page.replace("</title>", f"</title>{head}").encode()


def _book(**changed: bytes) -> bytes:
    return sealed.book_bytes({name.replace("__", "."): data for name, data in changed.items()})


def _opf(old: str, new: str) -> bytes:
    return sealed.book_bytes({"book.opf": sealed._BOOK["book.opf"].replace(old, new).encode()})


def _with_page(body: str, head: str = "") -> bytes:
    return sealed.book_bytes({"page.xhtml": _page(body, head)})


def _listing(name: str, kind: str) -> str:
    item = f'<item id="more" href="{name}" media-type="{kind}"/></manifest>'
    return sealed._BOOK["book.opf"].replace("</manifest>", item)


def _listed(name: str, kind: str, data: bytes) -> bytes:
    return sealed.book_bytes({"book.opf": _listing(name, kind).encode(), name: data})


def _styled(style: str) -> bytes:
    return _listed("style.css", "text/css", style.encode())


_ACTIVE = {
    "a script": "<script>alert(1)</script>",
    "a script from elsewhere": '<script src="http://127.0.0.1/x.js"/>',
    "a handler": '<p onclick="alert(1)">x</p>',
    "a handler that loads": '<img src="x.png" onerror="alert(1)" alt=""/>',
    "a frame": '<iframe src="http://127.0.0.1/"/>',
    "an object": '<object data="x.swf"/>',
    "an embedded thing": '<embed src="x.swf"/>',
    "an applet": '<applet code="x"/>',
    "a form": '<form action="http://127.0.0.1/"><input/></form>',
    "a button": "<button>x</button>",
    "sound": '<audio src="http://127.0.0.1/a.mp3"/>',
    "film": '<video src="http://127.0.0.1/a.mp4"/>',
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg that animates": '<svg xmlns="http://www.w3.org/2000/svg"><set onbegin="alert(1)"/></svg>',
    "mathml": '<math xmlns="http://www.w3.org/1998/Math/MathML"><maction/></math>',
    "an unknown element": "<x-evil>x</x-evil>",
    "a javascript link": '<a href="javascript:alert(1)">x</a>',
    "a data link": '<a href="data:text/html,x">x</a>',
    "a file link": '<a href="file:///etc/hostname">x</a>',
    "a vbscript link": '<a href="vbscript:x">x</a>',
    "an intent link": '<a href="intent://x#Intent;end">x</a>',
    "a picture set": '<img srcset="http://127.0.0.1/x.png" src="x.png" alt=""/>',
    "a ping": '<a href="nav.xhtml" ping="http://127.0.0.1/">x</a>',
}
_REMOTE = {
    "a picture from the web": '<img src="http://127.0.0.1/x.png" alt=""/>',
    "a picture without a scheme": '<img src="//127.0.0.1/x.png" alt=""/>',
    "a picture from the disk": '<img src="file:///etc/x.png" alt=""/>',
    "a picture from a share": '<img src="\\\\127.0.0.1\\x.png" alt=""/>',
    "a picture as data": '<img src="data:image/png;base64,AAAA" alt=""/>',
    "a picture outside": '<img src="../../x.png" alt=""/>',
    "a picture at the root": '<img src="/etc/x.png" alt=""/>',
    "a picture outside in percents": '<img src="%2e%2e/%2e%2e/x.png" alt=""/>',
    "a picture that is not there": '<img src="gone.png" alt=""/>',
    "a picture that is a page": '<img src="page.xhtml" alt=""/>',
    "a style from the web": '<p style="background:url(http://127.0.0.1/x)">x</p>',
    "a style that runs": '<p style="width:expression(alert(1))">x</p>',
    "a style behind an escape": '<p style="background:u\\72l(http://127.0.0.1/)">x</p>',
}
_HEADS = {
    "a refresh": ('<meta http-equiv="refresh" content="0;url=http://127.0.0.1/"/>', Rule.ACTIVE),
    "a base": ('<base href="http://127.0.0.1/"/>', Rule.ACTIVE),
    "a style sheet from the web": (
        '<link rel="stylesheet" type="text/css" href="http://127.0.0.1/x.css"/>', Rule.REMOTE),
    "a page as a style sheet": ('<link rel="stylesheet" href="page.xhtml"/>', Rule.REMOTE),
    "a prefetch": ('<link rel="prefetch" href="http://127.0.0.1/"/>', Rule.REMOTE),
    "an icon": ('<link rel="icon" href="http://127.0.0.1/"/>', Rule.REMOTE),
    "an import": ("<style>@import 'http://127.0.0.1/x.css';</style>", Rule.REMOTE),
    "a font": ("<style>@font-face{font-family:x;src:url(http://127.0.0.1/)}</style>", Rule.REMOTE),
}  # fmt: skip
_STYLES = {
    "an import": "@import url(http://127.0.0.1/);",
    "a background": "p{background:url(http://127.0.0.1/)}",
    "a background as data": "p{background:url(data:x)}",
    "an expression": "p{width:expression(alert(1))}",
    "a binding": "p{-moz-binding:url(x)}",
    "a behaviour": "p{behavior:url(x.htc)}",
    "an escape": "p{background:u\\72l(x)}",
    "a split comment": "p{background:u/**/rl(http://127.0.0.1/)}",
    "a font": "@font-face{src:local(x)}",
    "a picture by name": 'p{background:image("http://127.0.0.1/x.png")}',
    "a source by name": 'p{background:src("http://127.0.0.1/x.png")}',
    "a comment in quotes": 'p{content:"/*";background:url(http://127.0.0.1/);quotes:"*/"}',
    "an import in quoted comments": "p{content:'/*'} @import 'http://127.0.0.1/'; q{content:'*/'}",
    "another coding": '@charset "utf-7";p{}',
    "markup": "</style><script>",
}
_XML = {
    "entities": '<!DOCTYPE html [<!ENTITY a "x">]>',
    "a laugh of entities": '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
    "an outer entity": '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "an outer definition": '<!DOCTYPE html SYSTEM "http://127.0.0.1/x.dtd">',
    "a public definition": '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://a/">',
    "a parameter entity": '<!DOCTYPE html [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]>',
    "a style instruction": '<?xml-stylesheet href="http://127.0.0.1/x.xsl"?>',
    "a php instruction": "<?php system('id'); ?>",
}


def _doctyped(what: str) -> bytes:
    return _page("<p>x</p>").replace(b"?>\n", b"?>\n" + what.encode() + b"\n", 1)


def _rewritten(change: Callable[[zipfile.ZipInfo, bytes], tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """The book with its entries changed one by one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(EPUB)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            entry, data = change(info, old.read(info))
            new.writestr(entry, data, info.compress_type)
    return out.getvalue()


def _linked(info: zipfile.ZipInfo, data: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    if info.filename == "page.xhtml":
        info.external_attr = 0o120777 << 16
    return info, data


def _noted(info: zipfile.ZipInfo, data: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    info.comment = LITTLE if info.filename == "page.xhtml" else b""
    return info, data


def _renamed(name: str) -> bytes:
    def change(info: zipfile.ZipInfo, data: bytes) -> tuple[zipfile.ZipInfo, bytes]:
        if info.filename == "page.xhtml":
            info = zipfile.ZipInfo(name)
        return info, data

    return _rewritten(change)


def _flagged(bit: int) -> bytes:
    """The second entry marked in its head and in the directory."""
    data = bytearray(EPUB)
    at = EPUB.index(b"PK\3\4", 4)
    record = EPUB.index(b"PK\1\2", EPUB.index(b"PK\1\2") + 4)
    data[at + 6] |= bit
    data[record + 8] |= bit
    return bytes(data)


BOOKS: dict[str, tuple[Callable[[], bytes], Rule]] = {
    "a gap": (lambda: zip_gap(EPUB), Rule.CONTENT),
    "bytes in front": (lambda: EPUB[:58] + NOISE + EPUB[58:], Rule.CONTENT),
    "bytes behind": (lambda: EPUB + LITTLE, Rule.CONTENT),
    "a comment": (lambda: commented(EPUB, NOISE[:65000]), Rule.HIDDEN),
    "a comment of words": (lambda: commented(EPUB, b"hello world"), Rule.HIDDEN),
    "a comment of zeros that is none": (lambda: commented(EPUB, b"QUJD" * 500), Rule.HIDDEN),
    "an extra field": (lambda: zip_extra(EPUB), Rule.HIDDEN),
    "noise behind a stream": (lambda: zip_flate(EPUB), Rule.HIDDEN),
    "an encrypted entry": (lambda: _flagged(1), Rule.CONTENT),
    "sizes behind the data": (lambda: _flagged(8), Rule.CONTENT),
    "an unknown mark": (lambda: _flagged(0x20), Rule.HIDDEN),
    "a symbolic link": (lambda: _rewritten(_linked), Rule.REMOTE),
    "a note on an entry": (lambda: _rewritten(_noted), Rule.HIDDEN),
    "a name that climbs": (lambda: _renamed("../page.xhtml"), Rule.NAME),
    "an absolute name": (lambda: _renamed("/etc/page.xhtml"), Rule.NAME),
    "a backslash in a name": (lambda: _renamed("a\\page.xhtml"), Rule.NAME),
    "a hidden name": (lambda: _renamed(".page.xhtml"), Rule.NAME),
    "a device's name": (lambda: _renamed("aux.xhtml"), Rule.NAME),
    "a page not listed": (lambda: _book(more__xhtml=_page("<p>x</p>")), Rule.HIDDEN),
    "a page not listed that is none": (lambda: _book(more__xhtml=TEXT), Rule.CONTENT),
    "a picture not listed": (lambda: _book(more__jpg=picture("JPEG")), Rule.HIDDEN),
    "an unknown kind": (lambda: _book(more__bin=LITTLE), Rule.HIDDEN),
    "a program": (lambda: _listed("setup.exe", "application/x-msdownload", EXE), Rule.HIDDEN),
    "a script file": (lambda: _listed("a.js", "text/javascript", b"alert(1)"), Rule.HIDDEN),
    "a font": (lambda: _listed("a.ttf", "font/ttf", b"\0\1\0\0" + LITTLE), Rule.HIDDEN),
    "an svg": (lambda: _listed("a.svg", "image/svg+xml", b"<svg/>"), Rule.HIDDEN),
    "a gif": (lambda: _listed("a.gif", "image/gif", b"GIF89a"), Rule.HIDDEN),
    "a pdf": (lambda: _listed("a.pdf", "application/pdf", b"%PDF-1.7"), Rule.HIDDEN),
    "a film": (lambda: _listed("a.mp4", "video/mp4", LITTLE), Rule.HIDDEN),
    "a pronunciation": (lambda: _listed("a.pls", "application/pls+xml", b"<x/>"), Rule.HIDDEN),
    "an overlay": (lambda: _listed("a.smil", "application/smil+xml", b"<x/>"), Rule.HIDDEN),
    "rights": (lambda: sealed.book_bytes({"META-INF/rights.xml": b"<x/>"}), Rule.HIDDEN),
    "encryption": (lambda: sealed.book_bytes({"META-INF/encryption.xml": b"<x/>"}), Rule.HIDDEN),
    "signatures": (lambda: sealed.book_bytes({"META-INF/signatures.xml": b"<x/>"}), Rule.HIDDEN),
    "apple's options": (
        lambda: sealed.book_bytes({"META-INF/com.apple.ibooks.display-options.xml": b"<x/>"}),
        Rule.HIDDEN,
    ),
    "noise as a page": (lambda: _book(page__xhtml=LITTLE), Rule.CONTENT),
    "html as a page": (lambda: _book(page__xhtml=HTML), Rule.ACTIVE),
    "a page in utf-16": (
        lambda: _book(page__xhtml=_PAGE.replace("UTF-8", "UTF-16").encode("utf-16")), Rule.TEXT
    ),
    "a page that says another coding": (
        lambda: _book(page__xhtml=_PAGE.replace("UTF-8", "windows-1251").encode()), Rule.TEXT
    ),
    "a page with a comment": (lambda: _with_page("<p>x</p><!-- hidden -->"), Rule.HIDDEN),
    "a page with bidi": (lambda: _with_page("<p>\u202ex</p>"), Rule.TEXT),
    "a page that is deep": (lambda: _with_page("<div>" * 500 + "</div>" * 500), Rule.CONTENT),
    "a page of elements": (lambda: _with_page("<br/>" * 400_000), Rule.CONTENT),
    "a page without end": (lambda: _book(page__xhtml=b"<html>"), Rule.ACTIVE),
    "a picture that is a program": (lambda: _listed("a.jpg", "image/jpeg", EXE), Rule.HIDDEN),
    "a picture with exif": (
        lambda: _listed("a.jpg", "image/jpeg", jpeg((0xE1, b"Exif\0\0" + LITTLE))), Rule.HIDDEN
    ),
    "a picture with text": (
        lambda: _listed("a.png", "image/png", png(b"tEXt", b"a\0b")), Rule.HIDDEN
    ),
    "a picture of another type": (
        lambda: _listed("a.jpg", "application/javascript", picture("JPEG")), Rule.CONTENT
    ),
    "a page with scripts announced": (
        lambda: _opf('media-type="application/xhtml+xml"/>\n', 'properties="scripted"'
                     ' media-type="application/xhtml+xml"/>\n'), Rule.ACTIVE,
    ),
    "resources from elsewhere announced": (
        lambda: _opf('properties="nav"', 'properties="nav remote-resources"'), Rule.ACTIVE
    ),
    "a page from elsewhere": (
        lambda: _opf('href="page.xhtml"', 'href="http://127.0.0.1/page.xhtml"'), Rule.REMOTE
    ),
    "a page that is missing": (lambda: _opf('href="page.xhtml"', 'href="p.xhtml"'), Rule.HIDDEN),
    "a link in its list": (
        lambda: _opf("</metadata>", '<link rel="record" href="http://127.0.0.1/"/></metadata>'),
        Rule.ACTIVE,
    ),
    "another place for its addresses": (
        lambda: _opf("<manifest>", '<manifest xml:base="http://127.0.0.1/">'), Rule.REMOTE),
    "a collection": (lambda: _opf("</package>", "<collection/></package>"), Rule.ACTIVE),
    "two books": (
        lambda: sealed.book_bytes({"META-INF/container.xml": sealed._BOOK["META-INF/container.xml"]
            .replace("<rootfiles>", '<rootfiles><rootfile full-path="x.opf"/>').encode()}),
        Rule.CONTENT,
    ),
    "a book elsewhere": (
        lambda: sealed.book_bytes({"META-INF/container.xml": sealed._BOOK["META-INF/container.xml"]
            .replace("book.opf", "http://127.0.0.1/book.opf").encode()}),
        Rule.REMOTE,
    ),
    "no book": (lambda: sealed.book_bytes({"META-INF/container.xml": b"<x/>"}), Rule.ACTIVE),
    "a bomb": (
        lambda: _listed("a.css", "text/css", b"/*" + bytes(40_000_000) + b"*/"), Rule.HIDDEN
    ),
    "a bomb of pages": (
        lambda: sealed.book_bytes({f"{n}.css": b" " * 31_000_000 for n in range(9)}), Rule.HIDDEN
    ),
}  # fmt: skip

PDF_ACTIONS = (
    "/OpenAction<</S/JavaScript/JS(app.alert(1))>>",
    "/AA<</O<</S/JavaScript/JS(1)>>>>",
    "/OpenAction<</S/Launch/F(calc.exe)>>",
    "/OpenAction<</S/URI/URI(http://127.0.0.1/)>>",
    "/OpenAction<</S/SubmitForm/F(http://127.0.0.1/)>>",
    "/OpenAction<</S/GoToR/F(\\\\\\\\127.0.0.1\\\\x)>>",
    "/OpenAction<</S/ImportData/F(x)>>",
    "/Names<</EmbeddedFiles<</Names[(a.exe)<</F(a.exe)>>]>>>>",
    "/AcroForm<</XFA(x)>>",
    "/Type/RichMedia",
    "/S/Rendition",
    "/Subtype/Movie",
    "/Encrypt<</Filter/Standard>>",
    "/Collection<</Type/Collection>>",
    "",
)


def _pdf(action: str) -> bytes:
    return f"%PDF-1.7\n1 0 obj<</Type/Catalog{action}>>endobj\ntrailer<</Root 1 0 R>>\n".encode()


def samples() -> list[Sample]:
    made = [Sample(f"epub with {what}", "book.epub", *pair) for what, pair in BOOKS.items()]
    for table, rule in ((_ACTIVE, Rule.ACTIVE), (_REMOTE, Rule.REMOTE)):
        for what, body in table.items():
            made.append(of(f"epub page with {what}", "book.epub", _with_page(body), rule))
    for what, (head, rule) in _HEADS.items():
        made.append(of(f"epub head with {what}", "book.epub", _with_page("", head), rule))
    for what, style in _STYLES.items():
        rule = Rule.ACTIVE if what == "a font face" else Rule.REMOTE
        made.append(of(f"epub style with {what}", "book.epub", _styled(style), rule))
    for what, before in _XML.items():
        data = sealed.book_bytes({"page.xhtml": _doctyped(before)})
        made.append(of(f"epub xml with {what}", "book.epub", data, Rule.ACTIVE))
    for number, action in enumerate(PDF_ACTIONS):
        made.append(of(f"pdf {number} {action[:20]}", "book.pdf", _pdf(action), Rule.TYPE))
        made.append(of(f"pdf {number} as epub", "book.epub", _pdf(action), Rule.PROGRAM))
    return made
