/* zone.h — time zones: from UTC to local time and back, from TZif bytes, POSIX rules or fixed offsets.
 *
 * The caller reads the file and owns the memory; here are only bytes and arithmetic:
 *
 *     size_t need = fr_zone_size(bytes, n);                 0: not a TZif file
 *     fr_zone *berlin = fr_zone_parse(bytes, n, memory);    memory of `need` bytes, aligned to 8
 *     fr_zone_utc_to_offset(berlin, 1583020800)             → 3600
 *
 * Going back from local time has three answers. In Berlin on 2020-10-25, 02:30 happened twice; on 2020-03-29 it never
 * did. fr_zone_resolve says which, fr_zone_local_to_utc applies a policy. A zone is immutable and may be shared.
 */
#ifndef FR_BASE_ZONE_H
#define FR_BASE_ZONE_H

#include "base/compiler.h"

/* One change of a POSIX rule: Mm.w.d, Jn or n, at so many seconds after midnight. */
typedef struct fr_zone_change {
    uint8_t kind;               /* 'M', 'J' or 'n' */
    uint8_t month, week, day;
    int16_t day_of_year;
    int32_t seconds;
} fr_zone_change;

/* What a type of local time is: offset from UTC in seconds (east positive), and its name. */
typedef struct fr_zone_type { int32_t offset; bool is_dst; char name[11]; } fr_zone_type;

typedef struct fr_zone {
    size_t              n_changes;       /* instants at which the type changes                            */
    const int64_t      *changes;         /* ascending, UTC seconds                                        */
    const uint8_t      *types;           /* type from that instant on                                     */
    const fr_zone_type *type;
    uint8_t             first_type;      /* before the first change                                       */
    bool                has_rule;        /* after the last change the rule below decides                  */
    bool                has_dst;         /* … and it alternates                                           */
    fr_zone_type        standard, dst;
    fr_zone_change      dst_start, dst_end;
} fr_zone;

/** Bytes fr_zone_parse needs; 0 when the bytes are not a TZif file (version 1 … 4). Cost O(1). */
size_t fr_zone_size(const uint8_t *bytes, size_t n);

/**
 * Read a TZif file.
 *
 * Returns  a zone inside `memory` (fr_zone_size bytes, aligned to 8), or NULL when the bytes are damaged. The bytes are
 *          not needed afterwards.
 * Source   RFC 9636.
 */
fr_zone *fr_zone_parse(const uint8_t *bytes, size_t n, void *memory);

/** A zone without a file: "UTC", "Z", "GMT", "+02:00", "-0330", "+05", "UTC+1". False when it is none of these. */
bool fr_zone_fixed(const char *text, size_t n, fr_zone *out);

/** A zone from a POSIX rule, "CET-1CEST,M3.5.0,M10.5.0/3". False when it is none. */
bool fr_zone_posix(const char *text, size_t n, fr_zone *out);

/** Seconds to add to UTC for local time. Cost O(log changes). */
FR_PRIVATE int32_t fr_zone_utc_to_offset(const fr_zone *zone, int64_t utc_seconds);

/** All that is known about the local time at an instant: offset, daylight saving, name ("CEST"). */
FR_PRIVATE fr_zone_type fr_zone_type_at(const fr_zone *zone, int64_t utc_seconds);

/**
 * The offset and how long it holds, for columns: one look-up serves every time in [*from, *until).
 *
 * Nearly sorted times (most columns) then cost a comparison each.
 */
FR_PRIVATE int32_t fr_zone_offset_range(const fr_zone *zone, int64_t utc_seconds, int64_t *from, int64_t *until);

/* ---- back to UTC ------------------------------------------------------------------------------------------------- */
typedef enum fr_local {
    FR_LOCAL_OK,
    FR_LOCAL_AMBIGUOUS,        /* happened twice: clocks went back                 */
    FR_LOCAL_NONEXISTENT       /* never happened: clocks went forward over it      */
} fr_local;

typedef enum fr_zone_policy {
    FR_ZONE_ERROR,             /* neither is resolved */
    FR_ZONE_EARLIEST,          /* ambiguous: the first of the two (summer time); nonexistent is not resolved */
    FR_ZONE_LATEST,            /* ambiguous: the second; nonexistent is not resolved */
    FR_ZONE_SHIFT_FORWARD,     /* nonexistent: the first instant after the gap; ambiguous is not resolved */
    FR_ZONE_EARLIEST_SHIFT,    /* both: EARLIEST and SHIFT_FORWARD */
    FR_ZONE_LATEST_SHIFT
} fr_zone_policy;

/** What a local time is. OK: both instants equal; AMBIGUOUS: the two; NONEXISTENT: both the instant of the change. */
FR_PRIVATE fr_local fr_zone_resolve(const fr_zone *zone, int64_t local_seconds, int64_t *earlier, int64_t *later);

/** UTC of a local time. FR_LOCAL_OK: *utc is set; else why the policy could not decide, *utc unchanged. */
FR_PRIVATE fr_local fr_zone_local_to_utc(const fr_zone *zone, int64_t local_seconds, fr_zone_policy policy,
                                         int64_t *utc_seconds);

#endif
