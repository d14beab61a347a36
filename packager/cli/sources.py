"""The key statements of a publisher, found in whatever somebody still has."""

from pathlib import Path

from packager import chain as chains
from packager import files, pins, verify, words
from packager import known as memories
from packager.chain import Chain
from packager.cli.session import Session
from packager.errors import InputRefused
from packager.pins import Pin
from packager.publisher import PaperKey


def candidates(session: Session, typed: PaperKey, spoken: str | None) -> tuple[Pin, ...]:
    """Under which words the files may be sealed: the card's own, those given, those trusted."""
    own = pins.of_words(words.of_root(typed.secret_key.public.raw))
    given = tuple(map(pins.of_words, words.readings(spoken))) if spoken else ()
    return (own, *given, *session.home.pins())


def chains_in(sources: tuple[Path, ...], trusted: tuple[Pin, ...]) -> list[Chain]:
    """The key chains in files of any kind; a written chain also says whose seals to open."""
    written = {source: chain for source in sources if (chain := _written_chain(source))}
    roots = {chain.first_root.raw for chain in written.values()}
    trusted += tuple(pins.of_words(words.of_root(root)) for root in roots)
    return list(written.values()) + [
        chain for source in sources if source not in written for chain in _sealed(source, trusted)
    ]


def _sealed(source: Path, trusted: tuple[Pin, ...]) -> list[Chain]:
    found = [one.seal.chain for one in verify.release(source, trusted).files if one.seal]
    if not found:
        raise InputRefused(
            f"no seal of this publisher opens in {files.shown(source)}",
            "give a file that they sealed, or their chain.json",
            'with a card made by next-root, give the eight words too: --words "..."',
        )
    return found


def _written_chain(source: Path) -> Chain | None:
    """The chain of a chain.json or of a record that a reader's home kept; else None."""
    if not source.is_file() or source.stat().st_size > memories.MAX_BYTES:
        return None
    data = files.read_limited(source, memories.MAX_BYTES)
    if data.startswith(b"[{"):
        return chains.parse(data)
    return memories.parse(data).chain if data.startswith(b'{"chain"') else None
