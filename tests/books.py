"""Reports with everything that an article can hold, in all languages, and books of them."""

import io
from dataclasses import dataclass
from functools import cache

from PIL import Image

from packager import article, render, report
from packager.book import epub, fb2
from packager.book.sheets import Told
from packager.disguise.items import BookItem, Poster
from packager.values import Language, RelativePath

SEED = bytes(range(32))
NOTICES = {language: render.notice(language) for language in Language}
TITLES = {
    Language.EN: ("The Lamp on the Far Pier", "Nora Ellwick"),
    Language.RU: ("Лампа на дальнем причале", "Нора Элвик"),
    Language.UK: ("Лампа на далекому причалі", "Нора Елвік"),
    Language.BE: ("Лямпа на далёкім прычале", "Нора Элвік"),
    Language.FA: ("چراغی بر اسکلهٔ دور", "نورا الویک"),
    Language.AR: ("مصباح على الرصيف البعيد", "نورا إلويك"),
    Language.ZH: ("远处码头上的灯", "艾诺拉"),
    Language.MY: ("ဆိပ်ကမ်းဝေးမှ မီးအိမ်", "နော်ရာ"),
    Language.ES: ("La lámpara del muelle lejano", "Nora Elvira"),
}
WORDS = {  # a heading, a sentence, a word
    Language.EN: ("What is in the water", "Two laboratories measured our samples.", "harbour"),
    Language.RU: ("Что в воде", "Две лаборатории измерили наши пробы воды.", "гавань"),
    Language.UK: ("Що у воді", "Дві лабораторії виміряли наші проби води.", "гавань"),
    Language.BE: ("Што ў вадзе", "Дзве лабараторыі вымералі нашы пробы вады.", "гавань"),
    Language.FA: ("در آب چیست", "دو آزمایشگاه نمونه‌های ما (BBC) را سنجیدند.", "بندرگاه"),
    Language.AR: ("ماذا في الماء", "قاس مختبران عيّناتنا (BBC) في الربيع.", "المرفأ"),
    Language.ZH: ("水里有什么", "两家实验室检测了我们的水样，结果相同。", "港口"),
    Language.MY: ("ရေထဲတွင် ဘာရှိသလဲ", "ဓာတ်ခွဲခန်း နှစ်ခုက ကျွန်ုပ်တို့၏ နမူနာများကို တိုင်းတာခဲ့သည်။", "ဆိပ်ကမ်း"),
    Language.ES: ("Qué hay en el agua", "Dos laboratorios midieron nuestras muestras.", "puerto"),
}  # fmt: skip
BODY = """{said}

# {head}

{long}

{said} {said} **{word}**, *{word}*, ***{word}***, `packager verify "$FILE"`.[^a]

{said}\\
{said}

![{head}: {word}](pipe.jpg "{said}")

## {word} & <b>{word}</b>

{said} [{word}](https://lantern.example/ostrel?a=1&b=2) <https://lantern.example/>[^b]

- {word}
- {said}

  {said}
  1. {word}
  2. {word}

7. {said}
8. {word}

> {said}
>
> > {word}
>
> - {word}

| {word} | {head} | 50 |
|--------|--------|---:|
| {word}[^a] | {said} {said} | 950 |
| **{word}** | {said} | 5 |

![](map.png)

---

### {head}

```
$ packager verify FILE --words "a b"
```

[^a]: {said} [{word}](https://lantern.example/note)

[^b]: {said}[^a]

    {said}
"""
FRONT = """---
title: "{head}: {word}"
language: {language}
byline: Ilka Tamsen
outlet: The Ostrel Lantern
published: 2026-05-31
summary: "{said} {said}"
sources:
  - "{said}"
links:
  - {{label: "{word}", url: "https://lantern.example/ostrel/sheets"}}
tools:
  - {{label: "{head}", url: "https://lantern.example/check"}}
---
"""


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture as it comes from the room for pictures."""

    data: bytes
    width: int
    height: int


@cache
def picture(kind: str, colour: str = "teal", size: tuple[int, int] = (640, 400)) -> Clean:
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    Image.blend(image, Image.new("RGB", size, colour), 0.5).save(out, kind)
    return Clean(out.getvalue(), *size)


def source(language: Language, body: str = BODY) -> str:
    head, said, word = WORDS[language]
    text = FRONT + body
    long = " ".join([said] * (1 + 400 // len(said)))
    return text.format(head=head, said=said, word=word, language=language, long=long)


def told(*languages: Language, texts: dict[str, str] | None = None) -> Told:
    """A report with a text in each language; the first is the main one."""
    named = {f"report.{language}.md": source(language) for language in languages or (Language.EN,)}
    parsed = report.parse(texts or named, languages[0] if languages else None)
    articles = {t.language: article.parse(t.file, t.body) for t in parsed.texts}
    shown = {RelativePath("pipe.jpg"): picture("JPEG"), RelativePath("map.png"): picture("PNG")}
    return Told(parsed, articles, shown)


def item(language: Language, seed: bytes = SEED) -> BookItem:
    title, author = TITLES[language]
    poster = Poster(title, author, seed, language)
    path = RelativePath(f"{author} - {title}.epub")
    return BookItem(path, language, seed, title, author, 2019, poster)


def bound(*stories: Told, language: Language | None = None, seed: bytes = SEED) -> bytes:
    made = item(language or stories[0].report.main.language, seed)
    return epub.bind(made, stories, NOTICES, picture("JPEG", "maroon", (400, 640)).data)


def bound_fb2(*stories: Told, language: Language | None = None, seed: bytes = SEED) -> bytes:
    made = item(language or stories[0].report.main.language, seed)
    return fb2.bind(made, stories, NOTICES, picture("JPEG", "maroon", (400, 640)).data)
