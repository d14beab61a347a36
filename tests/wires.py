"""A network of its own on one computer: places with an address each, and slow, lossy wires.

``python tests/wires.py COUNT DELAY_MS LOSS_PERCENT``, as root of fresh network and mount
namespaces with a /run of their own, makes the namespaces ``place1`` ... with the addresses
10.77.0.1 ... and carries every packet between them, until its standard input ends. Many kernels
have no ``netem``, so the wires are TUN devices whose far ends this program holds.
"""

import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import time

_SET_INTERFACE = 0x400454CA  # TUNSETIFF
_TUN, _NO_HEADER = 0x0001, 0x1000
_MTU = 1500
_TARGET = slice(16, 20)  # of an IPv4 header


def address(place: int) -> str:
    """Of a place; they count from 1."""
    return f"10.77.0.{place}"


def inside(place: int) -> tuple[str, ...]:
    """What to write before a command that is to run there."""
    return ("nsenter", f"--net=/run/netns/place{place}")


def _ip(*words: str, script: str = "") -> None:
    subprocess.run(["ip", *words], input=script, text=True, check=True)


def _wire(place: int) -> int:
    """Make a place; the far end of its wire."""
    name = f"wire{place}"
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH22x", name.encode(), _TUN | _NO_HEADER)
    fcntl.ioctl(descriptor, _SET_INTERFACE, request)
    _ip("netns", "add", f"place{place}")
    _ip("link", "set", name, "netns", f"place{place}")
    script = f"""\
        link set lo up
        addr add {address(place)}/32 dev {name}
        link set {name} mtu {_MTU} txqueuelen 1000 up
        route add default dev {name}
    """
    _ip("-netns", f"place{place}", "-batch", "-", script=script)
    return descriptor


class Switch:
    """Carries packets, each after a while, and loses some."""

    def __init__(self, wires: dict[bytes, int], delay: float, loss: float) -> None:
        self.carried = self.lost = 0
        self._wires, self._delay, self._loss = wires, delay, loss
        self._due: list[tuple[float, int, int, bytes]] = []
        self._chance = random.Random(1)

    def run(self, end: int) -> None:
        """Until something, or the end, comes from ``end``."""
        look = select.epoll()
        for one in (*self._wires.values(), end):
            look.register(one, select.EPOLLIN)
        while True:
            wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else 1.0
            for ready, _ in look.poll(wait):
                if ready == end:
                    return
                self._take(ready)
            self._deliver()

    def _take(self, wire: int) -> None:
        now = time.monotonic() + self._delay
        try:
            for _ in range(64):
                packet = os.read(wire, _MTU + 100)
                target = self._wires.get(packet[_TARGET])
                self.carried += 1
                if target is None or self._chance.random() < self._loss:
                    self.lost += 1
                else:
                    heapq.heappush(self._due, (now, self.carried, target, packet))
        except BlockingIOError:
            return

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, _, target, packet = heapq.heappop(self._due)
            try:
                os.write(target, packet)
            except OSError:  # nobody is there, or its queue is full
                self.lost += 1


def main() -> None:
    count, delay, loss = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    wires = {bytes([10, 77, 0, place]): _wire(place) for place in range(1, count + 1)}
    switch = Switch(wires, delay / 1000, loss / 100)
    print("ready", flush=True)
    switch.run(sys.stdin.fileno())
    print(json.dumps({"carried": switch.carried, "lost": switch.lost}), flush=True)


if __name__ == "__main__":
    main()
