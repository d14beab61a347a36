"""Books before judges that nobody here wrote: epubcheck, two reader libraries, a browser."""

import io
import subprocess
import warnings
import zipfile
from pathlib import Path

import books
import pytest
from browser import chromium
from lxml import etree
from tools import tool

from packager.values import Language

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from ebooklib import ITEM_COVER, ITEM_IMAGE, epub

EN, RU, AR, ZH = Language.EN, Language.RU, Language.AR, Language.ZH
SHELF = {
    "all": (books.told(*Language),),
    "arabic": (books.told(AR, EN), books.told(AR)),
    "chinese": (books.told(ZH),),
    "russian": (books.told(RU),),
}
PHONE = 390, 844  # pixels


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    for name, stories in SHELF.items():
        (folder / f"{name}.epub").write_bytes(books.bound(*stories))
        (folder / f"{name}.fb2").write_bytes(books.bound_fb2(*stories))
    return folder


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("name", ["all", "arabic", "chinese"])
def test_epubcheck_has_nothing_to_say(shelf: Path, name: str) -> None:
    jar = "/usr/share/java/epubcheck.jar"
    quick = ("-Xshare:auto", "-XX:TieredStopAtLevel=1")
    done = subprocess.run(
        [tool("java"), *quick, "-jar", jar, str(shelf / f"{name}.epub")],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert "No errors or warnings detected" in done.stdout, done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("name", SHELF)
def test_the_fb2_fits_its_schema(shelf: Path, name: str) -> None:
    schema = etree.RelaxNG(etree.parse(Path(__file__).with_name("fb2.rng")))
    book = etree.parse(shelf / f"{name}.fb2")

    assert schema.validate(book), schema.error_log
    ids = set(book.xpath("//@id"))
    links = book.xpath("//@*[local-name()='href']")
    assert {link[1:] for link in links} <= ids


def test_a_library_for_epub_finds_everything(shelf: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = epub.read_epub(str(shelf / "all.epub"))
    title, author = books.TITLES[Language.EN]
    notice = books.NOTICES[Language.EN]
    pages = [book.get_item_with_id(name) for name, _ in book.spine]

    assert book.get_metadata("DC", "title")[0][0] == title
    assert book.get_metadata("DC", "creator")[0][0] == author
    assert {value for value, _ in book.get_metadata("DC", "language")} == set(map(str, Language))
    assert [section.title for section, _ in book.toc] == [
        books.NOTICES[t.language].language_name
        for t in sorted(SHELF["all"][0].report.texts, key=lambda t: (t.language != EN, t.file))
    ]
    assert notice.book_title.encode() in pages[1].get_content()
    assert [cover.get_name() for cover in book.get_items_of_type(ITEM_COVER)]
    assert len(list(book.get_items_of_type(ITEM_IMAGE))) == 2


@pytest.mark.tool
@pytest.mark.parametrize("suffix", ["epub", "fb2"])
def test_mupdf_reads_it_from_the_first_page(shelf: Path, suffix: str) -> None:
    mutool = tool("mutool")
    path = shelf / f"russian.{suffix}"
    command = [mutool, "draw", "-q", "-F", "txt", str(path)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    text = " ".join(shown.split())
    notice = books.NOTICES[RU]
    head, said_there, _ = books.WORDS[RU]

    assert -1 < text.find(notice.book_title) < text.find(said_there[:20])
    assert head in text


FITS = """(() => {
  const root = document.documentElement, wide = [];
  for (const one of document.querySelectorAll('body *')) {
    const box = one.getBoundingClientRect();
    if (box.width && (box.left < -1 || box.right > innerWidth + 1)) wide.push(one.outerHTML);
  }
  const first = document.querySelector('h1, p');
  return [root.scrollWidth <= innerWidth, wide, getComputedStyle(first).direction, root.lang];
})()"""


@pytest.mark.tool
@pytest.mark.slow
def test_pages_fit_a_phone_and_load_nothing(shelf: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO((shelf / "all.epub").read_bytes())) as zipped:
        zipped.extractall(tmp_path)
    seen = set()
    with chromium() as browser:
        for page in sorted((tmp_path / "OEBPS" / "Text").glob("*.xhtml")):
            browser.open(page, *PHONE)
            browser.send("Emulation.setScrollbarsHidden", hidden=True)
            fits, wide, direction, language = browser.run(FITS) if page.stem != "cover" else _COVER
            seen.add(language)
            assert (fits, wide) == (True, []), page
            if page.stem.startswith("c"):
                assert (direction == "rtl") is Language(language).right_to_left, page
        loaded = {
            event["params"]["request"]["url"]
            for event in browser.events
            if event.get("method") == "Network.requestWillBeSent"
        }
    assert seen == set(Language)
    assert loaded
    assert all(url.startswith(tmp_path.as_uri()) for url in loaded)


_COVER: tuple[bool, list[str], str, str] = (True, [], "ltr", "en")
