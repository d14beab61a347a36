"""One report, every look: releases made side by side, none lost for another's sake."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

from packager.errors import PackagerError
from packager.keyring import Publisher
from packager.keys import SecretKey
from packager.pack import Packed, pack
from packager.pack.assembly import Progress
from packager.pack.order import Order
from packager.pack.preview import Preview, preview


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order: a release, a plan, or the reason why there is none."""

    disguise: str
    packed: Packed | None = None
    preview: Preview | None = None
    problem: PackagerError | None = None


class _Stopped(Exception):
    """Somebody pressed Ctrl+C; raised where ffmpeg is watched, so that it ends at once."""


def pack_every(
    orders: Sequence[Order], publisher: Publisher, daily: SecretKey, progress: Progress
) -> tuple[Outcome, ...]:
    """Carry out all orders, as many at a time as there are cores.

    Interrupted, it stops every one of them and leaves nothing half made.
    """
    stop = Event()

    def one(order: Order) -> Outcome:
        watched = _watched(order.disguise, progress, stop)
        try:
            return Outcome(order.disguise, pack(order, publisher, daily, watched))
        except PackagerError as error:
            return Outcome(order.disguise, problem=error)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        futures = [pool.submit(one, order) for order in orders]
        try:
            _wait(futures)
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return tuple(future.result() for future in futures)


def foreseen(order: Order, daily: SecretKey) -> Outcome:
    """What ``order`` would make."""
    try:
        return Outcome(order.disguise, preview=preview(order, daily))
    except PackagerError as error:
        return Outcome(order.disguise, problem=error)


def _wait(futures: list[Future[Outcome]]) -> None:
    """Until all are done; woken often, so that Ctrl+C is heard on every system."""
    left = set(futures)
    while left:
        left = wait(left, timeout=0.5).not_done


def _watched(disguise: str, progress: Progress, stop: Event) -> Callable[[str, float], None]:
    def told(stage: str, share: float) -> None:
        if stop.is_set():
            raise _Stopped
        progress(disguise if stage == disguise else f"{disguise}: {stage}", share)

    return told
