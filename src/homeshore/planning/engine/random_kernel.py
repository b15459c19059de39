"""A small random generator that a compiled loop keeps in registers: xoshiro256++ seeded by splitmix64.

Source: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators" (2021), public domain.
A generator is the tuple of its four words; drawing returns the number and the next generator.
"""

import math

import numpy as np

from homeshore.planning.engine.compiled import compiled

Generator = tuple[np.uint64, np.uint64, np.uint64, np.uint64]

_TO_UNIT = 2.0**-53


@compiled
def _mixed(word: np.uint64) -> np.uint64:
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@compiled
def generator(seed: int, replication: int, stream: int) -> Generator:
    """The generator of one stream (say, one queue's contacts) of one replication of an experiment."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    word = _mixed(np.uint64(seed) + golden)
    word = _mixed(word ^ (np.uint64(replication) * golden + np.uint64(0x632BE59BD9B4E019)))
    word = _mixed(word ^ (np.uint64(stream) * golden + np.uint64(0xD1342543DE82EF95)))
    a = _mixed(word + golden)
    b = _mixed(word + golden * np.uint64(2))
    c = _mixed(word + golden * np.uint64(3))
    d = _mixed(word + golden * np.uint64(4))
    return a, b, c, d


@compiled
def uniform(state: Generator) -> tuple[float, Generator]:
    """A number in (0, 1]: its logarithm is always finite."""
    a, b, c, d = state
    total = a + d
    word = ((total << np.uint64(23)) | (total >> np.uint64(41))) + a
    shifted = b << np.uint64(17)
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << np.uint64(45)) | (d >> np.uint64(19))
    return (np.float64(word >> np.uint64(11)) + 1.0) * _TO_UNIT, (a, b, c, d)


@compiled
def exponential(state: Generator) -> tuple[float, Generator]:
    """Mean 1."""
    u, state = uniform(state)
    return -math.log(u), state


@compiled
def normal(state: Generator) -> tuple[float, Generator]:
    """Mean 0, deviation 1 (Box and Muller, one of the pair)."""
    u, state = uniform(state)
    v, state = uniform(state)
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v), state
