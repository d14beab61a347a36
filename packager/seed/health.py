"""Is the node well? Four questions, answered from its status."""

from dataclasses import dataclass

from packager.seed.control import NodeStatus
from packager.seed.limits import Silence


@dataclass(frozen=True, slots=True)
class Check:
    """One answer, with the reason in words."""

    name: str  # listening, route, store, scrub
    good: bool
    told: str


def checks(node: NodeStatus) -> tuple[Check, ...]:
    """In the order in which they matter. That it is paused or over a cap is no illness."""
    gone = Silence.ROUTE in node.silent
    late = f"{node.scrub_behind} releases should have been read again a week ago"
    return (
        Check(
            "listening",
            node.listening,
            node.place if node.listening else "no socket is open",
        ),
        Check("route", not gone, f"{node.route} is gone" if gone else node.route),
        Check("store", not node.problem, node.problem or "can be written"),
        Check("scrub", not node.scrub_behind, late if node.scrub_behind else "not behind"),
    )


def lines(found: tuple[Check, ...]) -> list[str]:
    """As `packager seed health` and /readyz show them."""
    return [f"{'ok' if one.good else 'BAD'}  {one.name}: {one.told}" for one in found]
