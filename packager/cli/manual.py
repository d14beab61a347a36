"""The manual page, drawn from the same words as ``--help``."""

import re
import textwrap
from collections.abc import Iterator
from importlib.metadata import version

import click

from packager.errors import Exit

_WIDTH = 72
_CODES = {
    Exit.DONE: "Done, or genuine.",
    Exit.NO: "A check said no: not genuine, a rule broken.",
    Exit.USAGE: "The words of the command are wrong, or do not fit together.",
    Exit.CANNOT_TELL: "There is not enough to judge by.",
    Exit.REFUSED: "What was given breaks a rule, or something would be overwritten.",
    Exit.MACHINE: "The disk is full, a program is missing, or packager itself failed.",
    Exit.INTERRUPTED: "Interrupted; nothing was left half done.",
}
_ENVIRONMENT = {
    "PACKAGER_HOME": "The folder of --home.",
    "PACKAGER_FFMPEG": "Another ffmpeg than the one that came with packager.",
    "PACKAGER_DEBUG": "If set, a mistake of ours shows where in the code it happened.",
    "NO_COLOR": "If set, nothing is coloured.",
}


@click.command()
@click.pass_context
def manual(context: click.Context) -> None:
    """Print the manual page of all commands, in the form that `man` reads.

    `packager manual | man -l -` shows it.
    """
    click.echo(page(context.find_root()), nl=False)


def page(root: click.Context) -> str:
    """The whole page, as man(7) describes it; it names no date: it changes with the program."""
    lines = [
        f'.TH PACKAGER 1 "" "magnitizdat {version("magnitizdat")}" "User Commands"',
        *(".SH NAME", r"packager \- reports that look like entertainment, signed and seeded"),
        *(".SH SYNOPSIS", r"\fBpackager\fR [\fIoptions\fR] \fIcommand\fR [\fIarguments\fR]"),
        *(".SH DESCRIPTION", *_text(root.command.help or "")),
        *(".SH OPTIONS", *_options(root)),
        *(".SH COMMANDS", *_commands(root)),
        *(".SH EXIT STATUS", *_entries({str(int(code)): text for code, text in _CODES.items()})),
        *(".SH ENVIRONMENT", *_entries(_ENVIRONMENT)),
    ]
    return "\n".join(lines) + "\n"


def _commands(context: click.Context) -> Iterator[str]:
    """Every command below, at any depth; groups are walked and not shown."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(inner)
        else:
            words = " ".join(command.collect_usage_pieces(inner))
            yield f".SS {_quoted(f'{inner.command_path} {words}')}"
            yield from _text(command.help or "")
            yield from _options(inner)


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record and isinstance(parameter, click.Option) and "--help" not in parameter.opts:
            yield from _entry(*record)


def _entries(texts: dict[str, str]) -> Iterator[str]:
    for name, text in texts.items():
        yield from _entry(name, text)


def _entry(name: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield rf"\fB{_escaped(name)}\fR"
    yield from _filled(text)


def _text(text: str) -> Iterator[str]:
    """Paragraphs as ``--help`` has them."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        yield from [".PP"] if number else []
        yield from _filled(paragraph)


def _filled(text: str) -> Iterator[str]:
    """Lines that no reader of the source has to scroll; what stands in `...` becomes bold."""
    bold = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", _escaped(" ".join(text.split())))
    for line in textwrap.wrap(bold, _WIDTH, break_on_hyphens=False):
        yield _guarded(line)


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', r"\(dq") + '"'


def _escaped(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")


def _guarded(line: str) -> str:
    """A line that roff takes for text, whatever it begins with."""
    return rf"\&{line}" if line.startswith(".") else line
