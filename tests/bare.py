"""A leecher that is libtorrent and little more: ``python tests/bare.py SOURCE INTO SEEN``.

It fetches a torrent or a magnet link and stays. Into the file SEEN goes a line for each neighbour,
``MONOTONIC-SECONDS ADDRESS``, at the first byte of payload that came from it.
"""

import sys
import time
from pathlib import Path

import libtorrent as lt

_SETTINGS: "lt.settings_pack" = {
    "listen_interfaces": "0.0.0.0:6881",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "min_announce_interval": 2,
    "allow_multiple_connections_per_ip": True,
    "alert_mask": 0,
}


def main() -> None:
    source, into, seen = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    session = lt.session(lt.session_params(_SETTINGS))
    link = source.startswith("magnet:")
    params = lt.parse_magnet_uri(source) if link else lt.load_torrent_file(source)
    params.save_path = into
    params.flags &= ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
    handle = session.add_torrent(params)
    known: set[str] = set()
    with seen.open("a") as file:
        while True:
            for peer in handle.get_peer_info():
                if peer.total_download and peer.ip[0] not in known:
                    known.add(peer.ip[0])
                    file.write(f"{time.monotonic()} {peer.ip[0]}\n")
                    file.flush()
            time.sleep(0.05)


if __name__ == "__main__":
    main()
