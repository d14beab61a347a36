"""Commands of a volunteer: seed what a trusted publisher sealed."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from packager import files, terminal
from packager.cli import board
from packager.cli.session import Session, json_option, pass_session
from packager.errors import Exit, MachineFailed, PackagerError, UsageMistake
from packager.seed import (
    config,
    consent,
    control,
    emptying,
    journal,
    policy,
    routecheck,
    routes,
    statement,
    store,
    zones,
)
from packager.seed.amounts import human, human_speed
from packager.seed.control import NodeStatus, ReleaseStatus, Request, State, Status, Verb

_SILENT = {
    "paused": "you paused it: `packager seed resume`",
    "hours": "the plan of the week says off",
    "month-cap": "this month's traffic is used up",
    "consent": "your word is to be renewed: `packager seed renew`",
    "route": "the route is gone",
}


@click.group()
def seed() -> None:
    """Run a node that seeds releases, and talk to it.

    The node seeds only what a trusted publisher sealed (`packager pin add`), after checking every
    byte of it. Never run it where you publish from: the first seeder is the author.
    """


seed.add_command(board.dashboard)
seed.add_command(board.health_)


@seed.command()
@click.option("--listen", metavar="ADDR:PORT", help="Where other computers reach this node.")
@click.option(
    "--offline", is_flag=True, help="Look for nobody: no DHT, no trackers beyond this computer."
)
@click.option(
    "--accept-risk", is_flag=True, help="You have read who sees this node and what that may mean."
)
@click.option(
    "--log",
    type=click.Choice(["words", "json"]),
    default="words",
    show_default=True,
    help="How what happens is told: for people, or one JSON object a line.",
)
@pass_session
def run(session: Session, listen: str | None, offline: bool, accept_risk: bool, log: str) -> None:
    """Run the node until Ctrl-C or SIGTERM; it goes on where it stopped.

    No line of its log holds the address of a peer.
    """
    try:
        from packager.seed import daemon  # noqa: PLC0415 -- readers have no libtorrent
    except ModuleNotFoundError as error:
        raise board.without(error) from None
    address = policy.parse_address(listen) if listen else None
    tell = terminal.note if log == "words" else _tell_in_json
    try:
        daemon.run(session.home, daemon.Wish(address, offline, accept_risk), tell)
    except UsageMistake:
        if not accept_risk:
            terminal.note(consent.PAGE)
        raise


@seed.command()
@click.argument("release")
@click.option(
    "--allow", "allowed", multiple=True, metavar="CHECK", help="Accept what its author overruled."
)
@json_option
@pass_session
def add(session: Session, release: str, allowed: tuple[str, ...]) -> None:
    """Seed RELEASE: its folder, the folder around it, its .torrent, or its magnet link.

    RELEASE may be a notice, too: what its publisher has withdrawn is stopped and deleted.

    The node first checks who made it, and every byte. Files that are here stay where they are.
    What is not here is fetched: the ends of the files first, and no more unless a publisher whom
    you trust sealed them. Nothing is given to others before all of it is checked.
    """
    subject = release if release.startswith("magnet:") else str(Path(release).resolve())
    _tell(session, Request(Verb.ADD, subject, allowed))


@seed.command()
@click.argument("identity", metavar="ID")
@json_option
@pass_session
def remove(session: Session, identity: str) -> None:
    """Stop seeding a release and forget it. `status` shows the IDs.

    Files that you brought stay; files that the node fetched or copied are deleted.
    """
    _tell(session, Request(Verb.REMOVE, identity.lower()))


@seed.command()
@json_option
@pass_session
def status(session: Session) -> None:
    """Show what the node seeds, and how it is."""
    _tell(session, Request(Verb.STATUS))


@seed.command("import-stick")
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@pass_session
def import_stick(session: Session, folder: Path) -> None:
    """Take releases and notices from a USB stick: FOLDER is the stick, or a folder on it.

    Releases are checked, copied into the node, and checked again; then the stick can go.
    """
    _tell(session, Request(Verb.IMPORT, str(folder.resolve())))


@seed.command()
@click.argument("identity", metavar="[ID]", default="")
@json_option
@pass_session
def scrub(session: Session, identity: str) -> None:
    """Read a release again from the disk now, or all: old disks change bytes unnoticed.

    It runs slowly in the background. What went bad is offered no more, and fetched again.
    """
    _tell(session, Request(Verb.SCRUB, identity.lower()))


@seed.command()
@click.argument("identity", metavar="ID")
@json_option
@pass_session
def accept(session: Session, identity: str) -> None:
    """Obey a withdrawal that waits for your word: delete the release."""
    _tell(session, Request(Verb.ACCEPT, identity.lower()))


@seed.command()
@click.argument("identity", metavar="ID")
@json_option
@pass_session
def refuse(session: Session, identity: str) -> None:
    """Do not obey a withdrawal that waits for your word: go on seeding."""
    _tell(session, Request(Verb.REFUSE, identity.lower()))


@seed.command()
@json_option
@pass_session
def renew(session: Session) -> None:
    """Say again that you accept the risk; prints the page about it."""
    terminal.note(consent.PAGE)
    folder = session.home.folder(board.FOLDER)
    try:
        _tell(session, Request(Verb.RENEW))
    except MachineFailed:
        with store.Store(folder) as kept:  # refused while a node runs
            kept.consented = int(time.time())
        terminal.answer({"renewed": True}, ["Renewed."], as_json=session.as_json)


@seed.command("statement")
@json_option
@pass_session
def statement_(session: Session) -> None:
    """Print what this node holds and gives, for a host or a lawyer."""
    answer = control.ask(session.home.path / board.FOLDER, Request(Verb.STATUS))
    text = statement.write(answer, datetime.now(UTC).date().isoformat())
    terminal.answer(answer.facts() | {"statement": text}, [text], as_json=session.as_json)


@seed.command()
@json_option
@pass_session
def pause(session: Session) -> None:
    """Offer nothing until `resume`, also after a restart."""
    _tell(session, Request(Verb.PAUSE))


@seed.command()
@json_option
@pass_session
def resume(session: Session) -> None:
    """Offer everything again."""
    _tell(session, Request(Verb.RESUME))


def _tell_in_json(text: str) -> None:
    when = datetime.now(UTC).isoformat(timespec="milliseconds")
    terminal.note(json.dumps({"time": when, "message": text}, ensure_ascii=False))


def _tell(session: Session, request: Request) -> None:
    answer = control.ask(session.home.path / board.FOLDER, request)
    terminal.answer(answer.facts(), _lines(answer), as_json=session.as_json)


@seed.command()
@json_option
@pass_session
def limits(session: Session) -> None:
    """Show what the node may use, and how much of it is used."""
    answer = control.ask(session.home.path / board.FOLDER, Request(Verb.STATUS))
    terminal.answer(answer.facts(), _limit_lines(answer.node), as_json=session.as_json)


@seed.command("route-check")
@click.option("--route", metavar="ROUTE", help="Instead of the one in node.toml.")
@json_option
@pass_session
def route_check(session: Session, route: str | None) -> int:
    """Prove that nothing goes past your route: run this before the first start.

    In a network of its own that leads nowhere, a node does all it can while the route stays, is
    missing, and vanishes; every packet outside the route is seen. ROUTE is `interface wg0`,
    `address 10.2.0.2` or `socks5 127.0.0.1:9050`.
    """
    try:
        via = policy.parse_via(route) if route else _settings(session).network.route
    except ValueError as error:
        raise UsageMistake(f"{route!r} is no route", f"a route is {error}") from None
    if via is None:
        facts: dict[str, object] = {"route": "direct", "rows": [], "passed": True}
        told = ["The route is direct: the swarm sees this computer's address.", "Nothing to check."]
        terminal.answer(facts, told, as_json=session.as_json)
        return Exit.DONE
    rows = routecheck.check(via)
    passed = all(row.passed for row in rows)
    facts = {
        "route": str(via),
        "rows": [
            {
                "happening": row.happening,
                "outside": list(row.outside),
                "inside": row.inside,
                "passed": row.passed,
            }
            for row in rows
        ],
        "passed": passed,
    }
    lines = [f"{'ok' if row.passed else 'LEAK'}  {_told(row)}" for row in rows]
    if problem := routes.problem(via):
        lines.append(f"On this computer now, {problem.fact}.")
    terminal.answer(facts, lines, as_json=session.as_json)
    return Exit.DONE if passed else Exit.NO


def _told(row: routecheck.Row) -> str:
    left = ", ".join(row.outside) if row.outside else "nothing"
    what = routecheck.HAPPENINGS[row.happening]
    return f"{what}: {left} outside of it, {row.inside} targets through it"


def _settings(session: Session) -> config.Config:
    path = session.home.path / config.NAME
    text = files.read_text(path, config.MAX_BYTES) if path.exists() else ""
    return config.parse(text, zones.zone_of)


@seed.command()
@json_option
@pass_session
def empty(session: Session) -> None:
    """Stop the node and remove every file that it made, at once.

    Looks whether they are gone, and names the traces that stay. Releases that you brought
    yourself are not touched; `packager seed remove` and your file manager are for those.
    """
    folder = session.home.folder(board.FOLDER)
    with suppress(MachineFailed):  # none may be running
        control.ask(folder, Request(Verb.STOP))
    emptying.wait_until_stopped(folder)
    chosen = ""
    with suppress(PackagerError):
        chosen = _settings(session).disk.folder
    done = emptying.empty(folder, Path(chosen) if chosen else folder)
    terminal.answer(emptying.facts(done), emptying.lines(done), as_json=session.as_json)
    if done.left:
        raise MachineFailed(f"{len(done.left)} files could not be removed")


@seed.command()
@click.option("--lines", "count", default=50, show_default=True, help="How many.")
@json_option
@pass_session
def logs(session: Session, count: int) -> None:
    """Show the last lines of the node's log; it holds no address of a peer."""
    found = journal.lines(session.home.path / board.FOLDER, count)
    terminal.answer({"lines": found}, found, as_json=session.as_json)


@seed.command("config")
@click.option("--example", is_flag=True, help="Print a whole settings file with remarks.")
@json_option
@pass_session
def config_(session: Session, example: bool) -> None:
    """Check the settings in node.toml, or print an example of them.

    After a change, send the running node SIGHUP, or start it again.
    """
    path = session.home.path / config.NAME
    if not example:
        _settings(session)
    lines = config.EXAMPLE.splitlines() if example else [f"{path} is as it must be"]
    facts = {"path": str(path), "exists": path.exists()}
    if example:
        facts["example"] = config.EXAMPLE
    terminal.answer(facts, lines, as_json=session.as_json)


def _lines(answer: Status) -> list[str]:
    node = answer.node
    host = f"[{node.address}]" if ":" in node.address else node.address
    where = f"{host}:{node.port} ({node.route})" if node.listening else "not listening"
    lines = [f"node {where}{', silent' if node.silent else ''}"]
    lines += [f"  nothing is offered: {_SILENT[why]}" for why in node.silent]
    lines += [f"  {note}" for note in node.notes]
    return lines + [_line(one) for one in answer.releases]


def _line(one: ReleaseStatus) -> str:
    if one.state is State.FETCHING:
        here = f"{human(one.done)} of {human(one.size)} here, {one.peers} peers"
        return f"  {one.state!s:9} {one.id}  {one.name}  {here} ({one.note})"
    given = f"{human(one.uploaded)} of {human(one.size)} given"
    what = f"{one.name}{f' ({one.title})' if one.title else ''}"
    line = f"  {one.state!s:9} {one.id}  {what}  by {one.publisher}, {given}, {one.peers} peers"
    return f"{line}: {one.note}" if one.note else line


def _limit_lines(node: NodeStatus) -> list[str]:
    def of(used: int, limit: int) -> str:
        return f"{human(used)} of {human(limit)}" if limit >= 0 else f"{human(used)}, no limit"

    now = f"up {_speed(node.upload_limit)}, down {_speed(node.download_limit)}"
    lines = [
        f"disk     {of(node.held, node.quota)}, {human(node.free)} free",
        f"speed    {now}{f' until {node.limits_change}' if node.limits_change else ''}",
        f"today    {human(node.sent_today)} sent, {human(node.received_today)} received",
        f"month    {of(node.sent_this_month, node.month_cap)} sent",
    ]
    return lines + [f"nothing is offered: {_SILENT[why]}" for why in node.silent]


def _speed(limit: int) -> str:
    return human_speed(None if limit < 0 else limit)
