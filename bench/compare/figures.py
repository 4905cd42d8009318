"""Numbers and tables as RESULTS.md shows them."""
import math


def ms(seconds):
    """Three digits where they say something: 0.35, 3.5, 35.1, 351."""
    if seconds is None:
        return "–"
    value = 1000 * seconds
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def ratio(value, goal=None):
    if value is None:
        return "–"
    said = f"{value:.2f}" if value < 10 else f"{value:.0f}"
    return f"**{said}**" if goal and value > goal else said


def table(head, rows):
    """Markdown; columns after the first are numbers."""
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def size(bytes_):
    """Of blocks the roofline measured: powers of two."""
    return f"{bytes_ >> 20} MiB" if bytes_ >= 1 << 20 else f"{bytes_ >> 10} KiB"


def amount(bytes_):
    """Two digits, in powers of ten: 1.6 MB, 440 MB, 5.2 GB."""
    power = min(max(int(math.log10(max(bytes_, 1))) // 3, 0), 3)
    value = bytes_ / 1000**power
    return f"{value:.1f} {('B', 'kB', 'MB', 'GB')[power]}" if value < 9.95 and power else \
        f"{value:,.0f} {('B', 'kB', 'MB', 'GB')[power]}"


def power_of_ten(n):
    """10⁸, 2·10⁷"""
    digit, exponent = f"{n:.0e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if digit == "1" else f"{digit}·10{raised}"
