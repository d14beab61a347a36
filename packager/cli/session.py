"""What every command shares: the home, and whether the answer is JSON."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from packager.keyring import Home

_Command = TypeVar("_Command", bound=Callable[..., object])


@dataclass(slots=True)
class Session:
    """One run of the program."""

    place: Path = field(default_factory=Path)
    as_json: bool = False

    @property
    def home(self) -> "Home":
        """The home at ``place``."""
        from packager.keyring import Home  # noqa: PLC0415 -- keys are loaded when they are used

        return Home(self.place)

    def tidy(self, *beside: Path) -> None:
        """Remove what runs that broke off left in ``beside`` and elsewhere, and tell it."""
        from packager import terminal, workroom  # noqa: PLC0415 -- readers need neither

        swept = workroom.told(workroom.sweep(*beside))
        for line in () if self.as_json else swept:
            terminal.note(line)


def json_option(command: _Command) -> _Command:
    """``--json``: one JSON object on stdout, and silence beside it."""

    def remember(context: click.Context, _option: click.Parameter, value: bool) -> None:
        context.ensure_object(Session).as_json = value

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=remember,
        help="Print one JSON object instead of words.",
    )(command)


pass_session = click.make_pass_decorator(Session)
