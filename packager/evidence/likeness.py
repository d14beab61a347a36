"""How alike two rows of numbers are."""

from collections.abc import Sequence
from math import sqrt
from operator import mul


def correlation(one: Sequence[int], two: Sequence[int]) -> float:
    """Pearson's, of rows of equal length; 0 where one of them does not vary."""
    count = len(one)
    mean_one, mean_two = sum(one) / count, sum(two) / count
    both = sum(map(mul, one, two)) / count - mean_one * mean_two
    spread_one = sum(map(mul, one, one)) / count - mean_one**2
    spread_two = sum(map(mul, two, two)) / count - mean_two**2
    return both / sqrt(spread_one * spread_two) if spread_one > 0 and spread_two > 0 else 0.0
