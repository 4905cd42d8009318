#!/usr/bin/env python3
"""Writes src/frame/kernel/logarithms.inc.h: the constants of kernel/elementary.isa.c that no C expression gives.

A number is 2^k * z with 45/64 <= z < 90/64, and z lies in one of 64 stretches, as its bits show. For each stretch stand
here a multiple of 1/256 near the reciprocal of its middle, so that products with half a double are exact, and the
logarithm of that reciprocal, less than 0: its part above 2^-42, which can be added to k ln 2 exactly, and the rest.

    python3 tools/make_logarithms.py > src/frame/kernel/logarithms.inc.h
"""
import decimal
from fractions import Fraction

decimal.getcontext().prec = 80
STRETCHES, FIRST, UNIT = 64, 26, 256
LOW_BIT = 2**42


def arctan_of_inverse(n: int) -> decimal.Decimal:
    term, total, k = decimal.Decimal(1) / n, decimal.Decimal(0), 0
    while abs(term) > decimal.Decimal(10)**-78:
        total += term / (2 * k + 1) * (-1)**k
        term /= n * n
        k += 1
    return total


def nearest(x: decimal.Decimal, unit: int) -> float:
    """The nearest multiple of 1/unit, which is a double."""
    return int((x * unit).to_integral_value()) / unit


def parts(x: decimal.Decimal, *units: int) -> list[str]:
    """x as a sum of doubles: multiples of 1/unit, and the rest."""
    found = []
    for unit in units:
        found.append(nearest(x, unit))
        x -= decimal.Decimal(found[-1])
    return [value.hex() for value in (*found, float(x))]


def stretch(i: int) -> tuple[Fraction, Fraction]:
    scale = Fraction(1, 2) if FIRST + i < STRETCHES else Fraction(1)
    place = (FIRST + i) % STRETCHES
    return (1 + Fraction(place, 64)) * scale, (1 + Fraction(place + 1, 64)) * scale


print("/* Written by tools/make_logarithms.py; do not edit. */")
ln_2 = decimal.Decimal(2).ln()
half_pi = 2 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239))
for name, values in (("LN_2", parts(ln_2, LOW_BIT)), ("HALF_PI", parts(half_pi, 2**32, 2**66)),
                     ("PER_LN_2", [float(1 / ln_2).hex()]), ("PER_HALF_PI", [float(1 / half_pi).hex()])):
    for part, value in zip(("HIGH", "LOW") if len(values) == 2 else ("1", "2", "3") if len(values) == 3 else ("",), values):
        print(f"#define {name}{'_' if part else ''}{part} {value}")
print("static const struct { double inverse, high, low; } logarithms[64] = {")
for i in range(STRETCHES):
    low, high = stretch(i)
    inverse = Fraction(round(2 * UNIT / (low + high)), UNIT) if 1 not in (low, high) else Fraction(1)
    assert all(abs(z * inverse - 1) <= Fraction(1, 64) for z in (low, high))
    logarithm = -(decimal.Decimal(inverse.numerator) / inverse.denominator).ln()
    print("    { %s, %s, %s }," % (float(inverse).hex(), *parts(logarithm, LOW_BIT)))
print("};")
