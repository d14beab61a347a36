"""A short run of the second fuzzer; ``make fuzz`` runs both for as long as one likes."""

import fuzz_safety
import fuzz_seeds
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.tool]
SEED, COUNT = 20_261_121, 2500


def test_no_change_is_accepted_slow_or_a_crash() -> None:
    record = fuzz_safety.run(SEED, range(COUNT))
    answers = record.answers

    assert record.findings == []
    assert record.slowest < fuzz_safety.SLOWEST
    assert answers.total() == COUNT
    assert len({one.rpartition(" ")[0] for one in answers}) > 60  # each parser had its turn
    for kind in ("mp4", "mkv", "mp3", "epub", "fb2", "srt", "vtt", "m3u8", "torrent", "png", "jpg"):
        assert answers[f"{kind} refused"], kind


def test_every_good_input_is_accepted_unchanged() -> None:
    no_room = {"boxes.mp3", "boxes.epub"}  # too small for a seal
    refused = [
        start.name
        for start in fuzz_seeds.seeds()
        if start.name not in no_room
        and fuzz_safety.judge(start, start.data, bad=False).answer != "accepted"
    ]

    assert refused == []


def test_what_is_put_in_is_found_by_construction() -> None:
    found = 0
    for number in range(2000):
        start, _, data, bad = fuzz_safety.change(3, number)
        if bad and data != start.data:
            found += 1
            assert fuzz_safety.judge(start, data, bad=True).finding == "", number
    assert found > 100
