"""What is fetched before it can be judged: a session of its own that gives nothing to anybody.

No slot to upload in, no allowed-fast pieces, no class of peers that needs no slot. Pieces are
asked for as the caller says, so that seals can be looked at before the rest is fetched. Nothing
is made on the disk before the metadata was judged: libtorrent makes empty files and links at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import libtorrent as lt

from packager.errors import PackagerError
from packager.seed import engine
from packager.seed.amounts import Speed
from packager.seed.ledger import Traffic
from packager.seed.policy import Address, Wiring
from packager.torrent import InfoHashes, decode, encode
from packager.torrent.metainfo import MAX_TORRENT

_FLAGS = lt.torrent_flags
_GIVES_NOTHING: "lt.settings_pack" = {
    "unchoke_slots_limit": 0,
    "allowed_fast_set_size": 0,
    "close_redundant_connections": False,  # while its metadata is judged, nothing is wanted
    "max_metadata_size": MAX_TORRENT,
    "connections_limit": 100,
}
_SOON = 10  # seconds; who closed when the tails were here is wanted again
_NORMAL = 4  # priority of a piece
_CALLED = lt.peer_info.local_connection  # by us, so its address can be called again
_LEARNED = {b"file-format", b"file-version", b"info-hash", b"info-hash2", b"info", b"trees"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come; ``wanted_here`` is true once all that was asked for is here."""

    done: int  # bytes
    wanted_here: bool
    whole: bool
    peers: int
    given: int  # bytes of payload; always 0
    problem: str
    bad: bool = False  # the problem is the torrent's, not this machine's


class Quarantine:
    """One session. ``close`` leaves all swarms; the files stay."""

    def __init__(self, wiring: Wiring) -> None:
        listen = Address(wiring.listen.host, 0)
        again: lt.settings_pack = {"min_reconnect_time": engine.SOON if wiring.local else _SOON}
        self._session = engine.session(replace(wiring, listen=listen), _GIVES_NOTHING | again)
        self._handles: dict[str, lt.torrent_handle] = {}
        self._silent = False
        self._notes: dict[str, bytes] = {}
        self._wanted: set[str] = set()
        self.traffic = Traffic()

    def follow(
        self, hashes: InfoHashes, folder: Path, trackers: Sequence[str], known: bytes = b""
    ) -> str:
        """Ask the swarm for a torrent's metadata, and for nothing else, until ``go_on``.

        ``known`` is what ``notes`` gave of it before.
        """
        best = lt.info_hash_t()
        if hashes.v1 and hashes.v2:
            best = lt.info_hash_t(lt.sha1_hash(hashes.v1), lt.sha256_hash(hashes.v2))
        elif hashes.v1:
            best = lt.info_hash_t(lt.sha1_hash(hashes.v1))
        elif hashes.v2:
            best = lt.info_hash_t(lt.sha256_hash(hashes.v2))
        params = _remembered(known, best)
        handle = self._added(params, folder, trackers, _FLAGS.default_dont_download)
        return self._keep(handle)

    def go_on(
        self, identity: str, folder: Path, trackers: Sequence[str], known: bytes = b""
    ) -> None:
        """``fetch`` what was followed, now that its metadata was judged.

        ``known`` is as in ``follow``; pieces on the disk are hashed all the same.
        """
        asked = self._handles[identity]
        info, peers = self.metadata(identity) or b"", asked.get_peer_info()
        params = _remembered(known, asked.info_hashes())
        if params.ti is None:
            params = engine.load(b"d4:info%be" % info)
        self.drop(identity)
        self._handles[identity] = handle = self._added(params, folder, trackers)
        for peer in [one.ip for one in peers if one.flags & _CALLED]:
            handle.connect_peer(peer)

    def fetch(self, torrent: bytes, folder: Path, trackers: Sequence[str]) -> str:
        """Join the swarm of a torrent that was judged; ``want`` says what is fetched."""
        return self._keep(self._added(engine.load(torrent), folder, trackers))

    def metadata(self, identity: str) -> bytes | None:
        """The info dictionary as the swarm gave it, checked against the info-hash by libtorrent."""
        known = self._handles[identity].torrent_file()
        return bytes(known.info_section()) if known else None

    def want(self, identity: str, pieces: Iterable[int] | None) -> None:
        """Fetch these pieces alone, or all."""
        handle = self._handles[identity]
        known = handle.torrent_file()
        count = known.num_pieces() if known else 0
        chosen = set(range(count) if pieces is None else pieces)
        handle.prioritize_pieces([_NORMAL if n in chosen else 0 for n in range(count)])
        handle.unset_flags(_FLAGS.upload_mode)
        self._wanted.add(identity)

    def progress(self, identity: str) -> Progress:
        """How far it is."""
        status = self._handles[identity].status()
        error = status.errc
        problem = error.message() if error.value() else ""
        if identity in self._wanted and status.flags & _FLAGS.upload_mode:
            problem = problem or "the disk did not take what came"  # libtorrent sits and waits
        return Progress(
            done=status.total_done,
            wanted_here=status.is_finished and status.has_metadata,
            whole=status.is_seeding,
            peers=status.num_peers,
            given=status.all_time_upload,
            problem=problem,
            bad=error.category().name() == "libtorrent",
        )

    def flush(self, identity: str) -> None:
        """Have everything written that still waits in memory."""
        self._handles[identity].flush_cache()

    def pulse(self) -> None:
        """Ask the engine for its counters; ``traffic`` has those of the call before."""
        self._session.post_session_stats()
        for alert in self._session.pop_alerts():
            if isinstance(alert, lt.session_stats_alert):
                self.traffic = engine.traffic(alert.values)
            elif isinstance(alert, lt.save_resume_data_alert):
                data = lt.write_resume_data_buf(alert.params)
                self._notes |= {i: data for i, h in self._handles.items() if h == alert.handle}

    def note(self, identity: str) -> None:
        """Have what was learned of a torrent written down; it is among ``notes`` later."""
        kinds = lt.save_resume_flags_t
        self._handles[identity].save_resume_data(kinds.save_info_dict | kinds.only_if_modified)

    def notes(self) -> Iterator[tuple[str, bytes]]:
        """What was learned of torrents since the last call: no piece, no peer, no tracker."""
        while self._notes:
            identity, data = self._notes.popitem()
            with suppress(PackagerError):  # metadata that is refused anyway
                whole = decode(data, len(data))
                if isinstance(whole, dict):
                    yield identity, encode({key: whole[key] for key in _LEARNED & whole.keys()})

    def hush(self, *, silent: bool) -> None:
        """Fetch nothing for now, or go on."""
        if silent != self._silent:
            self._silent = silent
            (self._session.pause if silent else self._session.resume)()

    def limit(self, download: Speed) -> None:
        """A hard limit in bytes per second."""
        self._session.apply_settings({"download_rate_limit": download or 0})

    def drop(self, identity: str) -> None:
        """Leave a swarm; what was fetched stays on the disk."""
        self._wanted.discard(identity)
        if handle := self._handles.pop(identity, None):
            self._session.remove_torrent(handle)

    def call(self, identity: str, peer: tuple[str, int]) -> None:
        """Speak to one peer."""
        self._handles[identity].connect_peer(peer)

    def reopen(self) -> None:
        """Open the sockets again: the route is back."""
        self._session.reopen_network_sockets(0)

    def close(self) -> None:
        """Leave all swarms."""
        for identity in list(self._handles):
            self.drop(identity)
        self._session.pause()
        del self._session

    def _keep(self, handle: lt.torrent_handle) -> str:
        identity = engine.identity(handle.info_hashes())
        self._handles[identity] = handle
        return identity

    def _added(
        self, params: lt.add_torrent_params, folder: Path, trackers: Sequence[str], more: int = 0
    ) -> lt.torrent_handle:
        engine.contact_only(params, folder, trackers)
        params.flags = more | (
            _FLAGS.upload_mode  # until ``want``; dont_download would put pieces into another file
            | _FLAGS.duplicate_is_error
            | _FLAGS.apply_ip_filter
            | _FLAGS.disable_lsd
        )
        return engine.added(self._session, params)


def _remembered(known: bytes, wanted: lt.info_hash_t) -> lt.add_torrent_params:
    """A torrent of which no more is known than its hashes, or what was learned of it before."""
    with suppress(RuntimeError):  # what says nothing; the link does
        found = lt.read_resume_data(known)
        if engine.identity(found.info_hashes) == engine.identity(wanted):
            return found
    params = lt.add_torrent_params()
    params.info_hashes = wanted
    return params
