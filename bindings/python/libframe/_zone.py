"""Time zones by name, as tzinfo objects."""
import datetime
import functools
import re


@functools.lru_cache(maxsize=64)
def zone_of(name):
    """'Europe/Berlin', 'UTC' or '+02:00' as a tzinfo."""
    if name in ("UTC", "Z", "Etc/UTC"):
        return datetime.timezone.utc
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", name)
    if match:
        minutes = int(match[2]) * 60 + int(match[3])
        return datetime.timezone(datetime.timedelta(minutes=-minutes if match[1] == "-" else minutes))
    import zoneinfo          # 3 ms of a program's start, which few programs need
    return zoneinfo.ZoneInfo(name)
