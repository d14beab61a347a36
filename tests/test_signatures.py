"""Signatures for other people's tools: the same bytes that those tools write."""

import re
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest
from commands import Command, throwaway
from sealed import Desk, desk, release
from tools import tool

from packager import signatures
from packager.keys import SecretKey
from packager.signatures import Also

pytestmark = pytest.mark.tool


@pytest.fixture(scope="module")
def by(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def signed(by: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A release and its signatures."""
    folder = tmp_path_factory.mktemp("signed")
    release(folder / "film", by)
    (folder / "film" / "Subs").mkdir()
    (folder / "film" / "Subs" / "Тихая гавань.srt").write_bytes(b"1\n")
    signatures.write(folder / "film", folder / "signatures", "desk", by.daily, tuple(Also))
    return folder / "film", folder / "signatures"


def run(
    *arguments: str | Path, cwd: Path, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(one) for one in arguments], input=given, capture_output=True, check=False, cwd=cwd
    )


def openssh_key(key: SecretKey) -> str:
    """An unlocked private key file as OpenSSH writes it (PROTOCOL.key)."""

    def string(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    kind, public = b"ssh-ed25519", key.public.raw
    blob = string(kind) + string(public)
    body = bytes(8) + blob + string(key.secret_seed + public) + string(b"")
    body += bytes(range(1, 1 + -len(body) % 8))
    data = b"openssh-key-v1\0" + string(b"none") + string(b"none") + string(b"")
    data += (1).to_bytes(4, "big") + string(blob) + string(body)
    name = "OPENSSH PRIVATE KEY"
    return f"-----BEGIN {name}-----\n{b64encode(data).decode()}\n-----END {name}-----\n"


def test_each_file_is_signed_as_minisign_does_it(
    by: Desk, signed: tuple[Path, Path], tmp_path: Path
) -> None:
    film, ours = signed
    names = sorted(p.relative_to(film).as_posix() for p in film.rglob("*") if p.is_file())
    assert len(names) == 4

    for name in names:
        made = (ours / f"{name}.minisig").read_text(encoding="ascii")
        comment = made.splitlines()[2].removeprefix("trusted comment: ")
        done = run(
            *(tool("minisign"), "-S", "-H", "-s", by.publisher.folder / "daily.key"),
            *("-m", film / name, "-x", tmp_path / "theirs", "-t", comment),
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "theirs").read_text(encoding="ascii") == made
        assert comment.startswith("file:")
        assert comment.endswith("\thashed")


def test_the_list_of_sums_is_signed_as_ssh_keygen_does_it(
    by: Desk, signed: tuple[Path, Path], tmp_path: Path
) -> None:
    film, ours = signed
    key = tmp_path / "key"
    key.write_text(openssh_key(by.daily), encoding="ascii")
    key.chmod(0o600)
    sums = tmp_path / "SHA256SUMS"
    sums.write_bytes((ours / "SHA256SUMS").read_bytes())

    done = run(
        *(tool("ssh-keygen"), "-Y", "sign", "-f", key, "-n", "release@magnitizdat", sums),
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "SHA256SUMS.sig").read_bytes() == (ours / "SHA256SUMS.sig").read_bytes()
    checked = run(tool("sha256sum"), "--strict", "-c", sums, cwd=film)
    assert checked.returncode == 0, checked.stderr


def test_only_what_was_asked_for_is_written(by: Desk, tmp_path: Path) -> None:
    release(tmp_path / "film", by)

    signatures.write(tmp_path / "film", tmp_path / "none", "desk", by.daily, ())
    signatures.write(tmp_path / "film", tmp_path / "ssh", "desk", by.daily, (Also.SSH,))

    assert not (tmp_path / "none").exists()
    assert {p.name for p in (tmp_path / "ssh").iterdir()} == {
        "SHA256SUMS",
        "SHA256SUMS.sig",
        "allowed_signers",
    }


def shell(text: str) -> list[str]:
    """The commands of a ReadMe that this system can run."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if re.match(r"(minisign|ssh-keygen|sha256sum) -", line)]


def test_the_seal_itself_is_checked_by_ssh_keygen(by: Desk, tmp_path: Path) -> None:
    release(tmp_path / "film", by)
    film = next((tmp_path / "film").glob("*.mkv"))
    reader = Command(tmp_path / "home")
    reader("pin", "add", by.publisher.pin.line)

    done = reader("export-signature", film, "--out", tmp_path / "seal", "--json")

    assert done.code == 0, done.err
    assert sorted(Path(name).name for name in done.facts["files"]) == [
        "allowed_signers",
        "manifest.json",
        "manifest.json.sig",
    ]
    line = done.facts["commands"]["posix"]
    assert done.facts["commands"]["windows"] == f'cmd /c "{line}"'
    tool("ssh-keygen")
    assert run("sh", "-c", line, cwd=tmp_path / "seal").returncode == 0
    manifest = tmp_path / "seal" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"serial":7', b'"serial":8'))
    assert run("sh", "-c", line, cwd=tmp_path / "seal").returncode != 0
    again = reader("export-signature", film, "--out", tmp_path / "seal")
    assert (again.code, "already there" in again.err) == (4, True)


def test_no_signature_is_taken_from_a_false_file(by: Desk, tmp_path: Path) -> None:
    release(tmp_path / "film", by)
    film = next((tmp_path / "film").glob("*.mkv"))
    data = bytearray(film.read_bytes())
    data[3000] ^= 1
    film.write_bytes(data)

    out = tmp_path / "out"
    known = Command(tmp_path / "home")("export-signature", film, "--words", "one", "--out", out)
    assert known.code == 4
    done = Command(tmp_path / "home")("export-signature", film, "--out", out)
    assert done.code == 3
    (tmp_path / "pin").write_text(by.publisher.pin.line, encoding="ascii")
    false = Command(tmp_path / "home")(
        *("export-signature", film, "--pin", tmp_path / "pin", "--out", out)
    )
    assert (false.code, out.exists()) == (1, False)


@pytest.mark.slow
def test_pack_signs_for_both_and_its_readme_tells_how(brief: Path, tmp_path: Path) -> None:
    office = throwaway(tmp_path / "home")
    how = ("--as", "movie", "--quality", "480p", "--readme", "full", "--out", tmp_path / "out")

    done = office("pack", brief, *how, "--also", "minisign,ssh", "--json")

    assert done.code == 0, done.err
    folder, beside = Path(done.facts["release"]), Path(done.facts["signatures"])
    assert beside.parent == folder.parent
    commands = shell((folder / "ReadMe.txt").read_text(encoding="utf-8-sig"))
    assert [line.split()[0] for line in commands] == ["minisign", "ssh-keygen", "sha256sum"]
    for name in ("minisign", "ssh-keygen"):
        tool(name)
    for command in commands:
        checked = run("sh", "-c", command, cwd=folder)
        assert checked.returncode == 0, (command, checked.stderr)
    assert office("verify", folder.parent).code == 0, "they lie where they spoil nothing"
    wrong = office("pack", brief, *how, "--also", "gpg")
    assert (wrong.code, "minisign,ssh" in wrong.err) == (2, True)
