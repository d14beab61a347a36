"""The door to starlette: pages, live blocks, buttons, numbers."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request as Asking
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packager import render
from packager.errors import PackagerError
from packager.seed import consent, health, metrics
from packager.seed.control import Request, Status, Verb
from packager.seed.web import view
from packager.seed.web.errands import Errands, Outcome, request_of
from packager.seed.web.guard import HEADERS, MAX_BODY, Answer, Asked, Guard
from packager.seed.web.view import View, Wanted

_STEP = 1.0  # seconds between two looks at the node
_MAX_QUERY = 100
_BLOCKS = ("state", "facts", "use", "health", "told", "count", "notes")
_REFUSALS = {
    Answer.NO_KEY: "Open the link that `packager seed dashboard` printed. It opens once: for "
    "another browser start the dashboard again.\n",
    Answer.WRONG_PLACE: "This page is at 127.0.0.1 only.\n",
    Answer.WRONG_METHOD: "GET or POST.\n",
    Answer.TOO_LARGE: "The form is too long.\n",
    Answer.FOREIGN: "The form does not come from this page.\n",
}


@dataclass(slots=True)
class Board:
    """What every request shares; ``ended`` tells that the server stops."""

    guard: Guard
    ask: Callable[[Request], Status]
    ended: Callable[[], bool]
    errands: Errands
    _look: threading.Lock = field(default_factory=threading.Lock)
    _seen: tuple[float, Status | PackagerError] | None = None

    def status(self) -> Status:
        """How the node is, at most a second ago: many readers cost it no more than one."""
        with self._look:
            now = time.monotonic()
            if self._seen is None or now - self._seen[0] > _STEP:
                try:
                    self._seen = (now, self.ask(Request(Verb.STATUS)))
                except PackagerError as error:
                    self._seen = (now, error)
            found = self._seen[1]
        if isinstance(found, PackagerError):
            raise found
        return found

    def forget(self) -> None:
        """Look again at once: something was changed."""
        with self._look:
            self._seen = None

    def see(self, wanted: Wanted) -> View:
        """The page, also of a node that does not answer."""
        try:
            return view.see(self.status(), wanted)
        except PackagerError as error:
            return view.unseen(error.fact)

    def values(self, seen: View) -> dict[str, object]:
        """What templates may use."""
        return {
            "view": seen,
            "form": self.guard.form,
            "outcomes": tuple(self.errands.outcomes),
            "consent": consent.PAGE,
        }

    def blocks(self, wanted: Wanted) -> tuple[dict[str, str], list[str]]:
        """The parts of the page by their ids, and the ids of the works in their order."""
        seen = self.see(wanted)
        values = self.values(seen)
        found = {name: render.render(f"board/{name}.html.j2", **values) for name in _BLOCKS}
        for work in seen.works:
            found[f"w{work.id}"] = render.render("board/work.html.j2", work=work, **values)
        return found, [f"w{work.id}" for work in seen.works]


def make(board: Board) -> ASGIApp:
    """The whole application, behind its guard."""

    def page(asking: Asking) -> Response:
        values = board.values(board.see(_wanted(asking.query_params)))
        return Response(render.render("board/page.html.j2", **values), media_type="text/html")

    def live(asking: Asking) -> Response:
        events = _events(board, _wanted(asking.query_params))
        return StreamingResponse(events, media_type="text/event-stream")

    async def act(asking: Asking) -> Response:
        return await run_in_threadpool(_act, board, asking.path_params["verb"], await _body(asking))

    routes = [
        Route("/", page),
        Route("/live", live),
        Route("/do/{verb}", act, methods=["POST"]),
        Route("/board.css", _file("board/board.css", "text/css")),
        Route("/board.js", _file("board/board.js", "text/javascript")),
        *_numbers(board),
    ]
    return _Guarded(Starlette(routes=routes), board.guard)


def _numbers(board: Board) -> list[Route]:
    def numbers(_: Asking) -> Response:
        try:
            text = metrics.text(board.status())
        except PackagerError:
            text = metrics.text(None)
        return Response(text, media_type=metrics.CONTENT_TYPE)

    def alive(_: Asking) -> Response:
        try:
            board.status()
        except PackagerError as error:
            return PlainTextResponse(f"BAD  {error.fact}\n", 503)
        return PlainTextResponse("ok\n")

    def ready(_: Asking) -> Response:
        try:
            found = health.checks(board.status().node)
        except PackagerError as error:
            return PlainTextResponse(f"BAD  {error.fact}\n", 503)
        good = all(one.good for one in found)
        return PlainTextResponse("\n".join(health.lines(found)) + "\n", 200 if good else 503)

    return [Route("/metrics", numbers), Route("/healthz", alive), Route("/readyz", ready)]


def _file(name: str, kind: str) -> Callable[[Asking], Response]:
    def answer(_: Asking) -> Response:
        return Response(render.render(name), media_type=kind)

    return answer


async def _body(asking: Asking) -> bytes:
    """The form; the guard looked at its length, and no more than that is read."""
    body = bytearray()
    async for part in asking.stream():
        body += part
        if len(body) > MAX_BODY:
            return b""
    return bytes(body)


def _act(board: Board, untrusted_verb: str, untrusted_body: bytes) -> Response:
    form = parse_qs(untrusted_body.decode("utf-8", "replace"), max_num_fields=20)
    if not board.guard.is_ours(form.get("form", [""])[0]):
        return PlainTextResponse(_REFUSALS[Answer.FOREIGN], Answer.FOREIGN.value)
    try:
        board.errands.run(request_of(untrusted_verb, form))
    except PackagerError as error:
        outcome = Outcome(good=False, told=error.fact, hints=error.hints)
        board.errands.outcomes.appendleft(outcome)
    board.forget()
    at = {"q": form.get("q", [""])[0][:_MAX_QUERY], "page": form.get("page", ["1"])[0][:6]}
    return RedirectResponse(f"/?{urlencode(at)}", 303)


def _wanted(untrusted_query: QueryParams) -> Wanted:
    number = untrusted_query.get("page", "1")[:6]
    page = int(number) if number.isascii() and number.isdigit() else 1
    return Wanted(untrusted_query.get("q", "")[:_MAX_QUERY].strip(), page)


async def _events(board: Board, wanted: Wanted) -> AsyncIterator[str]:
    """Blocks that changed, once a second, until the reader leaves or the server stops."""
    before: dict[str, str] = {}
    while not board.ended():
        blocks, order = await run_in_threadpool(board.blocks, wanted)
        changed = {name: text for name, text in blocks.items() if before.get(name) != text}
        before = blocks
        if changed:
            yield f"data: {json.dumps({'blocks': changed, 'works': order})}\n\n"
        else:
            yield ": here\n\n"
        await asyncio.sleep(_STEP)


class _Guarded:
    """Asks the guard before anything else, and puts the strict headers on every answer."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # no lifespan, no websocket
            return
        answer = self._guard.judge(_asked(scope))
        inner = self._app if answer is Answer.COME_IN else self._refusal(answer)

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                _harden(message)
            await send(message)

        await inner(scope, receive, strict)

    def _refusal(self, answer: Answer) -> Response:
        if answer is Answer.TAKE_COOKIE:
            return RedirectResponse("/", 303, {"set-cookie": self._guard.set_cookie})
        return PlainTextResponse(_REFUSALS[answer], answer.value)


def _asked(scope: Scope) -> Asked:
    headers = Headers(scope=scope)
    query = QueryParams(scope["query_string"])
    return Asked(scope["method"], scope["path"], query.get("token", ""), headers)


def _harden(message: MutableMapping[str, Any]) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers[name] = value
