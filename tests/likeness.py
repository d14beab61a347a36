"""How alike two pictures are to the eye: structural similarity over blocks of eight pixels."""

from PIL import Image

_BLOCK = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def likeness(one: Image.Image, other: Image.Image) -> float:
    """1 for equal pictures, near 0 for unlike ones; both of one size (Wang et al. 2004)."""
    assert one.size == other.size
    first, second = one.convert("L"), other.convert("L")
    scores = []
    for x in range(0, one.width - _BLOCK + 1, _BLOCK):
        for y in range(0, one.height - _BLOCK + 1, _BLOCK):
            box = (x, y, x + _BLOCK, y + _BLOCK)
            scores.append(_block(first.crop(box).tobytes(), second.crop(box).tobytes()))
    return sum(scores) / len(scores)


def _block(a: bytes, b: bytes) -> float:
    count = len(a)
    mean_a, mean_b = sum(a) / count, sum(b) / count
    spread_a = sum((v - mean_a) ** 2 for v in a) / count
    spread_b = sum((v - mean_b) ** 2 for v in b) / count
    both = sum((v - mean_a) * (w - mean_b) for v, w in zip(a, b, strict=True)) / count
    light = (2 * mean_a * mean_b + _C1) / (mean_a**2 + mean_b**2 + _C1)
    shape = (2 * both + _C2) / (spread_a + spread_b + _C2)
    return light * shape
