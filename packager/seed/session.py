"""What is offered: the part of the node that gives to the swarm.

It never downloads: every torrent is in upload mode for good. It offers a torrent only once every
piece was hashed here (``hash_and_hold``, ``release``), or was before and no file was touched since
(``offer_known``). Its alerts are copied out at once: they dangle after the next look.

The engine works in a thread of its own, and every question makes it stop until Python has time. So
``troubles`` takes what it told by itself, and everybody else is answered from that.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from errno import EADDRINUSE
from pathlib import Path

import libtorrent as lt

from packager.errors import CheckFailed, MachineFailed
from packager.seed import engine, policy
from packager.seed.amounts import Speed
from packager.seed.ledger import Traffic
from packager.seed.policy import Address, Wiring

_STEP = 0.05  # seconds between two looks
_LISTEN_LOOKS = 100
_FLAGS = lt.torrent_flags
_NEVER_DOWNLOADS = (
    _FLAGS.upload_mode
    | _FLAGS.duplicate_is_error
    | _FLAGS.apply_ip_filter
    | _FLAGS.disable_lsd
    | _FLAGS.update_subscribe
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


STILL = Swarm(0, 0)


class Session:
    """One engine. ``close`` says goodbye to the trackers."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._session = engine.session(wiring, engine.GIVING)
        self._limits: lt.settings_pack = {}
        self.traffic = Traffic()
        self.reached = False
        self._handles: dict[str, lt.torrent_handle | None] = {}  # None: on its way
        self._forgotten: set[str] = set()  # dropped on their way
        self._swarms: dict[str, Swarm] = {}
        self._offered: set[str] = set()
        self._troubled: set[str] = set()
        self._refused: set[int] = set()  # error numbers, of sockets that did not open
        self._paused = False
        self._closed = False
        self._door = threading.Lock()  # what is added while the node falls silent is silent, too
        self._address: Address | None = None

    def listening(self) -> Address | None:
        """Where the socket was open when ``troubles`` looked last, if it was."""
        return self._address

    def wait_until_listening(self) -> Address:
        """Where the socket is open; the system may have chosen the port.

        A computer may have no IPv6; but a port that is taken anywhere is not half ours.
        """
        for _ in range(_LISTEN_LOOKS):
            self._look_at_socket()
            self._hear()
            if EADDRINUSE in self._refused:
                break
            if self._refused:
                self._look_at_socket()  # the other family may be open by now
            if self._address:
                return self._address
            if self._refused:
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
        params = _seed_only(engine.load(torrent), folder, trackers)
        params.flags |= _FLAGS.stop_when_ready
        identity = self._add(params)
        handle = self._held(identity)
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
        handle = self._held(identity)
        handle.unset_flags(_FLAGS.stop_when_ready)
        self._offered.add(identity)  # before the question, since ``hush`` may come right now
        if not self._paused:
            handle.unset_flags(_FLAGS.paused)

    def offer_known(
        self,
        torrent: bytes,
        folder: Path,
        trackers: Sequence[str] | None = None,
        identity: str | None = None,
    ) -> str:
        """Offer a torrent whose files were hashed here and not touched since.

        ``trackers`` None are those that it names, as far as the policy allows. Does not wait for
        the engine: what that does not take becomes one of the ``troubles``.
        """
        params = engine.load(torrent)
        if trackers is None:
            trackers = policy.trackers(params.trackers, self._wiring)
        _seed_only(params, folder, trackers).flags |= _FLAGS.seed_mode
        found = engine.identity(params.info_hashes)
        if found != (identity or found):
            raise CheckFailed("the torrent is not the one that was kept", "add the release again")
        with self._door:
            if self._paused:
                params.flags |= _FLAGS.paused
            if found in self._handles or found in self._forgotten:
                self._add(params)
            else:
                self._handles[found] = None
                self._session.async_add_torrent(params)
            self._offered.add(found)
        return found

    def drop(self, identity: str) -> int:
        """Stop offering; how many bytes of payload it had given. The files stay."""
        with self._door:
            self._offered.discard(identity)
            self._swarms.pop(identity, None)
            if identity not in self._handles:
                return 0
            handle = self._held(identity)
            if self._handles.pop(identity) is None:
                self._forgotten.add(identity)
        if not handle.is_valid():
            return 0
        given = handle.status(0).total_payload_upload
        self._session.remove_torrent(handle)
        return int(given)

    def swarms(self) -> Mapping[str, Swarm]:
        """How what is held was doing when ``troubles`` looked last; the rest is ``STILL``."""
        return dict(self._swarms)

    def settle(self) -> None:
        """Count everything that was given until now."""
        for status in self._session.get_torrent_status(lambda _: True, 0):
            self._count(status)

    def troubles(self) -> frozenset[str]:
        """The ids of what is offered and whose files turned out wrong since the last call.

        Asks the engine for its counters on the way; ``traffic`` and ``swarms`` have those of the
        call before.
        """
        self._session.post_session_stats()
        self._session.post_torrent_updates(0)
        self._look_at_socket()
        self._hear()
        found, self._troubled = self._troubled, set()
        return frozenset(found & self._offered)

    def limit(self, upload: Speed, download: Speed) -> None:
        """Hard limits in bytes per second, for neighbours too; 0 is the business of ``hush``."""
        wanted: lt.settings_pack = {
            "upload_rate_limit": upload or 0,
            "download_rate_limit": download or 0,
        }
        with self._door:
            if wanted != self._limits and not self._closed:
                self._limits = wanted
                self._session.apply_settings(wanted)

    def hush(self, *, silent: bool) -> None:
        """Offer nothing for now, or offer again; hashing goes on, as in no paused engine."""
        with self._door:
            if silent == self._paused:
                return
            self._paused = silent
            for identity in list(self._offered):
                if identity in self._handles:
                    handle = self._held(identity)
                    (handle.set_flags if silent else handle.unset_flags)(_FLAGS.paused)

    def call(self, identity: str, peer: tuple[str, int]) -> None:
        """Speak to one peer."""
        self._held(identity).connect_peer(peer)

    def reopen(self) -> None:
        """Open the sockets again: the route is back."""
        self._session.reopen_network_sockets(0)

    def close(self) -> None:
        """Leave all swarms, and wait a moment while the trackers are told."""
        with self._door:  # a command may just be on its way
            self._closed = True
            for identity in self._handles:
                if (handle := self._held(identity)).is_valid():
                    self._session.remove_torrent(handle)
            self._handles.clear()
            self._session.pause()
            del self._session

    def _held(self, identity: str) -> lt.torrent_handle:
        """The engine is asked for what is on its way."""
        handle = self._handles[identity]
        return handle or self._session.find_torrent(lt.sha1_hash(bytes.fromhex(identity)))

    def _hear(self) -> None:
        """Take in all that the engine told; nobody else does, for it tells everything once."""
        for alert in self._session.pop_alerts():
            if isinstance(alert, _TROUBLE):
                self._troubled.add(engine.identity(alert.handle.info_hashes()))
            elif isinstance(alert, lt.add_torrent_alert):
                self._troubled |= self._arrived(alert)
            elif isinstance(alert, lt.state_update_alert):
                for status in alert.status:
                    self._count(status)
            elif isinstance(alert, lt.session_stats_alert):
                self.traffic = engine.traffic(alert.values)
                self.reached |= bool(alert.values["net.has_incoming_connections"])
            elif isinstance(alert, lt.listen_failed_alert):
                self._refused.add(alert.error.value())
            elif isinstance(alert, lt.alerts_dropped_alert):
                self._troubled |= self._unwell()

    def _arrived(self, alert: lt.add_torrent_alert) -> set[str]:
        """Keep the handle of what was added; or its id, if it was not taken."""
        identity = engine.identity(alert.params.info_hashes)
        if identity in self._forgotten:
            self._forgotten.discard(identity)
            return set()
        if self._handles.get(identity, alert.handle) is None and not alert.error.value():
            self._handles[identity] = alert.handle
        return {identity} if alert.error.value() else set()

    def _look_at_socket(self) -> None:
        port = self._session.listen_port() if self._session.is_listening() else 0
        self._address = Address(self._wiring.listen.host, port) if port else None

    def _count(self, status: lt.torrent_status) -> None:
        identity = engine.identity(status.info_hashes)
        if self._handles.get(identity) == status.handle:  # it may have come again meanwhile
            self._swarms[identity] = Swarm(status.total_payload_upload, status.num_peers)

    def _unwell(self) -> set[str]:
        """What is not whole, found one by one: the engine had more to tell than it could keep."""
        self.settle()
        statuses = self._session.get_torrent_status(lambda one: not one.is_seeding, 0)
        return {engine.identity(one.info_hashes) for one in statuses}

    def _add(self, params: lt.add_torrent_params) -> str:
        handle = engine.added(self._session, params)
        identity = engine.identity(handle.info_hashes())
        self._handles[identity] = handle
        return identity


def _seed_only(
    params: lt.add_torrent_params, folder: Path, trackers: Sequence[str]
) -> lt.add_torrent_params:
    """How to add a torrent: seed only, and contact nobody but ``trackers``."""
    engine.contact_only(params, folder, trackers)
    params.flags = _NEVER_DOWNLOADS
    return params
