"""Signatures for tools that readers already have: ``minisign`` and ``ssh-keygen``.

    signatures/FILE.minisig       for each file that travels (prehashed: minisign -H)
    signatures/SHA256SUMS         as ``sha256sum`` writes it
    signatures/SHA256SUMS.sig     ssh-keygen -Y verify -n release@magnitizdat
    signatures/allowed_signers    the publisher's line for it
    signatures/minisign.pub

They lie beside the folder that travels, not in it: a film with signatures next to it is looked at.
The bytes are those that ``minisign -S -H`` and ``ssh-keygen -Y sign`` write with the same key.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b, sha256
from pathlib import Path

from packager import files, hashing, minisign, sshsig
from packager.files import Entry
from packager.keys import PublicKey, SecretKey
from packager.seal import Seal

SUMS = "SHA256SUMS"
SIGNERS = "allowed_signers"
MANIFEST = "manifest.json"


class Also(StrEnum):
    """Whose tools can check a release besides ours."""

    MINISIGN = "minisign"
    SSH = "ssh"


@dataclass(frozen=True, slots=True)
class Hashes:
    """Both hashes of one file, from one read."""

    blake2b: bytes  # 64 bytes, what minisign signs
    sha256: bytes


def write(folder: Path, out: Path, name: str, daily: SecretKey, also: tuple[Also, ...]) -> None:
    """Sign every file of ``folder`` into the new folder ``out``; ``name`` is the publisher's."""
    if not also:
        return
    with files.guarded_writes():
        out.mkdir()
    hashed = {entry: _hashes(entry.path) for entry in files.walk(folder)}
    if Also.MINISIGN in also:
        for entry, found in hashed.items():
            _write(out / f"{entry.relative}.minisig", _minisig(daily, entry, found))
        _write(out / "minisign.pub", minisign.public_key_file(daily.public))
    if Also.SSH in also:
        sums = "".join(f"{found.sha256.hex()}  {e.relative}\n" for e, found in hashed.items())
        signature = sshsig.sign(daily, sshsig.RELEASE, sums.encode())
        _write(out / SUMS, sums)
        _write(out / f"{SUMS}.sig", sshsig.armor(daily.public, sshsig.RELEASE, signature))
        _write(out / SIGNERS, _signers(name, daily.public))


def of_seal(seal: Seal, name: str) -> dict[str, bytes]:
    """A seal's own signature as files that ``ssh-keygen -Y verify`` takes, by file name."""
    signer = seal.manifest.signer
    return {
        MANIFEST: seal.manifest.encode(),
        f"{MANIFEST}.sig": sshsig.armor(signer, sshsig.SEAL, seal.signature).encode(),
        SIGNERS: _signers(name, signer).encode(),
    }


def export(seal: Seal, name: str, target: Path) -> tuple[Path, ...]:
    """Write ``of_seal`` into the new folder ``target``, whole or not at all."""
    if os.path.lexists(target):
        raise files.already_there(target)
    made = of_seal(seal, name)
    with files.workspace(target.absolute().parent) as work:
        folder = work / "signature"
        folder.mkdir()
        for file, data in made.items():
            files.write_atomic(folder / file, data)
        files.move_into_place(folder, target)
    return tuple(target / file for file in sorted(made))


def ssh_command(name: str, file: str, namespace: str, *, windows: bool = False) -> str:
    """What a reader types to check ``file`` beside its ``.sig``; ``name`` is the publisher's."""
    line = f"ssh-keygen -Y verify -f {SIGNERS} -I {name} -n {namespace} -s {file}.sig < {file}"
    return f'cmd /c "{line}"' if windows else line  # PowerShell knows no "<"


def _hashes(path: Path) -> Hashes:
    slow, wide = blake2b(), sha256()
    with files.plain(path) as file:
        for chunk in hashing.read_chunks(file.descriptor, file.size):
            slow.update(chunk)
            wide.update(chunk)
    return Hashes(slow.digest(), wide.digest())


def _minisig(daily: SecretKey, entry: Entry, found: Hashes) -> str:
    """No time stands in the comment: equal releases have equal signatures."""
    shown = entry.relative.name.encode("ascii", "backslashreplace").decode()
    return minisign.signature_file(daily, found.blake2b, f"file:{shown}\thashed")


def _signers(name: str, key: PublicKey) -> str:
    return f"{sshsig.allowed_signers(name, key)}\n"


def _write(target: Path, text: str) -> None:
    with files.guarded_writes():
        target.parent.mkdir(parents=True, exist_ok=True)
    files.write_atomic(target, text.encode())
