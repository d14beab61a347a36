"""Who may ask: the owner's browser, on loopback, and nobody else. Pure rules, no sockets.

Other users of the computer reach loopback, too, and pages on the web can send a browser there. So:

* the ``Host`` is ours by name, or a foreign domain was pointed at loopback (DNS rebinding);
* the link holds a token that opens once, and leaves a cookie that no script and no other site
  reads or sends;
* whatever changes something comes from our own page: its ``Origin``, and a word that only it holds;
* who is a program gives a bearer token, and gets numbers only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie

MAX_BODY = 16 * 1024  # bytes of a form
NUMBERS = frozenset({"/metrics", "/healthz", "/readyz"})
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer a form has no Origin
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class Answer(Enum):
    """What the guard says."""

    COME_IN = 200
    TAKE_COOKIE = 303  # the link was opened for the first time
    NO_KEY = 403
    WRONG_PLACE = 421  # the Host is not ours
    WRONG_METHOD = 405
    TOO_LARGE = 413
    FOREIGN = 400  # a form that is not from our page


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules look at, in a request of somebody unknown; names of headers in lower case."""

    method: str
    path: str
    token: str  # of the query
    headers: Mapping[str, str]


@dataclass(slots=True)
class Guard:
    """The secrets of one run. ``port`` is the port we listen on."""

    port: int
    link: str
    cookie: str
    form: str  # the word that our own forms hold
    bearer: str  # for programs
    _used: bool = field(default=False)

    @property
    def url(self) -> str:
        """What is printed at the start; it opens once."""
        return f"http://127.0.0.1:{self.port}/?token={self.link}"

    @property
    def cookie_name(self) -> str:
        """Cookies do not know ports: two dashboards must not overwrite each other's."""
        return f"packager-{self.port}"

    @property
    def set_cookie(self) -> str:
        """The header that lets the browser in from now on, until it is closed."""
        return f"{self.cookie_name}={self.cookie}; Path=/; HttpOnly; SameSite=Strict"

    def judge(self, asked: Asked) -> Answer:
        """Whether a request may come in; the first link that is right is used up by it."""
        host = asked.headers.get("host", "")
        if host not in {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}:
            return Answer.WRONG_PLACE
        if asked.method not in {"GET", "POST"}:
            return Answer.WRONG_METHOD
        if asked.path in NUMBERS and self._is_program(asked):
            return Answer.COME_IN
        if asked.path == "/" and asked.token:
            return self._open_once(asked)
        if not self._has_cookie(asked):
            return Answer.NO_KEY
        return self._judge_form(asked, host) if asked.method == "POST" else Answer.COME_IN

    def is_ours(self, untrusted_word: str) -> bool:
        """Whether a form holds the word of our page."""
        return compare_digest(untrusted_word.encode(), self.form.encode())

    def _open_once(self, asked: Asked) -> Answer:
        right = compare_digest(asked.token.encode(), self.link.encode())
        if right and not self._used and asked.method == "GET":
            self._used = True
            return Answer.TAKE_COOKIE
        # who opens the printed link again in the same browser is let in by the cookie
        return Answer.COME_IN if right and self._has_cookie(asked) else Answer.NO_KEY

    def _has_cookie(self, asked: Asked) -> bool:
        try:
            found = SimpleCookie(asked.headers.get("cookie", "")).get(self.cookie_name)
        except CookieError:
            return False
        return found is not None and compare_digest(found.value.encode(), self.cookie.encode())

    def _is_program(self, asked: Asked) -> bool:
        given = asked.headers.get("authorization", "").encode()
        return asked.method == "GET" and compare_digest(given, f"Bearer {self.bearer}".encode())

    @staticmethod
    def _judge_form(asked: Asked, host: str) -> Answer:
        length = asked.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit() and int(length[:9]) <= MAX_BODY):
            return Answer.TOO_LARGE
        if asked.headers.get("origin") != f"http://{host}":
            return Answer.FOREIGN
        if asked.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Answer.FOREIGN
        return Answer.COME_IN
