"""A page of a book: XHTML of elements and attributes that show text and pictures."""

from collections.abc import Mapping

from packager.safety import css, links, xml
from packager.safety.finding import Rule, Unsafe
from packager.values import printable

_HTML = "http://www.w3.org/1999/xhtml"
_OPS = "http://www.idpf.org/2007/ops"
_ELEMENTS = frozenset(
    f"{_HTML} {name}"
    for name in (
        "html head title meta link style body section article nav header footer main aside div p "
        "span h1 h2 h3 h4 h5 h6 ul ol li dl dt dd a img br hr em strong i b u s del ins small sub "
        "sup big blockquote q cite code pre kbd samp var abbr dfn mark time address figure "
        "figcaption table caption thead tbody tfoot tr th td colgroup col ruby rb rt rp bdo bdi "
        "wbr"
    ).split()
)
_ATTRIBUTES = frozenset(
    "id class lang dir title alt href src rel type name content charset colspan rowspan scope "
    "width height style role start value reversed cite datetime hidden headers".split()
) | {f"{xml.XML_SPACE} lang", f"{_OPS} type", f"{_OPS} prefix"}
_LABELS = ("aria-", "epub:")
_RELATIONS = frozenset({"stylesheet"})
_META = frozenset({"viewport", "author", "generator", "description"})
_STYLES = "text/css"
_PICTURES, _SHEETS = (".jpg", ".jpeg", ".png"), (".css",)


class Page:
    """What one page loads and leads to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.loads: set[str] = set()
        self.taps: set[str] = set()
        self._style: list[str] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Judge an element."""
        if name not in _ELEMENTS:
            raise Unsafe(Rule.ACTIVE, f"an element that pages do not need: {_shown(name)}")
        for key, value in attributes.items():
            self._attribute(key, value)
        local = name.rpartition(" ")[2]
        if local == "link":
            self._link(attributes)
        elif local == "meta" and attributes.get("name", "viewport") not in _META:
            raise Unsafe(Rule.ACTIVE, "a note to programs in its head")
        elif "href" in attributes:
            self.taps.add(attributes["href"])
        if "src" in attributes:
            self._load(attributes["src"], _PICTURES)
        if local == "style":
            self._style = []

    def end(self, name: str) -> None:
        """Judge a style sheet when it is whole."""
        if self._style is not None and name.endswith(" style"):
            css.check_text("".join(self._style))
            self._style = None

    def text(self, text: str) -> None:
        """Text is only text, but in a style sheet."""
        if self._style is not None:
            self._style.append(text)

    def _attribute(self, name: str, value: str) -> None:
        if name not in _ATTRIBUTES and not name.startswith(_LABELS):
            raise Unsafe(Rule.ACTIVE, f"an attribute that pages do not need: {_shown(name)}")
        if name == "style":
            css.check_text(value)

    def _link(self, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("type", _STYLES)
        if attributes.get("rel") not in _RELATIONS or kind != _STYLES:
            raise Unsafe(Rule.REMOTE, "it asks programs to load something that is no style sheet")
        self._load(attributes.get("href", ""), _SHEETS)

    def _load(self, address: str, endings: tuple[str, ...]) -> None:
        """Judged as what it is, it must not be read as something else."""
        loaded = links.inside(self.name, address)
        if not loaded.lower().endswith(endings):
            shown = printable(loaded[:60])
            raise Unsafe(Rule.REMOTE, f"it loads something of another kind there: {shown}")
        self.loads.add(loaded)


def read(name: str, data: bytes) -> Page:
    """Judge the page that stands in the book as ``name``; raises Unsafe."""
    page = Page(name)
    xml.read(data, page, doctype="html")
    return page


def _shown(name: str) -> str:
    return printable(name.rpartition(" ")[2][:40])
