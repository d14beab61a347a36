"""Download one torrent from one peer, in a process of its own: ``python -m packager.demo.leecher``.

The second client of the demo where no other BitTorrent program is installed. It knows nobody but
the peer it is given, and ends with 0 once every piece is there, with 1 if that takes too long.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import libtorrent as lt

from packager.errors import Exit, MachineFailed, PackagerError
from packager.files import read_limited
from packager.seed.policy import Address, parse_address
from packager.torrent.metainfo import MAX_TORRENT

_STEP = 0.1  # seconds between two looks
_RETRY = 10  # looks between two attempts to connect
KNOWS_NOBODY: "lt.settings_pack" = {
    "listen_interfaces": "127.0.0.1:0",
    "outgoing_interfaces": "127.0.0.1",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_ip_notifier": False,
    "dht_bootstrap_nodes": "",
    "webtorrent_stun_server": "",
    "alert_mask": 0,
    "utp_connect_timeout": 500,  # ms; who is not there would hold up the end for three seconds
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; the answer is the exit code."""
    parser = argparse.ArgumentParser(prog="packager.demo.leecher", description=__doc__)
    parser.add_argument("torrent", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("peer", metavar="HOST:PORT")
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args(arguments)
    try:
        torrent = read_limited(asked.torrent, MAX_TORRENT)
        whole = leech(torrent, asked.out, parse_address(asked.peer), asked.seconds)
    except PackagerError as error:
        sys.stderr.write(f"error: {error.fact}\n")
        return error.exit
    return Exit.DONE if whole else Exit.NO


def leech(torrent: bytes, out: Path, peer: Address, seconds: int) -> bool:
    """Whether all of ``torrent`` came from ``peer`` into ``out`` within that many seconds."""
    session = lt.session(lt.session_params(KNOWS_NOBODY))
    handle = _add(session, torrent, out)
    for look in range(int(seconds / _STEP)):
        if handle.status().is_seeding:
            return True
        if look % _RETRY == 0:
            handle.connect_peer((str(peer.host), peer.port))
        time.sleep(_STEP)
    return False


def _add(session: lt.session, torrent: bytes, out: Path) -> lt.torrent_handle:
    flags = lt.torrent_flags
    try:
        params = lt.load_torrent_buffer(torrent)
        params.save_path = str(out.absolute())
        params.trackers = []
        params.url_seeds = []
        params.flags = flags.disable_dht | flags.disable_lsd | flags.disable_pex
        return session.add_torrent(params)
    except RuntimeError as error:
        raise MachineFailed(f"the torrent could not be added: {error}") from None


if __name__ == "__main__":
    sys.exit(main())
