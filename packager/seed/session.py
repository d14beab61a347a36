"""The swarm engine: the only part of the node that speaks to libtorrent.

It never downloads: every torrent is in upload mode for good. It offers a torrent only once every
piece was hashed here (``hash_and_hold``, ``release``), or was before and no file was touched since
(``offer_known``). Its alerts are copied out at once: they dangle after the next look.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import libtorrent as lt

from packager.errors import MachineFailed
from packager.seed.amounts import Speed
from packager.seed.ledger import Traffic
from packager.seed.policy import Address, Wiring

_STEP = 0.05  # seconds between two looks
_LISTEN_LOOKS = 100
_SHA1_HEX = 40
_SOON = 2  # seconds between announces on loopback, where some clients wait to be called
_BLOCK = 1  # of an ip filter
_FLAGS = lt.torrent_flags
_NEVER_DOWNLOADS = (
    _FLAGS.upload_mode | _FLAGS.duplicate_is_error | _FLAGS.apply_ip_filter | _FLAGS.disable_lsd
)
_CHECKING = frozenset(
    {
        lt.torrent_status.queued_for_checking,
        lt.torrent_status.checking_resume_data,
        lt.torrent_status.checking_files,
    }
)
_TROUBLE = (
    lt.hash_failed_alert,
    lt.fastresume_rejected_alert,
    lt.file_error_alert,
    lt.torrent_error_alert,
)


@dataclass(frozen=True, slots=True)
class Swarm:
    """How one torrent is doing; ``uploaded`` counts payload bytes of this session."""

    uploaded: int
    peers: int


class Session:
    """One engine. ``close`` says goodbye to the trackers."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._session = lt.session(lt.session_params(_settings(wiring)))
        self._session.set_ip_filter(_reachable(wiring))
        self._session.set_peer_class_filter(_one_class())
        self._limits: lt.settings_pack = {}
        self.traffic = Traffic()
        self._handles: dict[str, lt.torrent_handle] = {}
        self._offered: set[str] = set()
        self._paused = False

    def listening(self) -> Address | None:
        """Where the socket is open, if it is."""
        if self._session.is_listening() and self._session.listen_port():
            return Address(self._wiring.listen.host, self._session.listen_port())
        return None

    def wait_until_listening(self) -> Address:
        """Where the socket is open; the system may have chosen the port."""
        for _ in range(_LISTEN_LOOKS):
            if address := self.listening():
                return address
            if any(isinstance(one, lt.listen_failed_alert) for one in self._session.pop_alerts()):
                break
            time.sleep(_STEP)
        raise MachineFailed(
            f"cannot listen on {self._wiring.listen}",
            "another program may use that port: choose another one with --listen",
        )

    def hash_and_hold(
        self, torrent: bytes, folder: Path, trackers: Sequence[str], stopped: Callable[[], bool]
    ) -> str | None:
        """Hash every piece of a torrent whose files lie below ``folder``, and offer nothing yet.

        Returns the torrent's id for ``release``, or None if a piece does not fit.
        """
        params = _params(torrent, folder, trackers)
        params.flags |= _FLAGS.stop_when_ready
        identity = self._add(params)
        handle = self._handles[identity]
        while (status := handle.status()).state in _CHECKING and not status.errc.value():
            if stopped():
                break
            time.sleep(_STEP)
        if status.is_seeding:
            return identity
        self.drop(identity)
        return None

    def release(self, identity: str) -> None:
        """Offer what was found whole."""
        handle = self._handles[identity]
        handle.unset_flags(_FLAGS.stop_when_ready)
        self._offered.add(identity)  # before the question, since ``hush`` may come right now
        if not self._paused:
            handle.unset_flags(_FLAGS.paused)

    def offer_known(self, torrent: bytes, folder: Path, trackers: Sequence[str]) -> str:
        """Offer a torrent whose files were hashed here and not touched since."""
        params = _params(torrent, folder, trackers)
        params.flags |= _FLAGS.seed_mode | _FLAGS.paused
        identity = self._add(params)
        self.release(identity)
        return identity

    def drop(self, identity: str) -> None:
        """Stop offering; the files stay."""
        self._offered.discard(identity)
        if handle := self._handles.pop(identity, None):
            self._session.remove_torrent(handle)

    def swarms(self) -> dict[str, Swarm]:
        """What is held, by id."""
        found = {}
        for identity, handle in list(self._handles.items()):
            with suppress(RuntimeError):  # another thread dropped it just now
                status = handle.status()
                found[identity] = Swarm(status.total_payload_upload, status.num_peers)
        return found

    def troubles(self) -> frozenset[str]:
        """The ids of what is offered and whose files turned out wrong since the last call.

        Asks the engine for its counters on the way; ``traffic`` has those of the call before.
        """
        found = set()
        self._session.post_session_stats()
        for alert in self._session.pop_alerts():
            if isinstance(alert, _TROUBLE):
                found.add(_identity(alert.handle.info_hashes()))
            elif isinstance(alert, lt.session_stats_alert):
                self.traffic = _traffic(alert.values)
        return frozenset(found & self._offered)

    def limit(self, upload: Speed, download: Speed) -> None:
        """Hard limits in bytes per second, for neighbours too; 0 is the business of ``hush``."""
        wanted: lt.settings_pack = {
            "upload_rate_limit": upload or 0,
            "download_rate_limit": download or 0,
        }
        if wanted != self._limits:
            self._limits = wanted
            self._session.apply_settings(wanted)

    def hush(self, *, silent: bool) -> None:
        """Offer nothing for now, or offer again; hashing goes on, as in no paused engine."""
        if silent == self._paused:
            return
        self._paused = silent
        for identity in list(self._offered):
            if handle := self._handles.get(identity):
                change = handle.set_flags if silent else handle.unset_flags
                change(_FLAGS.paused)

    def close(self) -> None:
        """Leave all swarms, and wait a moment while the trackers are told."""
        for identity in list(self._handles):
            self.drop(identity)
        self._session.pause()
        del self._session

    def _add(self, params: lt.add_torrent_params) -> str:
        try:
            handle = self._session.add_torrent(params)
        except RuntimeError as error:
            raise MachineFailed(f"libtorrent does not take the torrent: {error}") from None
        identity = _identity(handle.info_hashes())
        self._handles[identity] = handle
        return identity


def _identity(hashes: lt.info_hash_t) -> str:
    """40 hexadecimal digits: the v1 info-hash, or the start of the v2 one."""
    best = hashes.v1 if hashes.has_v1() else hashes.v2
    return best.to_bytes().hex()[:_SHA1_HEX]


def _traffic(values: Mapping[str, int]) -> Traffic:
    """What a provider would count."""
    return Traffic(
        values["net.sent_bytes"] + values["net.sent_ip_overhead_bytes"],
        values["net.recv_bytes"] + values["net.recv_ip_overhead_bytes"],
    )


def _one_class() -> lt.ip_filter:
    """Puts every peer into the global class alone: limits hold on the local network, too."""
    filter_ = lt.ip_filter()
    for first, last in (("0.0.0.0", "255.255.255.255"), ("::", _LAST_IPV6)):  # noqa: S104
        filter_.add_rule(first, last, 1 << lt.session.global_peer_class_id)
    return filter_


def _params(torrent: bytes, folder: Path, trackers: Sequence[str]) -> lt.add_torrent_params:
    """How to add a torrent: seed only, and contact nobody but ``trackers``."""
    try:
        params = lt.load_torrent_buffer(torrent)
    except RuntimeError as error:
        raise MachineFailed(f"libtorrent cannot read the torrent: {error}") from None
    params.save_path = str(folder.absolute())
    params.flags = _NEVER_DOWNLOADS
    params.trackers = list(trackers)
    params.tracker_tiers = list(range(len(trackers)))
    params.url_seeds = []
    params.dht_nodes = []
    return params


def _settings(wiring: Wiring) -> "lt.settings_pack":
    """Settings of a node that names no program and, when closed, looks for nobody.

    Port mapping and LSD are always off, WebRTC asks no STUN server, no alert holds an address.
    """
    kinds = lt.alert_category
    settings: lt.settings_pack = {
        "listen_interfaces": str(wiring.listen),
        "max_retry_port_bind": 0,  # the port that was asked for, or none
        "listen_system_port_fallback": False,
        "outgoing_interfaces": str(wiring.listen.host) if wiring.listen.loopback else "",
        "enable_dht": not wiring.closed,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "enable_ip_notifier": False,
        "webtorrent_stun_server": "",
        "seeding_outgoing_connections": wiring.listen.loopback or not wiring.offline,
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
    if wiring.closed:
        settings["dht_bootstrap_nodes"] = ""
    if wiring.listen.loopback:
        settings["min_announce_interval"] = _SOON
        settings["enable_outgoing_utp"] = False  # a dead neighbour would hold up the goodbye
    return settings


def _reachable(wiring: Wiring) -> lt.ip_filter:
    """On loopback nobody else is spoken to, whatever a peer or a tracker says."""
    filter_ = lt.ip_filter()
    if wiring.listen.loopback:
        for first, last in (("0.0.0.0", "255.255.255.255"), ("::", _LAST_IPV6)):  # noqa: S104
            filter_.add_rule(first, last, _BLOCK)
        filter_.add_rule("127.0.0.0", "127.255.255.255", 0)
        filter_.add_rule("::1", "::1", 0)
    return filter_


_LAST_IPV6 = str(ip_address(2**128 - 1))
