/* zone_read.c — zones from TZif bytes, from POSIX rules and from fixed offsets.
 *
 * A TZif file (RFC 9636) is a header with six counts and a data block with 32-bit times; from version 2 on a second
 * header and block with 64-bit times follow, then a POSIX rule between newlines for the time after the last change:
 *
 *     TZif2 … changes … types … names … \nCET-1CEST,M3.5.0,M10.5.0/3\n
 *
 * Nothing is believed: every count is checked against the bytes that are there before anything is read.
 */
#include "base/zone.h"

#include <string.h>

#define HEADER          44
#define LARGEST_OFFSET  (26 * 3600 - 1)
#define MOST_CHANGES    100000          /* real zones have below 250 */
#define LATEST_CHANGE   (INT64_C(1) << 60)    /* RFC 9636 asks for ±2^59; sums with offsets must not overflow */

/* ---- POSIX rules ------------------------------------------------------------------------------------------------- */
typedef struct reader { const char *p, *end; } reader;

static bool skip(reader *r, char c) { return r->p < r->end && *r->p == c && (r->p++, true); }
static bool at_digit(const reader *r) { return r->p < r->end && *r->p >= '0' && *r->p <= '9'; }

static bool number(reader *r, int32_t most, int32_t *out)
{
    int32_t value = 0;
    if (!at_digit(r)) return false;
    while (at_digit(r) && value <= most) value = value * 10 + (*r->p++ - '0');
    *out = value;
    return value <= most;
}

/* [+-]hh[:mm[:ss]] */
static bool clock(reader *r, int32_t most_hours, int32_t *seconds)
{
    int32_t hours, minutes = 0, rest = 0;
    bool negative = skip(r, '-');
    if (!negative) skip(r, '+');
    if (!number(r, most_hours, &hours)) return false;
    if (skip(r, ':') && (!number(r, 59, &minutes) || (skip(r, ':') && !number(r, 59, &rest)))) return false;
    *seconds = hours * 3600 + minutes * 60 + rest;
    if (negative) *seconds = -*seconds;
    return true;
}

static bool is_letter(char c) { return ((unsigned char)(c | 0x20) >= 'a' && (unsigned char)(c | 0x20) <= 'z'); }

/* "CEST" or "<+0330>" */
static bool name(reader *r, char out[11])
{
    bool quoted = skip(r, '<');
    const char *start = r->p;
    while (r->p < r->end && (quoted ? *r->p != '>' : is_letter(*r->p))) r->p++;
    size_t n = (size_t)(r->p - start);
    if (n < 3 || n > 10 || (quoted && !skip(r, '>'))) return false;
    memset(out, 0, 11);
    memcpy(out, start, n);
    return true;
}

static bool change(reader *r, fr_zone_change *out)
{
    int32_t value = 0, week = 0, day = 0;
    *out = (fr_zone_change){ .kind = 'n', .seconds = 2 * 3600 };
    if (!skip(r, ',')) return false;
    if (skip(r, 'M')) {
        if (!number(r, 12, &value) || value < 1 || !skip(r, '.') || !number(r, 5, &week) || week < 1 || !skip(r, '.') ||
            !number(r, 6, &day)) return false;
        *out = (fr_zone_change){ .kind = 'M', .month = (uint8_t)value, .week = (uint8_t)week, .day = (uint8_t)day,
            .seconds = 2 * 3600 };
    } else {
        if (skip(r, 'J')) out->kind = 'J';
        if (!number(r, 365, &value) || (out->kind == 'J' && value < 1)) return false;
        out->day_of_year = (int16_t)value;
    }
    return !skip(r, '/') || clock(r, 167, &out->seconds);
}

/* A POSIX rule counts west as positive. */
static bool rule(reader *r, fr_zone *out)
{
    if (!name(r, out->standard.name) || !clock(r, 25, &out->standard.offset)) return false;
    out->standard.offset = -out->standard.offset;
    out->has_rule = true;
    if (r->p == r->end) return true;
    out->has_dst = out->dst.is_dst = true;
    if (!name(r, out->dst.name)) return false;
    out->dst.offset = out->standard.offset + 3600;
    if (r->p < r->end && *r->p != ',') {
        if (!clock(r, 25, &out->dst.offset)) return false;
        out->dst.offset = -out->dst.offset;
    }
    return change(r, &out->dst_start) && change(r, &out->dst_end) && r->p == r->end;
}

bool fr_zone_posix(const char *text, size_t n, fr_zone *out)
{
    reader r = { text, text + n };
    fr_zone zone = { .n_changes = 0 };
    if (!rule(&r, &zone)) return false;
    *out = zone;
    return true;
}

/* ---- fixed offsets ----------------------------------------------------------------------------------------------- */
static bool same(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(text, word, n) == 0;
}

/* ±hh, ±hh:mm, ±hhmm, also after UTC or GMT, where a single digit will do */
static bool offset(const char *p, size_t n, bool short_too, int32_t *seconds)
{
    bool colon = n == 6 && p[3] == ':';
    char d[4] = { '0', '0', '0', '0' };
    if (n < 2 || (p[0] != '+' && p[0] != '-')) return false;
    if (n == 2 && short_too) d[1] = p[1];
    else if (n == 3 || n == 5) memcpy(d, p + 1, n - 1);
    else if (colon) memcpy(d, (const char[]){ p[1], p[2], p[4], p[5] }, 4);
    else return false;
    for (int i = 0; i < 4; i++)
        if (d[i] < '0' || d[i] > '9') return false;
    int32_t hours = (d[0] - '0') * 10 + d[1] - '0', minutes = (d[2] - '0') * 10 + d[3] - '0';
    if (hours > 23 || minutes > 59) return false;
    *seconds = (hours * 60 + minutes) * (p[0] == '-' ? -60 : 60);
    return true;
}

bool fr_zone_fixed(const char *text, size_t n, fr_zone *out)
{
    int32_t seconds = 0;
    bool named = n >= 3 && (memcmp(text, "UTC", 3) == 0 || memcmp(text, "GMT", 3) == 0);
    if (!same(text, n, "Z") && !(named && n == 3) && !offset(text + (named ? 3 : 0), n - (named ? 3 : 0), named,
        &seconds)) return false;
    *out = (fr_zone){ .has_rule = true };
    out->standard.offset = seconds;
    int size = seconds < 0 ? -seconds : seconds, minutes = size / 60;
    const char digits[] = { seconds < 0 ? '-' : '+', (char)('0' + minutes / 600), (char)('0' + minutes / 60 % 10), ':',
                            (char)('0' + minutes % 60 / 10), (char)('0' + minutes % 10) };
    memcpy(out->standard.name, seconds ? digits : "UTC\0\0", sizeof digits);
    return true;
}

/* ---- TZif -------------------------------------------------------------------------------------------------------- */
/* One data block: where its parts lie. */
typedef struct block {
    size_t         n_changes, n_types, n_name_bytes;
    size_t         time_bytes;          /* 4 or 8 */
    const uint8_t *changes, *types, *type_records, *names, *end;
} block;

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static int64_t big64(const uint8_t *p) { return (int64_t)((uint64_t)big32(p) << 32 | big32(p + 4)); }

static bool is_header(const uint8_t *p, size_t n) { return n >= HEADER && memcmp(p, "TZif", 4) == 0; }

/* The block behind the header at p, which has n bytes. */
static bool find_block(const uint8_t *p, size_t n, size_t time_bytes, block *out)
{
    size_t n_ut = big32(p + 20), n_std = big32(p + 24), n_leap = big32(p + 28);
    *out = (block){ .n_changes = big32(p + 32), .n_types = big32(p + 36), .n_name_bytes = big32(p + 40),
        .time_bytes = time_bytes };
    size_t bytes = HEADER + out->n_changes * (time_bytes + 1) + out->n_types * 6 + out->n_name_bytes + n_leap * (time_bytes + 4) +
                   n_std + n_ut;                                                    /* 32-bit counts: no overflow */
    if (bytes > n || out->n_changes > MOST_CHANGES) return false;
    out->changes = p + HEADER;
    out->types = out->changes + out->n_changes * time_bytes;
    out->type_records = out->types + out->n_changes;
    out->names = out->type_records + out->n_types * 6;
    out->end = p + bytes;
    return true;
}

/* The block to use: the second where there is one. *version gets the file's. */
static bool choose_block(const uint8_t *bytes, size_t n, block *out, bool *second)
{
    if (!is_header(bytes, n) || !find_block(bytes, n, 4, out)) return false;
    *second = bytes[4] >= '2';
    if (!*second) return out->n_types >= 1 && out->n_types <= 256;
    size_t used = (size_t)(out->end - bytes);
    if (!is_header(bytes + used, n - used) || !find_block(bytes + used, n - used, 8, out)) return false;
    return out->n_types >= 1 && out->n_types <= 256;
}

static size_t room_for(const block *b)
{
    return sizeof(fr_zone) + b->n_changes * sizeof(int64_t) + b->n_types * sizeof(fr_zone_type) + b->n_changes;
}

size_t fr_zone_size(const uint8_t *bytes, size_t n)
{
    block b;
    bool second;
    return choose_block(bytes, n, &b, &second) ? room_for(&b) : 0;
}

static bool read_type(const block *b, size_t i, fr_zone_type *out)
{
    const uint8_t *record = b->type_records + i * 6;
    size_t at = record[5];
    *out = (fr_zone_type){ .offset = (int32_t)big32(record), .is_dst = record[4] != 0 };
    if (out->offset > LARGEST_OFFSET || out->offset < -LARGEST_OFFSET || record[4] > 1 ||
        at >= b->n_name_bytes) return false;
    for (size_t k = 0; k < sizeof out->name - 1 && at + k < b->n_name_bytes && b->names[at + k]; k++)
        out->name[k] = (char)b->names[at + k];
    return true;
}

static bool read_changes(const block *b, int64_t *changes, uint8_t *types)
{
    for (size_t i = 0; i < b->n_changes; i++) {
        const uint8_t *p = b->changes + i * b->time_bytes;
        changes[i] = b->time_bytes == 8 ? big64(p) : (int32_t)big32(p);
        types[i] = b->types[i];
        if (types[i] >= b->n_types || (i && changes[i] <= changes[i - 1])) return false;
        if (changes[i] > LATEST_CHANGE || changes[i] < -LATEST_CHANGE) return false;
    }
    return true;
}

/* "\nrule\n" at the end; an empty rule is none. */
static bool read_footer(const uint8_t *p, size_t n, fr_zone *zone)
{
    if (n < 2 || p[0] != '\n') return false;
    const uint8_t *newline = memchr(p + 1, '\n', n - 1);
    if (!newline) return false;
    reader r = { (const char *)p + 1, (const char *)newline };
    return r.p == r.end || rule(&r, zone);
}

fr_zone *fr_zone_parse(const uint8_t *bytes, size_t n, void *memory)
{
    block b;
    bool second;
    if (!choose_block(bytes, n, &b, &second)) return NULL;
    fr_zone *zone = memory;
    int64_t *changes = (int64_t *)(zone + 1);
    fr_zone_type *type = (fr_zone_type *)(changes + b.n_changes);
    uint8_t *types = (uint8_t *)(type + b.n_types);
    *zone = (fr_zone){ .n_changes = b.n_changes, .changes = changes, .types = types, .type = type };
    for (size_t i = 0; i < b.n_types; i++)
        if (!read_type(&b, i, &type[i])) return NULL;
    if (!read_changes(&b, changes, types)) return NULL;
    if (second && !read_footer(b.end, (size_t)(bytes + n - b.end), zone)) return NULL;
    return zone;
}
