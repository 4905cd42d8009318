/* The masks against the scanner, at every level of instructions the machine has: record ends under both hypotheses, blank
 * lines, field ends, and which quoting is called bad. */
#include "io/csv/csv_index.h"
#include "io/csv/csv_count.h"
#include "io/csv/csv_field.h"
#include "io/csv/csv_record.h"
#include "io/csv/csv_unquote.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

enum { ROOM = 400 };

typedef struct text { char bytes[ROOM + 128]; size_t n; } text;

static uint64_t random_state = 7;

static unsigned next_random(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

/* Random pieces; `regular` ones keep RFC 4180 whatever follows what. */
static void make_text(text *t, size_t n, bool regular)
{
    static const char *const any[] = { ",", "\n", "\"", "\r\n", "abc", "x", "\"\"", "\r", "0123456789", ",\"", "\",", "\n\n",
                                       "\xc3\xa9" };
    static const char *const cells[] = { "abc,", "\n", "x\n", "\"a,b\",", "\"\"\n", "\"q\"\"q\"\r\n", "\r\n", ",",
                                         "\"two\nlines\"\n", "\"\"\"\",", "0123456789,", ",,,,,,,,,", "\n\n\n\n\n" };
    memset(t, 0, sizeof *t);
    while (t->n < n) {
        const char *piece = regular ? cells[next_random(13)] : any[next_random(13)];
        size_t m = strlen(piece);
        if (t->n + m > ROOM) break;
        memcpy(t->bytes + t->n, piece, m);
        t->n += m;
    }
    if (regular && t->n && t->bytes[t->n - 1] != '\n') t->bytes[t->n++] = '\n';
}

/* One byte at a time: the slow twin of count for one hypothesis. A quote may open at the very beginning. */
static void count_slowly(const char *bytes, size_t n, bool inside, fr_csv_half *half)
{
    *half = (fr_csv_half){ .first = -1, .last = -1 };
    size_t begin = SIZE_MAX;                      /* of the record, when it begins in the piece */
    bool may_open = true, after_close = false, after_close_cr = false;
    for (size_t i = 0; i < n; i++) {
        const char c = bytes[i];
        if (c == '"') inside = !inside;
        const bool opens = c == '"' && inside, closes = c == '"' && !inside, ends = !inside && (c == ',' || c == '\n');
        half->bad |= (opens && !may_open) || (after_close && !ends && c != '"' && c != '\r') || (after_close_cr && c != '\n');
        after_close_cr = after_close && c == '\r';
        after_close = closes;
        may_open = closes || ends;
        if (inside || c != '\n') continue;
        half->ends++;
        if (half->first < 0) half->first = (int64_t)i;
        half->last = (int64_t)i;
        half->blanks += begin != SIZE_MAX && (i == begin || (i == begin + 1 && bytes[begin] == '\r'));
        begin = i + 1;
    }
}

/* → were there quotes, all in their places for one who begins outside? */
static bool check_counts(const fr_csv_count_kernels *kernels, const char *bytes, size_t n)
{
    fr_csv_counts counts;
    kernels->count(bytes, n, ',', '"', &counts);
    size_t seen[256] = { 0 }, high = 0;
    for (size_t i = 0; i < n; i++) seen[(uint8_t)bytes[i]]++;
    for (size_t i = 128; i < 256; i++) high += seen[i];
    CHECK_INT(counts.lines, seen['\n']);
    CHECK_INT(counts.odd_quotes, seen['"'] % 2);
    CHECK_INT(counts.quotes, seen['"'] > 0);
    CHECK_INT(counts.ascii, high == 0);
    CHECK_INT(counts.nul, seen[0] > 0);
    CHECK_INT(counts.cr, seen['\r'] > 0);
    for (int h = 0; h < 2; h++) {
        fr_csv_half half;
        count_slowly(bytes, n, h, &half);
        if (h == 1 && !counts.quotes) half = (fr_csv_half){ .first = -1, .last = -1 };
        CHECK_INT(counts.half[h].ends, half.ends);
        CHECK_INT(counts.half[h].blanks, half.blanks);
        CHECK_INT(counts.half[h].first, half.first);
        CHECK_INT(counts.half[h].last, half.last);
        CHECK_INT(counts.half[h].bad, half.bad);
    }
    return counts.quotes && !counts.half[0].bad;
}

/* Field ends and verdict of the scanner for a text that begins outside quotes; *doubled: some field needs rewriting. */
static size_t scan_slowly(const text *t, uint32_t *ends, bool *bad, bool *doubled)
{
    const fr_csv_dialect dialect = { .sep = ',', .quote = '"', .blank_is_row = true };
    size_t n = 0;
    *bad = *doubled = false;
    for (size_t at = 0; at < t->n && !*bad;) {
        uint32_t fields[ROOM];
        fr_csv_record r;
        fr_csv_scan_record(&dialect, t->bytes, at, t->n, true, fields, ROOM, &r);
        *bad = r.flaw != FR_CSV_FINE;
        for (size_t i = 0, begin = at; i < r.n_fields && !*bad; i++) {
            bool last = i + 1 == r.n_fields, quoted = fields[i] > begin && t->bytes[begin] == '"';
            *doubled |= quoted && memchr(t->bytes + begin + 1, '"', fields[i] - begin - 2);
            begin = fields[i] + 1;
            if (last && fields[i] < t->n && t->bytes[fields[i]] == '\r') fields[i]++;       /* masks end at the LF */
            ends[n++] = fields[i] | (last ? FR_CSV_END_OF_RECORD : 0) | (quoted ? FR_CSV_QUOTED : 0);
        }
        at = r.next;
    }
    return n;
}

static void check_index(fr_isa isa, const text *t)
{
    static uint32_t expected[ROOM + 1], actual[ROOM + 256];
    const fr_csv_index_kernels *kernels = FR_ISA_AT(fr_csv_index_kernels, isa);
    bool bad, doubled;
    size_t n_expected = scan_slowly(t, expected, &bad, &doubled);
    fr_csv_counts counts;
    FR_ISA_AT(fr_csv_count_kernels, isa)->count(t->bytes, t->n, ',', '"', &counts);
    bool open_at_end = counts.odd_quotes;
    CHECK_INT(counts.half[0].bad || open_at_end, bad);
    if (bad) return;
    fr_csv_index_state state = { .text = t->bytes, .end = t->n, .sep = ',', .quote = '"', .cr = counts.cr };
    size_t n = 0;
    while (state.at < state.end) n += kernels->index(&state, actual + n, 64 + next_random(100));
    CHECK_INT(n, n_expected);
    for (size_t i = 0; i < n && i < n_expected; i++) CHECK_INT(actual[i], expected[i]);
    CHECK_INT(state.doubled != 0, doubled);
}

/* ---- fields ----------------------------------------------------------------------------------------------------------- */
enum { MOST_FIELDS = 40 };

/* Random fields that stand one behind the other, some of them missing; a CR behind quotes only in the last column. */
static size_t make_places(text *t, bool last, uint32_t *begins, uint32_t *ends)
{
    static const char *const cells[] = { "", "\"\"", "x", "\"x\"", "\"a,b\"", "0123456789", "\r", "\"\r\"", "12\r",
                                        "\"abc\"\r" };
    const size_t n = next_random(MOST_FIELDS);
    memset(t, 0, sizeof *t);
    t->n = 1;                                     /* the end of a field before the first one */
    for (size_t r = 0; r < n; r++) {
        const char *cell = cells[next_random(last ? 10 : 9)];
        size_t length = strlen(cell);
        memcpy(t->bytes + t->n, cell, length);
        begins[r] = (uint32_t)t->n;
        ends[r] = (uint32_t)(t->n + length) | (cell[0] == '"' ? FR_CSV_QUOTED : 0);
        if (next_random(8) == 0) ends[r] = begins[r];
        t->n += length + 1;
        t->bytes[t->n - 1] = ",\n\""[next_random(3)];
    }
    return n;
}

static void check_fields(const fr_csv_unquote_kernels *kernels, const fr_csv_places *p, bool last)
{
    const fr_csv_dialect dialect = { .sep = ',', .quote = '"' };
    fr_csv_field fields[MOST_FIELDS];
    if (last) kernels->last_fields(p, fields);
    else kernels->fields(p, fields);
    for (size_t r = 0; r < p->n; r++) {
        const char *begin = p->text + (p->before[r] & FR_CSV_PLACE) + p->step, *end = p->text + (p->ends[r] & FR_CSV_PLACE);
        fr_csv_field expected;
        CHECK(fr_csv_field_at(NULL, NULL, &dialect, begin, end, last, &expected));
        CHECK_INT(fields[r].length, expected.length);
        CHECK_INT(fields[r].quoted, expected.quoted);
        CHECK(!expected.length || fields[r].text == expected.text);
    }
}

TEST(quotes_come_off_as_one_by_one)
{
    text t;
    uint32_t begins[MOST_FIELDS], before[MOST_FIELDS], ends[MOST_FIELDS];
    for (int round = 0; round < 3000; round++) {
        const bool last = round % 2;
        const size_t n = make_places(&t, last, begins, ends);
        for (size_t r = 0; r < n; r++) before[r] = (begins[r] - 1) | (next_random(2) ? FR_CSV_QUOTED : 0);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            for (unsigned step = 0; step < 2; step++) {
                const fr_csv_places p = { .text = t.bytes, .before = step ? before : begins, .ends = ends, .step = step, .n = n };
                check_fields(FR_ISA_AT(fr_csv_unquote_kernels, isa), &p, last);
            }
    }
}

TEST(masks_count_as_the_slow_twin)
{
    text t;
    for (int round = 0; round < 2000; round++) {
        make_text(&t, next_random(ROOM), false);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            check_counts(FR_ISA_AT(fr_csv_count_kernels, isa), t.bytes, t.n);
    }
}

/* Bytes that matter, each one with a chance of its own, so that the next quote, line feed, or CR stands in this block, in a
 * later one, or thousands of bytes ahead; every offset of the piece. */
TEST(masks_count_bytes_in_any_order)
{
    enum { MOST = 10000 };
    static const char matter[] = { '"', ',', '\n', '\r', 'a', '\0', (char)0x80 };
    static char bytes[MOST + 128];                /* 64 bytes behind a piece may be read */
    size_t in_place = 0;
    for (int round = 0; round < 600; round++) {
        const size_t most = round % 4 ? 300 : MOST, begin = next_random(65);
        const unsigned share = round % 4 ? 5 : 1u << next_random(13);
        const size_t n = next_random((unsigned)(most - begin));
        const unsigned n_matter = round % 8 == 5 ? 7 : 5;
        for (size_t i = 0; i < begin + n; i++) bytes[i] = next_random(share + 4) < 5 ? matter[next_random(n_matter)] : 'b';
        for (size_t i = 0; i < 128; i++) bytes[begin + n + i] = matter[next_random(7)];
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            in_place += check_counts(FR_ISA_AT(fr_csv_count_kernels, isa), bytes + begin, n);
    }
    CHECK(in_place > 0);
}

/* Every text of seven such bytes, across the end of a block and as the last bytes of a piece. */
TEST(masks_count_every_short_order)
{
    static const char matter[] = { '"', ',', '\n', '\r', 'a' };
    char bytes[256];
    for (unsigned number = 0; number < 78125; number++) {           /* 5 ^ 7 */
        const size_t at = 64 - number % 8;
        memset(bytes, ',', sizeof bytes);
        for (unsigned i = 0, rest = number; i < 7; i++, rest /= 5) bytes[at + i] = matter[rest % 5];
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            check_counts(FR_ISA_AT(fr_csv_count_kernels, isa), bytes, at + 7 + number % 3);
    }
}

TEST(masks_and_scanner_agree)
{
    text t;
    for (int round = 0; round < 3000; round++) {
        make_text(&t, next_random(ROOM), round % 3 != 0);
        if (t.n == 0 || t.bytes[t.n - 1] != '\n') t.bytes[t.n++] = '\n';
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) check_index(isa, &t);
    }
}

/* Ends become columns: each where it belongs, nothing beyond the rows, and a record of another length is noticed. */
static void check_table(const fr_csv_index_kernels *kernels, size_t n_rows, size_t n_columns, size_t flaw)
{
    enum { MOST = 40 * 20 };
    uint32_t ends[MOST], columns[20 * 43];                    /* no slack: a sanitizer sees what is read behind them */
    const size_t n = n_rows * n_columns, stride = 43;
    memset(columns, 0xee, sizeof columns);
    for (size_t i = 0; i < n; i++)
        ends[MOST - n + i] = (uint32_t)(7 * i) | ((i + 1) % n_columns ? 0 : FR_CSV_END_OF_RECORD);
    if (flaw < n) ends[MOST - n + flaw] ^= FR_CSV_END_OF_RECORD;
    CHECK_INT(kernels->table(ends + MOST - n, n_rows, n_columns, columns, stride), flaw >= n);
    size_t wrong = 0;
    for (size_t c = 0; c < 20; c++)
        for (size_t r = 0; r < stride && flaw >= n; r++)
            wrong += columns[c * stride + r] != (c < n_columns && r < n_rows ? 7 * (r * n_columns + c) : 0xeeeeeeee);
    CHECK_INT(wrong, 0);
}

TEST(ends_of_records_of_one_length_become_columns)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t n_columns = 1; n_columns <= 20; n_columns++)
            for (size_t n_rows = 1; n_rows <= 40; n_rows += 1 + n_rows / 11) {
                const fr_csv_index_kernels *kernels = FR_ISA_AT(fr_csv_index_kernels, isa);
                check_table(kernels, n_rows, n_columns, SIZE_MAX);
                check_table(kernels, n_rows, n_columns, next_random((unsigned)(n_rows * n_columns)));
            }
}
