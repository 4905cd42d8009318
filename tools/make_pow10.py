#!/usr/bin/env python3
"""Writes src/frame/base/pow10_table.inc.h: the leading 128 bits of every power of ten from 1e-342 to 1e324.

Truncated where the power does not fit, except that 1e-27 ... 1e-1 are rounded up, as the proof in
Mushtak & Lemire, "Fast number parsing without fallback" (Software: Practice and Experience 53, 2023) wants them.

    python3 tools/make_pow10.py > src/frame/base/pow10_table.inc.h
"""
FIRST, LAST = -342, 324


def leading_bits(exponent: int) -> int:
    if exponent >= 0:
        power = 5**exponent
        shift = 128 - power.bit_length()
        return power << shift if shift >= 0 else power >> -shift
    power = 5**-exponent
    bits = power.bit_length() + 127
    quotient = (1 << bits) // power
    if quotient >= 1 << 128:
        quotient = (1 << bits - 1) // power
    return quotient + 1 if exponent >= -27 else quotient


print("/* Written by tools/make_pow10.py; do not edit. {high, low} of 10^-342 ... 10^324. */")
for exponent in range(FIRST, LAST + 1):
    bits = leading_bits(exponent)
    assert 1 << 127 <= bits < 1 << 128
    print(f"{{ 0x{bits >> 64:016X}u, 0x{bits & (1 << 64) - 1:016X}u }},")
