/* However a text is cut and whoever reads it, the frame is the same: chunks of 1, 2, 3, 7, 64 and 4096 bytes on 1, 2, 3 and
 * 7 threads against one chunk on one thread. The texts hold what a cut could get wrong: quotes, doubled quotes, CR LF,
 * blank lines, several bytes to a character, flaws, late changes of type. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/context_state.h"
#include "data/frame.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

static const size_t chunks[] = { 1, 2, 3, 7, 64, 4096 };
static const uint32_t threads[] = { 1, 2, 3, 7 };

static fr_frame *read_in(fr_context *context, const char *text, size_t n, const fr_csv_args *options)
{
    fr_csv_args args = *options;
    args.context = context;
    return fr_csv_read_bytes(text, n, &args);
}

/* The error or the table and its account, rejects and warnings: all that a user sees. */
static bool same_outcome(const fr_frame *a, const fr_frame *b)
{
    char first[2000], second[2000];
    if (fr_ok(a) != fr_ok(b)) return false;
    if (!fr_ok(a)) {
        fr_error_text(a, first, sizeof first);
        fr_error_text(b, second, sizeof second);
        return strcmp(first, second) == 0;
    }
    fr_auto(frame) account_a = fr_account(a);
    fr_auto(frame) account_b = fr_account(b);
    fr_auto(frame) rejects_a = fr_rejects(a);
    fr_auto(frame) rejects_b = fr_rejects(b);
    return fr_equal(a, b) && fr_equal(account_a, account_b) && fr_equal(rejects_a, rejects_b) &&
           fr_warning_count(a) == fr_warning_count(b);
}

static void print_error(const fr_frame *frame)
{
    char text[2000];
    fr_error_text(frame, text, sizeof text);
    if (!fr_ok(frame)) fprintf(stderr, "%s\n", text);
}

/* What cannot be read at any offset is read ahead of the rows: the same text as gzip. */
static size_t pack(const char *text, size_t n, char *packed, size_t room)
{
    z_stream z = { 0 };
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)room;
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return room - z.avail_out;
}

static void same_in_pieces(const char *name, const char *text, size_t n, bool is_long, const fr_csv_args *options)
{
    fr_auto(context) whole = fr_context_new(.threads = 1);
    fr_auto(frame) expected = read_in(whole, text, n, options);
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++)
        for (size_t j = 0; j < sizeof threads / sizeof *threads; j++) {
            if (is_long && (chunks[i] < 64 || (threads[j] & 1))) continue;
            fr_auto(context) context = fr_context_new(.threads = threads[j], .chunk_bytes = chunks[i]);
            fr_auto(frame) actual = read_in(context, text, n, options);
            if (same_outcome(actual, expected)) continue;
            fprintf(stderr, "%s: chunks of %zu bytes, %u threads\n", name, chunks[i], threads[j]);
            print_error(expected);
            print_error(actual);
            CHECK(false);
            return;
        }
    CHECK(true);
}

static void same_for_all(const char *name, const char *text, size_t n, const fr_csv_args *options)
{
    char *packed = malloc(n + 100);
    same_in_pieces(name, text, n, n > 5000, options);
    same_in_pieces(name, packed, pack(text, n, packed, n + 100), n > 5000, options);
    free(packed);
}

#define SAME(text, ...) \
    same_for_all(text, text, sizeof(text) - 1, &(fr_csv_args){ .size_ = sizeof(fr_csv_args), .max_rows = -1, __VA_ARGS__ })

TEST(plain_tables)
{
    SAME("a,b\n1,2\n3,4\n", .pad_ = 0);
    SAME("a,b\n1,2\n3,4", .pad_ = 0);
    SAME("a,b\r\n1,2\r\n3,4\r\n", .pad_ = 0);
    SAME("a\n1\n\n2\n\n\n", .pad_ = 0);
    SAME("a,b\n\n\n1,2\n\n3,4\n\n\n", .pad_ = 0);
    SAME("a,b\r\n\r\n1,2\r\n\r\n\r\n3,4\r\n\r\n", .pad_ = 0);
    SAME("\n\na,b\n1,2\n", .keep_blank_lines = true);
    SAME("a,b\n1,2\n\n3,4\n", .keep_blank_lines = true);
    SAME("a,b\r\n1,2\r\n\r\n3,4", .keep_blank_lines = true);
    SAME("\n\n\n", .pad_ = 0);
    SAME("\xef\xbb\xbf" "a,b\n1,2\n", .pad_ = 0);
    SAME("a,b\r1,2\r\r3,4\r", .pad_ = 0);
    SAME("a;b\n1,5;2\n3;4\n", .decimal = ",");
}

TEST(quotes)
{
    SAME("a,b\n\"x,\n\"\"y\"\"\",1\n\"\",2\n,3\n", .pad_ = 0);
    SAME("a,b\r\n\"x,\r\n\r\n\"\"\r\n\"\"\",\"1\"\r\n\"\"\"\"\"\"\"\",2\r\n", .pad_ = 0);
    SAME("\"a\"\n\"\"\n\n\"b\n\nc\"\n", .pad_ = 0);
    SAME("a,b\n\"1\",\"x\"\n\"2\",\"y\"\n", .quoted_is_string = true);
    SAME("a|b\n'x|y'|1\n'it''s'|2\n", .quote = "'");
    SAME("a,b\n\"caf\xc3\xa9, \xf0\x9f\x98\x8e\",1\n\xc3\xa9\xc3\xa9,2\n", .pad_ = 0);
    SAME("a,b\nx\\,y,1\n\"p\\\"q\",2\n", .escape = "\\");
    SAME("# top\na,b\n1,2 # two\n# all of it, \" too\n3,4\n", .comment = "#");
    SAME("a , b\n 1 , \"x, y\" \n2,z\n", .trim = true);
}

TEST(flaws)
{
    for (fr_on_bad bad = FR_ON_BAD_ERROR; bad <= FR_ON_BAD_COLLECT; bad++) {
        SAME("a,b\n1,2\n3\n4,5,6\n7,8\n", .on_bad = bad);
        SAME("a,b\n1,2\n3\n4,5,6,7,8,9,10,11,12,13,14,15\n7,8\n", .on_bad = bad, .pad_short_rows = true);
        SAME("a,b\n1,\"open\n2,3\n4,5\n", .on_bad = bad);
        SAME("a,b\n1,\"x\"y\n2,3\n4,\"fine\"\n", .on_bad = bad);
        SAME("a,b\n1,x\"y\"\n2,3\n4,\"fine, too\n\"\n", .on_bad = bad);
        SAME("a,b\n1,x\n2,\xff\n\xc3\x28,4\n5,6\n", .on_bad = bad);
        SAME("a,b\r\n1,\"x\"\r\r\n2,3\r\n", .on_bad = bad);
        SAME("a,b\n1,2\nx,3\n4,y\nz,z\n5,6\n", .on_bad = bad, .dtypes = "a: i8, b: i64");
        SAME("a,b\n1,2\n3,\"p\"\"\n4,5\n\"\"6,7\n", .on_bad = bad);
    }
    const char nul[] = "a,b\n1,x\0y\n2,\"p\0q\"\n3,4\n";
    for (fr_on_bad bad = FR_ON_BAD_ERROR; bad <= FR_ON_BAD_COLLECT; bad++)
        same_for_all("NUL", nul, sizeof nul - 1, &(fr_csv_args){ .size_ = sizeof(fr_csv_args), .max_rows = -1, .on_bad = bad });
}

/* A column that is numbers for long and then is not. */
TEST(late_types)
{
    static const char *const last[] = { "x", "1.5", "9223372036854775808", "-1", "007", "true", "2024-01-01", "NULL", "\"\"",
                                        "99999999999999999999999999", "" };
    static const char *const most[] = { "1", "", "NA", "1.25", "18446744073709551615", "2024-02-29", "2024-02-29T10:00:00Z",
                                        "2024-02-29 10:00", "True", "\"\"" };
    for (size_t m = 0; m < sizeof most / sizeof *most; m++)
        for (size_t l = 0; l < sizeof last / sizeof *last; l++) {
            size_t room = 40000, n = 0;
            char *text = malloc(room);
            n += (size_t)snprintf(text + n, room - n, "k,v\n");
            for (int i = 0; i < 1500; i++) n += (size_t)snprintf(text + n, room - n, "%d,%s\n", i, i == 1400 ? last[l] : most[m]);
            char name[100];
            snprintf(name, sizeof name, "%s then %s", most[m], last[l]);
            fr_csv_args args = { .size_ = sizeof args, .max_rows = -1 };
            same_for_all(name, text, n, &args);
            free(text);
        }
}

/* Integers and codes lie as narrow as they can: here they need one byte more and more often, in any window. */
static size_t write_wider(char *text, size_t room, int rows)
{
    static const long long steps[] = { 1, -128, 200, 40000, -3000000000, 9000000000000 };
    size_t n = (size_t)snprintf(text, room, "k,v,t,s\n");
    for (int i = 0; i < rows; i++) {
        const long long step = steps[(long long)i * 6 / rows];
        n += (size_t)snprintf(text + n, room - n, "%lld,%d,t%d,%s\n", i % 3 ? i % 100 : step, i, i % (i < rows / 2 ? 50 : 400),
                              i % 7 ? "a" : "");
    }
    return n;
}

TEST(values_that_get_wider)
{
    static char text[60000];
    const size_t n = write_wider(text, sizeof text, 2000);
    fr_csv_args args = { .size_ = sizeof args, .max_rows = -1 };
    same_for_all("wider", text, n, &args);
    same_for_all("wider, few rows", text, write_wider(text, sizeof text, 150), &args);
    fr_auto(context) context = fr_context_new(.threads = 3, .chunk_bytes = 64);
    fr_auto(frame) frame = read_in(context, text, write_wider(text, sizeof text, 2000), &args);
    REQUIRE(fr_ok(frame));
    static const fr_phys expected[] = { FR_PHYS_I64, FR_PHYS_I16, FR_PHYS_U16, FR_PHYS_U8 };
    for (size_t c = 0; c < 4; c++) CHECK_INT(fr_test_columns(frame)[c]->phys, expected[c]);
}

/* Behind the first window chunks go from hand to hand (csv_relay.c), until something unusual comes: lines of rows, with
 * something else behind `usual` of them. */
static size_t write_usual(char *text, size_t room, int rows, int usual, const char *other)
{
    size_t n = (size_t)snprintf(text, room, "k,late,t\n");
    for (int i = 0; i < rows; i++) {
        if (i == usual) n += (size_t)snprintf(text + n, room - n, "%s", other);
        n += (size_t)snprintf(text + n, room - n, i % 5 ? "%d,,\"t, %d\"\n" : "%d,,s%d\n", i, i % 30);
    }
    return n;
}

TEST(something_unusual_among_usual_rows)
{
    static const char *const others[] = {
        "",                                            "1,,\"two\nlines\"\n",      "1,,a\"b\n",         "\n",
        "\n\n\r\n",                                    "1,,\"doubled \"\" quote\"\n", "1,,x\r\n2,,\"y\"\r\n", "1\n",
        "1,2,3,4\n",                                   "1,5,x\n",                   "1,text,x\n",         "x,,\n",
        "1,,\xc3\xa9\n",                               "1,,\xff\n",                "1,,\"\"\n",          "1,,\"open\n",
        "9000000000000,2020-02-29,\"a\",\n",
        "1,,0123456789012345678901234567890123456789\n1,,01234567890123456789012345678901234567890123456789012345678901234\n",
        "1,,\n2,,\n3,,\n4,,\n5,,\n6,,\n7,,\n8,,\n9,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n1,,\n",
    };
    static char text[20000];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (int usual = 150; usual <= 500; usual += 39) {
            const size_t n = write_usual(text, sizeof text, 600, usual, others[i]);
            for (int on_bad = 0; on_bad < 2; on_bad++) {
                fr_csv_args args = { .size_ = sizeof args, .max_rows = usual % 2 ? -1 : 400, .keep_blank_lines = usual % 4 == 1,
                                     .on_bad = on_bad ? FR_ON_BAD_COLLECT : FR_ON_BAD_ERROR, .pad_short_rows = usual % 3 == 0 };
                same_in_pieces(others[i], text, n, true, &args);
            }
        }
}

static fr_outcome read_wider(fr_context *context, void *state)
{
    (void)state;
    char text[4000];
    fr_csv_args args = { .size_ = sizeof args, .max_rows = -1 };
    context->chunk_bytes = 16;
    fr_auto(frame) frame = read_in(context, text, write_wider(text, sizeof text, 120), &args);
    return fr_outcome_of(frame);
}

TEST(getting_wider_survives_every_failure)
{
    TORTURE(read_wider, NULL);
}

TEST(other_encodings)
{
    SAME("a,b\ncaf\xe9,1\n\xe9\xe9,2\n\"x\n\",3\n", .encoding = "latin-1");
    SAME("\xff\xfe" "a\0,\0b\0\n\0\xe9\0,\0" "1\0\n\0" "2\0,\0" "2\0\n", .pad_ = 0);
    SAME("\xff\xfe" "a\0\n\0" "1\0\n\0\x3d\xd8\n\0" "2\0\n", .pad_ = 0);
}

/* Rows before the damage may be wrong themselves: which of both is told does not depend on who reads ahead. */
TEST(damage_behind_the_rows)
{
    char text[6000], packed[6100];
    size_t n = (size_t)snprintf(text, sizeof text, "k,v\n");
    for (int i = 0; i < 500; i++) n += (size_t)snprintf(text + n, sizeof text - n, i == 400 ? "%d\n" : "%d,x\n", i);
    size_t n_packed = pack(text, n, packed, sizeof packed);
    packed[n_packed - 6] ^= 1;
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++)
        for (size_t j = 0; j < sizeof threads / sizeof *threads; j++) {
            fr_auto(context) alone = fr_context_new(.threads = 1, .chunk_bytes = chunks[i]);
            fr_auto(context) several = fr_context_new(.threads = threads[j], .chunk_bytes = chunks[i]);
            fr_csv_args args = { .size_ = sizeof args, .max_rows = -1 };
            fr_auto(frame) expected = read_in(alone, packed, n_packed, &args);
            fr_auto(frame) actual = read_in(several, packed, n_packed, &args);
            CHECK(!fr_ok(expected));
            CHECK(same_outcome(actual, expected));
        }
}

TEST(a_few_rows_are_the_first_rows)
{
    const char text[] = "a,b\n1,x\n2,\"y\n\"\n3,z\n\nfour,5\n";
    for (int64_t rows = 0; rows < 6; rows++)
        same_for_all("rows", text, sizeof text - 1, &(fr_csv_args){ .size_ = sizeof(fr_csv_args), .max_rows = rows });
}

/* Random texts of the characters that matter: all dialects, good and bad. */
TEST(random_texts)
{
    uint64_t state = 12345;
    for (int round = 0; round < 1500; round++) {
        char text[64];
        size_t n = 0;
        while (n < sizeof text - 8) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            static const char *const pieces[] = { ",", "\n", "\"", "\r\n", "1", "x", "\"\"", "\r", "-2.5", ",\"", "\",", "\n\n" };
            const char *piece = pieces[(state >> 33) % 12];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
            if ((state >> 45) % 16 == 0) break;
        }
        fr_csv_args args = { .size_ = sizeof args, .max_rows = -1, .on_bad = (fr_on_bad)((state >> 50) % 3),
                             .pad_short_rows = state >> 60 & 1, .header = true };
        fr_auto(context) whole = fr_context_new(.threads = 1);
        fr_auto(context) tiny = fr_context_new(.threads = 2, .chunk_bytes = 1 + (state >> 55) % 9);
        fr_auto(frame) expected = read_in(whole, text, n, &args);
        fr_auto(frame) actual = read_in(tiny, text, n, &args);
        char packed[200];
        size_t n_packed = pack(text, n, packed, sizeof packed);
        fr_auto(frame) expected_packed = read_in(whole, packed, n_packed, &args);
        fr_auto(frame) actual_packed = read_in(tiny, packed, n_packed, &args);
        if (same_outcome(actual, expected) && same_outcome(actual_packed, expected_packed)) continue;
        fprintf(stderr, "round %d, on_bad %d pad %d: ", round, (int)args.on_bad, args.pad_short_rows);
        for (size_t i = 0; i < n; i++) fprintf(stderr, text[i] == '\n' ? "\\n" : text[i] == '\r' ? "\\r" : "%c", text[i]);
        fprintf(stderr, "\n");
        print_error(expected);
        print_error(actual);
        CHECK(false);
        return;
    }
    CHECK(true);
}
