/* Any bytes as a TZif file, any text as a rule or an offset. A zone that is read answers every question: the stretch
 * around an instant holds it, and a local time made from an instant leads back to it. */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "fuzz/fuzz.h"

static void ask(const fr_zone *zone, int64_t t)
{
    int64_t from, until, local, earlier, later;
    int32_t offset = fr_zone_offset_range(zone, t, &from, &until);
    if (from > t || (until <= t && until != INT64_MAX) || offset != fr_zone_utc_to_offset(zone, t)) __builtin_trap();
    if (fr_zone_type_at(zone, t).offset != offset || offset < -26 * 3600 || offset > 26 * 3600) __builtin_trap();
    if (__builtin_add_overflow(t, (int64_t)offset, &local)) return;
    fr_local what = fr_zone_resolve(zone, local, &earlier, &later);
    if (until != INT64_MAX && (what == FR_LOCAL_NONEXISTENT || t < earlier || t > later)) __builtin_trap();
}

static void ask_all(const fr_zone *zone)
{
    static const int64_t instants[] = { INT64_MIN, -5000000000, -1, 0, 1583020800, 1600000000, 4000000000,
        INT64_C(1) << 43, INT64_MAX };
    for (size_t i = 0; i < FR_COUNT_OF(instants); i++) ask(zone, instants[i]);
    for (size_t i = 0; i < zone->n_changes && i < 20; i++) {
        ask(zone, zone->changes[i]);
        if (zone->changes[i] > INT64_MIN) ask(zone, zone->changes[i] - 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fr_zone zone;
    if (fr_zone_posix((const char *)bytes, n, &zone)) ask_all(&zone);
    if (fr_zone_fixed((const char *)bytes, n, &zone)) ask_all(&zone);
    size_t need = fr_zone_size(bytes, n);
    if (!need) return 0;
    void *memory = malloc(need);
    const fr_zone *read = memory ? fr_zone_parse(bytes, n, memory) : NULL;
    if (read) ask_all(read);
    free(memory);
    return 0;
}
