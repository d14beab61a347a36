"""The verifier page as a file: whole, closed to the network, the same bytes from its sources."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tools import tool

from packager import page
from packager.errors import InputRefused, MachineFailed
from packager.values import Language
from packager.verify import Reason, Verdict

SOURCES = Path(__file__).parents[1] / "templates" / "page"
MAX_BYTES = 200_000


@pytest.fixture(scope="module")
def html() -> str:
    return page.content().decode()


def texts(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SOURCES / "texts" / f"{language}.json").read_text("utf-8"))
    return loaded


def flat(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = value
    return found


def test_the_page_is_copied_whole_and_its_hash_told(tmp_path: Path) -> None:
    written = page.write(tmp_path / "verify.html")

    data = written.path.read_bytes()
    assert data == page.content()
    assert written.sha256 == sha256(data).hexdigest()
    assert [path.name for path in tmp_path.iterdir()] == ["verify.html"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "verify.html"
    target.write_text("mine", encoding="utf-8")
    link = tmp_path / "link.html"
    link.symlink_to(tmp_path / "nowhere")

    for taken in (target, link, tmp_path):
        with pytest.raises(InputRefused, match="already there"):
            page.write(taken)
    with pytest.raises(InputRefused, match="no folder"):
        page.write(tmp_path / "missing" / "verify.html")
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_full_disk_leaves_nothing() -> None:
    with pytest.raises(MachineFailed):
        page.write(Path("/proc/verify.html"))


def test_it_is_small_and_names_no_address(html: str) -> None:
    assert len(html.encode()) < MAX_BYTES
    assert re.findall(r"https?:|//[a-z]|@import|url\(|localStorage|indexedDB|cookie", html) == []
    assert re.findall(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacent", html) == []


def test_the_policy_allows_its_own_script_and_style_only(html: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == "'none'"
    before, _, rest = html.partition("<script>")
    script, _, after = rest.rpartition("</script>")
    assert not re.search(r"<!--|</script", script, re.IGNORECASE), "ends or changes the script"
    style = before.partition("<style>")[2].partition("</style>")[0]
    for name, inner in (("script", script), ("style", style)):
        digest = base64.b64encode(sha256(inner.encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    assert not re.search(r'\son[a-z]+="|\sstyle="|<script|javascript:', before + after)
    assert before.count("<style") == 1


def test_the_first_words_are_the_warning(html: str) -> None:
    body = html.partition("<body>")[2]
    first = re.sub(r"<[^>]*>", "", body.partition("</p>")[0]).strip()
    assert first == texts("en")["warning"]
    assert "proves nothing" in first
    assert "SHA-256" in first


@pytest.mark.parametrize("language", list(Language))
def test_without_scripts_it_still_speaks(html: str, language: Language) -> None:
    said = html.partition("<noscript>")[2].partition("</noscript>")[0]
    direction = "rtl" if language.right_to_left else "ltr"
    _, found, block = said.partition(f'<details lang="{language}" dir="{direction}"')

    assert found
    assert texts(language)["noscript"] in block.partition("</details>")[0]
    assert texts(language)["noscript"] not in html.partition("<script>")[2]
    assert "minisign -V -H" in said


@pytest.mark.parametrize("language", list(Language))
def test_every_language_says_everything(language: Language) -> None:
    english, told = flat(texts("en")), flat(texts(language))

    assert told.keys() == english.keys()
    assert [key for key in told if not told[key] and english[key]] == []
    for key in english:
        gaps = re.compile(r"\{\w+\}")
        assert sorted(gaps.findall(told[key])) == sorted(gaps.findall(english[key])), key
    same = {key for key in told if told[key] == english[key]}
    assert language == "en" or same <= {"advice.genuine"}


def test_every_verdict_and_reason_has_its_words() -> None:
    told = texts("en")
    assert told["verdict"].keys() == told["advice"].keys() == set(Verdict)
    remembered = {Reason.FORKED}  # the page stores nothing, so it has seen nothing before
    assert told["reason"].keys() == set(Reason) - remembered


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    packages = [one for name, one in lock["packages"].items() if name]
    assert all("resolved" not in one for one in packages)
    assert all(one["integrity"].startswith("sha512-") for one in packages)


@pytest.mark.slow
@pytest.mark.tool
def test_the_same_sources_make_the_same_page(tmp_path: Path) -> None:
    node, npm = tool("node"), tool("npm")
    copy = Path(shutil.copytree(SOURCES, tmp_path / "page"))
    (copy / page.NAME).unlink()
    environment = {
        **os.environ,
        "PAGE_CACHE": str(tmp_path / "cache"),
        "PYTHON": sys.executable,
        "PATH": f"{Path(npm).parent}:/usr/bin:/bin",
    }
    made = subprocess.run(
        [node, str(copy / "build.mjs")],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    if "npm error" in made.stderr and os.environ.get("CI") != "true":
        pytest.skip("npm cannot install the page's libraries here")

    assert made.returncode == 0, made.stderr
    assert (copy / page.NAME).read_bytes() == page.content()
