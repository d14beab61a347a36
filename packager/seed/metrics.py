"""The node's numbers for Prometheus; no release and no peer is named in them.

Whoever reads them learns how much a volunteer gives, and not what.
"""

from collections import Counter
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from packager.seed import health
from packager.seed.control import State, Status
from packager.seed.limits import Silence

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(status: Status | None) -> bytes:
    """All numbers in the text format; None if the node does not answer."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(status))
    return generate_latest(registry)


class _Numbers:
    def __init__(self, status: Status | None) -> None:
        self._status = status

    def collect(self) -> Iterable[Metric]:
        status = self._status
        yield GaugeMetricFamily("packager_up", "Whether the node answers.", status is not None)
        if status is None:
            return
        yield from _of_node(status)
        yield from _of_releases(status)


def _of_node(status: Status) -> Iterable[Metric]:
    node = status.node
    checks = GaugeMetricFamily("packager_check", "Whether a part is well.", labels=["check"])
    for one in health.checks(node):
        checks.add_metric([one.name], one.good)
    yield checks
    silent = GaugeMetricFamily("packager_silent", "Why nothing is offered.", labels=["why"])
    for why in Silence:
        silent.add_metric([why], why in node.silent)
    yield silent
    for name, what, value in (
        ("reached", "Whether a peer from elsewhere called and got through.", node.reached),
        ("uptime_seconds", "Since its start.", node.uptime_seconds),
        ("sent_today_bytes", "With the headers of packets.", node.sent_today),
        ("received_today_bytes", "With the headers of packets.", node.received_today),
        ("sent_month_bytes", "In this calendar month.", node.sent_this_month),
        ("month_cap_bytes", "-1 is none.", node.month_cap),
        ("upload_limit_bytes", "A second; -1 is none.", node.upload_limit),
        ("download_limit_bytes", "A second; -1 is none.", node.download_limit),
        ("held_bytes", "Of all releases.", node.held),
        ("quota_bytes", "-1 is none.", node.quota),
        ("disk_free_bytes", "Of the disk of its home.", node.free),
        ("scrub_behind", "Releases not read again for too long.", node.scrub_behind),
    ):
        yield GaugeMetricFamily(f"packager_{name}", what, value)


def _of_releases(status: Status) -> Iterable[Metric]:
    states = Counter(one.state for one in status.releases)
    family = GaugeMetricFamily("packager_releases", "By their state.", labels=["state"])
    for state in State:
        family.add_metric([state], states[state])
    yield family
    peers = sum(one.peers for one in status.releases)
    yield GaugeMetricFamily("packager_peers", "Connected now, of all releases.", peers)
    given = sum(one.uploaded for one in status.releases)
    yield CounterMetricFamily("packager_given_bytes", "Payload of what is held now.", given)
