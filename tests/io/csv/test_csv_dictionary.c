/* Dictionaries of several workers, mostly of numbered texts, against slow twins: a search through a list, and the scalar
 * reading of a number at every level of instructions the machine has. */
#include "io/csv/csv_codes.h"

#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context_state.h"
#include "data/frame.h"
#include "io/csv/csv_column.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

enum { ROWS = 3000, WORKERS = 3, RANGE = 100 };

static uint64_t random_state = 5;

static unsigned next_random(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

typedef struct texts {
    fr_csv_field fields[ROWS];
    size_t       n;
    char         bytes[ROWS * 48];
} texts;

typedef struct style { const char *prefix; int digits; unsigned numbers, odd; } style;       /* one of `odd` is otherwise */

/* A text of the style, or one that nearly is: a digit more or less, a letter, another prefix, none, something long. */
static size_t make_text(char *out, const style *s)
{
    static const char *const others[] = { "", "n/a", "id", "007", "a text of more than twelve bytes" };
    int n = snprintf(out, 40, "%s%0*u", s->prefix, s->digits, next_random(s->numbers));
    if (next_random(s->odd)) return (size_t)n;
    switch (next_random(5)) {
    case 0: return (size_t)snprintf(out, 40, "%s%0*u", s->prefix, s->digits + 1, next_random(s->numbers));
    case 1: return (size_t)n - 1;
    case 2: out[next_random((unsigned)n)] = "x:/ 9"[next_random(5)]; return (size_t)n;
    case 3: out[n - 1] = '\0'; return (size_t)n;
    default: return (size_t)snprintf(out, 40, "%s", others[next_random(5)]);
    }
}

static void make_texts(texts *t, size_t n, const style *s)
{
    size_t at = 2;                                                  /* a separator and a quote may stand before the first */
    bool may_be_quoted = false;
    t->n = n;
    for (size_t i = 0; i < n; i++) {
        char text[48];
        if (i % RANGE == 0) may_be_quoted = next_random(2);
        const size_t length = make_text(text, s);
        memcpy(t->bytes + at, text, length);
        const bool quoted = may_be_quoted && next_random(2);
        t->fields[i] = (fr_csv_field){ .text = t->bytes + at, .length = (uint32_t)length, .quoted = quoted };
        at += length;
        t->bytes[at++] = next_random(2) ? ',' : '5';                          /* what follows is no part of it */
    }
}

static bool is_null(const fr_csv_field *f) { return f->length == 0 && !f->quoted; }

static bool same(const fr_csv_field *a, const fr_csv_field *b)
{
    return a->length == b->length && !memcmp(a->text, b->text, a->length);
}

/* Codes from 1 in the order of first appearance; 0 for null. → how many there are. */
static uint32_t number_slowly(const texts *t, uint32_t *out)
{
    static size_t first[ROWS];
    uint32_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t code = 0;
        while (code < n && !same(&t->fields[first[code]], &t->fields[i])) code++;
        out[i] = is_null(&t->fields[i]) ? 0 : code + 1;
        if (out[i] > n) first[n++] = i;
    }
    return n;
}

/* Where texts lie, behind others that may be quoted too. */
typedef struct places { uint32_t before[RANGE], ends[RANGE]; } places;

static fr_csv_places place_texts(const texts *t, size_t from, size_t n, uint32_t step, places *room)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        const fr_csv_field *f = &t->fields[from + i];
        any |= f->quoted;
        room->before[i] = (uint32_t)(f->text - t->bytes) - step - f->quoted;
        room->ends[i] = (room->before[i] + step + f->length + 2 * f->quoted) | (f->quoted ? FR_CSV_QUOTED : 0);
    }
    for (size_t i = 0; i < n; i++)
        if (any && next_random(2)) room->before[i] |= FR_CSV_QUOTED;
    return (fr_csv_places){ .text = t->bytes, .before = room->before, .ends = room->ends, .step = step, .quoted = any, .n = n };
}

/* Ranges of rows go to workers in turn, as they do to threads. Some are cut out already. */
static bool read_texts(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, texts *t, uint32_t *out)
{
    for (size_t from = 0; from < t->n; from += RANGE) {
        const size_t n = t->n - from < RANGE ? t->n - from : RANGE;
        uint64_t nulls[RANGE / 64 + 1] = { 0 };
        places room;
        fr_csv_fields fields = { .items = t->fields + from, .cut = next_random(2),
                                 .places = place_texts(t, from, n, next_random(2), &room) };
        if (!fr_csv_codes_look_up(call, codes, text, from / RANGE % codes->n_workers, &fields, n, nulls, (int64_t)from,
                                  out + from)) return false;
    }
    return true;
}

static size_t worker_of(size_t row) { return row / RANGE % WORKERS; }

static void check_merged(const fr_csv_merged *m, const texts *t, const uint32_t *codes, const uint32_t *expected, uint32_t n)
{
    size_t wrong = 0;
    CHECK_INT(m->n, n);
    for (size_t i = 0; i < t->n; i++) {
        wrong += (codes[i] == 0) != (expected[i] == 0);
        if (!codes[i] || m->n != n) continue;
        const uint32_t code = m->maps[worker_of(i)][codes[i]];
        wrong += code + 1 != expected[i];
        const fr_view *view = (const fr_view *)m->views->data + code;
        wrong += view->in.length != t->fields[i].length ||
                 memcmp(view->in.text, t->fields[i].text, view->in.length <= 12 ? view->in.length : 4);
    }
    CHECK_INT(wrong, 0);
}

/* Among other places, at which the group begins anywhere. */
static bool same_when_placed(const fr_csv_serial_kernels *kernels, const fr_csv_serial *s, const texts *t, size_t from, size_t n,
                             const uint32_t *codes, uint64_t missing, uint64_t nulls)
{
    places room;
    uint32_t out[FR_CSV_GROUP];
    const size_t first = from > 5 ? from - 5 : 0;
    const fr_csv_places p = place_texts(t, first, n + from - first, next_random(2), &room);
    const uint64_t others = kernels->find_placed(s, &p, from - first, n, out, nulls);
    return others == missing && !memcmp(out, codes, n * sizeof *out);
}

static void check_serial_levels(const fr_csv_serial *s, const texts *t)
{
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        size_t wrong = 0;
        for (size_t from = 0; from < t->n;) {
            size_t n = 1 + next_random(FR_CSV_GROUP);
            if (n > t->n - from) n = t->n - from;
            uint32_t out[FR_CSV_GROUP];
            const uint64_t nulls = next_random(2) ? 1u << next_random((unsigned)(n < 32 ? n : 32)) : 0;
            const fr_csv_serial_kernels *kernels = FR_ISA_AT(fr_csv_serial_kernels, isa);
            const uint64_t missing = kernels->find(s, t->fields + from, n, out, nulls);
            wrong += kernels->find_placed && !same_when_placed(kernels, s, t, from, n, out, missing, nulls);
            for (size_t i = 0; i < n; i++) {
                fr_csv_key key;
                const fr_csv_field *f = &t->fields[from + i];
                uint32_t number = fr_csv_key_of(f->text, f->length, &key) ? fr_csv_serial_number(s, key, f->length) : s->size;
                const uint32_t code = nulls >> i & 1 ? 0 : s->codes[number];
                wrong += out[i] != code || (missing >> i & 1) != (code == 0 && !(nulls >> i & 1));
            }
            from += n;
        }
        CHECK_INT(wrong, 0);
    }
}

static const style styles[] = {
    { "id", 3, 100, 1000 }, { "id", 10, 900, 50 },  { "", 5, 2000, 20 },      { "t", 11, 1500, 1000 }, { "a1b", 2, 100, 5 },
    { "x", 1, 10, 4 },      { "", 12, 700, 1000 },  { "key:", 8, 99999999, 9 }, { "abcdefghijk", 1, 10, 9 }, { "N", 4, 3000, 2 },
};

TEST(numbered_texts_get_the_codes_a_search_would_give)
{
    static texts t;
    static uint32_t codes[ROWS], expected[ROWS];
    size_t n_serial = 0;
    random_state = 5;                                     /* whatever other tests drew before: so many are counted below */
    for (size_t round = 0; round < 3 * sizeof styles / sizeof *styles; round++) {
        fr_call call;
        fr_call_begin(&call, NULL, NULL, 0);
        make_texts(&t, round % 3 ? 1 + next_random(ROWS) : ROWS, &styles[round / 3]);
        const uint32_t n = number_slowly(&t, expected);
        fr_csv_codes all = { 0 };
        fr_csv_text text = { .context = NULL };
        REQUIRE(fr_csv_codes_begin(&call, &all, WORKERS) && fr_csv_text_begin(&call, &text, WORKERS));
        REQUIRE(read_texts(&call, &all, &text, &t, codes));
        fr_csv_merged merged = { 0 };
        const int64_t from = (int64_t)t.n / 4, to = (int64_t)t.n / 2;
        CHECK(fr_csv_codes_merge(&call, &all, from, to, &merged));
        check_merged(&merged, &t, codes, expected, n);
        CHECK(fr_csv_codes_most_new(&all, from, to) >= merged.n_late && fr_csv_codes_most_new(&all, 0, (int64_t)t.n) >= n);
        for (size_t w = 0; w < WORKERS; w++)
            if (all.workers[w].serial.size) n_serial++, check_serial_levels(&all.workers[w].serial, &t);
        fr_csv_merged_clear(&merged);
        fr_csv_codes_clear(&all);
        fr_csv_text_clear(&text);
        fr_call_end(&call);
    }
    CHECK(n_serial > 40);
}

/* Numbers that lie far apart are found by their bytes: a table of them would be mostly empty. */
TEST(numbers_far_apart_take_no_room)
{
    static texts t;
    static uint32_t codes[ROWS];
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    make_texts(&t, ROWS, &(style){ "u", 9, 900000000, 1000 });
    fr_csv_codes all = { 0 };
    fr_csv_text text = { .context = NULL };
    REQUIRE(fr_csv_codes_begin(&call, &all, 1) && fr_csv_text_begin(&call, &text, 1));
    REQUIRE(read_texts(&call, &all, &text, &t, codes));
    CHECK_INT(all.workers[0].serial.size, 0);
    fr_csv_codes_clear(&all);
    fr_csv_text_clear(&text);
    fr_call_end(&call);
}

static fr_outcome merge_some(fr_context *context, void *state)
{
    texts *t = state;
    static uint32_t codes[ROWS];
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    fr_csv_codes all = { 0 };
    fr_csv_text text = { .context = NULL };
    fr_csv_merged merged = { 0 };
    uint64_t digest = 0;
    bool fine = fr_csv_codes_begin(&call, &all, WORKERS) && fr_csv_text_begin(&call, &text, WORKERS) &&
                read_texts(&call, &all, &text, t, codes) && fr_csv_codes_merge(&call, &all, 0, 0, &merged);
    for (size_t i = 0; fine && i < t->n; i++)
        digest = fr_digest(digest, &merged.maps[worker_of(i)][codes[i]], sizeof(uint32_t));
    fr_csv_merged_clear(&merged);
    fr_csv_codes_clear(&all);
    fr_csv_text_clear(&text);
    return fr_outcome_of_call(&call, digest);
}

TEST(dictionaries_survive_every_failure)
{
    static texts t;
    make_texts(&t, 700, &(style){ "id", 4, 300, 12 });
    TORTURE(merge_some, &t);
}

/* ---- codes or views ---------------------------------------------------------------------------------------------- */
/* Rows of one text each, of so many; the bytes of a row are nine. */
static char *make_rows(size_t n, unsigned distinct)
{
    char *text = malloc(2 + 9 * n + 1);
    if (!text) return NULL;
    memcpy(text, "x\n", 3);
    for (size_t i = 0; i < n; i++) (void)snprintf(text + 2 + 9 * i, 10, "t%07u\n", next_random(distinct) * 7 % 10000000);
    return text;
}

static bool is_coded(const char *text, size_t rows, uint32_t threads)
{
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_auto(frame) frame = fr_read_csv_bytes(text, 2 + 9 * rows, .context = context);
    if (!fr_ok(frame) || fr_length(frame) != (int64_t)rows) return fr_test_check(false, "rows", __FILE__, __LINE__), false;
    bool same = true;
    for (size_t i = 0; i < rows; i += 997) {
        const fr_value v = fr_get_at(frame, (int64_t)i, 0);
        same &= v.length == 8 && !memcmp(v.as.s, text + 2 + 9 * i, 8);
    }
    CHECK(same);
    return fr_is_coded(fr_test_columns(frame)[0]);
}

TEST(texts_get_codes_where_the_rows_to_come_will_repeat_them)
{
    enum { FEW = 280000, MANY = 3200000, DISTINCT = 360000 };
    if (FR_CSV_DECIDE_ROWS < 262144) SKIP("so few rows decide that a repeat more or less among them does");
    char *text = make_rows(MANY, DISTINCT);
    REQUIRE(text);
    CHECK(!is_coded(text, FEW, 1) && !is_coded(text, FEW, 3));             /* of the first rows most are new */
    CHECK(is_coded(text, MANY, 1) && is_coded(text, MANY, 3));             /* nine of each in all */
    free(text);
    text = make_rows(MANY, 3 * DISTINCT);
    REQUIRE(text);
    CHECK(!is_coded(text, MANY, 1) && !is_coded(text, MANY, 3));
    free(text);
}

TEST(texts_that_were_asked_for_as_categories_are_categories_however_new)
{
    enum { ROWS_READ = 600000, BYTES = 2 + 9 * ROWS_READ };
    char *text = make_rows(ROWS_READ, 1400000);
    REQUIRE(text);
    fr_auto(frame) plain = fr_read_csv_bytes(text, BYTES);
    REQUIRE(fr_ok(plain) && fr_length(plain) == ROWS_READ);
    CHECK_INT(fr_type_kind(fr_type_at(plain, 0)), FR_STR);
    CHECK(!fr_is_coded(fr_test_columns(plain)[0]));
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        fr_auto(frame) whole = fr_read_csv_bytes(text, BYTES, .strings_as_cat = true, .context = context);
        CHECK_INT(fr_type_kind(fr_type_at(whole, 0)), FR_CAT);
        fr_auto(frame) declared = fr_read_csv_bytes(text, BYTES, .dtypes = "x: cat", .context = context);
        CHECK(fr_equal(whole, declared));
        fr_auto(frame) back = fr_pipe(whole, fr_cast("x: str"));
        CHECK(fr_equal(back, plain));
    }
    free(text);
}

/* Each text in a few neighbouring rows: several readers meet a part of them each, and the codes of all take more bytes. */
TEST(codes_get_wider_where_no_reader_met_as_many_texts)
{
    static const struct { int64_t texts, times; } files[] = { { 200, 300 }, { 300, 300 }, { 70000, 3 } };
    for (size_t k = 0; k < FR_COUNT_OF(files); k++) {
        const int64_t n = files[k].texts * files[k].times;
        char *text = malloc((size_t)(2 + 8 * n + 1));
        size_t at = (size_t)sprintf(text, "x\n");
        for (int64_t i = 0; i < n; i++) at += (size_t)sprintf(text + at, "t%06d\n", (int)(i / files[k].times));
        fr_auto(frame) plain = fr_read_csv_bytes(text, at, .dtypes = "x: str");
        for (uint32_t threads = 1; threads <= 7; threads += 3) {
            fr_auto(context) context = fr_context_new(.threads = threads, .chunk_bytes = 1 << 12);
            fr_auto(frame) cats = fr_read_csv_bytes(text, at, .dtypes = "x: cat", .context = context);
            fr_auto(frame) back = fr_pipe(cats, fr_cast("x: str"));
            CHECK(fr_is_coded(cats->columns[0]) && fr_equal(back, plain));
        }
        free(text);
    }
}
