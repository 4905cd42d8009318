/* records.c — packing field by field, unpacking by way of a small stage.
 *
 * Both go through a few hundred records at a time, which stay in the first cache while their fields are written or
 * read; so each loop moves one field, of widths known when it is compiled.
 */
#include "kernel/records.h"

#include "kernel/prefetch.h"

#include <string.h>

enum { STAGE = 256 };                  /* records: 16 KB at most */

/* stored, width */
#define FIELD_WIDTHS(X) X(1, 1) X(2, 2) X(4, 4) X(8, 8) X(1, 2) X(1, 4) X(1, 8) X(2, 4) X(2, 8) X(4, 8)

typedef struct pair { uint64_t low, high; } pair;

/* ---- packing ----------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void put(char *to, size_t step, const fr_record_field *f, int64_t from, size_t n, size_t stored,
                        size_t width)
{
    const char *values = (const char *)f->values + (size_t)from * width;
    for (size_t i = 0; i < n; i++) {
        uint64_t value = 0;
        memcpy(&value, values + i * width, width);
        value -= f->base;
        memcpy(to + i * step, &value, stored);
    }
}

static void put_pairs(char *to, size_t step, const pair *values, size_t n)
{
    for (size_t i = 0; i < n; i++) memcpy(to + i * step, &values[i], sizeof *values);
}

static void put_field(char *to, size_t step, const fr_record_field *f, int64_t from, size_t n)
{
#define CASE(S, W) case S * 32 + W: put(to, step, f, from, n, S, W); return;
    switch (f->stored * 32 + f->width) {
    FIELD_WIDTHS(CASE)
    default: put_pairs(to, step, (const pair *)f->values + from, n);
    }
#undef CASE
}

void fr_records_pack(const fr_records *records, int64_t from, int64_t n)
{
    for (int64_t done = 0; done < n; done += STAGE) {
        const size_t here = n - done < STAGE ? (size_t)(n - done) : STAGE;
        char *to = records->at + (size_t)(from + done) * records->bytes;
        for (size_t k = 0; k < records->n_fields; k++)
            put_field(to + records->fields[k].at, records->bytes, &records->fields[k], from + done, here);
    }
}

/* ---- unpacking --------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN void get(const char *stage, size_t step, const fr_record_field *f, int64_t from, size_t n, size_t stored,
                        size_t width)
{
    char *out = (char *)f->out + (size_t)from * width;
    for (size_t i = 0; i < n; i++) {
        uint64_t value = 0;
        memcpy(&value, stage + i * step, stored);
        value += f->base;
        memcpy(out + i * width, &value, width);
    }
}

static void get_pairs(const char *stage, size_t step, pair *out, size_t n)
{
    for (size_t i = 0; i < n; i++) memcpy(&out[i], stage + i * step, sizeof *out);
}

static void get_field(const char *stage, size_t step, const fr_record_field *f, int64_t from, size_t n)
{
#define CASE(S, W) case S * 32 + W: get(stage, step, f, from, n, S, W); return;
    switch (f->stored * 32 + f->width) {
    FIELD_WIDTHS(CASE)
    default: get_pairs(stage, step, (pair *)f->out + from, n);
    }
#undef CASE
}

/* Copy the records of the first `n` rows to the stage; `none` stands for missing ones. */
FR_TEMPLATE_FN void fetch(char *stage, const fr_records *records, const char *none, const fr_rows *rows, size_t n,
                          size_t bytes, bool wide)
{
    const size_t left = (size_t)rows->n;
    for (size_t i = 0; i < n; i++) {
        if (i + FR_AHEAD < left)
            fr_ask_for(records->at, wide ? (uint64_t)rows->wide[i + FR_AHEAD] : rows->narrow[i + FR_AHEAD], bytes);
        const int64_t row = wide ? rows->wide[i] : (int64_t)rows->narrow[i];
        const bool missing = wide ? row < 0 : row == FR_ROW_MISSING32;
        memcpy(stage + i * bytes, missing ? none : records->at + (size_t)row * bytes, bytes);
    }
}

static void fetch_records(char *stage, const fr_records *records, const char *none, const fr_rows *rows, size_t n)
{
    const bool wide = rows->wide != NULL;
    switch (records->bytes * 2 + wide) {
    case 16:  fetch(stage, records, none, rows, n, 8, false); break;
    case 17:  fetch(stage, records, none, rows, n, 8, true); break;
    case 32:  fetch(stage, records, none, rows, n, 16, false); break;
    case 33:  fetch(stage, records, none, rows, n, 16, true); break;
    case 64:  fetch(stage, records, none, rows, n, 32, false); break;
    case 65:  fetch(stage, records, none, rows, n, 32, true); break;
    case 128: fetch(stage, records, none, rows, n, 64, false); break;
    default:  fetch(stage, records, none, rows, n, 64, true); break;
    }
}

/* The record whose every value is zero bits. */
static void make_none(const fr_records *records, char *none)
{
    static const pair zero = { 0, 0 };
    for (size_t k = 0; k < records->n_fields; k++) {
        fr_record_field field = records->fields[k];
        field.values = &zero;
        put_field(none + field.at, records->bytes, &field, 0, 1);
    }
}

void fr_records_take(const fr_records *records, const fr_rows *rows, int64_t from, int64_t n)
{
    _Alignas(64) char stage[STAGE * FR_RECORD_MOST_BYTES], none[FR_RECORD_MOST_BYTES] = { 0 };
    make_none(records, none);
    for (int64_t done = 0; done < n; done += STAGE) {
        const size_t here = n - done < STAGE ? (size_t)(n - done) : STAGE;
        const fr_rows next = fr_rows_from(rows, from + done, n - done);
        fetch_records(stage, records, none, &next, here);
        for (size_t k = 0; k < records->n_fields; k++)
            get_field(stage + records->fields[k].at, records->bytes, &records->fields[k], from + done, here);
    }
}
