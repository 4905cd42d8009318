/* Records: every pair of widths, every size of record, at awkward lengths and places, against plain copies; packed in
 * order, dealt to buckets, and put in order bucket by bucket. */
#include "kernel/records.h"
#include "support/columns.h"
#include "support/test.h"

#include <string.h>

enum { ROOM = 1200 };

static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 255, 256, 257, 511, 777 };

typedef struct width { uint8_t stored, width; } width;
static const width widths[] = { { 1, 1 }, { 2, 2 }, { 4, 4 }, { 8, 8 }, { 1, 2 }, { 1, 4 }, { 1, 8 }, { 2, 4 }, { 2, 8 },
                                { 4, 8 }, { 16, 16 } };

typedef struct column { uint64_t base; char values[ROOM * 16]; _Alignas(64) char taken[(ROOM + 1) * 16]; } column;

/* Values that lie within what is stored, above a base that wraps; zero among them. */
static void fill(column *c, width w, uint64_t *seed)
{
    const uint64_t reach = w.stored >= 8 ? UINT64_MAX : ((uint64_t)1 << 8 * w.stored) - 1;
    c->base = w.stored < w.width ? (uint64_t)0 - fr_test_random(seed) % (reach + 1) : 0;
    memset(c->taken, 0xa5, sizeof c->taken);
    for (size_t i = 0; i < ROOM; i++) {
        const uint64_t value[2] = { (fr_test_random(seed) & reach) + c->base, fr_test_random(seed) };
        memcpy(c->values + i * w.width, value, w.width);
    }
}

static bool taken_right(const column *c, width w, const fr_rows *rows, int64_t from, int64_t n)
{
    static const char zero[16] = { 0 };
    for (int64_t i = from; i < from + n; i++) {
        const int64_t row = fr_row_at(rows, i);
        if (memcmp(c->taken + (size_t)i * w.width, row < 0 ? zero : c->values + (size_t)row * w.width, w.width)) return false;
    }
    const unsigned char *beyond = (const unsigned char *)c->taken + (size_t)(from + n) * w.width;
    for (size_t i = 0; i < w.width; i++)
        if (beyond[i] != 0xa5) return false;                   /* nothing is written past the end */
    return true;
}

/* Records dealt to three buckets, one of which has few, in two blocks of rows. */
enum { BUCKETS = 3, FIRST = 512 };
typedef struct dealt { size_t begins[BUCKETS + 1]; int64_t place_of[ROOM]; } dealt;

static void deal(const fr_records_kernels *kernels, const fr_records *records, dealt *d)
{
    static fr_record_lines lines;
    static uint16_t buckets[ROOM];
    size_t begins[2][BUCKETS], at = 0;
    for (size_t i = 0; i < ROOM; i++) buckets[i] = (uint16_t)(i % 50 == 7 ? 1 : i * i % 5 < 2 ? 0 : 2);
    for (size_t bucket = 0; bucket < BUCKETS; bucket++)
        for (size_t block = 0; block < 2; block++) {
            begins[block][bucket] = at;
            for (size_t i = block ? FIRST : 0; i < (block ? ROOM : FIRST); i++)
                if (buckets[i] == bucket) d->place_of[i] = (int64_t)at++;
        }
    for (size_t block = 0; block < 2; block++) {
        memcpy(lines.written, begins[block], sizeof begins[block]);
        memcpy(lines.next, begins[block], sizeof begins[block]);
        kernels->deal(records, block ? FIRST : 0, block ? ROOM - FIRST : FIRST, buckets, BUCKETS, &lines);
    }
    memcpy(d->begins, begins[0], sizeof begins[0]);
    d->begins[BUCKETS] = ROOM;
}

/* Taken from where they went. */
static void take_dealt(const fr_records_kernels *kernels, const fr_records *records, const dealt *d, const fr_rows *rows,
                       int64_t from, int64_t n)
{
    static uint32_t narrow[ROOM];
    static int64_t wide[ROOM];
    for (int64_t i = 0; i < ROOM; i++) {
        const int64_t row = fr_row_at(rows, i);
        wide[i] = row < 0 ? row : d->place_of[row];
        narrow[i] = (uint32_t)wide[i];
    }
    const fr_rows places = fr_rows_view(rows->wide ? (void *)wide : (void *)narrow, rows->wide != NULL, ROOM);
    kernels->take(records, &places, from, n);
}

/* Each bucket put in an order of its own, which any is; *rows is that of all. */
static void settle(const fr_records_kernels *kernels, const fr_records *records, const dealt *d, bool wide, uint64_t *seed,
                   int64_t rows[static ROOM])
{
    static _Alignas(64) char stage[ROOM * 16];
    static uint32_t places[ROOM];
    static int64_t row_at[ROOM];
    fr_buffer room = { .data = places };
    const fr_row_deal order = { .places = &room, .wide = wide };
    for (int64_t row = 0; row < ROOM; row++) row_at[d->place_of[row]] = row;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        const size_t begin = d->begins[bucket], n = d->begins[bucket + 1] - begin;
        for (size_t i = begin; i < begin + n; i++) {
            const size_t place = fr_test_random(seed) % n;
            fr_dealt_put(places, wide, i, place);
            rows[i] = row_at[begin + place];
        }
        kernels->settle(records, &order, begin, n, stage);
    }
}

typedef struct set { size_t first, n, bytes; } set;             /* widths[first …], and the record they need */

/* All in the order they were packed in, in two pieces. */
static void spread(const fr_records_kernels *kernels, const fr_records *records, int64_t rows[static ROOM])
{
    for (int64_t i = 0; i < ROOM; i++) rows[i] = i;
    kernels->pack(records, 0, ROOM);
    kernels->spread(records, 0, 333);
    kernels->spread(records, 333, ROOM - 333);
}

static void check_set(const fr_records_kernels *kernels, const set *s, int64_t n, int64_t from, int way, uint64_t seed)
{
    static column columns[FR_COUNT_OF(widths)];
    static _Alignas(64) uint64_t room[ROOM * FR_RECORD_MOST_BYTES / 8];
    static uint32_t narrow[ROOM];
    static int64_t wide[ROOM];
    const bool is_wide = way & 2, streams = way & 4;
    fr_records records = { .n_fields = s->n, .bytes = s->bytes, .at = (char *)room, .streams = streams };
    size_t at = 0;
    for (size_t k = 0; k < s->n; k++) {
        const width w = widths[s->first + k];
        fill(&columns[k], w, &seed);
        records.fields[k] = (fr_record_field){ .values = columns[k].values, .out = columns[k].taken, .at = (uint8_t)at,
                                               .base = columns[k].base, .width = w.width, .stored = w.stored,
                                               .streams = streams };
        at += w.stored;
    }
    for (int64_t i = 0; i < ROOM; i++) {
        const uint64_t r = fr_test_random(&seed);
        wide[i] = r % 7 == 0 ? FR_ROW_MISSING64 : (int64_t)(r / 8 % ROOM);
        narrow[i] = (uint32_t)wide[i];
    }
    const fr_rows rows = fr_rows_view(is_wide ? (void *)wide : (void *)narrow, is_wide, ROOM);
    kernels->pack(&records, 0, 512);
    kernels->pack(&records, 512, ROOM - 512);
    kernels->take(&records, &rows, from, n);
    for (size_t k = 0; k < s->n; k++) CHECK(taken_right(&columns[k], widths[s->first + k], &rows, from, n));
    if (s->bytes > 16) return;                                  /* they are not dealt */

    dealt d;
    for (size_t k = 0; k < s->n; k++) memset(columns[k].taken, 0xa5, sizeof columns[k].taken);
    memset(room, 0, sizeof room);
    deal(kernels, &records, &d);
    take_dealt(kernels, &records, &d, &rows, from, n);
    for (size_t k = 0; k < s->n; k++) CHECK(taken_right(&columns[k], widths[s->first + k], &rows, from, n));

    for (size_t k = 0; k < s->n; k++) memset(columns[k].taken, 0xa5, sizeof columns[k].taken);
    const bool lies_there = s->n == 1 && widths[s->first].stored == s->bytes;
    if (lies_there) {                                           /* the records where their only field will be */
        memcpy(columns[0].taken, room, ROOM * s->bytes);
        records.at = columns[0].taken;
    }
    settle(kernels, &records, &d, is_wide, &seed, wide);
    const fr_rows settled = fr_rows_view(wide, true, ROOM);
    for (size_t k = 0; k < s->n; k++) CHECK(taken_right(&columns[k], widths[s->first + k], &settled, 0, ROOM));

    for (size_t k = 0; k < s->n; k++) memset(columns[k].taken, 0xa5, sizeof columns[k].taken);
    spread(kernels, &records, wide);
    const fr_rows packed = fr_rows_view(wide, true, ROOM);
    for (size_t k = 0; k < s->n; k++) CHECK(taken_right(&columns[k], widths[s->first + k], &packed, 0, ROOM));
}

TEST(records_give_back_what_was_packed)
{
    const set sets[] = { { 0, 1, 8 }, { 0, 3, 8 }, { 0, 4, 16 }, { 4, 4, 8 }, { 1, 6, 32 }, { 0, 11, 64 }, { 7, 4, 32 },
                         { 9, 2, 32 }, { 3, 8, 64 }, { 1, 6, 24 }, { 4, 4, 24 }, { 9, 2, 24 }, { 0, 8, 24 }, { 3, 1, 8 },
                         { 10, 1, 16 } };
    for (size_t i = 0; i < FR_COUNT_OF(sets); i++)
        for (size_t j = 0; j < FR_COUNT_OF(lengths); j++)
            for (int way = 0; way < 8; way++)
                for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
                    check_set(FR_ISA_AT(fr_records_kernels, isa), &sets[i], lengths[j], way & 1 ? 64 * (int64_t)j % 320 : 0,
                              way, 100 * i + 4 * j + (uint64_t)way);
}
