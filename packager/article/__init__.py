"""The body of a report: Markdown in, typed blocks out.

CommonMark with tables and footnotes. Nothing in it can act: HTML is text like any other, a link
is an address to be shown, and a picture is a file of the report's folder. Nothing is left out
silently: what cannot be shown is an error that names the line.
"""

from packager.article.blocks import (
    Article,
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    Verbatim,
    pictures,
    plain,
    words,
)
from packager.article.markdown import MAX_PICTURES, parse

__all__ = [
    "MAX_PICTURES",
    "Article",
    "Block",
    "Heading",
    "Listing",
    "Paragraph",
    "Picture",
    "Quote",
    "Rule",
    "Run",
    "Runs",
    "Table",
    "Verbatim",
    "parse",
    "pictures",
    "plain",
    "words",
]
