"""Commands of a journalist: pack a report, see it all on a sample."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import click

from packager import files, terminal
from packager import pack as packing
from packager.cli import packed
from packager.cli.session import Session, json_option, pass_session
from packager.disguise import DISGUISES
from packager.disguise.base import Options, Quality, Readme
from packager.disguise.items import Container
from packager.errors import UsageMistake
from packager.pack import Order
from packager.pack.every import foreseen, pack_every
from packager.pack.order import AUDIENCES, CHECKS
from packager.signatures import Also
from packager.source import BareWords
from packager.torrent import Kind
from packager.values import Language
from packager.workroom import Place

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_PATH = click.Path(path_type=Path)


EVERY = "all"  # one release of each look


def _choice(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([str(one) for one in kind])


@click.command()
@click.argument("source", type=_PATH)
@click.option(
    "--as",
    "disguise",
    type=click.Choice([*DISGUISES, EVERY]),
    required=True,
    help="The look to give; all makes a release of each.",
)
@click.option("--publisher", "name", metavar="NAME", help="Who signs. Needed if there are several.")
@click.option("--out", type=_PATH, required=True, help="Folder in which the release is made.")
@click.option("--title", help="Your own title instead of an invented one.")
@click.option("--year", type=click.IntRange(1900, 2100), help="Your own year.")
@click.option("--language", type=_choice(Language), help="Of card, names and end card.")
@click.option(
    "--cover",
    type=_FILE,
    metavar="FILE",
    help="A film or music you may use; it plays after the report.",
)
@click.option("--cover-licence", default="", metavar="TEXT", help="Your right to use it.")
@click.option(
    "--copy", is_flag=True, help="Keep the camera's picture as it is (H.264 or HEVC, into MKV)."
)
@click.option("--no-audio", is_flag=True, help="Leave out the sound of your clips: voices tell.")
@click.option("--narrate", is_flag=True, help="Let a voice read the text on a film's screens.")
@click.option("--container", type=_choice(Container), help="Default mp4; mkv with --copy.")
@click.option("--quality", type=_choice(Quality), default=str(Quality.P720), show_default=True)
@click.option("--variant", metavar="TEXT", help="Another text gives other names and shapes.")
@click.option(
    "--date", default="", metavar="YYYY-MM-DD", help="Default: `published` of the report."
)
@click.option(
    "--expires", default="", metavar="YYYY-MM-DD", help="Readers are warned after it, not stopped."
)
@click.option("--serial", type=click.IntRange(0, 2**53), default=0, help="Number of this release.")
@click.option("--torrent", "kind", type=_choice(Kind), default=str(Kind.V1), show_default=True)
@click.option(
    "--tracker",
    "trackers",
    multiple=True,
    metavar="URL",
    help="Announce address; may be given again.",
)
@click.option(
    "--webseed",
    "webseeds",
    multiple=True,
    metavar="URL",
    help="Folder on the web; may be given again.",
)
@click.option(
    "--readme",
    type=_choice(Readme),
    default=str(Readme.NEUTRAL),
    show_default=True,
    help="full names sources and links; neutral betrays nothing.",
)
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default="asked",
    show_default=True,
    help="public is meant for indexes and needs --decision.",
)
@click.option(
    "--decision", type=_FILE, metavar="FILE", help="Who decided on a public release, and why."
)
@click.option("--report-title", default="", help="For a lone clip: the report's title.")
@click.option("--byline", default="", help="For a lone clip: who made it.")
@click.option("--summary", default="", help="For a lone clip: what it is.")
@click.option("--passphrase-file", type=_FILE, help="Its first line is the passphrase.")
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="CHECK",
    type=click.Choice(CHECKS),
    help="Overrule a check; may be given again.",
)
@click.option("--strict", is_flag=True, help="Let warnings of the audit stop it too.")
@click.option(
    "--also",
    default="",
    metavar="minisign,ssh",
    help="Signatures for these tools too, beside the release.",
)
@click.option(
    "--work-in",
    type=_choice(Place),
    default=str(Place.DISK),
    show_default=True,
    help="Where unfinished files lie; memory: on no disk (Linux).",
)
@click.option("--plan", is_flag=True, help="Only tell what would be made; write nothing.")
@json_option
@pass_session
def pack(  # noqa: PLR0917 -- one parameter an option
    session: Session,
    source: Path,
    disguise: str,
    name: str | None,
    out: Path,
    title: str | None,
    year: int | None,
    language: str | None,
    cover: Path | None,
    cover_licence: str,
    copy: bool,
    no_audio: bool,
    narrate: bool,
    container: str | None,
    quality: str,
    variant: str | None,
    date: str,
    expires: str,
    serial: int,
    kind: str,
    trackers: tuple[str, ...],
    webseeds: tuple[str, ...],
    readme: str,
    audience: str,
    decision: Path | None,
    report_title: str,
    byline: str,
    summary: str,
    passphrase_file: Path | None,
    allowed: tuple[str, ...],
    strict: bool,
    also: str,
    work_in: str,
    plan: bool,
) -> int:
    """Make a release of SOURCE: a report folder, a folder of report folders, or one clip.

    The result is OUT/NAME: the folder that travels, its torrent, what to hand over, and a private
    review sheet. The names are invented; nothing of the report stands in them.
    """
    spoken = Language(language) if language else None
    order = Order(
        source=source,
        out=out,
        disguise=disguise,
        options=Options(
            title=title,
            year=year,
            quality=Quality(quality),
            container=Container(container) if container else None,
            copy=copy,
            no_audio=no_audio,
            narrate=narrate,
            readme=Readme(readme),
        ),
        bare=BareWords(spoken, report_title, byline, summary),
        cover=cover,
        cover_licence=cover_licence,
        variant=variant,
        date=date,
        expires=expires,
        serial=serial,
        kind=Kind(kind),
        trackers=trackers,
        webseeds=webseeds,
        audience=audience,
        decision=decision,
        allowed=allowed,
        strict=strict,
        also=_also(also),
        work_in=Place(work_in),
    )
    return _carry_out(session, order, name, passphrase_file, only_plan=plan)


def _carry_out(
    session: Session,
    order: Order,
    name: str | None,
    passphrase_file: Path | None,
    *,
    only_plan: bool,
) -> int:
    """Make, or only tell, what ``order`` asks for; ``all`` for its disguise means each of them."""
    every = order.disguise == EVERY
    orders = [replace(order, disguise=one) for one in DISGUISES] if every else [order]
    for one in orders:
        one.check()
    if "synced-folder" not in order.allowed:
        files.refuse_synced(session.home.path)
    who = session.home.only_publisher(name)
    with terminal.passphrase(passphrase_file) as ask:
        daily = session.home.daily_key(who, ask)
    if only_plan:
        return packed.told([foreseen(one, daily) for one in orders], as_json=session.as_json)
    with terminal.progress(quiet=session.as_json) as report:
        if every:
            outcomes = pack_every(orders, who, daily, report)
            return packed.answers(outcomes, as_json=session.as_json)
        made = packing.pack(order, who, daily, report)
    return packed.answer(made, as_json=session.as_json)


def _also(text: str) -> tuple[Also, ...]:
    """The tools named in a list with commas."""
    try:
        return tuple(dict.fromkeys(Also(part.strip()) for part in text.split(",") if part.strip()))
    except ValueError:
        raise UsageMistake(
            f"no signatures of that kind: {text!r}",
            f"--also takes {','.join(Also)}, or one of them",
        ) from None


@click.command()
@click.option(
    "--out", type=_PATH, help="A new folder to keep the results in; default: a temporary one."
)
@json_option
@pass_session
def demo(session: Session, out: Path | None) -> int:
    """Show the whole chain on a sample report, on this computer only.

    New publisher, pack, verify, seed on loopback, fetch with a second client, verify the copy.
    """
    from packager.demo import walk  # noqa: PLC0415 -- needs libtorrent, which readers lack

    return walk.show(out, as_json=session.as_json)
