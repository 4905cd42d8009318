/* Files of other people: csv-spectrum and csv-test-data with their expected JSON, real tables with the types a person would
 * give them, and strings that break things. All lie beside the repository; without them the tests are skipped by name. */
#include <frame/frame.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

static char *slurp(const char *path, size_t *n)
{
    FILE *in = fopen(path, "rb");
    if (!in) return NULL;
    char *text = calloc(1, (1 << 20) + 1);
    *n = fread(text, 1, 1 << 20, in);
    fclose(in);
    return text;
}

static const char *error_of(const fr_frame *frame)
{
    static char text[1000];
    fr_error_text(frame, text, sizeof text);
    return text;
}

/* ---- just enough JSON: an array of arrays of texts, or of objects of texts ------------------------------------------- */
typedef struct table { char cells[64][8][512]; int rows, width[64]; bool objects; char names[8][128]; } table;

static const char *skip(const char *p)
{
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t' || *p == ',' || *p == ':') p++;
    return p;
}

static const char *read_string(const char *p, char *out)
{
    for (p++; *p && *p != '"'; p++) {
        if (*p != '\\') *out++ = *p;
        else if (*++p == 'n') *out++ = '\n';
        else if (*p == 'r') *out++ = '\r';
        else *out++ = *p;
    }
    *out = 0;
    return p + 1;
}

static void read_json(const char *p, table *t)
{
    memset(t, 0, sizeof *t);
    p = skip(p);
    if (*p == '[') p = skip(p + 1);
    while (*p == '[' || *p == '{') {
        char close = *p == '[' ? ']' : '}';
        t->objects = *p == '{';
        for (p = skip(p + 1); *p && *p != close; p = skip(p)) {
            int c = t->width[t->rows]++;
            if (t->objects) p = skip(read_string(p, t->names[c]));
            p = read_string(p, t->cells[t->rows][c]);
        }
        t->rows++;
        p = skip(p + 1);
    }
}

/* All columns as text, nulls as empty text: what the JSON files hold. */
static void check_cells(const char *name, const fr_frame *f, const table *t)
{
    int first = 0;
    if (!fr_ok(f)) {
        fprintf(stderr, "%s: %s\n", name, error_of(f));
        CHECK(fr_ok(f));
        return;
    }
    CHECK_INT(fr_length(f), t->rows - first);
    for (int row = first; row < t->rows; row++)
        for (int c = 0; c < t->width[row]; c++) {
            fr_value v = fr_get_at(f, row - first, (size_t)c);
            char cell[512] = "";
            if (v.valid) snprintf(cell, sizeof cell, "%.*s", (int)v.length, v.as.s);
            CHECK_STR(cell, t->cells[row][c]);
            if (t->objects) CHECK_STR(fr_name(f, (size_t)c), t->names[c]);
        }
}

static fr_frame *read_as_text(const char *path, bool header, bool lenient)
{
    fr_auto(frame) probe = fr_read_csv(path, .header = header, .no_header = !header, .lenient = lenient, .max_rows = 0);
    char dtypes[1000] = "";
    for (size_t c = 0; c < fr_width(probe); c++)
        snprintf(dtypes + strlen(dtypes), sizeof dtypes - strlen(dtypes), "%s`%s`: str", c ? ", " : "", fr_name(probe, c));
    return fr_read_csv(path, .header = header, .no_header = !header, .dtypes = dtypes, .lenient = lenient);
}

static void check_folder(const char *csv_folder, const char *json_folder, bool lenient)
{
    const char *folder = fr_test_data(csv_folder), *expected = fr_test_data(json_folder);
    if (!folder || !expected) SKIP("no data folder");
    DIR *directory = opendir(folder);
    REQUIRE(directory != NULL);
    int n_files = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char csv[4096], json[4096], stem[200];
        size_t n = strlen(entry->d_name);
        if (n < 5 || strcmp(entry->d_name + n - 4, ".csv") != 0) continue;
        snprintf(stem, sizeof stem, "%.*s", (int)(n - 4), entry->d_name);
        snprintf(csv, sizeof csv, "%s/%s", folder, entry->d_name);
        snprintf(json, sizeof json, "%s/%s.json", expected, stem);
        if (strcmp(stem, "location_coordinates") == 0) continue;     /* its JSON holds another telephone number */
        n_files++;
        char *text = slurp(json, &n);
        if (!text) {
            fr_auto(frame) bad = fr_read_csv(csv);      /* bad-*: no JSON, because there is nothing to be read */
            if (!strcmp(stem, "bad-header-wrong-header")) continue;       /* wrong only to who knows the schema: below */
            if (fr_ok(bad)) fprintf(stderr, "%s was read\n", stem);
            CHECK(!fr_ok(bad));
            continue;
        }
        static table t;
        read_json(text, &t);
        fr_auto(frame) f = read_as_text(csv, t.objects || t.rows == 0, lenient);
        check_cells(stem, f, &t);
        free(text);
    }
    closedir(directory);
    CHECK(n_files > 10);
}

TEST(csv_spectrum) { check_folder("csv/spectrum/csvs", "csv/spectrum/json", false); }
TEST(csv_test_data) { check_folder("csv/csv-test-data/csv", "csv/csv-test-data/json", false); }

TEST(a_header_that_contradicts_the_schema)
{
    const char *path = fr_test_data("csv/csv-test-data/csv/bad-header-wrong-header.csv");
    if (!path) SKIP("no data folder");
    const char *none[1] = { "" };
    fr_auto(frame) like = fr_frame_new(0, fr_array("foo", FR_STR, none), fr_array("bar", FR_STR, none),
                                       fr_array("baz", FR_STR, none));
    fr_auto(schema) schema = fr_schema(like);
    fr_auto(frame) f = fr_read_csv(path, .schema = schema);
    CHECK_INT(fr_error_code(f), FR_ERR_FORMAT);
}

/* ---- real tables ------------------------------------------------------------------------------------------------------- */
static const struct { const char *file; int64_t rows; const char *types; } real[] = {
    { "adult_test", 16281, "i64 str i64 str i64 str str str str str i64 i64 i64 str str" },
    { "adult_train", 32561, "i64 str i64 str i64 str str str str str i64 i64 i64 str str" },
    { "airline_passengers", 144, "i64 str i64" },
    { "birdstrikes", 10000, "str str str date str str str str str str i64 i64 i64 i64" },
    { "diamonds", 53940, "f64 str str str f64 f64 i64 f64 f64 f64" },
    { "dowjones", 649, "date f64" },
    { "healthexp", 274, "i64 str f64 f64" },
    { "housing", 20640, "f64 f64 f64 f64 f64 f64 f64 f64 f64 str" },
    { "iris", 150, "f64 f64 f64 f64 str" },
    { "mpg", 398, "f64 i64 f64 f64 i64 f64 i64 str str" },
    { "nyc_airlines", 16, "str str" },
    { "nyc_airports", 1458, "str str f64 f64 i64 i64 str str" },
    { "nyc_flights", 32735, "i64 i64 i64 i64 i64 i64 i64 i64 str str i64 str str i64 i64 i64 i64" },
    { "nyc_planes", 3322, "str i64 str str str i64 i64 i64 str" },
    { "nyc_weather", 26115, "str i64 i64 i64 i64 f64 f64 f64 i64 f64 f64 f64 f64 f64 datetime[us, UTC]" },
    { "penguins", 344, "str str f64 f64 i64 i64 str" },
    { "planets", 1035, "str i64 f64 f64 f64 i64" },
    { "seattle-weather", 1461, "date f64 f64 f64 f64 str" },
    { "sp500-2000", 5105, "date f64 f64 f64 f64 f64 i64" },
    { "stocks", 560, "str str f64" },
    { "taxis", 6433, "datetime[us] datetime[us] i64 f64 f64 f64 f64 f64 str str str str str str" },
    { "tips", 244, "f64 f64 str str str str i64" },
    { "titanic", 891, "i64 i64 str f64 i64 i64 f64 str str str bool str str str bool" },
    { "zipcodes", 42049, "str f64 f64 str str str" },
};

TEST(real_tables_have_the_types_a_person_would_give_them)
{
    if (!fr_test_data("real")) SKIP("no data folder");
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
        char name[100], types[1000] = "";
        snprintf(name, sizeof name, "real/%s.csv", real[i].file);
        fr_auto(frame) f = fr_read_csv(fr_test_data(name));
        if (!fr_ok(f)) fprintf(stderr, "%s: %s\n", real[i].file, error_of(f));
        CHECK_INT(fr_length(f), real[i].rows);
        for (size_t c = 0; c < fr_width(f); c++) {
            size_t n = strlen(types);
            if (c) types[n++] = ' ';
            fr_type_text(fr_type_at(f, c), types + n, sizeof types - n);
        }
        CHECK_STR(types, real[i].types);
    }
}

/* Words for null in a column that is otherwise text stay words, and question marks are null when asked for. */
TEST(adult_with_its_missing_values)
{
    const char *path = fr_test_data("real/adult_train.csv");
    if (!path) SKIP("no data folder");
    fr_auto(frame) f = fr_read_csv(path, .trim = true, .na_values = "?");
    REQUIRE(fr_ok(f));
    CHECK_INT(fr_null_count(f, 1), 1836);
    CHECK_INT(fr_null_count(f, 6), 1843);
    CHECK_INT(fr_null_count(f, 13), 583);
    CHECK_STR(fr_get(f, 0, "column_2").as.s, "State-gov");
}

/* ---- strings that break things ------------------------------------------------------------------------------------------- */
TEST(naughty_strings_come_back)
{
    const char *path = fr_test_data("strings/blns.txt");
    if (!path) SKIP("no data folder");
    size_t n = 0;
    char *text = slurp(path, &n), *lines[2000];
    int64_t rows = 0;
    for (char *at = text; at < text + n && rows < 2000;) {
        char *end = memchr(at, '\n', (size_t)(text + n - at));
        if (!end) end = text + n;
        *end = 0;
        lines[rows++] = at;
        at = end + 1;
    }
    fr_auto(frame) f = fr_frame_new(rows, fr_array("text", FR_STR, lines), fr_array("again", FR_STR, lines));
    REQUIRE(fr_ok(f));
    char out[100];
    snprintf(out, sizeof out, "/tmp/frame-test-blns-%d.csv", (int)getpid());
    fr_auto(frame) done = fr_write_csv(f, out);
    CHECK(fr_ok(done));
    fr_auto(schema) schema = fr_schema(f);
    fr_auto(frame) back = fr_read_csv(out, .schema = schema);
    if (!fr_ok(back)) fprintf(stderr, "%s\n", error_of(back));
    CHECK(fr_equal(f, back));
    unlink(out);
    free(text);
}

/* ---- libcsv: the lenient mode, and a second opinion ------------------------------------------------------------------------ */
TEST(lenient_reading_takes_what_breaks_the_rules)
{
    const char text[] = "a,b,c\n1,5\" pipe,\"x\"y\"\n2,,\"\"\n3,\"open\n";
    fr_auto(frame) f = fr_read_csv_bytes(text, sizeof text - 1, .lenient = true, .pad_short_rows = true);
    if (fr_error_code(f) == FR_ERR_MODULE) SKIP("no libcsv");
    REQUIRE(fr_ok(f));
    CHECK_INT(fr_length(f), 3);
    CHECK_STR(fr_get_at(f, 0, 1).as.s, "5\" pipe");
    CHECK(!fr_get_at(f, 1, 1).valid);
    CHECK(fr_get_at(f, 1, 2).valid);
    const char *path = fr_test_data("csv/spectrum/csvs/location_coordinates.csv");
    if (!path) return;
    fr_auto(frame) place = fr_read_csv(path, .lenient = true);
    CHECK_INT(fr_get_at(place, 0, 0).as.i, 2095257564);
    fr_value v = fr_get_at(place, 0, 1);
    CHECK(v.valid && v.length > 6 && !memcmp(v.as.s + v.length - 6, "17.9\"W", 6));
}

TEST(csv_spectrum_as_libcsv_reads_it)
{
    fr_auto(frame) probe = fr_read_csv_bytes("a\n1\n", 4, .lenient = true);
    if (fr_error_code(probe) == FR_ERR_MODULE) SKIP("no libcsv");
    check_folder("csv/spectrum/csvs", "csv/spectrum/json", true);
}

/* Texts that keep RFC 4180, drawn at random: the same cells from both. */
TEST(libcsv_reads_the_same_cells)
{
    uint64_t state = 99;
    for (int round = 0; round < 500; round++) {
        char text[2000] = "p,q,r\n";
        for (int cell = 0; cell < 30; cell++) {
            static const char *const cells[] = { "1", "x y", "", "\"\"", "\"a,b\"", "\"two\nlines\"", "\"say \"\"hi\"\"\"", " b ",
                                                 "caf\xc3\xa9", "\"\r\n\"", "-2.5" };
            state = state * 6364136223846793005u + 1442695040888963407u;
            strcat(text, cells[(state >> 33) % 11]);
            strcat(text, cell % 3 < 2 ? "," : (state >> 50) % 3 ? "\n" : "\r\n");
        }
        fr_auto(frame) a = fr_read_csv_bytes(text, strlen(text), .header = true, .dtypes = "p: str, q: str, r: str");
        fr_auto(frame) b = fr_read_csv_bytes(text, strlen(text), .header = true, .dtypes = "p: str, q: str, r: str",
                                             .lenient = true);
        if (fr_error_code(b) == FR_ERR_MODULE) SKIP("no libcsv");
        if (!fr_equal(a, b)) fprintf(stderr, "%s\n%s", text, fr_ok(a) && fr_ok(b) ? "" : error_of(fr_ok(a) ? b : a));
        CHECK(fr_equal(a, b));
    }
}
