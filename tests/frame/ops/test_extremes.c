/* Keys of the worst shapes: one giant group, every row its own, hashes that collide, bits that are all alike but the first or
 * the last. Whatever their shape, rows with equal keys are together, as they are by a number that stands for the key. And
 * every step, when memory does not suffice, says so with its name and the bytes. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include <frame/csv.h>
#include <frame/steps.h>

#include "base/hash.h"
#include "support/torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 140000, SEED = 4711 };       /* rows: more than a block of ops/group_codes.c, and than it calls many */

/* ---- shapes ------------------------------------------------------------------------------------------------------ */
static int64_t all_alike(int64_t i) { return 7 + 0 * i; }
static int64_t all_different(int64_t i) { return i * 1000003; }
static int64_t in_high_bits(int64_t i) { return (int64_t)((uint64_t)i << 40); }
static int64_t half_alike(int64_t i) { return i % 2 ? i * 1000003 : -5; }
static int64_t mostly_one_row_each(int64_t i) { return (i < 20000 ? i : i % 1000) * 1000003; }    /* not so after the first block */
static int64_t far_apart(int64_t i) { return i == 77 ? INT64_MIN : i == MANY - 1 ? INT64_MAX : i % 3; }

/* Hashes under SEED end in 12 zero bits and begin with one: one long run of any hash table. Each key comes 35 times. */
static int64_t colliding(int64_t i)
{
    static int64_t keys[4000];
    static size_t n;
    for (uint64_t code = 1; n < 4000; code++) {
        const uint64_t hash = fr_hash_u64(code, SEED);
        if (!(hash & 0xfff) && !(hash >> 63)) keys[n++] = (int64_t)code;
    }
    return keys[i % 4000];
}

typedef struct shape { const char *name; int64_t (*key)(int64_t i); } shape;

static const shape shapes[] = {
    { "all alike", all_alike },   { "all different", all_different },             { "in high bits", in_high_bits },
    { "half alike", half_alike }, { "one row each at first", mostly_one_row_each }, { "far apart", far_apart },
    { "colliding", colliding },
};

/* ---- the slow twin: numbers of keys, by sorting ------------------------------------------------------------------ */
typedef struct keyed { int64_t key, row; } keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* labels[i]: the place of keys[i] among the distinct keys */
static void label(const int64_t *keys, int64_t n, int64_t *labels)
{
    keyed *sorted = malloc((size_t)n * sizeof *sorted);
    for (int64_t i = 0; i < n; i++) sorted[i] = (keyed){ keys[i], i };
    qsort(sorted, (size_t)n, sizeof *sorted, by_key);
    int64_t number = 0;
    for (int64_t i = 0; i < n; i++) {
        if (i && sorted[i].key != sorted[i - 1].key) number++;
        labels[sorted[i].row] = number;
    }
    free(sorted);
}

/* Columns k and l, key and label; t, the key as a text; v and x to be summarised. */
static fr_frame *frame_of(fr_context *context, const shape *s, int64_t n)
{
    static const char *const names[] = { "k", "l", "v", "x" };
    int64_t *keys = malloc((size_t)n * sizeof *keys), *labels = malloc((size_t)n * sizeof *labels);
    int64_t *values = malloc((size_t)n * sizeof *values);
    double *reals = malloc((size_t)n * sizeof *reals);
    for (int64_t i = 0; i < n; i++) {
        keys[i] = s->key(i);
        values[i] = i * 7919 % 1009;
        reals[i] = (double)(i * 104729 % 99991) / 8;
    }
    label(keys, n, labels);
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    fr_column *columns[] = { fr_test_i64s(&call, keys, NULL, n), fr_test_i64s(&call, labels, NULL, n),
                             fr_test_i64s(&call, values, NULL, n), fr_test_f64s(&call, reals, NULL, n) };
    fr_auto(frame) frame = fr_frame_of(&call, NULL, names, columns, 4, n);
    for (size_t i = 0; i < 4; i++) fr_column_unref(columns[i]);
    if (fr_failed(&call)) fr_test_check(false, "a frame", __FILE__, __LINE__);
    fr_call_end(&call);
    free(keys);
    free(labels);
    free(values);
    free(reals);
    return fr_pipe(frame, fr_with("t = concat('a key of more than a view holds, ', cast(k, 'str'))"));
}

/* ---- the same by either ------------------------------------------------------------------------------------------ */
static const char agg[] = "n = size(); s = sum(v); m = median(x); d = nunique(v); q = first(x); r = std(x)";

/* What a chain gives of keys k, l and t must be the same but for the key itself. */
static void compare(const fr_frame *by_key, const fr_frame *by_label, const char *name, const char *what)
{
    const bool same = fr_ok(by_key) && fr_ok(by_label) && fr_equal(by_key, by_label);
    char text[200];
    snprintf(text, sizeof text, "keys %s: %s: %s", name, what, fr_ok(by_key) ? "differs" : fr_error(by_key)->message);
    fr_test_check(same, text, __FILE__, __LINE__);
}

#define SAME(what, steps_of)                                                                                          \
    do {                                                                                                              \
        fr_auto(frame) by_label = steps_of("l");                                                                      \
        fr_auto(frame) by_number = steps_of("k");                                                                     \
        fr_auto(frame) by_text = steps_of("t");                                                                       \
        compare(by_number, by_label, s->name, what);                                                                  \
        compare(by_text, by_label, s->name, what " of texts");                                                        \
    } while (0)

static void check_shape(const shape *s, uint32_t threads)
{
    fr_auto(context) context = fr_context_new(.seed = SEED, .threads = threads);
    fr_auto(frame) frame = frame_of(context, s, MANY);
    REQUIRE(fr_ok(frame));
#define GROUPED(key)  fr_pipe(frame, fr_group(key, .agg = agg), fr_drop(key))
    SAME("group", GROUPED);
#define DISTINCT(key) fr_pipe(frame, fr_distinct(key, .keep = FR_KEEP_LAST))
    SAME("distinct", DISTINCT);
#define BEST(key)     fr_pipe(frame, fr_sort("x desc, v"), fr_head(2, .by = key))
    SAME("the best two", BEST);
#define RANKED(key)   fr_pipe(frame, fr_with("r = rank(x) over " key "; c = size() over " key), fr_select("r, c"))
    SAME("rank over", RANKED);
    fr_auto(frame) by_label = fr_pipe(frame, fr_sort("l"));
    fr_auto(frame) by_number = fr_pipe(frame, fr_sort("k"));
    compare(by_number, by_label, s->name, "sort");
}

TEST(keys_of_any_shape_group_as_numbers_that_stand_for_them)
{
    for (size_t i = 0; i < FR_COUNT_OF(shapes); i++) check_shape(&shapes[i], i % 2 ? 1 : 3);
}

TEST(keys_of_any_shape_are_joined_as_numbers_that_stand_for_them)
{
    for (size_t i = 0; i < FR_COUNT_OF(shapes); i++) {
        const shape *s = &shapes[i];
        fr_auto(context) context = fr_context_new(.seed = SEED, .threads = 2);
        fr_auto(frame) frame = frame_of(context, s, MANY);
        fr_auto(frame) right = fr_pipe(frame, fr_distinct("l"), fr_filter("l % 3 == 0"), fr_rename("v as w"), fr_drop("x"));
#define JOINED(key) fr_pipe(frame, fr_join(right, .on = key, .how = FR_JOIN_LEFT), fr_select("v, x, w"))
        SAME("join", JOINED);
    }
}

/* ---- groups of one row ------------------------------------------------------------------------------------------- */
typedef struct alone { const char *type, *sum, *mean; } alone;

/* The aggregates of one value are that value, or say that there is none; in several blocks of rows. */
static void check_alone(const alone *a, uint32_t threads)
{
    static const char *const names[] = { "k", "c" };
    fr_auto(context) context = fr_context_new(.seed = SEED, .threads = threads);
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    int64_t *keys = malloc(MANY * sizeof *keys);
    for (int64_t i = 0; i < MANY; i++) keys[i] = all_different(i);
    fr_column *columns[] = { fr_test_i64s(&call, keys, NULL, MANY), fr_test_repeating(&call, a->type, MANY, 5000, 5, 9) };
    free(keys);
    fr_auto(frame) frame = fr_frame_of(&call, NULL, names, columns, 2, MANY);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    fr_auto(frame) found = fr_pipe(frame, fr_group("k", .agg = "s = sum(c); m = mean(c); a = min(c); b = max(c); f = first(c);"
                                                               " l = last(c); n = count(c); d = nunique(c); z = size()"));
    char with[300];
    snprintf(with, sizeof with, "s = %s; m = %s; a = c; b = c; f = c; l = c; n = cast(c is not null, 'i64'); d = n; z = 1",
             a->sum, a->mean);
    fr_auto(frame) expected = fr_pipe(frame, fr_with(with), fr_drop("c"));
    compare(found, expected, a->type, "one row a group");
}

TEST(of_groups_of_one_row_the_aggregates_are_the_row)
{
    static const alone types[] = {
        { "i8", "cast(coalesce(c, 0), 'i64')", "cast(c, 'f64')" }, { "i32", "cast(coalesce(c, 0), 'i64')", "cast(c, 'f64')" },
        { "i64", "coalesce(c, 0)", NULL },                         { "u16", "cast(coalesce(c, 0), 'u64')", "cast(c, 'f64')" },
        { "u64", "coalesce(c, 0)", NULL },                         { "f64", "coalesce(c, 0.0) + 0.0", "c + 0.0" },
    };
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) {
        alone a = types[i];
        if (!a.mean) a.mean = "c / 1";
        check_alone(&a, 1);
        check_alone(&a, 3);
    }
}

/* ---- too little memory ------------------------------------------------------------------------------------------- */
typedef struct budget_case { const char *name; fr_frame *(*run)(const fr_frame *frame); const char *steps; } budget_case;

static fr_frame *run_sort(const fr_frame *f) { return fr_pipe(f, fr_sort("x, k")); }
static fr_frame *run_sort_texts(const fr_frame *f) { return fr_pipe(f, fr_sort("t desc")); }
static fr_frame *run_group(const fr_frame *f) { return fr_pipe(f, fr_group("k", .agg = agg)); }
static fr_frame *run_group_texts(const fr_frame *f) { return fr_pipe(f, fr_group("t, v", .agg = "s = sum(x)")); }
static fr_frame *run_distinct(const fr_frame *f) { return fr_pipe(f, fr_distinct("t, x")); }
static fr_frame *run_with(const fr_frame *f) { return fr_pipe(f, fr_with("u = upper(t); y = x * v + k % 17")); }
static fr_frame *run_window(const fr_frame *f) { return fr_pipe(f, fr_with("r = rank(x) over v; m = median(x) over v")); }
static fr_frame *run_describe(const fr_frame *f) { return fr_pipe(f, fr_describe()); }
static fr_frame *run_concat(const fr_frame *f) { return fr_pipe(f, fr_concat(f), fr_group(.agg = "s = sum(x); m = max(t)")); }
static fr_frame *run_counts(const fr_frame *f) { return fr_pipe(f, fr_value_counts("t")); }

static const budget_case cases[] = {
    { "sort", run_sort, "sort" },                { "sort of texts", run_sort_texts, "sort" },
    { "group", run_group, "group" },             { "group of texts", run_group_texts, "group" },
    { "distinct", run_distinct, "distinct" },    { "with", run_with, "with" },
    { "windows", run_window, "with" },           { "describe", run_describe, "describe" },
    { "concat", run_concat, "concat group" },    { "value_counts", run_counts, "value_counts" },
};

/* An error that names the step and the bytes, or the one answer; and nothing stays behind. */
static bool run_within(uint64_t bytes, const fr_frame *of, const budget_case *c, uint64_t *digest)
{
    fr_auto(context) context = fr_context_new(.limits.memory_bytes = bytes, .threads = 2);
    fr_frame *frame = fr_with_context(of, context), *result = c->run(frame);
    const bool fits = fr_ok(result);
    if (fits) {
        const uint64_t now = fr_outcome_of(result).digest;
        CHECK(*digest == 0 || *digest == now);
        *digest = now;
    } else {
        const fr_error_info *error = fr_error(result);
        CHECK_STR(fr_code_name(error->code), "limit");
        CHECK(strstr(error->message, "more were needed"));
        if (!error->step || !strstr(c->steps, error->step)) CHECK_STR(error->step, c->steps);
    }
    fr_unref(result);
    fr_unref(frame);
    CHECK_INT(fr_context_live_bytes(context), 0);
    return fits;
}

TEST(too_little_memory_for_a_step_is_an_error_that_names_it_and_the_bytes)
{
    enum { N = 30000 };
    fr_auto(context) plenty = fr_context_new(.threads = 2);
    fr_auto(frame) frame = frame_of(plenty, &shapes[3], N);
    REQUIRE(fr_ok(frame) && fr_test_columns(frame));                       /* put together here, not by a step */
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        uint64_t digest = 0, n_failed = 0, n_fitted = 0;
        for (uint64_t bytes = 20000; n_fitted < 2; bytes += bytes / 8) {
            const bool fits = run_within(bytes, frame, &cases[i], &digest);
            n_fitted += fits;
            n_failed += !fits;
            REQUIRE(n_failed < 200);
        }
        if (n_failed < 2) CHECK_STR(cases[i].name, "needs memory");
    }
}

TEST(too_little_memory_for_a_file_is_an_error_that_names_it_and_the_bytes)
{
    enum { N = 20000, LINE = 64 };
    char *text = malloc(N * LINE + 8);
    REQUIRE(text);
    size_t n = (size_t)sprintf(text, "a,b,t\n"), n_failed = 0, n_fitted = 0;
    for (int i = 0; i < N; i++)
        n += (size_t)snprintf(text + n, LINE, "%d,%d.5,some text that is long %d\n", i, i % 7, i * 31);
    for (uint64_t bytes = 20000; n_fitted < 2; bytes += bytes / 8) {
        fr_auto(context) context = fr_context_new(.limits.memory_bytes = bytes, .threads = 2);
        fr_frame *read = fr_read_csv_bytes(text, n, .context = context);
        const fr_error_info *error = fr_error(read);
        n_fitted += !error;
        n_failed += error != NULL;
        if (error) {
            CHECK_STR(fr_code_name(error->code), "limit");
            CHECK_STR(error->step, "read_csv");
            CHECK(strstr(error->message, "more were needed"));
        } else {
            CHECK_INT(fr_length(read), N);
        }
        fr_unref(read);
        CHECK_INT(fr_context_live_bytes(context), 0);
        REQUIRE(n_failed < 200);
    }
    CHECK(n_failed > 2);
    free(text);
}
