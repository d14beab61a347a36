"""Commands that look at a running node: its page, and whether it is well."""

import click

from packager import terminal
from packager.cli.session import Session, json_option, pass_session
from packager.errors import Exit, MachineFailed
from packager.seed import control, health
from packager.seed.control import Request, Verb

FOLDER = "seed"  # of the home


@click.command()
@click.option(
    "--port", default=8710, show_default=True, type=click.IntRange(0, 65535), help="0: any."
)
@pass_session
def dashboard(session: Session, port: int) -> None:
    """Show the node on a page for your browser, on this computer only, until Ctrl-C.

    Open the link that it prints; it opens once. Prometheus finds numbers at /metrics, /healthz and
    /readyz, with the token in seed/metrics.token of the home.
    """
    try:
        from packager.seed.web import server  # noqa: PLC0415 -- only this command has a page
    except ModuleNotFoundError as error:
        raise without(error) from None
    server.serve(session.home.folder(FOLDER), port, terminal.note)


@click.command("health")
@json_option
@pass_session
def health_(session: Session) -> int:
    """Say whether the node is well: it listens, has its route, can write, reads what it holds.

    Ends with 0, or with 1 if something is not as it must be; 5 if no node runs.
    """
    answer = control.ask(session.home.path / FOLDER, Request(Verb.STATUS))
    found = health.checks(answer.node)
    good = all(one.good for one in found)
    told = [{"check": one.name, "good": one.good, "told": one.told} for one in found]
    terminal.answer({"good": good, "checks": told}, health.lines(found), as_json=session.as_json)
    return int(Exit.DONE if good else Exit.NO)


def without(error: ModuleNotFoundError) -> MachineFailed:
    """The refusal where a part of ``[node]`` is not installed."""
    return MachineFailed(
        f"the node needs {error.name}, which is not here",
        "install magnitizdat with its extra part: magnitizdat[node] (Linux)",
    )
