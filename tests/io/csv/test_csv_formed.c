/* Text columns that are read as numbers of a form: whatever a file holds, its texts are those that were written, for every
 * number of threads and size of chunk, and whether the form lasts or not. */
#include "io/csv/csv_formed.h"

#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/frame.h"
#include "data/text_form.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

enum { FIRST = FR_CSV_DECIDE_ROWS, ROWS = FIRST + 40000, MOST = 64 };

/* ---- files ------------------------------------------------------------------------------------------------------- */
/* What row `row` of a column holds; the number of bytes, -1: null. `tail`: rows that are not among the first. */
typedef int cell_fn(int64_t row, uint64_t r, bool tail, char *out);

static int stamp(int64_t row, uint64_t r, bool tail, char *out)
{
    (void)row, (void)tail;
    const unsigned a = (unsigned)(r >> 32), b = (unsigned)r;
    return snprintf(out, MOST, "20%02u-%02u-%02u %02u:%02u:%02u", a % 2 + 20, a / 3 % 12 + 1, a / 36 % 28 + 1, b % 24, b / 24 % 60,
                    b / 1440 % 60);
}

static int code(int64_t row, uint64_t r, bool tail, char *out)
{
    (void)row, (void)tail;
    const unsigned a = (unsigned)(r >> 32), b = (unsigned)r;
    return snprintf(out, MOST, "%c%02u-%06u-%c", 'A' + (char)(a % 26), a / 26 % 100, b % 1000000, 'A' + (char)(a / 2600 % 26));
}

static int id(int64_t row, uint64_t r, bool tail, char *out)                    /* in order: high digits come late */
{
    (void)r, (void)tail;
    return snprintf(out, MOST, "id%010lld", (long long)row * 7);
}

static int with_nulls(int64_t row, uint64_t r, bool tail, char *out)
{
    return r % 5 ? code(row, r, tail, out) : -1;
}

static int accents(int64_t row, uint64_t r, bool tail, char *out)
{
    static const char *const first[] = { "é", "ü", "ß" };
    (void)row, (void)tail;
    return snprintf(out, MOST, "%s %06u ∑", first[r % 3], (unsigned)(r >> 32) % 1000000);
}

static int quotes(int64_t row, uint64_t r, bool tail, char *out)
{
    (void)row, (void)tail;
    return snprintf(out, MOST, "%06u\",%c\r\n%03u", (unsigned)(r >> 32) % 1000000, "\"x,"[r % 3], (unsigned)r % 1000);
}

static int thirty_two(int64_t row, uint64_t r, bool tail, char *out)
{
    (void)row, (void)tail;
    return snprintf(out, MOST, "order %08u of %08u; also", (unsigned)(r >> 32) % 100000000, (unsigned)r % 100000000);
}

static int longer_late(int64_t row, uint64_t r, bool tail, char *out)           /* a digit more in a few rows of the rest */
{
    if (tail && row % 997 == 5) return snprintf(out, MOST, "%s", "a text that is much longer than all before");
    return code(row, r, false, out);
}

static int empty_late(int64_t row, uint64_t r, bool tail, char *out)            /* a text of no bytes */
{
    return tail && row % 4001 == 7 ? 0 : stamp(row, r, false, out);
}

static int other_late(int64_t row, uint64_t r, bool tail, char *out)            /* as long, but of other letters */
{
    const int n = code(row, r, false, out);
    if (tail && row % 1500 == 1) out[0] = '#';
    return n;
}

static int last_row_is_other(int64_t row, uint64_t r, bool tail, char *out)
{
    (void)tail;
    return row == ROWS - 1 ? snprintf(out, MOST, "x") : stamp(row, r, false, out);
}

static int all_late_are_other(int64_t row, uint64_t r, bool tail, char *out)
{
    return tail ? snprintf(out, MOST, "%u", (unsigned)(r >> 40)) : stamp(row, r, false, out);
}

static int other_among_first(int64_t row, uint64_t r, bool tail, char *out)
{
    return row == 100 ? snprintf(out, MOST, "n/a") : stamp(row, r, tail, out);
}

static int too_many_bits(int64_t row, uint64_t r, bool tail, char *out)
{
    (void)row, (void)tail;
    return snprintf(out, MOST, "%016llx%04x", (unsigned long long)(r * 0x9E3779B97F4A7C15u), (unsigned)r & 0xffff);
}

/* What is formed takes so many bytes in the end; EITHER: as it happens to be met among the first rows or later. */
enum { EITHER = 99 };
typedef struct column { const char *name; cell_fn *cell; bool formed; uint32_t width; } column;
static const column columns[] = {
    { "stamp", stamp, true, 4 },           { "code", code, true, 8 },        { "id", id, true, 4 },
    { "with_nulls", with_nulls, true, 8 }, { "accents", accents, true, 4 },  { "quotes", quotes, true, 8 },
    { "thirty_two", thirty_two, true, 8 },
    { "longer_late", longer_late, false, 0 }, { "empty_late", empty_late, false, 0 }, { "other_late", other_late, false, EITHER },
    { "last", last_row_is_other, false, 0 }, { "all_late", all_late_are_other, false, 0 },
    { "other_first", other_among_first, false, 0 }, { "bits", too_many_bits, false, 0 },
};

static uint64_t random_of(int64_t row, size_t c)
{
    uint64_t state = (uint64_t)row * 31 + c * 7777777 + 1;
    (void)fr_test_random(&state);
    return fr_test_random(&state);
}

/* Each cell is asked for often: those of a column are made once. */
typedef struct cell { char text[MOST - 1]; signed char n; } cell;
static cell *made[FR_COUNT_OF(columns)];

static const cell *cells_of(size_t c)
{
    if (made[c] || !(made[c] = malloc(ROWS * sizeof(cell)))) return made[c];
    for (int64_t row = 0; row < ROWS; row++) {
        char text[MOST] = { 0 };
        made[c][row].n = (signed char)columns[c].cell(row, random_of(row, c), row >= FIRST + 20000, text);
        memcpy(made[c][row].text, text, MOST - 1);
    }
    return made[c];
}

static void forget_cells(void)
{
    for (size_t c = 0; c < FR_COUNT_OF(columns); c++) free(made[c]), made[c] = NULL;
}

typedef struct style { const char *end; int quoted_every; } style;

static size_t put_field(char *out, const char *text, int n, bool quoted)
{
    size_t k = 0;
    if (n < 0) return 0;
    quoted = quoted || !n || memchr(text, ',', (size_t)n) || memchr(text, '"', (size_t)n) || memchr(text, '\n', (size_t)n)
          || memchr(text, '\r', (size_t)n);
    if (quoted) out[k++] = '"';
    for (int i = 0; i < n; i++) {
        if (text[i] == '"') out[k++] = '"';
        out[k++] = text[i];
    }
    if (quoted) out[k++] = '"';
    return k;
}

/* row, and the columns from `first` to before `end`; *n bytes. */
static char *file_of(size_t first, size_t end, int64_t rows, const style *s, size_t *n)
{
    char *text = malloc((size_t)rows * (16 + (end - first) * (MOST + 8)) + 1024);
    size_t k = 0;
    if (!text) return NULL;
    k += (size_t)sprintf(text + k, "row");
    for (size_t c = first; c < end; c++) {
        if (!cells_of(c)) return free(text), NULL;
        k += (size_t)sprintf(text + k, ",%s", columns[c].name);
    }
    k += (size_t)sprintf(text + k, "%s", s->end);
    for (int64_t row = 0; row < rows; row++) {
        k += (size_t)sprintf(text + k, "%lld", (long long)row);
        for (size_t c = first; c < end; c++) {
            const cell *one = &made[c][row];
            text[k++] = ',';
            k += put_field(text + k, one->text, one->n, s->quoted_every && random_of(row, c) / 7 % (unsigned)s->quoted_every == 0);
        }
        k += (size_t)sprintf(text + k, "%s", s->end);
    }
    *n = k;
    return text;
}

/* ---- what was read ----------------------------------------------------------------------------------------------- */
static bool has_texts(const fr_column *read, size_t c, int64_t rows)
{
    for (int64_t row = 0; row < rows; row++) {
        size_t n;
        const char *text = fr_column_text(read, row, &n);
        const cell *expected = &made[c][row];
        const size_t length = (size_t)expected->n;
        if (expected->n < 0 ? text != NULL : !text || n != length || memcmp(text, expected->text, n) != 0) return false;
    }
    return true;
}

/* The piece that a late column is waiting as; NULL: it is whole. */
static const fr_column *waiting(const fr_frame *frame, size_t field)
{
    if (!frame->late || fr_late_column_ready(frame->late[field])) return NULL;
    return fr_pieces_at(&frame->late[field]->pieces, 0);
}

static void check_read(const fr_frame *frame, size_t first, size_t end, int64_t rows)
{
    REQUIRE(fr_ok(frame) && fr_length(frame) == rows && fr_width(frame) == 1 + end - first);
    for (size_t c = first; c < end && rows >= FIRST; c++) {
        const fr_column *piece = waiting(frame, 1 + c - first);
        const bool formed = piece && piece->form;
        const uint32_t width = formed ? piece->form->bits.width : 0;
        const bool fine = columns[c].width == EITHER || (formed == columns[c].formed && width == columns[c].width);
        if (!fine) (void)fprintf(stderr, "%s is %sformed\n", columns[c].name, formed ? "" : "not ");
        CHECK(fine);
    }
    fr_column *const *read = fr_test_columns(frame);
    REQUIRE(read);
    for (size_t c = first; c < end; c++) {
        const bool same = has_texts(read[1 + c - first], c, rows);
        if (!same) (void)fprintf(stderr, "column %s\n", columns[c].name);
        CHECK(same && fr_test_column_is_sound(read[1 + c - first]));
    }
}

static const style styles[] = { { "\r\n", 3 }, { "\n", 0 }, { "\n", 2 } };
/* Where few rows decide everything is read in every way, else in one. */
enum { FEW_DECIDE = FIRST < 10000, N_STYLES = FEW_DECIDE ? FR_COUNT_OF(styles) : 1 };

/* All are text, whatever it looks like. */
static const char *types_of(size_t first, size_t end, char out[512])
{
    size_t n = 0;
    for (size_t c = first; c < end; c++)
        n += (size_t)snprintf(out + n, 512 - n, "%s%s: str", c > first ? ", " : "", columns[c].name);
    return out;
}

static void check_columns(size_t first, size_t end, int64_t rows, const style *s)
{
    size_t n;
    char *text = file_of(first, end, rows, s, &n), types[512];
    REQUIRE(text);
    for (uint32_t threads = FEW_DECIDE ? 1 : 3; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_bytes = threads > 1 ? 50000 : 0);
        fr_auto(frame) frame = fr_read_csv_bytes(text, n, .context = context, .dtypes = types_of(first, end, types));
        check_read(frame, first, end, rows);
    }
    free(text);
}

TEST(formed_texts_are_those_of_the_file)
{
    for (size_t s = 0; s < N_STYLES; s++) check_columns(0, 7, ROWS, &styles[s]);
    forget_cells();
}

TEST(texts_that_lose_their_form_are_those_of_the_file)
{
    for (size_t s = 0; s < N_STYLES; s++) check_columns(7, FR_COUNT_OF(columns), ROWS, &styles[s]);
    forget_cells();
}

TEST(files_about_as_long_as_what_decides_are_read_as_they_are)
{
    static const int64_t rows[] = { FIRST - 1, FIRST, FIRST + 1, FIRST + 64 };
    for (size_t i = 0; i < FR_COUNT_OF(rows); i++) check_columns(0, 2, rows[i], &styles[1]);
    forget_cells();
}

/* ---- files on disk, and what else may be asked of a read ---------------------------------------------------------- */
typedef struct file { char path[64]; } file;

static void remove_file(file *f)
{
    if (f->path[0]) (void)remove(f->path);
}

static file written(const char *text, size_t n)
{
    file f = { "/tmp/frame-test-formed-XXXXXX" };
    const int descriptor = mkstemp(f.path);
    FILE *out = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    const bool fine = out && fwrite(text, 1, n, out) == n;
    if (!out || fclose(out) != 0 || !fine) f.path[0] = '\0';
    return f;
}

TEST(a_file_on_disk_is_read_as_one_in_memory)
{
    enum { END = FR_COUNT_OF(columns) };
    char types[512];
    size_t n;
    char *text = file_of(0, END, ROWS, &styles[1], &n);
    REQUIRE(text);
    FR_CLEANUP(remove_file) file f = written(text, n);
    free(text);
    for (uint32_t threads = FEW_DECIDE ? 1 : 3; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_bytes = threads > 1 ? 0 : 70000);
        fr_auto(frame) frame = fr_read_csv(f.path, .context = context, .dtypes = types_of(0, END, types));
        check_read(frame, 0, END, ROWS);
    }
    forget_cells();
}

TEST(formed_texts_go_where_others_go)
{
    size_t n;
    char *text = file_of(0, 6, ROWS, &styles[1], &n);
    REQUIRE(text);
    FR_CLEANUP(remove_file) file f = written(text, n);
    fr_auto(frame) frame = fr_read_csv(f.path);
    REQUIRE(fr_ok(frame) && fr_frame_is_late(frame));
    FR_CLEANUP(remove_file) file copy = written("", 0);
    fr_auto(frame) receipt = fr_write_csv(frame, copy.path);
    CHECK(fr_ok(receipt));
    fr_auto(frame) again = fr_read_csv(copy.path);
    CHECK(fr_ok(again) && fr_equal(again, frame));
    fr_auto(frame) scan = fr_scan_csv(f.path);
    fr_auto(frame) batches = fr_pipe(scan, fr_filter("row >= 0"));
    CHECK(fr_ok(batches) && fr_equal(batches, frame));
    fr_auto(frame) collected = fr_collect(scan);
    CHECK(fr_equal(collected, frame));
    fr_auto(frame) files = fr_read_csv_files(((const char *const[]){ f.path, copy.path, NULL }));
    fr_auto(frame) twice = fr_pipe(frame, fr_concat(frame));
    CHECK(fr_ok(files) && fr_equal(files, twice));
    free(text);
    forget_cells();
}

TEST(a_formed_column_may_be_dates)
{
    size_t n;
    char *text = file_of(0, 2, ROWS, &styles[1], &n);
    REQUIRE(text);
    fr_auto(frame) plain = fr_read_csv_bytes(text, n, .dtypes = "stamp: str");
    fr_auto(frame) dates = fr_read_csv_bytes(text, n, .dtypes = "stamp: str", .parse_dates = "code");
    CHECK(fr_ok(dates) && fr_equal(dates, plain));                     /* no dates: it stays text */
    CHECK_INT((int64_t)fr_warning_count(dates), 1);
    fr_auto(frame) with = fr_pipe(plain, fr_with("stamp = parse_datetime(stamp)"));
    fr_auto(frame) found = fr_read_csv_bytes(text, n);
    CHECK(fr_ok(found) && fr_ok(with) && fr_equal(with, found));       /* read as datetimes where nobody said text */
    free(text);
    forget_cells();
}

/* Rows of too many fields, put aside; what is left keeps its form. */
TEST(rejected_rows_leave_formed_columns)
{
    size_t n;
    char *text = file_of(0, 2, ROWS, &styles[1], &n), *bad = text ? malloc(n + 4096) : NULL;
    REQUIRE(bad);
    size_t k = 0;
    int64_t line = 0;
    for (const char *at = text; at < text + n; line++) {
        const char *end = memchr(at, '\n', (size_t)(text + n - at));
        if (line && line % 30011 == 0) k += (size_t)sprintf(bad + k, "1,2,3,4\n");
        memcpy(bad + k, at, (size_t)(end + 1 - at));
        k += (size_t)(end + 1 - at);
        at = end + 1;
    }
    fr_auto(frame) frame = fr_read_csv_bytes(bad, k, .on_bad = FR_ON_BAD_COLLECT, .dtypes = "stamp: str");
    check_read(frame, 0, 2, ROWS);
    fr_auto(frame) rejects = fr_rejects(frame);
    CHECK_INT(fr_length(rejects), ROWS / 30011);
    free(bad);
    free(text);
    forget_cells();
}

TEST(words_for_null_are_null_in_formed_columns)
{
    char *text = malloc((size_t)ROWS * 32);
    const cell *cells = cells_of(1);
    REQUIRE(text && cells);
    size_t n = (size_t)sprintf(text, "code\n");
    for (int64_t row = 0; row < ROWS; row++) {
        n += (size_t)sprintf(text + n, "%s\n", row % 9 == 4 ? "NA" : row % 9 == 5 ? "missing-text" : cells[row].text);
    }
    fr_auto(frame) frame = fr_read_csv_bytes(text, n, .na_values = "NA, missing-text");
    REQUIRE(fr_ok(frame));
    CHECK(waiting(frame, 0) && waiting(frame, 0)->form);
    fr_column *const *read = fr_test_columns(frame);
    REQUIRE(read);
    bool same = true;
    for (int64_t row = 0; row < ROWS; row++) {
        size_t length;
        const char *is = fr_column_text(read[0], row, &length);
        same &= row % 9 == 4 || row % 9 == 5 ? !is : is && length == (size_t)cells[row].n && !memcmp(is, cells[row].text, length);
    }
    CHECK(same);
    free(text);
    forget_cells();
}

typedef struct bytes { char *text; size_t n; } bytes;

static fr_outcome read_bytes(fr_context *context, void *state)
{
    const bytes *b = state;
    fr_auto(frame) frame = fr_read_csv_bytes(b->text, b->n, .context = context);
    return fr_outcome_of(frame);
}

/* In a build that decides on few rows; in others there are too many to read that often. */
TEST(reading_formed_texts_survives_every_failure)
{
    if (!FEW_DECIDE) SKIP("too many rows decide");
    bytes b;
    b.text = file_of(1, 2, FIRST + 300, &styles[0], &b.n);
    REQUIRE(b.text);
    TORTURE(read_bytes, &b);
    free(b.text);
    b.text = file_of(7, 8, FIRST + 25000, &styles[0], &b.n);
    REQUIRE(b.text);
    TORTURE(read_bytes, &b);
    free(b.text);
    forget_cells();
}
