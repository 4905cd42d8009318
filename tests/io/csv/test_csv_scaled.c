/* Columns of f64 that are read as whole numbers: whatever a file holds, its numbers are those that were written, for every
 * number of threads and size of chunk, and whether they stay so short or not. */
#include "io/csv/csv_scaled.h"

#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/frame.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

enum { FIRST = FR_CSV_DECIDE_ROWS, ROWS = FIRST + 40000, MOST = 40, FEW_DECIDE = FIRST < 10000 };

/* ---- files ------------------------------------------------------------------------------------------------------- */
/* A price of two digits, or what a row from `odd_from` on, every odd_every-th, holds instead; the digits behind the point
 * that are kept, 0: they are doubles, EITHER: as it happens to be met among the first rows or later. */
typedef struct column { const char *name, *odd; int odd_every, odd_from, digits, null_every; } column;
enum { LATE = FIRST + 20000, NONE = 0, EITHER = -1 };
static const column columns[] = {
    { "price", NULL, NONE, 0, 2, 0 },               { "some", NULL, NONE, 0, 2, 7 },
    { "six_digits", "0.000001", 5, 0, 6, 0 },       { "negative", "-2147483.64", 11, 0, 2, 0 },
    { "more_digits_late", "1.125", 997, LATE, EITHER, 0 }, { "large_late", "1e12", 997, LATE, 0, 3 },
    { "nan_late", "NaN", 4001, LATE, EITHER, 0 },        { "last", "0.3333333333333333", 1, ROWS - 1, 0, 0 },
    { "minus_zero", "-0.0", 50, LATE, 0, 0 },       { "thirds", "0.3333333333333333", 3, 0, 0, 0 },
    { "exponents", "125e-2", 9, 0, 2, 0 },          { "none_late", "", 2, LATE, 2, 0 },
};
enum { N = FR_COUNT_OF(columns) };

static const char *text_of(const column *c, int64_t row, char room[MOST])
{
    uint64_t state = (uint64_t)row * 31 + (uint64_t)c->name[0] * 7777777 + 1;
    (void)fr_test_random(&state);
    const uint64_t r = fr_test_random(&state);
    if (c->null_every && r / 3 % (unsigned)c->null_every == 0) return "";
    if (c->odd_every && row >= c->odd_from && row % c->odd_every == c->odd_from % c->odd_every) return c->odd;
    (void)snprintf(room, MOST, "%s%u.%02u", r % 5 == 0 && r % 100000 ? "-" : "", (unsigned)(r >> 40) % 1000, (unsigned)r % 99 + 1);
    return room;
}

static char *file_of(int64_t rows, const char *end, size_t *n)
{
    char *text = malloc((size_t)rows * (20 + (size_t)N * (MOST + 2)) + 1024), room[MOST];
    size_t k = 0;
    if (!text) return NULL;
    k += (size_t)sprintf(text, "row");
    for (size_t c = 0; c < N; c++) k += (size_t)sprintf(text + k, ",%s", columns[c].name);
    k += (size_t)sprintf(text + k, "%s", end);
    for (int64_t row = 0; row < rows; row++) {
        k += (size_t)sprintf(text + k, "%lld", (long long)row);
        for (size_t c = 0; c < N; c++) k += (size_t)sprintf(text + k, ",%s", text_of(&columns[c], row, room));
        k += (size_t)sprintf(text + k, "%s", end);
    }
    *n = k;
    return text;
}

/* ---- what was read ----------------------------------------------------------------------------------------------- */
/* NaN is null, but where the type was asked for. */
static bool has_values(const fr_column *read, const column *c, int64_t rows, bool declared)
{
    char room[MOST];
    for (int64_t row = 0; row < rows; row++) {
        const char *text = text_of(c, row, room);
        const bool nan = !strcmp(text, "NaN"), null = !*text || (nan && !declared);
        const double expected = strtod(text, NULL), is = ((const double *)read->values)[row];
        if (fr_is_valid(read, row) == null) return false;
        if (!null && memcmp(&is, &expected, sizeof is) != 0 && !(nan && is != is)) return false;
    }
    return true;
}

static void check_read(const fr_frame *frame, int64_t rows, bool declared)
{
    REQUIRE(fr_ok(frame) && fr_length(frame) == rows && fr_width(frame) == 1 + N);
    for (size_t c = 0; c < N && rows >= FIRST + 40000; c++) {
        fr_late_column *late = frame->late ? frame->late[1 + c] : NULL;
        const int digits = late && !fr_late_column_ready(late) ? fr_pieces_at(&late->pieces, 0)->digits : 0;
        const bool fine = columns[c].digits == EITHER || digits == columns[c].digits;
        if (!fine) (void)fprintf(stderr, "%s has %d digits\n", columns[c].name, digits);
        CHECK(fine);
    }
    fr_column *const *read = fr_test_columns(frame);
    REQUIRE(read);
    for (size_t c = 0; c < N; c++) {
        const bool same = read[1 + c]->type->kind == FR_F64 && has_values(read[1 + c], &columns[c], rows, declared);
        if (!same) (void)fprintf(stderr, "column %s\n", columns[c].name);
        CHECK(same && fr_test_column_is_sound(read[1 + c]));
    }
}

static const char *all_f64(char out[1024])
{
    size_t n = 0;
    for (size_t c = 0; c < N; c++) n += (size_t)snprintf(out + n, 1024 - n, "%s%s: f64", c ? ", " : "", columns[c].name);
    return out;
}

static void check_rows(int64_t rows, const char *end)
{
    size_t n = 0;
    char *text = file_of(rows, end, &n), types[1024];
    REQUIRE(text);
    for (uint32_t threads = FEW_DECIDE ? 1 : 3; threads <= 3; threads += 2)
        for (int declared = 0; declared < 1 + FEW_DECIDE; declared++) {
            fr_auto(context) context = fr_context_new(.threads = threads, .chunk_bytes = threads > 1 ? 50000 : 0);
            fr_auto(frame) frame = fr_read_csv_bytes(text, n, .context = context, .dtypes = declared ? all_f64(types) : NULL);
            check_read(frame, rows, declared);
        }
    free(text);
}

TEST(scaled_numbers_are_those_of_the_file)
{
    check_rows(ROWS, "\n");
    if (FEW_DECIDE) check_rows(ROWS, "\r\n");
}

TEST(files_about_as_long_as_what_decides_have_their_numbers)
{
    for (int64_t more = FEW_DECIDE ? -1 : 1; more <= 1; more++) check_rows(FIRST + more, "\n");
}

static fr_outcome read_once(fr_context *context, void *state)
{
    const char *text = state;
    fr_auto(frame) frame = fr_read_csv_bytes(text, strlen(text), .context = context);
    return fr_outcome_of(frame);
}

TEST(reading_scaled_numbers_survives_every_failure)
{
    if (!FEW_DECIDE) SKIP("the first rows are too many here; the build with few decides does it");
    size_t n = 0;
    char *text = file_of(FIRST + 3000, "\n", &n);
    REQUIRE(text);
    TORTURE(read_once, text);
    free(text);
}
