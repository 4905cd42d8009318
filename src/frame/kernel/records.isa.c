/* records.isa.c — packing and unpacking by way of a small stage.
 *
 * Both go through a few hundred records at a time, which stay in the first cache. There the records' words stand apart,
 * a plane each, in which a field is shifted to its place or back: so each loop moves one field of many records, of
 * widths known when it is compiled, in vectors. 10^7 rows of nine columns, 32 bytes a record, there and back: CPU
 * 15 ns a row when each field was written to and read from its records by itself.
 */
#include "kernel/records.h"

#include "kernel/prefetch.h"
#include "kernel/stream.h"
#include "kernel/together.h"
#include "kernel/value_at.inc.h"

#include <string.h>

enum { STAGE = 256,                    /* records: 16 KB at most */
       WORD = sizeof(uint64_t), MOST_WORDS = FR_RECORD_MOST_BYTES / WORD };

/* bytes stored, bytes of a value */
#define FIELD_WIDTHS(X) X(1, 1) X(2, 2) X(4, 4) X(8, 8) X(1, 2) X(1, 4) X(1, 8) X(2, 4) X(2, 8) X(4, 8)
#define WIDTHS(stored, width) ((stored) * 16 + (width))
#define WORDS(X) X(1) X(2) X(3) X(4) X(8)                                  /* of a record */
#define DEALT_WORDS(X) X(1) X(2)                                           /* of one that is dealt */

typedef struct pair { uint64_t low, high; } pair;
typedef uint64_t plane[STAGE];         /* one word of each record */

/* Bits of a field in its first word, from which on; those that reach into the next one, or 0. */
static inline unsigned shift_of(const fr_record_field *f) { return f->at % WORD * 8; }
static inline bool reaches_on(const fr_record_field *f)   { return f->at % WORD + f->stored > WORD; }

FR_TEMPLATE_FN uint64_t mask_of(size_t stored)
{
    return stored == WORD ? UINT64_MAX : ((uint64_t)1 << 8 * stored) - 1;
}

static void stream_out(char *to, const void *from, size_t bytes)
{
    const size_t whole = bytes / 16 * 16;
    fr_stream(to, from, whole);
    memcpy(to + whole, (const char *)from + whole, bytes - whole);
}

/* ---- packing ----------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void put_values(plane *to, const fr_record_field *f, int64_t from, size_t n, size_t stored, size_t width)
{
    const void *values = (const char *)f->values + (size_t)from * width;
    const uint64_t base = f->base, mask = mask_of(stored);
    const unsigned shift = shift_of(f);
    uint64_t *restrict first = to[0], *restrict next = to[1];
    for (size_t i = 0; i < n; i++) first[i] |= ((value_at(values, i, width) - base) & mask) << shift;
    if (!reaches_on(f)) return;
    for (size_t i = 0; i < n; i++) next[i] |= ((value_at(values, i, width) - base) & mask) >> (64 - shift);
}

static void put_word(plane *to, unsigned shift, const pair *values, bool high, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t word = high ? values[i].high : values[i].low;
        to[0][i] |= word << shift;
        if (shift) to[1][i] |= word >> (64 - shift);
    }
}

static void put_field(plane *planes, const fr_record_field *f, int64_t from, size_t n)
{
    plane *to = planes + f->at / WORD;
#define CASE(S, W) case WIDTHS(S, W): put_values(to, f, from, n, S, W); return;
    switch (WIDTHS(f->stored, f->width)) {
    FIELD_WIDTHS(CASE)
    default:
        put_word(to, shift_of(f), (const pair *)f->values + from, false, n);
        put_word(to + 1, shift_of(f), (const pair *)f->values + from, true, n);
    }
#undef CASE
}

FR_TEMPLATE_FN void join_words(uint64_t *restrict to, const plane *restrict from, size_t n, size_t words)
{
    for (size_t i = 0; i < n; i++)
        for (size_t w = 0; w < words; w++) to[i * words + w] = from[w][i];
}

static void join_planes(uint64_t *to, const plane *from, size_t n, size_t words)
{
#define CASE(W) case W: join_words(to, from, n, W); return;
    switch (words) { WORDS(CASE) }
#undef CASE
}

static void pack(const fr_records *records, int64_t from, int64_t n)
{
    _Alignas(64) plane planes[MOST_WORDS + 1];
    _Alignas(64) uint64_t stage[STAGE * MOST_WORDS];
    for (int64_t done = 0; done < n; done += STAGE) {
        const size_t here = n - done < STAGE ? (size_t)(n - done) : STAGE;
        char *to = records->at + (size_t)(from + done) * records->bytes;
        memset(planes, 0, records->bytes * STAGE);
        for (size_t k = 0; k < records->n_fields; k++) put_field(planes, &records->fields[k], from + done, here);
        join_planes(records->streams ? stage : (uint64_t *)(void *)to, planes, here, records->bytes / WORD);
        if (records->streams) stream_out(to, stage, here * records->bytes);
    }
    fr_stream_end();
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
static inline void write_line(const fr_records *records, fr_record_lines *l, size_t bucket, size_t end, size_t words)
{
    const size_t bytes = words * WORD, n = FR_DEAL_LINE / bytes, begin = l->written[bucket], slot = begin % n;
    char *to = records->at + begin * bytes;
    if (end - begin == n) fr_stream_lines(to, l->slots[bucket], n * bytes);
    else memcpy(to, l->slots[bucket] + slot * bytes, (end - begin) * bytes);
    l->written[bucket] = end;
}

/* The places of all n records before any is written (kernel/together.h). */
FR_TEMPLATE_FN void deal_some(const fr_records *records, fr_record_lines *l, const uint64_t *from,
                              const uint16_t *buckets, size_t n, size_t words)
{
    const size_t n_slots = FR_DEAL_LINE / WORD / words;
    size_t places[FR_TOGETHER];
    for (size_t i = 0; i < n; i++) places[i] = l->next[buckets[i]]++;
    for (size_t i = 0; i < n; i++) {
        const size_t bucket = buckets[i], slot = places[i] % n_slots;
        memcpy(l->slots[bucket] + slot * words * WORD, from + i * words, words * WORD);
        if (slot == n_slots - 1) write_line(records, l, bucket, places[i] + 1, words);
    }
}

FR_TEMPLATE_FN void deal_words(const fr_records *records, fr_record_lines *l, const uint64_t *from,
                               const uint16_t *buckets, size_t n, size_t words)
{
    size_t i = 0;
    for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) deal_some(records, l, from + i * words, buckets + i, FR_TOGETHER, words);
    for (; i < n; i++) deal_some(records, l, from + i * words, buckets + i, 1, words);
}

static void deal_records(const fr_records *records, fr_record_lines *l, const uint64_t *from, const uint16_t *buckets,
                         size_t n)
{
#define CASE(W) case W: deal_words(records, l, from, buckets, n, W); return;
    switch (records->bytes / WORD) { DEALT_WORDS(CASE) }
#undef CASE
}

/* A field that is the whole record. */
static bool is_alone(const fr_records *records)
{
    const fr_record_field *f = records->fields;
    return records->n_fields == 1 && f->width == records->bytes && f->stored == f->width;
}

static void deal(const fr_records *records, int64_t from, int64_t n, const uint16_t *buckets, size_t n_buckets,
                 fr_record_lines *lines)
{
    _Alignas(64) plane planes[MOST_WORDS + 1];
    _Alignas(64) uint64_t stage[STAGE * MOST_WORDS];
    const size_t words = records->bytes / WORD;
    const bool alone = is_alone(records);
    const uint64_t *values = records->fields->values;
    if (alone) deal_records(records, lines, values + (size_t)from * words, buckets + from, (size_t)n);
    for (int64_t done = 0; done < n && !alone; done += STAGE) {
        const size_t here = n - done < STAGE ? (size_t)(n - done) : STAGE;
        memset(planes, 0, records->bytes * STAGE);
        for (size_t k = 0; k < records->n_fields; k++) put_field(planes, &records->fields[k], from + done, here);
        join_planes(stage, planes, here, words);
        deal_records(records, lines, stage, buckets + from + done, here);
    }
    for (size_t k = 0; k < n_buckets; k++) write_line(records, lines, k, lines->next[k], records->bytes / WORD);
    fr_stream_end();
}

/* ---- unpacking --------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void get_values(const plane *planes, const fr_record_field *f, void *out, size_t n, size_t stored,
                               size_t width)
{
    const uint64_t base = f->base, mask = mask_of(stored);
    const unsigned shift = shift_of(f);
    const uint64_t *restrict first = planes[0], *restrict next = planes[1];
    if (!reaches_on(f))
        for (size_t i = 0; i < n; i++) set_value(out, i, width, (first[i] >> shift & mask) + base);
    else
        for (size_t i = 0; i < n; i++)
            set_value(out, i, width, ((first[i] >> shift | next[i] << (64 - shift)) & mask) + base);
}

static inline uint64_t word_at(const plane *from, unsigned shift, size_t i)
{
    return shift ? from[0][i] >> shift | from[1][i] << (64 - shift) : from[0][i];
}

static void get_field(const plane *planes, const fr_record_field *f, void *out, size_t n)
{
    const plane *at = planes + f->at / WORD;
#define CASE(S, W) case WIDTHS(S, W): get_values(at, f, out, n, S, W); return;
    switch (WIDTHS(f->stored, f->width)) {
    FIELD_WIDTHS(CASE)
    default:
        for (size_t i = 0; i < n; i++)
            ((pair *)out)[i] = (pair){ word_at(at, shift_of(f), i), word_at(at + 1, shift_of(f), i) };
    }
#undef CASE
}

FR_TEMPLATE_FN void part_words(plane *restrict to, const uint64_t *restrict from, size_t n, size_t words)
{
    for (size_t i = 0; i < n; i++)
        for (size_t w = 0; w < words; w++) to[w][i] = from[i * words + w];
}

static void part_planes(plane *to, const uint64_t *from, size_t n, size_t words)
{
#define CASE(W) case W: part_words(to, from, n, W); return;
    switch (words) { WORDS(CASE) }
#undef CASE
}

/* Copy the records of the first `n` rows to the stage; `none` stands for missing ones. */
FR_TEMPLATE_FN void fetch(char *stage, const fr_records *records, const char *none, const fr_rows *rows, size_t n,
                          size_t bytes, bool wide)
{
    const size_t left = (size_t)rows->n;
    for (size_t i = 0; i < n; i++) {
        if (i + FR_AHEAD < left) {
            const uint64_t soon = wide ? (uint64_t)rows->wide[i + FR_AHEAD] : rows->narrow[i + FR_AHEAD];
            fr_ask_for(records->at, soon, bytes);
            if (FR_RECORD_MOST_BYTES % bytes) fr_ask_for(records->at + bytes - 1, soon, bytes);
        }
        const int64_t row = wide ? rows->wide[i] : (int64_t)rows->narrow[i];
        const bool missing = wide ? row < 0 : row == FR_ROW_MISSING32;
        memcpy(stage + i * bytes, missing ? none : records->at + (size_t)row * bytes, bytes);
    }
}

static void fetch_records(char *stage, const fr_records *records, const char *none, const fr_rows *rows, size_t n)
{
    const bool wide = rows->wide != NULL;
#define CASE(W) \
    case W: \
        if (wide) fetch(stage, records, none, rows, n, W * WORD, true); \
        else fetch(stage, records, none, rows, n, W * WORD, false); \
        return;
    switch (records->bytes / WORD) { WORDS(CASE) }
#undef CASE
}

/* The record whose every value is zero bits. */
static void make_none(const fr_records *records, char *none)
{
    static const pair zero = { 0, 0 };
    fr_records one = *records;
    for (size_t k = 0; k < one.n_fields; k++) one.fields[k].values = &zero;
    one.at = none;
    one.streams = false;
    pack(&one, 0, 1);
}

static void take(const fr_records *records, const fr_rows *rows, int64_t from, int64_t n)
{
    _Alignas(64) uint64_t stage[STAGE * MOST_WORDS], none[MOST_WORDS] = { 0 };
    _Alignas(64) plane planes[MOST_WORDS + 1];
    make_none(records, (char *)none);
    for (int64_t done = 0; done < n; done += STAGE) {
        const size_t here = n - done < STAGE ? (size_t)(n - done) : STAGE;
        const fr_rows next = fr_rows_from(rows, from + done, n - done);
        fetch_records((char *)stage, records, (const char *)none, &next, here);
        part_planes(planes, stage, here, records->bytes / WORD);
        for (size_t k = 0; k < records->n_fields; k++) {
            const fr_record_field *f = &records->fields[k];
            char *to = (char *)f->out + (size_t)(from + done) * f->width;
            get_field(planes, f, f->streams ? (void *)stage : to, here);
            if (f->streams) stream_out(to, stage, here * f->width);
        }
    }
    fr_stream_end();
}

/* ---- a bucket ---------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void fetch_near(uint64_t *to, const uint64_t *from, const void *places, size_t begin, size_t n,
                               size_t words, bool wide)
{
    for (size_t i = 0; i < n; i++)
        memcpy(to + i * words, from + fr_dealt_place(places, wide, begin + i) * words, words * WORD);
}

static void fetch_dealt(uint64_t *to, const uint64_t *from, const fr_row_deal *deal, size_t begin, size_t n, size_t words)
{
    const void *places = deal->places->data;
#define CASE(W) \
    case W: \
        if (deal->wide) fetch_near(to, from, places, begin, n, W, true); \
        else fetch_near(to, from, places, begin, n, W, false); \
        return;
    switch (words) { DEALT_WORDS(CASE) }
#undef CASE
}

static void get_fields(const plane *planes, const fr_records *records, size_t begin, size_t n)
{
    for (size_t k = 0; k < records->n_fields; k++) {
        const fr_record_field *f = &records->fields[k];
        get_field(planes, f, (char *)f->out + begin * f->width, n);
    }
}

static void settle(const fr_records *records, const fr_row_deal *deal, size_t begin, size_t n, void *stage)
{
    _Alignas(64) uint64_t some[STAGE * MOST_WORDS];
    _Alignas(64) plane planes[MOST_WORDS + 1];
    const size_t words = records->bytes / WORD;
    memcpy(stage, records->at + begin * records->bytes, n * records->bytes);
    if (is_alone(records))
        return fetch_dealt((uint64_t *)records->fields->out + begin * words, stage, deal, begin, n, words);
    for (size_t done = 0; done < n; done += STAGE) {
        const size_t here = n - done < STAGE ? n - done : STAGE;
        fetch_dealt(some, stage, deal, begin + done, here, words);
        part_planes(planes, some, here, words);
        get_fields(planes, records, begin + done, here);
    }
}

static void spread(const fr_records *records, size_t begin, size_t n)
{
    _Alignas(64) plane planes[MOST_WORDS + 1];
    const size_t words = records->bytes / WORD;
    const uint64_t *from = (const uint64_t *)(const void *)records->at + begin * words;
    if (is_alone(records)) {
        uint64_t *out = (uint64_t *)records->fields->out + begin * words;
        if (out != from) memcpy(out, from, n * records->bytes);
        return;
    }
    for (size_t done = 0; done < n; done += STAGE) {
        const size_t here = n - done < STAGE ? n - done : STAGE;
        part_planes(planes, from + done * words, here, words);
        get_fields(planes, records, begin + done, here);
    }
}

const fr_records_kernels FR_ISA_NAME(fr_records_kernels) = { .pack = pack, .deal = deal, .take = take, .settle = settle,
                                                             .spread = spread };
