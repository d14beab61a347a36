"""The ``packager`` command: thin, one module for each audience."""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from packager import terminal
from packager.cli.session import Session
from packager.errors import Exit, MachineFailed, PackagerError

_COMMANDS = {
    "publisher": "identity",
    "inspect": "examine",
    "pack": "author",
    "verify": "judge",
    "rebuild": "rebuild",
    "unpack": "reader",
    "export-signature": "reader",
    "pin": "reader",
    "safety": "reader",
    "check": "examine",
    "audit": "examine",
    "page": "lone",
    "seal": "lone",
    "unseal": "lone",
    "withdraw": "notices",
    "seed": "node",
    "doctor": "doctor",
    "wipe": "doctor",
    "manual": "manual",
    "demo": "author",
}
"""Each command's module, in the order in which people meet them.

Loaded when used: who verifies a file loads no media, torrent or template code.
"""

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """Commands that are loaded when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(
            import_module(f"packager.cli.{module}"), cmd_name.replace("-", "_")
        )
        return command


@click.group(cls=_Commands, context_settings=_SETTINGS)
@click.version_option(package_name="magnitizdat", prog_name="packager")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="PACKAGER_HOME",
    help="Folder for keys, trusted publishers and the node's state.",
)
@click.pass_obj
def packager(session: Session, home: Path | None) -> None:
    """Wrap a report into a film, sign it, make its torrent, check it with no network.

    A journalist needs `publisher new` and `pack`; a reader `verify`; a volunteer `pin add` and
    `seed`. `packager demo` shows all of it on a sample.
    """
    session.place = home or Path(click.get_app_dir("packager"))


def main() -> NoReturn:
    """Run the command and leave with its exit code; the one place where errors are caught."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one command."""
    session = Session()
    signal.signal(signal.SIGTERM, _interrupt)
    _leave_no_core()
    try:
        code = packager.main(arguments, "packager", standalone_mode=False, obj=session)
    except PackagerError as error:
        terminal.complain(error, as_json=session.as_json)
        return int(error.exit)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return int(Exit.USAGE)
    except (KeyboardInterrupt, click.Abort):
        terminal.note("interrupted; nothing was left behind")
        return int(Exit.INTERRUPTED)
    except Exception as error:
        if "PACKAGER_DEBUG" in os.environ:
            raise
        terminal.complain(_our_mistake(error), as_json=session.as_json)
        return int(Exit.MACHINE)
    return int(code or Exit.DONE)


def _our_mistake(error: Exception) -> MachineFailed:
    """Say that we failed, without what a traceback may hold."""
    return MachineFailed(
        f"packager itself failed ({type(error).__name__})",
        "this is a mistake of ours, not of yours; nothing was left half done",
        "to report it, run again with PACKAGER_DEBUG=1; look for private words before you send it",
    )


def _leave_no_core() -> None:
    """A crash writes no memory to the disk: keys may be in it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 -- Windows has none

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
