"""Remarks (``<!-- -->``) in Markdown: what their writer hid is neither shown nor spoken."""

from bisect import bisect_left

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_OPEN, _CLOSE = "<!--", "-->"
_INDENT = 4  # spaces, from which on a line is code
# What was looked for in vain is not looked for again, or much of it would take long
_JUDGED = "remarks judged until"  # among the parser's notes on a text
_NONE = -1  # among those on a paragraph, where positions stand


def plugin(parser: MarkdownIt) -> None:
    """Leave remarks out; one without an end is text."""
    cut: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "remark", _lines, cut)
    parser.inline.ruler.before("autolink", "remark", _inside)


def _lines(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 -- as all rules
    """Whole lines, also empty ones; not where words follow in the last."""
    at = state.bMarks[start] + state.tShift[start]
    is_code = state.sCount[start] - state.blkIndent >= _INDENT
    if is_code or not state.src.startswith(_OPEN, at) or at < state.env.get(_JUDGED, 0):
        return False
    stop = state.src.find(_CLOSE, at + len(_OPEN)) + len(_CLOSE)
    last = bisect_left(state.eMarks, stop, start, end)
    if stop < len(_CLOSE) or last == end or state.src[stop : state.eMarks[last]].strip():
        state.env[_JUDGED] = stop if stop >= len(_CLOSE) else len(state.src)
        return False
    if not silent:
        state.line = last + 1
    return True


def _inside(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- as all rules
    del silent  # it makes no token
    if not state.src.startswith(_OPEN, state.pos) or _NONE in state.cache:
        return False
    close = state.src.find(_CLOSE, state.pos + len(_OPEN))
    if close == -1:
        state.cache[_NONE] = 0
    if not 0 <= close <= state.posMax - len(_CLOSE):
        return False
    state.pos = close + len(_CLOSE)
    return True
