"""What is offered: the part of the node that gives to the swarm.

It never downloads: every torrent is in upload mode for good. It offers a torrent only once every
piece was hashed here (``hash_and_hold``, ``release``), or was before and no file was touched since
(``offer_known``). Its alerts are copied out at once: they dangle after the next look.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import libtorrent as lt

from packager.errors import MachineFailed
from packager.seed import engine
from packager.seed.amounts import Speed
from packager.seed.ledger import Traffic
from packager.seed.policy import Address, Wiring

_STEP = 0.05  # seconds between two looks
_LISTEN_LOOKS = 100
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
        self._session = engine.session(wiring)
        self._limits: lt.settings_pack = {}
        self.traffic = Traffic()
        self.reached = False
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
        for status in self._session.get_torrent_status(lambda _: True):  # one round trip for all
            identity = engine.identity(status.info_hashes)
            if identity in self._handles:
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
                found.add(engine.identity(alert.handle.info_hashes()))
            elif isinstance(alert, lt.session_stats_alert):
                self.traffic = engine.traffic(alert.values)
                self.reached |= bool(alert.values["net.has_incoming_connections"])
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

    def call(self, identity: str, peer: tuple[str, int]) -> None:
        """Speak to one peer."""
        self._handles[identity].connect_peer(peer)

    def reopen(self) -> None:
        """Open the sockets again: the route is back."""
        self._session.reopen_network_sockets(0)

    def close(self) -> None:
        """Leave all swarms, and wait a moment while the trackers are told."""
        for identity in list(self._handles):
            self.drop(identity)
        self._session.pause()
        del self._session

    def _add(self, params: lt.add_torrent_params) -> str:
        handle = engine.added(self._session, params)
        identity = engine.identity(handle.info_hashes())
        self._handles[identity] = handle
        return identity


def _params(torrent: bytes, folder: Path, trackers: Sequence[str]) -> lt.add_torrent_params:
    """How to add a torrent: seed only, and contact nobody but ``trackers``."""
    params = engine.contact_only(engine.load(torrent), folder, trackers)
    params.flags = _NEVER_DOWNLOADS
    return params
