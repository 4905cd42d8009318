/* Where the bytes come from: files cut short, gzip damaged at every place, other encodings, pipes, and a world in which every
 * allocation and file operation fails in turn. */
#include <frame/frame.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/context_state.h"
#include "support/test.h"
#include "support/torture.h"

static const char *scratch_path(const char *ending)
{
    static char paths[4][200];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "/tmp/frame-test-csv-in-%d%s", (int)getpid(), ending);
    return path;
}

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *out = fopen(path, "wb");
    if (!out) return;
    fwrite(bytes, 1, n, out);
    fclose(out);
}

static const char table[] = "id,when,x,name\n1,2024-02-29,0.5,Ann\n2,,1e3,\"B, \"\"C\"\"\"\n"
                            "3,2023-01-01,,caf\xc3\xa9 with a long name\n";

static size_t compress_bytes(const void *bytes, size_t n, unsigned char *out, size_t room)
{
    z_stream z = { 0 };
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)room;
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return room - z.avail_out;
}

/* ---- text cut short ---------------------------------------------------------------------------------------------------- */
TEST(a_table_cut_at_every_byte_is_an_error_or_its_first_rows)
{
    fr_auto(frame) whole = fr_read_csv_bytes(table, sizeof table - 1);
    REQUIRE(fr_ok(whole));
    for (size_t n = 0; n < sizeof table; n++) {
        fr_auto(frame) f = fr_read_csv_bytes(table, n);
        CHECK(!fr_ok(f) || fr_length(f) <= fr_length(whole));
    }
}

/* ---- gzip -------------------------------------------------------------------------------------------------------------- */
TEST(gzip_is_known_by_its_bytes)
{
    unsigned char packed[1000];
    size_t n = compress_bytes(table, sizeof table - 1, packed, sizeof packed);
    fr_auto(frame) plain = fr_read_csv_bytes(table, sizeof table - 1);
    fr_auto(frame) f = fr_read_csv_bytes(packed, n);
    CHECK(fr_equal(plain, f));
    size_t more = compress_bytes("4,,,z\n", 6, packed + n, sizeof packed - n);
    fr_auto(frame) two = fr_read_csv_bytes(packed, n + more);
    CHECK_INT(fr_length(two), 4);
    memset(packed + n, 0, 10);
    fr_auto(frame) padded = fr_read_csv_bytes(packed, n + 10);
    CHECK(fr_equal(plain, padded));
    packed[n + 3] = 'x';
    fr_auto(frame) rubbish = fr_read_csv_bytes(packed, n + 10);
    CHECK_INT(fr_error_code(rubbish), FR_ERR_FORMAT);
}

TEST(gzip_cut_at_every_byte_is_an_error)
{
    unsigned char packed[1000];
    size_t n = compress_bytes(table, sizeof table - 1, packed, sizeof packed);
    for (size_t i = 2; i < n; i++) {
        fr_auto(frame) f = fr_read_csv_bytes(packed, i);
        if (fr_ok(f)) fprintf(stderr, "cut at %zu of %zu\n", i, n);
        CHECK(!fr_ok(f));
    }
}

TEST(gzip_with_any_bit_flipped_is_an_error_or_the_same)
{
    unsigned char packed[1000];
    size_t n = compress_bytes(table, sizeof table - 1, packed, sizeof packed);
    fr_auto(frame) plain = fr_read_csv_bytes(table, sizeof table - 1);
    for (size_t bit = 16; bit < 8 * n; bit++) {
        packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
        fr_auto(frame) f = fr_read_csv_bytes(packed, n);
        if (fr_ok(f) && !fr_equal(f, plain)) fprintf(stderr, "bit %zu\n", bit);
        CHECK(!fr_ok(f) || fr_equal(f, plain));
        packed[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
}

TEST(a_gzip_bomb_is_refused)
{
    z_stream z = { 0 };
    size_t room = 1 << 20, megabytes = 80;
    unsigned char *packed = malloc(room), *zeros = calloc(1, 1 << 20);
    for (size_t i = 0; i < 1 << 20; i++) zeros[i] = i % 1024 ? 'a' : '\n';
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_out = packed;
    z.avail_out = (uInt)room;
    for (size_t i = 0; i <= megabytes; i++) {
        z.next_in = zeros;
        z.avail_in = i < megabytes ? 1 << 20 : 0;
        deflate(&z, i < megabytes ? Z_NO_FLUSH : Z_FINISH);
    }
    deflateEnd(&z);
    fr_auto(context) context = fr_context_new(.limits = { .expansion_ratio = 100 });
    fr_auto(frame) f = fr_read_csv_bytes(packed, room - z.avail_out, .context = context);
    CHECK_INT(fr_error_code(f), FR_ERR_LIMIT);
    free(packed);
    free(zeros);
}

/* ---- encodings --------------------------------------------------------------------------------------------------------- */
static size_t to_utf16(const char *text, bool big, bool mark, unsigned char *out)
{
    size_t n = 0;
    uint32_t codes[200];
    size_t n_codes = 0;
    if (mark) codes[n_codes++] = 0xfeff;
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        if (*p < 0x80) codes[n_codes++] = *p++;
        else if (*p < 0xe0) codes[n_codes++] = (p[0] & 31u) << 6 | (p[1] & 63u), p += 2;
        else codes[n_codes++] = (p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u), p += 4;
    }
    for (size_t i = 0; i < n_codes; i++) {
        uint32_t units[2] = { codes[i], 0 };
        size_t m = 1;
        if (codes[i] > 0xffff) units[0] = 0xd800 + ((codes[i] - 0x10000) >> 10), units[1] = 0xdc00 + (codes[i] & 0x3ff), m = 2;
        for (size_t k = 0; k < m; k++) {
            out[n++] = (unsigned char)(big ? units[k] >> 8 : units[k]);
            out[n++] = (unsigned char)(big ? units[k] : units[k] >> 8);
        }
    }
    return n;
}

TEST(other_encodings)
{
    const char text[] = "a,b\ncaf\xc3\xa9,\xf0\x9f\x98\x8e\n\"x,\xc3\xbc\",2\n";
    unsigned char wide[400];
    fr_auto(frame) plain = fr_read_csv_bytes(text, sizeof text - 1, .header = true);
    for (int big = 0; big < 2; big++) {
        size_t n = to_utf16(text, big, true, wide);
        fr_auto(frame) f = fr_read_csv_bytes(wide, n, .header = true);
        CHECK(fr_equal(plain, f));
        fr_auto(frame) odd = fr_read_csv_bytes(wide, n - 1, .header = true);
        CHECK_INT(fr_error_code(odd), FR_ERR_ENCODING);
    }
    size_t n = to_utf16(text, false, false, wide);
    fr_auto(frame) told = fr_read_csv_bytes(wide, n, .header = true, .encoding = "utf-16");
    CHECK(fr_equal(plain, told));
    fr_auto(frame) untold = fr_read_csv_bytes(wide, n, .header = true);
    CHECK(!fr_ok(untold));
    fr_auto(frame) latin = fr_read_csv_bytes("a\ncaf\xe9\n", 7, .header = true, .encoding = "latin-1");
    CHECK_STR(fr_get_at(latin, 0, 0).as.s, "caf\xc3\xa9");
    fr_auto(frame) windows = fr_read_csv_bytes("a\n\x80 \x93\xe9\x94\x81\n", 9, .header = true, .encoding = "Windows-1252");
    CHECK_STR(fr_get_at(windows, 0, 0).as.s, "\xe2\x82\xac \xe2\x80\x9c\xc3\xa9\xe2\x80\x9d\xc2\x81");
    n = to_utf16(text, true, false, wide);
    fr_auto(frame) big_end = fr_read_csv_bytes(wide, n, .header = true, .encoding = "utf-16be");
    CHECK(fr_equal(plain, big_end));
    fr_auto(frame) unknown = fr_read_csv_bytes("a\n1\n", 4, .encoding = "klingon");
    CHECK_INT(fr_error_code(unknown), FR_ERR_ARGUMENT);
    fr_auto(frame) wrong = fr_read_csv_bytes("a\nx\ncaf\xe9\n", 9, .header = true);
    CHECK_INT(fr_error_code(wrong), FR_ERR_ENCODING);
    CHECK_INT(fr_error(wrong)->line, 3);
    CHECK_INT(fr_error(wrong)->byte, 7);
    fr_auto(frame) marked = fr_read_csv_bytes("\xef\xbb\xbf" "a,b\n1,2\n", 11);
    CHECK_STR(fr_name(marked, 0), "a");
}

/* The longest texts that one byte can become, over the blocks in which they are decoded. */
TEST(a_byte_of_windows_1252_may_become_three)
{
    enum { N = 200000 };
    static char text[N + 3];
    memcpy(text, "a\n", 2);
    memset(text + 2, 0x80, N);
    text[N + 2] = '\n';
    fr_auto(frame) f = fr_read_csv_bytes(text, sizeof text, .header = true, .encoding = "cp1252");
    const fr_value value = fr_get_at(f, 0, 0);
    REQUIRE(value.length == 3 * N);
    for (size_t i = 0; i < N; i += 999) CHECK(!memcmp(value.as.s + 3 * i, "\xe2\x82\xac", 3));
}

TEST(a_first_line_may_say_the_separator)
{
    static const struct { const char *text, *names; int64_t rows; } cases[] = {
        { "sep=;\na,b;c\n1,2;3\n", "a,b c", 1 },     { "SEP=,\r\na,b\r\n1,2\r\n", "a b", 1 },
        { "\"sep=\t\"\r\na\tb\r\n1\t2\r\n", "a b", 1 }, { "\xef\xbb\xbfsep=|\na|b\n1|2\n3|4\n", "a b", 2 },
        { "sep=;\n1;2\n", "column_1 column_2", 1 },   { "sep=;\ra;b\r1;2\r", "a b", 1 },
        { "sep=;x\n1;2\n", "sep= x", 1 },             { "sep,b\n1,2\n", "sep b", 1 }, { "sep=\n1\n", "sep=", 1 },
        { "\"sep=;\n1\n", NULL, 0 },                  { "sep=;\n", NULL, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char names[100] = "";
        fr_auto(frame) f = fr_read_csv_bytes(cases[i].text, strlen(cases[i].text));
        for (size_t c = 0; fr_ok(f) && c < fr_width(f); c++)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", c ? " " : "", fr_name(f, c));
        CHECK_INT(fr_ok(f), cases[i].names != NULL);
        if (cases[i].names) CHECK_STR(names, cases[i].names);
        if (cases[i].names) CHECK_INT(fr_length(f), cases[i].rows);
    }
    fr_auto(frame) given = fr_read_csv_bytes(cases[0].text, strlen(cases[0].text), .sep = ",");
    CHECK_STR(fr_name(given, 1), "b;c");
    fr_auto(frame) nul = fr_read_csv_bytes("sep=\0\na\n1\n", 10);
    CHECK(!fr_ok(nul));
    fr_auto(frame) bad = fr_read_csv_bytes("sep=;\na;b\n1;2\n3\n", 16);
    CHECK(fr_error(bad) && fr_error(bad)->line == 4);
}

TEST(what_is_packed_otherwise_is_told_as_what_it_is)
{
    static const struct { const char *bytes; size_t n; const char *what; } cases[] = {
        { "\x28\xb5\x2f\xfd\x04\x00", 6, "this is compressed by zstd" }, { "\xfd" "7zXZ\0\0", 7, "this is compressed by xz" },
        { "BZh91AY&SY\x01", 11, "this is compressed by bzip2" }, { "\x04\x22\x4d\x18\x64", 5, "this is compressed by lz4" },
        { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", 9, "this is an old workbook of Excel" }, { "%PDF-1.7\n", 9, "this is a PDF file" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fr_auto(frame) f = fr_read_csv_bytes(cases[i].bytes, cases[i].n);
        CHECK_INT(fr_error_code(f), FR_ERR_UNSUPPORTED);
        CHECK(fr_error(f) && strstr(fr_error(f)->message, cases[i].what) == fr_error(f)->message);
    }
}

/* ---- pipes ------------------------------------------------------------------------------------------------------------- */
static void *fill_pipe(const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out) return NULL;
    fprintf(out, "k,v\n");
    for (int i = 0; i < 50000; i++) fprintf(out, "%d,%s\n", i, i == 49999 ? "late" : "1");
    fclose(out);
    return NULL;
}

static const char *open_pipe(void)
{
    const char *path = scratch_path(".fifo");
    unlink(path);
    if (mkfifo(path, 0600) != 0) return NULL;
    const pid_t writer = fork();
    if (writer == 0) {
        fill_pipe(path);
        _exit(0);
    }
    return writer > 0 ? path : NULL;      /* nobody would ever write into it */
}

TEST(a_pipe_whose_types_are_known_is_not_kept)
{
    const char *path = open_pipe();
    REQUIRE(path != NULL);
    fr_auto(context) context = fr_context_new(.chunk_bytes = 4096);
    fr_auto(frame) f = fr_read_csv(path, .context = context, .dtypes = "v: str", .sample_types = 10);
    CHECK(fr_ok(f));
    CHECK_INT(fr_length(f), 50000);
    CHECK_INT(fr_get_at(f, 49999, 0).as.i, 49999);
    CHECK_STR(fr_get_at(f, 49999, 1).as.s, "late");
    unlink(path);
}

TEST(a_pipe_has_the_types_of_all_its_rows)
{
    const char *path = open_pipe();
    REQUIRE(path != NULL);
    fr_auto(context) context = fr_context_new(.chunk_bytes = 4096);
    fr_auto(frame) f = fr_read_csv(path, .context = context);
    CHECK(fr_ok(f));
    CHECK_INT(fr_length(f), 50000);
    CHECK_STR(fr_get_at(f, 49999, 1).as.s, "late");
    CHECK_STR(fr_get_at(f, 0, 1).as.s, "1");
    unlink(path);
}

/* ---- a failing world ----------------------------------------------------------------------------------------------------- */
static fr_outcome read_file(fr_context *context, void *path)
{
    fr_auto(frame) f = fr_read_csv(path, .context = context, .dtypes = "x: f32", .on_bad = FR_ON_BAD_COLLECT);
    return fr_outcome_of(f);
}

TEST(reading_survives_every_failure)
{
    const char *path = scratch_path(".csv");
    write_bytes(path, table, sizeof table - 1);
    TORTURE(read_file, (void *)(uintptr_t)path);
    unlink(path);
}

TEST(reading_gzip_survives_every_failure)
{
    unsigned char packed[1000];
    size_t n = compress_bytes(table, sizeof table - 1, packed, sizeof packed);
    const char *path = scratch_path(".csv.gz");
    write_bytes(path, packed, n);
    TORTURE(read_file, (void *)(uintptr_t)path);
    unlink(path);
}

/* … and so does reading ahead of the rows, from the second window on. */
static fr_outcome read_in_pieces(fr_context *context, void *path)
{
    context->chunk_bytes = 2;
    return read_file(context, path);
}

TEST(reading_ahead_survives_every_failure)
{
    unsigned char packed[1000];
    size_t n = compress_bytes(table, sizeof table - 1, packed, sizeof packed);
    const char *path = scratch_path(".csv.gz");
    write_bytes(path, packed, n);
    TORTURE(read_in_pieces, (void *)(uintptr_t)path);
    unlink(path);
}

static fr_outcome read_dates(fr_context *context, void *text)
{
    fr_auto(frame) f = fr_read_csv_bytes(text, strlen(text), .context = context, .parse_dates = "*", .pad_short_rows = true);
    return fr_outcome_of(f);
}

TEST(reading_twice_survives_every_failure)
{
    TORTURE(read_dates, (void *)(uintptr_t)"d,v\n29.02.2024,1\n01.03.2024\n02.03.2024,x\n");
}

static fr_outcome sniff_file(fr_context *context, void *path)
{
    fr_auto(frame) f = fr_sniff_csv(path, .context = context);
    return fr_outcome_of(f);
}

static fr_outcome scan_file(fr_context *context, void *path)
{
    fr_auto(frame) f = fr_scan_csv(path, .context = context);
    fr_auto(schema) schema = fr_schema(f);
    return (fr_outcome){ .code = fr_error_code(schema) };
}

TEST(sniffing_and_scanning_survive_every_failure)
{
    const char *path = scratch_path(".csv");
    write_bytes(path, table, sizeof table - 1);
    TORTURE(sniff_file, (void *)(uintptr_t)path);
    TORTURE(scan_file, (void *)(uintptr_t)path);
    unlink(path);
}

static fr_outcome write_file(fr_context *context, void *path)
{
    fr_auto(frame) f = fr_read_csv_bytes(table, sizeof table - 1, .context = context);
    fr_auto(frame) done = fr_write_csv(f, path);
    return fr_outcome_of(done);
}

/* A world in which unlink fails leaves temporaries behind: they go with their folder. */
static void remove_folder(const char *folder)
{
    char path[700];
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (directory) closedir(directory);
    rmdir(folder);
}

TEST(writing_survives_every_failure)
{
    char folder[] = "/tmp/frame-test-XXXXXX", path[100];
    REQUIRE(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/out.csv", folder);
    TORTURE(write_file, path);
    snprintf(path, sizeof path, "%s/out.csv.gz", folder);
    TORTURE(write_file, path);
    remove_folder(folder);
}

static void check_evidence(const char *text, const char *evidence)
{
    const char *path = scratch_path(".csv");
    write_bytes(path, text, strlen(text));
    fr_auto(frame) sniffed = fr_sniff_csv(path);
    const fr_value found = fr_get(sniffed, fr_length(sniffed) - 1, "evidence");
    CHECK_STR(found.valid ? found.as.s : NULL, evidence);
    unlink(path);
}

TEST(sniffing_shows_the_value_that_made_a_column_text)
{
    check_evidence("id,n\n1,2\n\n2,3\n3,three\n4,four\n", "integers; 2 are not, the first 'three' in line 5");
    check_evidence("id,n\n1,2\n2,3\n", "integers");
    check_evidence("id,n\n1,x\n2,y\n", "text");
}
