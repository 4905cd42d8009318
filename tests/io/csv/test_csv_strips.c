/* Rows written strip by strip, against cells written one by one; the kernels at every level of instructions the machine
 * has, against the general printing of numbers. */
#include "io/csv/csv_strips.h"

#include <frame/frame.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/call.h"
#include "base/number.h"
#include "data/frame.h"
#include "data/scaled_column.h"
#include "data/text_form.h"
#include "io/csv/csv_way.h"
#include "io/csv/csv_slots.h"
#include "support/columns.h"
#include "support/test.h"

static uint64_t random_state = 5;

static uint64_t next_random(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 24;
}

/* ---- the kernels ------------------------------------------------------------------------------------------------- */
static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128 };

/* The slot holds the text, the ending, and the length of both in its last byte. */
static void check_slot(const void *slot, size_t width, char *text, size_t length, const char ending[2], size_t n_ending)
{
    memcpy(text + length, ending, n_ending);
    CHECK_INT(((const uint8_t *)slot)[width - 1], length + n_ending);
    CHECK(!memcmp(slot, text, length + n_ending));
}

static void check_integer_slots(const int64_t *values, size_t n, const char ending[2], size_t n_ending)
{
    bool tiny = true, near = true;
    char text[FR_NUMBER_BYTES + 2];
    for (size_t i = 0; i < n; i++) {
        const size_t length = fr_print_i64(values[i], text);
        tiny &= length + n_ending < FR_CSV_TINY;
        near &= length - (values[i] < 0) <= 12;
    }
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        uint64_t tinies[FR_CSV_STRIP];
        fr_number_slot pairs[FR_CSV_STRIP];
        CHECK(FR_ISA_AT(fr_number_slot_kernels, isa)->tiny(values, n, ending, n_ending, tinies) == tiny);
        CHECK(FR_ISA_AT(fr_number_slot_kernels, isa)->near(values, n, ending, n_ending, pairs) == near);
        for (size_t i = 0; i < n; i++) {
            const size_t length = fr_print_i64(values[i], text);
            if (tiny) check_slot(&tinies[i], FR_CSV_TINY, text, length, ending, n_ending);
            if (near) check_slot(&pairs[i], FR_CSV_NEAR, text, length, ending, n_ending);
        }
    }
}

static void check_integers(const int64_t *values, size_t n)
{
    check_integer_slots(values, n, ",\377", 1);
    check_integer_slots(values, n, "\r\n", 2);
}

TEST(short_integers_are_printed_as_any)
{
    int64_t values[FR_CSV_STRIP];
    for (int64_t first = 0; first < 10000; first += FR_CSV_STRIP) {
        for (size_t i = 0; i < FR_CSV_STRIP; i++) values[i] = first + (int64_t)i;
        check_integers(values, FR_CSV_STRIP);
        for (size_t i = 0; i < FR_CSV_STRIP; i++) values[i] *= -1;
        check_integers(values, FR_CSV_STRIP);
    }
    for (size_t round = 0; round < 2000; round++) {
        const int64_t span = (int64_t)pow(10, (double)(next_random() % 14)), least = next_random() % 2 ? -span : 0;
        const size_t n = lengths[next_random() % FR_COUNT_OF(lengths)];
        for (size_t i = 0; i < n; i++) values[i] = least + (int64_t)(next_random() % (uint64_t)(span - least + 1));
        check_integers(values, n);
    }
    const int64_t edges[] = { -9999999, -10000000, 99999999, 100000000, INT64_MIN, INT64_MAX, 9999, 10000, -1, 0,
                              99999, 100000, 999999, 1000000, -9999, -10000, -99999, -100000,
                              999999999999, 1000000000000, -999999999999, -1000000000000, 9999999999, -9999999999 };
    for (size_t i = 0; i < FR_COUNT_OF(edges); i++) check_integers(&edges[i], 1);
    for (int64_t power = 100000000; power <= INT64_C(100000000000); power *= 10)      /* about multiples of 10^8 */
        for (size_t round = 0; round < 200; round++) {
            for (size_t i = 0; i < FR_CSV_STRIP; i++)
                values[i] = ((int64_t)(next_random() % 9999) * power + (int64_t)i - 64) % INT64_C(1000000000000);
            check_integers(values, FR_CSV_STRIP);
        }
}

static void check_float_slots(const double *values, size_t n, bool all_plain, const char ending[2], size_t n_ending)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        fr_number_slot pairs[FR_CSV_STRIP];
        uint64_t fits[FR_CSV_STRIP];
        size_t n_others = FR_ISA_AT(fr_number_slot_kernels, isa)->f64(values, n, ending, n_ending, pairs, fits), seen = 0;
        for (size_t i = 0; i < n; i++) {
            char text[FR_NUMBER_BYTES + 2];
            const size_t length = fr_print_f64(values[i], text);
            seen += !fits[i];
            CHECK(fits[i] || !all_plain || length + n_ending > 15);
            if (fits[i]) check_slot(&pairs[i], FR_CSV_NEAR, text, length, ending, n_ending);
        }
        CHECK_INT(n_others, seen);
    }
}

static void check_floats(const double *values, size_t n, bool all_plain)
{
    check_float_slots(values, n, all_plain, ",\377", 1);
    check_float_slots(values, n, all_plain, "\r\n", 2);
}

TEST(floats_of_few_decimals_are_printed_as_any)
{
    static const double scales[] = { 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e9 };
    double values[FR_CSV_STRIP];
    for (size_t round = 0; round < 4000; round++) {
        const size_t n = lengths[next_random() % FR_COUNT_OF(lengths)], scale = next_random() % FR_COUNT_OF(scales);
        const uint64_t span = (uint64_t)pow(10, (double)(1 + next_random() % 13));
        bool plain = scale <= 6;
        for (size_t i = 0; i < n; i++) {
            values[i] = (double)(next_random() % span) / scales[scale];
            plain &= values[i] < 1e7 && (values[i] >= 1e-4 || values[i] == 0);
            if (next_random() % 2) values[i] = -values[i];
        }
        check_floats(values, n, plain);
    }
    for (size_t round = 0; round < 2000; round++) {                     /* neighbours of short ones, and any bits */
        for (size_t i = 0; i < FR_CSV_STRIP; i++) {
            values[i] = nextafter((double)(next_random() % 100000000) / 1e6, round % 2 ? INFINITY : -INFINITY);
            if (round % 4 == 3) memcpy(&values[i], &(uint64_t){ next_random() << 24 ^ next_random() }, 8);
        }
        check_floats(values, FR_CSV_STRIP, false);
    }
    const double edges[] = { 0.0, -0.0, 1e-4, 0.00011, 9.9e-5, 1e-6, 1e7, 9999999.0, 9999999.999999, 0.5,
                             -9999999.999999, 1e-320, NAN, -NAN, INFINITY, -INFINITY, 1e22, 0.1 + 0.2,
                             123456.5, 4503599627370496.5 };
    check_floats(edges, FR_COUNT_OF(edges), false);
}

/* ---- the rows ---------------------------------------------------------------------------------------------------- */
static const char *const words[] = {
    "", "a", "NA", "1.5", "-1", "True", "a,b", "say \"hi\"", "line\nend", "cr\r", "\ufeffbom", "semi;colon", "=1+1",
    "12345678", "1234567,", "eight or,more", "twelve bytes", "thirteen byte", "sixteen bytes..!", "seventeen bytes.!",
    "exactly thirty-two bytes of text", "\"exactly thirty-two bytes, quoted", "one byte more than thirty-two byt",
    "a text that is so long that it does not fit into any slot, wherever it stands", "ünïcödé",
    "a long text, with a comma \"and\" quotes, that does not fit into any slot" };

enum { MOST_ROWS = 9000 };

typedef struct cells {
    const char *repeated[MOST_ROWS], *unique[MOST_ROWS];
    char        texts[MOST_ROWS][120];
    int64_t     small[MOST_ROWS], large[MOST_ROWS];
    int8_t      tiny[MOST_ROWS];
    double      prices[MOST_ROWS], any[MOST_ROWS];
    uint8_t     valid[MOST_ROWS];
} cells;

static void make_cells(cells *c, size_t n, unsigned one_null_in)
{
    for (size_t i = 0; i < n; i++) {
        const char *word = words[next_random() % FR_COUNT_OF(words)];
        snprintf(c->texts[i], sizeof c->texts[i], "%s%s%d", word, i % 3 ? "" : "x", (int)(i % 3 ? 0 : i));
        c->valid[i] = !one_null_in || next_random() % one_null_in != 0;
        c->repeated[i] = one_null_in && next_random() % one_null_in == 0 ? NULL : word;
        c->unique[i] = c->valid[i] ? c->texts[i] : NULL;
        c->small[i] = (int64_t)(next_random() % 10000) - (i / 128 % 2 ? 5000 : 0);
        c->large[i] = (int64_t)(next_random() << 24 ^ next_random()) >> (next_random() % 64);
        c->tiny[i] = (int8_t)next_random();
        c->prices[i] = (double)(next_random() % 10000000) / 100;
        c->any[i] = i / FR_CSV_STRIP % 3 == 0 ? (double)(3 * i + 1) / 3000               /* no short one in a strip */
                  : next_random() % 3 ? (double)c->large[i] / 1e7 : (double)c->small[i] / 4;
    }
}

static fr_frame *make_frame(const cells *c, int64_t n)
{
    fr_auto(frame) f = fr_frame_new(
        n, fr_array("r,e", FR_STR, c->repeated), fr_array("unique", FR_STR, c->unique),
        fr_array("tiny", FR_I8, c->tiny), fr_array("bytes", FR_U8, c->tiny, .valid = c->valid),
        fr_array("large", FR_I64, c->large),
        fr_array("small", FR_I64, c->small, .valid = c->valid),
        fr_array("prices", FR_F64, c->prices, .valid = c->valid), fr_array("any", FR_F64, c->any));
    return fr_pipe(f, fr_with("kind = `r,e`; sign = small > 0; n32 = small; f32 = prices"),
                   fr_cast("kind: cat, n32: i32, f32: f32"));
}

/* One cell after the other. */
static void twin(fr_call *call, const fr_csv_style *style, const fr_frame *frame, int64_t from, int64_t to,
                 fr_text *out)
{
    for (int64_t row = from; row < to; row++)
        for (size_t c = 0; c < frame->schema->width; c++) {
            CHECK(fr_csv_append_cell(call, style, fr_test_columns(frame)[c], row, out));
            if (c + 1 < frame->schema->width) CHECK(fr_text_append(call, out, &style->sep, 1));
            else CHECK(fr_text_append(call, out, style->line_end, style->n_line_end));
        }
}

static const fr_csv_style styles[] = {
    { .sep = ',', .na = "", .line_end = "\n", .n_line_end = 1 },
    { .sep = ';', .na = "NA", .n_na = 2, .line_end = "\r\n", .n_line_end = 2 },
    { .sep = '\t', .na = "1.5", .n_na = 3, .line_end = "\n", .n_line_end = 1 },
    { .sep = '.', .odd_sep = true, .na = "", .line_end = "\n", .n_line_end = 1 },
    { .sep = ',', .na = "a missing value, said in more words than a slot has room for", .n_na = 60, .line_end = "\n",
      .n_line_end = 1, .quote_all = true },
    { .sep = ',', .na = "seventeen letters", .n_na = 17, .line_end = "\n", .n_line_end = 1, .escape_formulas = true },
};

static void check_rows(fr_call *call, const fr_csv_style *style, const fr_frame *frame, int64_t from, int64_t to)
{
    FR_CLEANUP(fr_text_clear) fr_text ours = FR_TEXT_INIT(call);
    FR_CLEANUP(fr_text_clear) fr_text theirs = FR_TEXT_INIT(call);
    REQUIRE(fr_frame_settle(call, frame));
    fr_csv_strips *strips = fr_csv_strips_new(call, style, frame);
    REQUIRE(strips != NULL);
    CHECK(fr_csv_append_rows(call, strips, from, to, &ours));
    fr_csv_strips_close(strips);
    twin(call, style, frame, from, to, &theirs);
    CHECK_INT(ours.length, theirs.length);
    CHECK(ours.length == theirs.length && (!ours.length || !memcmp(ours.bytes, theirs.bytes, ours.length)));
}

TEST(rows_are_written_as_their_cells)
{
    static const int64_t rows[] = { 0, 1, 3, 63, 65, 127, 128, 129, 511, 9000 };
    cells *c = calloc(1, sizeof *c);
    REQUIRE(c != NULL);
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    for (size_t i = 0; i < FR_COUNT_OF(rows) * 3; i++) {
        const int64_t n = rows[i / 3];
        make_cells(c, (size_t)n, (unsigned[]){ 0, 7, 1 }[i % 3]);
        fr_auto(frame) whole = make_frame(c, n);
        if (!fr_ok(whole)) fr_print_error(whole);
        REQUIRE(fr_ok(whole));
        fr_auto(frame) part = fr_pipe(whole, fr_slice(n / 3, n / 2));
        for (size_t k = 0; k < FR_COUNT_OF(styles); k++) {
            check_rows(&call, &styles[k], whole, 0, n);
            check_rows(&call, &styles[k], whole, n / 3, n - n / 5);
            check_rows(&call, &styles[k], part, 0, part->length);
        }
    }
    CHECK(!fr_failed(&call));
    fr_call_end(&call);
    free(c);
}

/* ---- numbers that stand for texts and other numbers --------------------------------------------------------------------- */
enum { LATE_ROWS = 70000 };

static void fill_late(fr_call *call, fr_builder *of[], int64_t i)
{
    static const int32_t edges[] = { 0, 1, -1, 10, -10, 99, 100, 1000000, INT32_MAX, INT32_MIN, 123456789, -100000 };
    static const unsigned digits[] = { 1, 2, 6, 9 };
    const uint64_t r = next_random() << 24 ^ next_random();
    char text[64];
    for (size_t c = 0; c < 4; c++) {
        const int32_t k = r % 3 ? (int32_t)(uint32_t)(r >> 8) >> (r % 31) : edges[r / 3 % FR_COUNT_OF(edges)];
        if (c % 2 && r % 11 == 0) CHECK(fr_builder_add_null(call, of[c]));
        else CHECK(fr_builder_add(call, of[c], fr_v_f64(i ? fr_scaled_real(k, digits[c]) : fr_scaled_real(INT32_MAX, digits[c]))));
    }
    const int n = snprintf(text, sizeof text, "id%06d,\"%02d--%015d++", (int)(r % 1000000), (int)(i % 100), (int)i);
    const int ends[] = { 6, 11, n, n };
    for (size_t c = 4; c < 8; c++) {
        if (c == 7) text[8] = text[9] = '-';
        if (c % 2 && r % 13 == 0) CHECK(fr_builder_add_null(call, of[c]));
        else CHECK(fr_builder_add_text(call, of[c], text, (size_t)ends[c - 4]));
    }
}

static fr_late_column *late_formed(fr_call *call, const void *how, size_t index)
{
    const fr_column *column = ((const fr_frame *)how)->columns[index];
    FR_OWNED fr_column *formed = index < 4 ? fr_column_scaled(call, column) : fr_column_formed(call, column);
    CHECK(formed && fr_is_formed(formed));
    return formed ? fr_late_column_from(call, formed) : NULL;
}

static fr_frame *plain_frame(fr_call *call)
{
    static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    fr_builder *of[8];
    fr_column *columns[8];
    for (size_t c = 0; c < 8; c++) of[c] = fr_builder_new(call, fr_type_of(c < 4 ? FR_F64 : FR_STR), LATE_ROWS);
    for (int64_t i = 0; i < LATE_ROWS; i++) fill_late(call, of, i);
    for (size_t c = 0; c < 8; c++) columns[c] = fr_builder_finish(call, of[c]), fr_builder_unref(of[c]);
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, 8, LATE_ROWS);
    for (size_t c = 0; c < 8; c++) fr_column_unref(columns[c]);
    return frame;
}

TEST(numbers_that_stand_for_cells_are_written_as_those)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    fr_auto(frame) plain = plain_frame(&call);
    REQUIRE(plain != NULL);
    for (size_t k = 0; k < FR_COUNT_OF(styles); k++) {
        fr_auto(frame) late = fr_frame_make_late(&call, plain, plain->schema, late_formed, plain, LATE_ROWS);
        fr_csv_strips *strips = late ? fr_csv_strips_new(&call, &styles[k], late) : NULL;
        REQUIRE(strips != NULL);
        for (int64_t from = 0; from < LATE_ROWS; from += 9999) {
            FR_CLEANUP(fr_text_clear) fr_text ours = FR_TEXT_INIT(&call);
            FR_CLEANUP(fr_text_clear) fr_text theirs = FR_TEXT_INIT(&call);
            CHECK(fr_csv_append_rows(&call, strips, from, from + 2000 < LATE_ROWS ? from + 2000 : LATE_ROWS, &ours));
            twin(&call, &styles[k], plain, from, from + 2000 < LATE_ROWS ? from + 2000 : LATE_ROWS, &theirs);
            CHECK(ours.length == theirs.length && !memcmp(ours.bytes, theirs.bytes, ours.length));
        }
        fr_csv_strips_close(strips);
        for (size_t c = 0; c < 8 && !styles[k].escape_formulas; c++) CHECK(!fr_late_column_ready(late->late[c]));
    }
    CHECK(!fr_failed(&call));
    fr_call_end(&call);
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */
static char *written(const fr_frame *frame, uint32_t threads, size_t *n)
{
    const char *path = fr_test_scratch("strips.csv");
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_auto(frame) moved = fr_with_context(frame, context);
    fr_auto(frame) done = fr_write_csv(moved, path);
    CHECK(fr_ok(done));
    *n = (size_t)fr_get(done, 0, "bytes").as.i;
    char *text = calloc(1, *n + 1);
    FILE *in = fopen(path, "rb");
    CHECK(text && in && fread(text, 1, *n + 1, in) == *n);
    if (in) fclose(in);
    return text;
}

/* Enough rows for several groups of blocks. */
TEST(a_file_is_the_same_for_any_number_of_threads)
{
    cells *c = calloc(1, sizeof *c);
    REQUIRE(c != NULL);
    make_cells(c, MOST_ROWS, 9);
    fr_auto(frame) whole = make_frame(c, MOST_ROWS);
    for (int i = 0; i < 6; i++) {
        fr_frame *twice = fr_pipe(whole, fr_concat(whole));
        fr_unref(whole);
        whole = twice;
    }
    REQUIRE(fr_length(whole) == MOST_ROWS * 64);
    size_t n, n_again;
    char *first = written(whole, 1, &n);
    for (uint32_t threads = 2; threads <= 7; threads += threads == 3 ? 4 : 1) {
        char *again = written(whole, threads, &n_again);
        CHECK_INT(n_again, n);
        CHECK(n_again == n && !memcmp(first, again, n));
        free(again);
    }
    free(first);
    free(c);
}
