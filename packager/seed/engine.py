"""How every libtorrent session of a node is set up, whatever it is for."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

import libtorrent as lt

from packager.errors import MachineFailed
from packager.seed.ledger import Traffic
from packager.seed.policy import Route, Wiring

_SHA1_HEX = 40
SOON = 2  # seconds between announces on loopback, where some clients wait to be called
GIVING: "lt.settings_pack" = {
    "aio_threads": 4,  # ten wake each other for every block; one would wait for a slow disk alone
    "send_buffer_low_watermark": 256 * 1024,  # read and send 16 blocks at a time, not one
    "send_buffer_watermark": 1024 * 1024,  # for a fast peer
    "send_buffer_watermark_factor": 150,  # percent of what a peer takes in a second
    "connections_limit": 1000,  # 200 handshakes that never end would keep everybody else out
    "listen_queue_size": 200,  # peers that call in one moment
    "alert_queue_size": 100_000,  # the start of some thousand torrents
}
"""What gives most for the least work, as docs/decisions/0011 measured it."""
_BLOCK = 1  # of an ip filter
_LAST_IPV6 = str(ip_address(2**128 - 1))
_EVERYBODY = (("0.0.0.0", "255.255.255.255"), ("::", _LAST_IPV6))  # noqa: S104


def session(wiring: Wiring, more: "lt.settings_pack | None" = None) -> lt.session:
    """A session whose limits hold for neighbours too; ``more`` goes on top of the settings."""
    made = lt.session(lt.session_params(settings(wiring) | (more or {})))
    made.set_ip_filter(_reachable(wiring))
    made.set_peer_class_filter(_one_class())
    return made


def identity(hashes: lt.info_hash_t) -> str:
    """40 hexadecimal digits: the v1 info-hash, or the start of the v2 one."""
    best = hashes.v1 if hashes.has_v1() else hashes.v2
    return best.to_bytes().hex()[:_SHA1_HEX]


def load(torrent: bytes) -> lt.add_torrent_params:
    """What libtorrent makes of a torrent."""
    try:
        return lt.load_torrent_buffer(torrent)
    except RuntimeError as error:
        raise MachineFailed(f"libtorrent cannot read the torrent: {error}") from None


def added(session: lt.session, params: lt.add_torrent_params) -> lt.torrent_handle:
    """A torrent that ``session`` takes part in from now on."""
    try:
        return session.add_torrent(params)
    except RuntimeError as error:
        raise MachineFailed(f"libtorrent does not take the torrent: {error}") from None


def contact_only(
    params: lt.add_torrent_params, folder: Path, trackers: Sequence[str]
) -> lt.add_torrent_params:
    """Put the files below ``folder``, and speak to nobody but ``trackers`` and whom they name."""
    params.save_path = str(folder.absolute())
    params.trackers = list(trackers)
    params.tracker_tiers = list(range(len(trackers)))
    params.url_seeds = []
    params.dht_nodes = []
    return params


def traffic(values: Mapping[str, int]) -> Traffic:
    """What a provider would count, from the counters of a ``session_stats_alert``."""
    return Traffic(
        values["net.sent_bytes"] + values["net.sent_ip_overhead_bytes"],
        values["net.recv_bytes"] + values["net.recv_ip_overhead_bytes"],
    )


def settings(wiring: Wiring) -> "lt.settings_pack":
    """Settings of a node that names no program and, when closed, looks for nobody.

    Port mapping and LSD are always off, WebRTC asks no STUN server, no alert holds an address.
    """
    kinds = lt.alert_category
    found: lt.settings_pack = {
        "max_retry_port_bind": 0,  # the port that was asked for, or none
        "listen_system_port_fallback": False,
        "enable_dht": not wiring.closed and wiring.via is None,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "enable_ip_notifier": False,
        "webtorrent_stun_server": "",
        "seeding_outgoing_connections": wiring.local or not wiring.offline,
        "user_agent": "",
        "peer_fingerprint": "",
        "anonymous_mode": True,
        "allow_multiple_connections_per_ip": True,  # neighbours behind one NAT
        "unchoke_slots_limit": -1,  # the caps are in bytes; nobody waits for a slot
        "active_downloads": -1,
        "active_seeds": -1,
        "active_limit": -1,
        "active_tracker_limit": -1,
        "active_dht_limit": -1,
        "alert_mask": kinds.error | kinds.status | kinds.storage,
        "alert_queue_size": 20_000,
        "stop_tracker_timeout": 2,
    }
    found |= _way(wiring)
    if wiring.closed or wiring.via:
        found["dht_bootstrap_nodes"] = ""
    if wiring.local:
        found["min_announce_interval"] = SOON
        found["min_reconnect_time"] = SOON
        found["enable_outgoing_utp"] = False  # a dead neighbour would hold up the goodbye
    return found


def _way(wiring: Wiring) -> "lt.settings_pack":
    """Both ends of every socket: where it is bound, and through whom it goes.

    Incoming and outgoing are both set, always: each alone leaves trackers or web seeds outside.
    """
    via, listen = wiring.via, wiring.listen
    if via is None:
        here = str(listen.host) if listen.loopback else ""
        sockets = [str(one) for one in listen.sockets]
        return {"listen_interfaces": ",".join(sockets), "outgoing_interfaces": here}
    if via.kind is Route.INTERFACE:
        return {"listen_interfaces": f"{via.name}:{listen.port}", "outgoing_interfaces": via.name}
    if via.kind is Route.ADDRESS:
        return {"listen_interfaces": str(listen), "outgoing_interfaces": str(listen.host)}
    return {
        "listen_interfaces": str(listen),  # loopback: nobody calls past the proxy
        "outgoing_interfaces": "",
        "proxy_type": lt.proxy_type_t.socks5,
        "proxy_hostname": str(via.host),
        "proxy_port": via.port,
        "proxy_hostnames": True,
        "proxy_peer_connections": True,
        "proxy_tracker_connections": True,
        "enable_incoming_utp": False,
        "enable_outgoing_utp": False,
    }


def _reachable(wiring: Wiring) -> lt.ip_filter:
    """On loopback nobody else is spoken to, whatever a peer or a tracker says."""
    filter_ = lt.ip_filter()
    if wiring.local:
        for first, last in _EVERYBODY:
            filter_.add_rule(first, last, _BLOCK)
        filter_.add_rule("127.0.0.0", "127.255.255.255", 0)
        filter_.add_rule("::1", "::1", 0)
    return filter_


def _one_class() -> lt.ip_filter:
    """Puts every peer into the global class alone.

    Limits then hold on the local network, too, and no peer is unchoked without a slot.
    """
    filter_ = lt.ip_filter()
    for first, last in _EVERYBODY:
        filter_.add_rule(first, last, 1 << lt.session.global_peer_class_id)
    return filter_
