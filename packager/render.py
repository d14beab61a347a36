"""The only door to jinja2 and templates/: notices, text files, the editors' sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import jinja2
import yaml
from markupsafe import Markup

from packager.disguise.base import Notice, Plan
from packager.errors import MachineFailed
from packager.report import Report
from packager.review import ReviewSheet
from packager.safety.text import calmed
from packager.values import Language, hidden_characters

_HERE = Path(__file__).parent
_ROOTS = (_HERE / "templates", _HERE.parent / "templates")  # a wheel, then a checkout
_BYTE_ORDER_MARK = "\ufeff"  # old Windows editors guess the encoding without it
_MARKUP = ("html", "html.j2", "xhtml.j2", "xml.j2", "opf.j2", "ncx.j2", "fb2.j2")
_AGAIN = "install the package again; it may be incomplete"


def render(template: str, **values: object) -> str:
    """Fill ``template`` with ``values``; HTML is escaped, unknown names are errors.

    Raises MachineFailed if the template is missing or does not fit the values.
    """
    try:
        return _environment().get_template(template).render(values)
    except jinja2.TemplateNotFound:
        raise MachineFailed(f"the template {template} is missing", _AGAIN) from None
    except jinja2.TemplateError as error:
        raise MachineFailed(f"the template {template} is broken: {error.message}", _AGAIN) from None


@cache
def notice(language: Language) -> Notice:
    """Our words in ``language``. Raises MachineFailed unless every field is there and no other."""
    table = _table(f"notice/{language}.yaml")
    return Notice(
        language=language,
        reviewed_by=table.text("reviewed_by"),
        card_title=table.text("card_title"),
        card_lines=table.texts("card_lines"),
        sources=table.text("sources"),
        links=table.text("links"),
        tools=table.text("tools"),
        check=table.text("check"),
        check_lines=table.texts("check_lines"),
        pass_on=table.text("pass_on"),
        pass_on_lines=table.texts("pass_on_lines"),
        chapter=table.text("chapter"),
        readme_neutral=table.texts("readme_neutral"),
        message=table.text("message"),
        book_title=table.text("book_title"),
        language_name=table.text("language_name"),
        contents=table.text("contents"),
        notes=table.text("notes"),
        part=table.text("part"),
        written=table.text("written"),
        written_lines=table.texts("written_lines"),
        readme_book=table.texts("readme_book"),
        message_book=table.text("message_book"),
        album_title=table.text("album_title"),
        check_spoken=table.texts("check_spoken"),
        readme_sound=table.texts("readme_sound"),
        message_album=table.text("message_album"),
        message_audiobook=table.text("message_audiobook"),
    )


@dataclass(frozen=True, slots=True)
class Checks:
    """What a full ReadMe says of other people's tools: who signed, and for which of them."""

    publisher: str = "NAME"
    minisign_key: str = "KEY"
    minisign: bool = True
    ssh: bool = True


_ANY_CHECKS = Checks()


def readme(
    plan: Plan,
    notice: Notice,
    reports: tuple[Report, ...],
    *,
    full: bool,
    checks: Checks = _ANY_CHECKS,
) -> bytes:
    """ReadMe.txt: UTF-8 with a byte order mark, lines ended as Windows does.

    ``full`` is the campaign's way: what this is, sources, links, tools, how to check; it needs
    the reports, and ``checks`` for its commands. Otherwise no word of the report is in it.
    """
    if full:
        values = {"plan": plan, "notice": notice, "reports": reports, "checks": checks}
        text = render("release/readme-full.txt.j2", **values)
    else:
        said = notice.readme(plan.disguise)
        text = render("release/readme.txt.j2", plan=plan, said=said)
    return _windows(text)


def nfo(plan: Plan, facts: Mapping[str, str]) -> bytes:
    """The .nfo beside the film: the plan's fields, then ``facts`` by label (Runtime, Size, ...)."""
    rows = tuple(dict([*plan.nfo_fields, *facts.items()]).items())
    group = plan.name.rpartition("-")[2]
    return _windows(render("release/nfo.txt.j2", name=plan.name, group=group, rows=rows))


def message(notice: Notice, magnet: str, plan: Plan) -> bytes:
    """The short text to send beside the link: UTF-8, plain line ends."""
    said = notice.invitation(plan.disguise)
    text = render("handover/message.txt.j2", said=said, magnet=magnet, name=plan.name)
    return text.encode("utf-8")


def review(sheet: ReviewSheet) -> bytes:
    """The editors' private sheet: one HTML file without scripts that loads nothing."""
    return render("review/review.html.j2", sheet=sheet).encode("utf-8")


def human_size(size: int) -> str:
    """``size`` bytes as people write it: 734 MiB."""
    amount, unit = float(size), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:  # noqa: PLR2004 -- the step of the units
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}" if amount >= 100 or unit == "bytes" else f"{amount:.1f} {unit}"  # noqa: PLR2004 -- three digits


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=jinja2.select_autoescape(_MARKUP, default_for_string=True),
        loader=jinja2.FileSystemLoader(_ROOTS),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["human_size"] = human_size
    environment.filters["exact"] = _exact
    return environment


def _exact(text: str) -> str:
    """``text`` so that every character of it can be seen and got back.

    A line feed before which a carriage return stands keeps it; other characters that steer or hide
    stand as their numbers: ``<i class="u">200F</i>``.
    """
    joined = set(hidden_characters(text)) - {"\u200d"}  # which joins letters
    hidden = {c: f'<i class="u">{ord(c):04X}</i>' for c in joined}
    shown = hidden | {"\n": "\n", "\t": "\t", "\r": "&#13;"}
    return Markup("".join(shown.get(c, c) for c in str(Markup.escape(text))))  # noqa: S704


def _windows(text: str) -> bytes:
    return (_BYTE_ORDER_MARK + calmed(text).replace("\n", "\r\n")).encode("utf-8")


@dataclass(frozen=True, slots=True)
class _Table:
    """Typed access to one file of notices."""

    name: str
    values: dict[str, object]

    def text(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str) or not (value.strip() or key == "reviewed_by"):
            raise self.bad(f"{key} is not a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values[key]
        if not isinstance(value, list) or not value:
            raise self.bad(f"{key} is not a list")
        if not all(isinstance(item, str) and item.strip() for item in value):
            raise self.bad(f"{key} holds something else than texts")
        return tuple(value)

    def bad(self, what: str) -> MachineFailed:
        return MachineFailed(f"{self.name}: {what}", _AGAIN)


def _table(name: str) -> _Table:
    try:
        source, _, _ = jinja2.FileSystemLoader(_ROOTS).get_source(_environment(), name)
        values = yaml.safe_load(source)
    except jinja2.TemplateNotFound:
        raise MachineFailed(f"the template {name} is missing", _AGAIN) from None
    except yaml.YAMLError:
        raise MachineFailed(f"the template {name} is not YAML", _AGAIN) from None
    known = {field.name for field in fields(Notice)} - {"language"}
    if not isinstance(values, dict) or values.keys() != known:
        raise MachineFailed(f"{name} lacks a key, or has one that nobody knows", _AGAIN)
    return _Table(name, values)
