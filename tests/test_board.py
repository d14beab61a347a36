"""Who the dashboard lets in, and what it says: rules alone, no sockets but one of the system's."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from prometheus_client.parser import text_string_to_metric_families
from test_seed_control import NODE, ONE, RELEASES

from packager.errors import InputRefused
from packager.seed import health, metrics, notify
from packager.seed.control import NodeStatus, ReleaseStatus, Request, State, Status, Verb
from packager.seed.web import errands, view
from packager.seed.web.guard import Answer, Asked, Guard
from packager.seed.web.view import PER_PAGE, Wanted

PORT = 8710
HOST = f"127.0.0.1:{PORT}"


def guard() -> Guard:
    return Guard(PORT, link="link", cookie="cookie", form="form", bearer="bearer")


def asked(method: str = "GET", path: str = "/", token: str = "", **headers: str) -> Asked:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Asked(method, path, token, {"host": HOST} | named)


def post(**changes: str) -> Asked:
    sent = {
        "cookie": f"packager-{PORT}=cookie",
        "content_length": "100",
        "origin": f"http://{HOST}",
    }
    return asked("POST", "/do/pause", **sent | changes)


def test_the_link_opens_once_and_leaves_a_cookie() -> None:
    one = guard()
    assert one.judge(asked(token="other")) is Answer.NO_KEY
    assert one.judge(asked(token="link")) is Answer.TAKE_COOKIE
    assert one.judge(asked(token="link")) is Answer.NO_KEY
    with_cookie = asked(token="link", cookie=f"a=b; packager-{PORT}=cookie")
    assert one.judge(with_cookie) is Answer.COME_IN
    assert "HttpOnly" in one.set_cookie
    assert "SameSite=Strict" in one.set_cookie


@settings(max_examples=50)
@given(
    some.sampled_from(["/", "/live", "/do/pause", "/board.css", "/metrics", "/x"]),
    some.text(max_size=12),
    some.dictionaries(
        some.sampled_from(["cookie", "authorization", "origin"]), some.text(max_size=40)
    ),
    some.sampled_from(["GET", "POST", "PUT", "OPTIONS"]),
)
def test_nothing_comes_in_without_a_key(
    path: str, token: str, headers: dict[str, str], method: str
) -> None:
    found = guard().judge(asked(method, path, token, **headers))
    assert found in {Answer.NO_KEY, Answer.WRONG_METHOD}


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"0.0.0.0:{PORT}",
     f"127.0.0.1:{PORT}.evil.example", f"[::1]:{PORT}"],
)  # fmt: skip
def test_a_foreign_name_of_this_computer_is_refused(host: str) -> None:
    one = guard()
    keys = {"cookie": f"packager-{PORT}=cookie", "authorization": "Bearer bearer"}
    assert one.judge(asked(host=host, token="link", **keys)) is Answer.WRONG_PLACE
    assert one.judge(asked(host=HOST, token="link")) is Answer.TAKE_COOKIE  # not used up


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, Answer.COME_IN),
        ({"origin": "null"}, Answer.FOREIGN),
        ({"origin": "http://evil.example"}, Answer.FOREIGN),
        ({"origin": "http://127.0.0.1:1"}, Answer.FOREIGN),
        ({"origin": f"http://localhost:{PORT}"}, Answer.FOREIGN),
        ({"sec_fetch_site": "same-site"}, Answer.FOREIGN),
        ({"content_length": "999999"}, Answer.TOO_LARGE),
        ({"content_length": ""}, Answer.TOO_LARGE),
        ({"content_length": "-1"}, Answer.TOO_LARGE),
        ({"cookie": ""}, Answer.NO_KEY),
    ],
)
def test_only_our_own_page_changes_anything(changes: dict[str, str], answer: Answer) -> None:
    assert guard().judge(post(**changes)) is answer


def test_a_program_reads_numbers_and_no_more() -> None:
    one = guard()
    for path in ("/metrics", "/healthz", "/readyz"):
        assert one.judge(asked(path=path, authorization="Bearer bearer")) is Answer.COME_IN
        assert one.judge(asked(path=path, authorization="Bearer x")) is Answer.NO_KEY
    assert one.judge(asked(path="/", authorization="Bearer bearer")) is Answer.NO_KEY
    assert one.judge(asked("POST", "/metrics", authorization="Bearer bearer")) is Answer.NO_KEY


@pytest.mark.parametrize(
    ("route", "told"),
    [
        ("loopback", "Nobody beyond this computer"),
        ("direct", "this computer's address"),
        ("interface wg0", "the other end of interface wg0"),
        ("address 10.2.0.2", "the other end of address 10.2.0.2"),
        ("socks5 127.0.0.1:9050", "the other end of the proxy 127.0.0.1:9050"),
    ],
)
def test_says_to_whom_it_is_visible(route: str, told: str) -> None:
    assert told in view.seen_by(replace(NODE, route=route))


@pytest.mark.parametrize("route", ["direct", "interface wg0"])
def test_says_whether_the_port_is_open(route: str) -> None:
    for reached in (False, True):
        seen = view.see(Status((), replace(NODE, route=route, reached=reached)), Wanted())
        assert [one.good for one in seen.checks if one.name == "port"] == [reached]
    assert "port" not in [one.name for one in view.see(Status((), NODE), Wanted()).checks]


@settings(max_examples=20)
@given(some.lists(RELEASES, max_size=4), some.text(max_size=5), some.integers())
def test_any_status_can_be_shown(found: list[ReleaseStatus], query: str, page: int) -> None:
    seen = view.see(Status(tuple(found), NODE), Wanted(query, page))
    assert len(seen.works) == seen.found <= seen.held == len(found)


def test_many_works_come_in_pages_and_are_found() -> None:
    many = tuple(
        replace(ONE, id=f"{n:040x}", title=f"Report {n:03}") for n in range(2 * PER_PAGE + 1)
    )
    seen = view.see(Status(many, NODE), Wanted(page=99))
    assert (seen.page, seen.pages, len(seen.works)) == (3, 3, 1)
    assert [one.title for one in view.see(Status(many, NODE), Wanted("report 007")).works] == [
        "Report 007"
    ]


def test_what_needs_the_owner_comes_first() -> None:
    taken = replace(ONE, id="ff" * 20, title="Zebra", state=State.WITHDRAWN)
    seen = view.see(Status((ONE, taken), NODE), Wanted())
    assert [(one.title, one.withdrawn) for one in seen.works] == [
        ("Zebra", True),
        ("Bridge", False),
    ]


def test_says_what_is_given_and_what_is_only_held() -> None:
    quiet = replace(ONE, id="ff" * 20, state=State.PAUSED)
    assert view.see(Status((), NODE), Wanted()).gives == "Nothing right now."
    silent = view.see(Status((quiet,), NODE), Wanted())
    assert silent.gives == "Nothing right now. 1 work held and not given."
    both = view.see(Status((ONE, quiet), NODE), Wanted())
    assert both.gives == "1 work by desk, 5 B, to anyone who asks. 1 work held and not given."


def test_the_risk_is_what_the_author_overruled() -> None:
    risky = replace(ONE, overruled=("real-title", "new-check"))
    (work,) = view.see(Status((risky,), NODE), Wanted()).works
    assert "real work" in work.risks[0]
    assert "new-check" in work.risks[1]


ILL = {
    "listening": replace(NODE, listening=False),
    "route": replace(NODE, silent=("route",)),
    "store": replace(NODE, problem="the disk is full"),
    "scrub": replace(NODE, scrub_behind=3),
}


@pytest.mark.parametrize("name", ILL)
def test_each_illness_is_told_and_counted(name: str) -> None:
    bad = [one.name for one in health.checks(ILL[name]) if not one.good]
    assert bad == [name]
    assert values(ILL[name])["packager_check", name] == 0


def test_the_well_and_the_paused_are_not_ill() -> None:
    quiet = replace(NODE, paused=True, silent=("paused", "month-cap"))
    assert all(one.good for one in health.checks(NODE) + health.checks(quiet))


def values(node: NodeStatus, *releases: ReleaseStatus) -> dict[tuple[str, str], float]:
    text = metrics.text(Status(releases, node)).decode()
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_numbers_name_no_release() -> None:
    found = values(replace(NODE, sent_this_month=7, silent=("hours",)), ONE)
    assert found["packager_sent_month_bytes", ""] == 7
    assert found["packager_silent", "hours"] == 1
    assert found["packager_releases", "seeding"] == 1
    assert found["packager_given_bytes_total", ""] == 6
    text = metrics.text(Status((ONE,), NODE)).decode()
    assert not [told for told in (ONE.id, ONE.name, ONE.title, ONE.publisher) if told in text]
    assert b"packager_up 0.0" in metrics.text(None)


@pytest.mark.parametrize("verb", ["status", "import-stick", "run", ""])
def test_only_what_has_a_button_is_done(verb: str) -> None:
    with pytest.raises(InputRefused, match="no such button"):
        errands.request_of(verb, {"subject": ["/x"]})


def test_forms_are_read() -> None:
    form = {"subject": [" /home/me/a "], "allow": ["real-title"]}
    assert errands.request_of("add", form) == Request(Verb.ADD, "/home/me/a", ("real-title",))
    assert errands.request_of("pause", {}) == Request(Verb.PAUSE)
    with pytest.raises(InputRefused, match="whole path"):
        errands.request_of("add", {"subject": ["a/b"]})


@pytest.mark.parametrize("abstract", [False, True])
def test_tells_the_service_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, abstract: bool
) -> None:
    path = f"@{tmp_path}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path.replace("@", "\0"))
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        notify.tell(notify.READY)
        assert manager.recv(100) == b"READY=1"
    notify.tell(notify.ALIVE)  # the manager is gone: nothing happens
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify.tell(notify.READY)
