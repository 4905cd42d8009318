/* Blocks of numbers and groups of texts at every level of instructions the machine has, against slow twins: one character at
 * a time, strtod, and a search through a list. */
#include "io/csv/csv_codes.h"
#include "io/csv/csv_numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context_state.h"
#include "support/test.h"

enum { BLOCK = 1024, SLACK = 32 };

static uint64_t random_state = 11;

static unsigned next_random(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

/* A text of the characters that matter, most often a number. */
static size_t make_field(char *out, char mark)
{
    static const char odd[] = " -+.,e0x\"\n";
    size_t n = 0, digits = next_random(4) ? next_random(10) : next_random(20), at = next_random(20);
    while (next_random(8) == 0) out[n++] = ' ';
    if (next_random(3) == 0) out[n++] = '-';
    for (size_t i = 0; i < digits; i++) {
        if (i == at && mark) out[n++] = mark;
        out[n++] = (char)('0' + (next_random(5) ? next_random(10) : 0));
    }
    if (next_random(6) == 0) out[n++] = odd[next_random(sizeof odd - 1)];
    if (next_random(6) == 0 && n) out[next_random((unsigned)n)] = odd[next_random(sizeof odd - 1)];
    return n;
}

typedef struct tame { unsigned most, negative; char mark; } tame;     /* digits; numbers of four that have a sign; 0: none */

typedef struct block {
    fr_csv_field fields[BLOCK];
    char text[BLOCK * 40 + SLACK];
    size_t n;
} block;

/* Digits, and perhaps a mark, nearly always without a zero in front. */
static size_t make_short(char *out, const tame *how)
{
    const size_t n_sign = next_random(4) < how->negative, n = 1 + next_random(how->most);
    char *digits = out + n_sign;
    out[0] = '-';
    for (size_t i = 0; i < n; i++) digits[i] = (char)('0' + next_random(10));
    if (n > 1 && digits[0] == '0' && next_random(30)) digits[0] = '1';
    if (!how->mark || next_random(4) == 0) return n_sign + n;
    const size_t at = next_random((unsigned)n + 1);
    memmove(digits + at + 1, digits + at, n - at);
    digits[at] = how->mark;
    return n_sign + n + 1;
}

static void make_block(block *b, size_t n, char mark)
{
    size_t at = 2;                                            /* a separator and a quote may stand before the first */
    const bool is_tame = next_random(2);                      /* nearly all are short: kernels take many at once */
    const tame how = { .most = next_random(2) ? 4 : 8, .negative = next_random(3), .mark = mark };
    b->n = n;
    for (size_t i = 0; i < n; i++) {
        const bool odd = !is_tame || next_random(60) == 0;
        size_t length = odd ? make_field(b->text + at, mark) : make_short(b->text + at, &how);
        b->fields[i] = (fr_csv_field){ .text = b->text + at, .length = (uint32_t)length, .quoted = odd && next_random(4) == 0 };
        at += length;
        b->text[at++] = next_random(2) ? ',' : (char)('0' + next_random(10));      /* what follows is no part of it */
    }
}

/* [blanks][-]digits[mark digits]: at most 16 characters (20 with a mark among the first 16), no leading zeros. mark 0: none. */
static bool read_twin(const fr_csv_field *f, char mark, double *value, int64_t *whole)
{
    const char *p = f->text, *end = p + f->length;
    while (p < end && *p == ' ') p++;
    const char *number = p;
    if (p < end && *p == '-') p++;
    size_t n = (size_t)(end - p), marks = 0, digits = 0;
    const size_t most = mark && n > 16 && memchr(p, mark, 16) ? 20 : 16;
    if (n < 1 || n > most || (*p == '0' && n > 1 && (!mark || p[1] != mark))) return false;
    char plain[64] = "";
    memcpy(plain, number, (size_t)(end - number));
    for (; p < end; p++) {
        bool is_mark = mark && *p == mark, is_digit = *p >= '0' && *p <= '9';
        if (is_mark) plain[p - number] = '.';
        marks += is_mark;
        digits += is_digit;
        if (!is_mark && !is_digit) return false;
    }
    *value = strtod(plain, NULL);
    *whole = mark ? 0 : strtoll(plain, NULL, 10);
    return marks <= 1 && digits > 0;
}

static void check_block(const fr_csv_number_kernels *kernels, const block *b, char mark, bool quoted,
                        const fr_csv_places *places)
{
    static union { int64_t i[BLOCK]; double f[BLOCK]; } out;
    uint64_t left[BLOCK / 64];
    fr_csv_numbers numbers = { .fields = places ? NULL : b->fields, .places = places, .n = b->n, .quoted = quoted,
                               .decimal = mark, .out = &out, .left = left };
    memset(&out, 0x55, sizeof out);
    (mark ? kernels->f64 : kernels->i64)(&numbers);
    size_t wrong = 0, n_plain = 0;
    double low = __builtin_inf(), high = -low;
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (size_t i = 0; i < b->n; i++) {
        double value;
        int64_t whole;
        bool plain = read_twin(&b->fields[i], mark, &value, &whole) && (quoted || !b->fields[i].quoted);
        bool is_left = left[i / 64] >> (i % 64) & 1;
        wrong += is_left == plain;
        if (!plain || is_left) continue;
        n_plain++;
        wrong += mark ? memcmp(&out.f[i], &value, 8) != 0 : out.i[i] != whole;
        low = value < low ? value : low;
        high = value > high ? value : high;
        least = whole < least ? whole : least;
        most = whole > most ? whole : most;
    }
    for (size_t i = b->n; i < b->n + 8 && i < BLOCK; i++) wrong += out.i[i] != 0x5555555555555555;
    CHECK_INT(wrong, 0);
    CHECK_INT(numbers.any, n_plain > 0);
    if (n_plain && mark) CHECK(numbers.min.f == low && numbers.max.f == high);
    if (n_plain && !mark) CHECK(numbers.min.i == least && numbers.max.i == most);
}

/* The same fields as they lie, behind fields that may be quoted too. One without a byte may end before it begins, as fields
 * do that a record lacks. */
static void check_places(const fr_csv_number_kernels *kernels, block *b, char mark, bool quoted)
{
    static uint32_t before[BLOCK], ends[BLOCK];
    const uint32_t step = next_random(2), some = next_random(2);
    for (size_t i = 0; i < b->n; i++) {
        fr_csv_field *f = &b->fields[i];
        f->quoted &= some;
        before[i] = (uint32_t)(f->text - b->text) - step - f->quoted;
        ends[i] = before[i] + step + f->length + 2 * f->quoted;
        if (!f->length && !f->quoted && next_random(2)) ends[i] = before[i];
        if (f->quoted) ends[i] |= FR_CSV_QUOTED;
        if (some && next_random(2)) before[i] |= FR_CSV_QUOTED;
    }
    const fr_csv_places places = { .text = b->text, .before = before, .ends = ends, .step = step, .quoted = some, .n = b->n };
    check_block(kernels, b, mark, quoted, &places);
}

TEST(blocks_of_numbers_are_those_of_the_slow_twin)
{
    static block b;
    static const char marks[] = { 0, '.', ',' };
    for (int round = 0; round < 600; round++) {
        char mark = marks[round % 3];
        size_t n = round < 30 ? (size_t)round / 3 : next_random(BLOCK + 1);
        make_block(&b, n, mark ? mark : next_random(2) ? '.' : 0);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            check_block(FR_ISA_AT(fr_csv_number_kernels, isa), &b, mark, round / 3 % 2, NULL);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
            const fr_csv_number_kernels *kernels = FR_ISA_AT(fr_csv_number_kernels, isa);
            if (kernels->takes_places) check_places(kernels, &b, mark, round / 3 % 2);
        }
    }
}

/* ---- texts ------------------------------------------------------------------------------------------------------------ */
/* Texts that share beginnings, of all lengths about those that have a key, with NUL bytes among them. */
static void make_texts(block *b, size_t n, unsigned n_distinct)
{
    size_t at = 0;
    b->n = n;
    for (size_t i = 0; i < n; i++) {
        unsigned which = next_random(n_distinct), length = which % 17;
        char whole[40];
        snprintf(whole, sizeof whole, "%u-aaaaaaaaaaaaaaa", which / 17);
        memcpy(b->text + at, whole, length);
        if (length && which % 5 == 0) b->text[at + length - 1] = '\0';
        b->fields[i] = (fr_csv_field){ .text = b->text + at, .length = length, .quoted = next_random(3) == 0 };
        at += length;
        b->text[at++] = ',';
    }
}

static bool same_text(const fr_csv_field *a, const fr_csv_field *b)
{
    return a->length == b->length && !memcmp(a->text, b->text, a->length);
}

/* The code of field i: how many texts came first before it did, plus one; 0 for an empty one without quotes. */
static uint32_t code_twin(const block *b, size_t i)
{
    if (b->fields[i].length == 0 && !b->fields[i].quoted) return 0;
    uint32_t code = 1;
    for (size_t k = 0; k < b->n; k++) {
        if (b->fields[k].length == 0 && !b->fields[k].quoted) continue;
        if (same_text(&b->fields[k], &b->fields[i])) return code;
        bool first = true;
        for (size_t j = 0; j < k && first; j++)
            first = !same_text(&b->fields[j], &b->fields[k]) || (b->fields[j].length == 0 && !b->fields[j].quoted);
        code += first;
    }
    return code;
}

/* A long text of which sixteen bytes are there, as where dictionaries are merged: a sanitizer sees whether more are read. */
static void check_cut_text(const fr_csv_lookup_kernels *kernels, const fr_csv_buckets *buckets)
{
    char *cut = malloc(16);
    REQUIRE(cut);
    memset(cut, 'a', 16);
    const fr_csv_field field = { .text = cut, .length = 40 };
    uint32_t code;
    uint64_t nulls = 0;
    CHECK_INT(kernels->find(buckets, &field, 1, &code, &nulls), 1);
    CHECK_INT(nulls, 0);
    free(cut);
}

static void check_levels(const fr_csv_codes *codes, const block *b, const uint32_t *expected)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        const fr_csv_lookup_kernels *kernels = FR_ISA_AT(fr_csv_lookup_kernels, isa);
        check_cut_text(kernels, &codes->workers[0].buckets);
        size_t wrong = 0, found = 0, keyed = 0;
        for (size_t from = 0; from < b->n; from += FR_CSV_GROUP) {
            size_t n = b->n - from < FR_CSV_GROUP ? b->n - from : FR_CSV_GROUP;
            uint32_t out[FR_CSV_GROUP];
            uint64_t nulls = 0, missing = kernels->find(&codes->workers[0].buckets, b->fields + from, n, out, &nulls);
            for (size_t i = 0; i < n; i++) {
                wrong += !(missing >> i & 1) && out[i] != expected[from + i];
                wrong += (nulls >> i & 1) != (expected[from + i] == 0);
                fr_csv_key key;
                found += !(missing >> i & 1) && !(nulls >> i & 1);
                keyed += fr_csv_key_of(b->fields[from + i].text, b->fields[from + i].length, &key);
            }
        }
        CHECK_INT(wrong, 0);
        CHECK(found <= keyed && 2 * found >= keyed);
    }
}

TEST(codes_of_texts_are_numbers_of_first_appearance)
{
    static block b;
    uint32_t actual[BLOCK], expected[BLOCK];
    for (int round = 0; round < 60; round++) {
        fr_call call;
        fr_call_begin(&call, NULL, NULL, 0);
        fr_csv_codes codes = { 0 };
        fr_csv_text text = { .context = NULL };
        REQUIRE(fr_csv_codes_begin(&call, &codes, 1) && fr_csv_text_begin(&call, &text, 1));
        make_texts(&b, round < 10 ? (size_t)round : 100 + next_random(400), 1 + next_random(300));
        uint64_t nulls[BLOCK / 64] = { 0 };
        fr_csv_fields fields = { .items = b.fields, .cut = true };
        CHECK(fr_csv_codes_look_up(&call, &codes, &text, 0, &fields, b.n, nulls, 0, actual));
        size_t wrong = 0;
        for (size_t i = 0; i < b.n; i++) wrong += actual[i] != (expected[i] = code_twin(&b, i));
        CHECK_INT(wrong, 0);
        if (codes.workers[0].buckets.buckets) check_levels(&codes, &b, expected);
        fr_csv_codes_clear(&codes);
        fr_csv_text_clear(&text);
        fr_call_end(&call);
    }
}
