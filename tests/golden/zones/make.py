#!/usr/bin/env python3
"""Writes zones.txt: what Python's zoneinfo says about 40 zones around every change of offset, 1900 to 2100.

    python3 tests/golden/zones/make.py > tests/golden/zones/zones.txt

Oracle: zoneinfo of Python 3.11 over Debian's tzdata (version in the first line). Two kinds of lines:

    zone <name>
    <utc> <offset> <dst> <name>      from this second on; found by bisection
    <utc> -                          from here the lines are left out, to keep the file small: 2040 to 2097

A test walks the lines: each value holds from its second to the one before the next line's.
"""
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

ZONES = """Europe/Berlin Europe/London Europe/Dublin Europe/Lisbon Europe/Moscow Europe/Istanbul Europe/Kyiv Europe/Paris
America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/St_Johns
America/Halifax America/Sao_Paulo America/Argentina/Buenos_Aires America/Santiago America/Bogota America/Caracas
America/Nuuk America/Havana Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos Asia/Tokyo Asia/Shanghai
Asia/Kolkata Asia/Kathmandu Asia/Tehran Asia/Jerusalem Asia/Dubai Asia/Gaza Australia/Sydney Australia/Adelaide
Australia/Lord_Howe Pacific/Auckland Pacific/Apia Pacific/Chatham Antarctica/Troll UTC""".split()
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
FIRST = int((datetime(1900, 1, 1, tzinfo=timezone.utc) - EPOCH).total_seconds())
LAST = int((datetime(2101, 1, 1, tzinfo=timezone.utc) - EPOCH).total_seconds())
GAP = 2208988800, 4039372800      # 2040-01-01, 2098-01-01
STEP = 7 * 86400


def at(zone, second):
    local = (EPOCH + timedelta(seconds=second)).astimezone(zone)
    return int(local.utcoffset().total_seconds()), int(bool(local.dst())), local.tzname()


def changes(zone):
    now = at(zone, FIRST)
    yield FIRST, now
    for t in range(FIRST, LAST, STEP):
        while at(zone, min(t + STEP, LAST)) != now:
            low, high = t, t + STEP                    # now holds at low, not at high
            while high - low > 1:
                middle = (low + high) // 2
                if at(zone, middle) == now:
                    low = middle
                else:
                    high = middle
            t, now = high, at(zone, high)
            yield high, now


def main():
    version = (zoneinfo.TZPATH and open("/usr/share/zoneinfo/tzdata.zi").readline().split()[-1]) or "?"
    print(f"# python {sys.version.split()[0]}, tzdata {version}")
    for name in ZONES:
        print(f"zone {name}")
        gap = False
        for second, (offset, dst, short) in changes(zoneinfo.ZoneInfo(name)):
            skip = GAP[0] <= second < GAP[1]
            if not skip:
                print(second, offset, dst, short)
            elif not gap:
                print(second, "-")
            gap = skip


if __name__ == "__main__":
    main()
