"""The home: keys, pins, what was seen, and the node's state on this computer.

    HOME/pins                               whom this home trusts
    HOME/known/WORDS.json                   the newest key chain seen of a publisher
    HOME/publishers/NAME/1/daily.key        minisign's encrypted secret key
    HOME/publishers/NAME/1/pointer.key      the same for the DHT key
    HOME/publishers/NAME/1/daily.pub        for people: the public half
    HOME/publishers/NAME/1/chain.json       the key statements (public)
    HOME/publishers/NAME/1/publisher.json

A change of keys makes the next numbered folder whole, and one rename puts it into force; the
folder before is removed then. Paper keys are never stored. Key files are 0600 in 0700 folders and
refused otherwise.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packager import chain as chains
from packager import files, minisign, pins, words
from packager import known as memories
from packager.chain import Chain, State
from packager.errors import InputRefused, UsageMistake
from packager.keys import SecretKey
from packager.known import Known
from packager.minisign import Secret
from packager.pins import Pin
from packager.values import canonical_json, parse_canonical_json, printable
from packager.words import Words

_MAX_KEY_FILE = 4096
_LOOSE = stat.S_IRWXG | stat.S_IRWXO
AskPassphrase = Callable[[str], Secret]
"""Given a publisher's name, the passphrase; how it is asked is the caller's business."""
Entropy = Callable[[int], bytes]
"""``entropy(n)``: n bytes nobody can guess."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """An identity that this home can sign for."""

    name: str
    chain: Chain
    folder: Path
    throwaway: bool
    backup_checked: bool = False

    @property
    def pin(self) -> Pin:
        """What readers pin."""
        root = self.chain.first_root
        return Pin(self.name, words.of_root(root.raw), root)


@dataclass(frozen=True, slots=True)
class NewKeys:
    """What ``Home.store`` keeps of a new identity."""

    daily: SecretKey
    pointer: SecretKey
    chain: Chain
    backup_checked: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds everything of ours on this computer."""

    path: Path

    def pins(self) -> tuple[Pin, ...]:
        """Whom this home trusts: the pin file and its own publishers."""
        stored = self.stored_pins()
        own = tuple(self.publisher(name).pin for name in self.publishers())
        return stored + tuple(pin for pin in own if pins.find(stored, pin.words) is None)

    def stored_pins(self) -> tuple[Pin, ...]:
        """The pins of the pin file alone."""
        file = self.path / "pins"
        return pins.parse(files.read_text(file, pins.MAX_BYTES)) if file.exists() else ()

    def save_pins(self, new: tuple[Pin, ...]) -> None:
        """Replace the pin file."""
        text = "".join(f"{pin.line}\n" for pin in new)
        files.write_atomic(self.folder() / "pins", text.encode(), 0o600)

    def known(self) -> dict[Words, Known]:
        """What was seen of each publisher; its own publishers are known by their own chains."""
        found = {p.words: k for p in self.stored_pins() if (k := self._remembered(p.words))}
        for name in self.publishers():
            own = self.publisher(name)
            memory = self._remembered(own.pin.words) or Known(own.chain)
            found[own.pin.words] = memory.seen(own.chain, 0, "")
        return found

    def _remembered(self, of: Words) -> Known | None:
        file = self.path / "known" / f"{of.hex()}.json"
        if not file.exists():
            return None
        try:
            memory = memories.parse(files.read_limited(file, memories.MAX_BYTES))
        except InputRefused as error:
            raise InputRefused(
                f"{files.shown(file)} is damaged: {error.fact}",
                "move it away: what was seen of this publisher is then forgotten,"
                " also which keys were stolen",
            ) from None
        if words.of_root(memory.chain.first_root.raw) != of:
            raise InputRefused(f"{files.shown(file)} is of another publisher", "move it away")
        return memory

    def remember(self, of: Words, memory: Known) -> None:
        """Keep what was seen of a publisher."""
        target = self.folder("known") / f"{of.hex()}.json"
        files.write_atomic(target, memory.encode(), 0o600)

    def forget(self, of: Words) -> None:
        """Keep nothing of a publisher: what was seen is also what this computer tells of us."""
        with files.guarded_writes():
            (self.path / "known" / f"{of.hex()}.json").unlink(missing_ok=True)

    def publishers(self) -> tuple[str, ...]:
        """Names of the identities here; a home with one holds a daily key."""
        folder = self.path / "publishers"
        if not folder.is_dir():
            return ()
        return tuple(sorted(p.name for p in folder.iterdir() if p.name[0] != "." and _newest(p)))

    def publisher(self, name: str) -> Publisher:
        """One identity by name."""
        folder = _newest(self.path / "publishers" / pins.check_name(name))
        if folder is None:
            known = " ".join(self.publishers())
            hint = f"publishers here: {known}" if known else "make one: packager publisher new NAME"
            raise UsageMistake(f"there is no publisher {printable(name)!r} in this home", hint)
        about = parse_canonical_json(
            files.read_limited(folder / "publisher.json", _MAX_KEY_FILE), _MAX_KEY_FILE
        )
        record = files.read_limited(folder / "chain.json", chains.MAX_CHAIN_BYTES)
        said = about if isinstance(about, dict) else {}
        return Publisher(
            name=name,
            chain=chains.parse(record),
            folder=folder,
            throwaway=said.get("throwaway") is True,
            backup_checked=said.get("backup_checked") is True,
        )

    def only_publisher(self, name: str | None) -> Publisher:
        """The named identity, or the only one there is."""
        if name is not None:
            return self.publisher(name)
        names = self.publishers()
        if len(names) == 1:
            return self.publisher(names[0])
        if names:
            raise UsageMistake(
                "this home has several publishers", f"say which: --publisher {names[0]}"
            )
        raise UsageMistake(
            "this home has no publisher yet", "make one: packager publisher new NAME"
        )

    def daily_key(self, publisher: Publisher, ask: AskPassphrase) -> SecretKey:
        """The secret daily key of an identity, to sign with.

        Refused before the paper key was checked once, unless the identity is a throw-away one.
        """
        if not (publisher.backup_checked or publisher.throwaway):
            raise InputRefused(
                f"the paper key of {publisher.name!r} was not checked yet",
                f"take its card and run: packager publisher backup-check {publisher.name}",
                "without a card that is right, a lost computer is the end of this publisher",
            )
        key = self.open_key(publisher, "daily.key", ask)
        if publisher.chain.state_of(key.public) is not State.ACTIVE:
            raise InputRefused(
                "the daily key in this home is not in use any more",
                f"make a new one: packager publisher rotate {publisher.name}",
            )
        return key

    def open_key(self, publisher: Publisher, file_name: str, ask: AskPassphrase) -> SecretKey:
        """The secret key in one of an identity's files."""
        file = publisher.folder / file_name
        for place in (publisher.folder.parent, publisher.folder, file):
            _refuse_loose(place)
        text = files.read_text(file, _MAX_KEY_FILE)
        passphrase = ask(publisher.name) if minisign.is_encrypted(text) else ""
        return minisign.open_secret_key(text, passphrase)

    def refuse_existing(self, name: str) -> None:
        """Refuse the name of an identity that is here already."""
        if (self.path / "publishers" / pins.check_name(name)).exists():
            raise InputRefused(
                f"there is a publisher {name!r} already",
                "choose another name; keys are not replaced",
            )

    def store(self, name: str, keys: NewKeys, passphrase: Secret, entropy: Entropy) -> Publisher:
        """Keep a new identity, whole or not at all; an existing name is refused."""
        self.refuse_existing(name)
        contents = {
            **key_files(keys.daily, keys.pointer, passphrase, entropy),
            "chain.json": keys.chain.encode(),
            "publisher.json": about_file(
                name, throwaway=not passphrase, backup_checked=keys.backup_checked
            ),
        }
        parent = self.folder("publishers")
        _place(contents, parent / name, "1")
        return self.publisher(name)

    def update(self, publisher: Publisher, changed: Mapping[str, bytes]) -> Publisher:
        """Replace some files of an identity, all of them or none."""
        before = publisher.folder
        kept = {p.name: files.read_limited(p, chains.MAX_CHAIN_BYTES) for p in before.iterdir()}
        after = before.parent / str(int(before.name) + 1)
        if after.exists():
            raise InputRefused(
                f"the keys of {publisher.name!r} were changed meanwhile", "look, then try again"
            )
        _place(kept | dict(changed), after)
        for old in before.parent.iterdir():
            if old.name != after.name:
                shutil.rmtree(old, ignore_errors=True)
        return self.publisher(publisher.name)

    def folder(self, name: str = "") -> Path:
        """A private folder of the home, made where missing."""
        with files.guarded_writes():
            path = self.path / name
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            for each in (self.path, path):
                each.chmod(0o700)
        return path


def key_files(
    daily: SecretKey, pointer: SecretKey, passphrase: Secret, entropy: Entropy
) -> dict[str, bytes]:
    """The files of both secret keys; an empty passphrase leaves them open."""
    return {
        "daily.key": minisign.secret_key_file(daily, passphrase, entropy(32)).encode(),
        "pointer.key": minisign.secret_key_file(pointer, passphrase, entropy(32)).encode(),
        "daily.pub": minisign.public_key_file(daily.public).encode(),
    }


def about_file(name: str, *, throwaway: bool, backup_checked: bool) -> bytes:
    """``publisher.json``."""
    return canonical_json(
        {"backup_checked": backup_checked, "name": name, "throwaway": throwaway, "v": 1}
    )


def _newest(parent: Path) -> Path | None:
    """The folder in force: the one with the highest number."""
    if not parent.is_dir():
        return None
    numbers = [int(p.name) for p in parent.iterdir() if p.name.isascii() and p.name.isdigit()]
    return parent / str(max(numbers)) if numbers else None


def _place(contents: Mapping[str, bytes], target: Path, inner: str = "") -> None:
    """Make the folder ``target`` with these files in it, or in its folder ``inner``: one rename."""
    with files.guarded_writes():
        part = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
        try:
            folder = part / inner
            folder.mkdir(mode=0o700, exist_ok=True)
            for file, data in contents.items():
                files.write_atomic(folder / file, data, 0o600)
            part.rename(target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def _refuse_loose(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & _LOOSE:
        raise InputRefused(
            f"{files.shown(path)} can be read by others on this computer",
            f"chmod go-rwx {files.shown(path)}",
        )
