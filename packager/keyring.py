"""The home: keys, pins and the node's state on this computer.

    HOME/pins                          whom this home trusts
    HOME/publishers/NAME/daily.key     minisign's encrypted secret key
    HOME/publishers/NAME/pointer.key   the same for the DHT key
    HOME/publishers/NAME/chain.json    the key statements (public)
    HOME/publishers/NAME/publisher.json

Paper keys are never stored. Key files are 0600 in 0700 folders and refused otherwise.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packager import chain as chains
from packager import files, minisign, pins, words
from packager.chain import Chain
from packager.errors import InputRefused, UsageMistake
from packager.keys import SecretKey
from packager.pins import Pin
from packager.values import canonical_json, parse_canonical_json, printable

_MAX_KEY_FILE = 4096
_LOOSE = stat.S_IRWXG | stat.S_IRWXO
AskPassphrase = Callable[[str], str]
"""Given a publisher's name, the passphrase; how it is asked is the caller's business."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """An identity that this home can sign for."""

    name: str
    chain: Chain
    folder: Path
    throwaway: bool

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


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds everything of ours on this computer."""

    path: Path

    def pins(self) -> tuple[Pin, ...]:
        """Whom this home trusts: the pin file and its own publishers."""
        file = self.path / "pins"
        stored = pins.parse(files.read_text(file, pins.MAX_BYTES)) if file.exists() else ()
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

    def publishers(self) -> tuple[str, ...]:
        """Names of the identities here; a home with one holds a daily key."""
        folder = self.path / "publishers"
        if not folder.is_dir():
            return ()
        return tuple(sorted(p.name for p in folder.iterdir() if (p / "publisher.json").is_file()))

    def publisher(self, name: str) -> Publisher:
        """One identity by name."""
        folder = self.path / "publishers" / pins.check_name(name)
        if not folder.is_dir():
            known = " ".join(self.publishers())
            hint = f"publishers here: {known}" if known else "make one: packager publisher new NAME"
            raise UsageMistake(f"there is no publisher {printable(name)!r} in this home", hint)
        about = parse_canonical_json(
            files.read_limited(folder / "publisher.json", _MAX_KEY_FILE), _MAX_KEY_FILE
        )
        record = files.read_limited(folder / "chain.json", chains.MAX_CHAIN_BYTES)
        throwaway = isinstance(about, dict) and about.get("throwaway") is True
        return Publisher(name, chains.parse(record), folder, throwaway)

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
        """The secret daily key of an identity."""
        file = publisher.folder / "daily.key"
        _refuse_loose(publisher.folder)
        _refuse_loose(file)
        text = files.read_text(file, _MAX_KEY_FILE)
        passphrase = ask(publisher.name) if minisign.is_encrypted(text) else ""
        key = minisign.open_secret_key(text, passphrase)
        if publisher.chain.state_of(key.public) is not chains.State.ACTIVE:
            raise InputRefused("the daily key in this home is not the one in use")
        return key

    def store(self, name: str, keys: NewKeys, passphrase: str, entropy: "Entropy") -> Publisher:
        """Keep a new identity, whole or not at all; an existing name is refused."""
        parent = self.folder("publishers")
        target = parent / pins.check_name(name)
        if target.exists():
            raise InputRefused(
                f"there is a publisher {name!r} already",
                "choose another name; keys are not replaced",
            )
        about = canonical_json({"name": name, "throwaway": not passphrase, "v": 1})
        contents = {
            "daily.key": minisign.secret_key_file(keys.daily, passphrase, entropy(32)).encode(),
            "pointer.key": minisign.secret_key_file(keys.pointer, passphrase, entropy(32)).encode(),
            "daily.pub": minisign.public_key_file(keys.daily.public).encode(),
            "chain.json": keys.chain.encode(),
            "publisher.json": about,
        }
        with files.guarded_writes():
            part = Path(tempfile.mkdtemp(dir=parent, prefix=".new-"))
            try:
                for file, data in contents.items():
                    files.write_atomic(part / file, data, 0o600)
                part.rename(target)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
        return self.publisher(name)

    def folder(self, name: str = "") -> Path:
        """A private folder of the home, made where missing."""
        with files.guarded_writes():
            path = self.path / name
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            for each in (self.path, path):
                each.chmod(0o700)
        return path


Entropy = Callable[[int], bytes]
"""``entropy(n)``: n bytes nobody can guess."""


def _refuse_loose(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & _LOOSE:
        raise InputRefused(
            f"{files.shown(path)} can be read by others on this computer",
            f"chmod go-rwx {files.shown(path)}",
        )
