"""A statement of what a node holds: for the owner's host, or a lawyer."""

from packager.seed.amounts import human
from packager.seed.control import Status


def write(answer: Status, day: str) -> str:
    """Plain text, on a day in ISO form."""
    node = answer.node
    lines = [
        f"Statement about a packager node, {day}",
        "",
        "This computer keeps and passes on, by BitTorrent, the works of independent publishers",
        "that are listed here. Each was checked against its publisher's signature before it was",
        "offered. They are films, sound, books, pictures and text; no programs. Nothing else is",
        "passed on.",
        "",
        f"Address: {node.place} ({node.route}); version {node.version}",
        f"Sent today: {human(node.sent_today)}, this month: {human(node.sent_this_month)}",
        f"Works: {len(answer.releases)}, {human(node.held)} altogether",
        "",
    ]
    for one in answer.releases:
        lines += [
            one.title or one.name,
            f"  publisher {one.publisher or 'not known yet'}, {human(one.size)}, {one.state}",
            f"  folder {one.name}, torrent {one.id}",
        ]
    return "\n".join(lines)
