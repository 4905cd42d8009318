/* Chains over the same columns again and again, by one thread and by several at once: what a column came to know meanwhile
 * misleads nobody. Each answer is the one of a fresh copy, which knows nothing. FRAME_AGAIN=first:count tries more. */
#include <frame/frame.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "data/frame.h"
#include "ops/verb_result.h"
#include "frame/ops/naive.h"
#include "support/columns.h"
#include "support/test.h"

enum { FEW = 30000, SOME = 150000, MANY = 400000, CHAINS = 7, AT_ONCE = 3, ROOM = 200 };

static const char *const types[] = { "i64", "i64", "i32", "i16", "u32", "u64", "date", "i8", "str" };

/* What is drawn: a key with gaps, late values, and nulls, and how many rows. */
typedef struct table {
    uint64_t    seed;
    int64_t     n, span, low;
    int         gaps, nulls, order;        /* gaps and nulls of 1000 */
    bool        last, hidden;              /* a value comes in the last row alone; one where x is null alone */
    const char *type;
} table;

static table draw_table(uint64_t seed)
{
    static const int64_t lengths[] = { FEW, SOME, SOME, MANY }, rows_each[] = { 2, 4, 8, 30, 300 };
    static const int gaps[] = { 0, 1, 50, 50, 200, 600 }, nulls[] = { 0, 0, 0, 50, 900 };
    table t = { .seed = seed };
    for (int i = 0; i < 4; i++) (void)fr_test_random(&t.seed);
#define ONE_OF(list) list[fr_test_random(&t.seed) % (sizeof(list) / sizeof *(list))]
    t.n = ONE_OF(lengths), t.span = t.n / ONE_OF(rows_each);
    t.gaps = ONE_OF(gaps), t.nulls = ONE_OF(nulls), t.type = ONE_OF(types);
    t.order = (int)(fr_test_random(&t.seed) % 4);
    t.last = fr_test_random(&t.seed) % 2, t.hidden = fr_test_random(&t.seed) % 2;
    if (!strcmp(t.type, "i8")) t.span = 101;
    if (!strcmp(t.type, "i16") && t.span > 30000) t.span = 30000;
    t.low = t.type[0] == 'u' ? 3 : ONE_OF(((const int64_t[]){ 1, 0, -20 }));
    return t;
}

static bool is_gap(const table *t, int64_t key)
{
    return (uint64_t)(key * 2654435761 + 12345) % 1000 < (uint64_t)t->gaps || (t->last && key == 17) || (t->hidden && key == 40);
}

static int64_t key_of(const table *t, int64_t i, uint64_t *state)
{
    int64_t key = t->order == 0 ? i * t->span / t->n : t->order == 1 ? i / 7 * 7919 % t->span
                                                         : (int64_t)(fr_test_random(state) % (uint64_t)t->span);
    while (is_gap(t, key)) key = (key + 1) % t->span;
    return key + t->low;
}

/* A key k, another m of few values, and numbers x, y. */
static fr_frame *made_of(fr_call *call, const table *t)
{
    uint64_t state = t->seed;
    const size_t n = (size_t)t->n;
    int64_t *k = calloc(n, sizeof *k), *m = calloc(n, sizeof *m);
    double *x = calloc(n, sizeof *x), *y = calloc(n, sizeof *y);
    uint8_t *has_k = calloc(n, 1), *has_x = calloc(n, 1);
    if (!k || !m || !x || !y || !has_k || !has_x) abort();
    for (size_t i = 0; i < n; i++) {
        k[i] = key_of(t, (int64_t)i, &state), m[i] = (int64_t)(fr_test_random(&state) % 9);
        has_k[i] = (int)(fr_test_random(&state) % 1000) >= t->nulls, has_x[i] = i % 50 != 1;
        x[i] = (double)(fr_test_random(&state) % 1000003), y[i] = (double)(fr_test_random(&state) % 16) / 4;
    }
    if (t->last) k[n - 1] = 17 + t->low, has_k[n - 1] = 1;
    if (t->hidden) k[n / 2] = 40 + t->low, has_k[n / 2] = 1, has_x[n / 2] = 0;
    for (size_t i = 0; i < n; i++) k[i] = has_k[i] ? k[i] : 0, x[i] = has_x[i] ? x[i] : 0;
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { .context = call->context };
    const bool fine = fr_columns_init(call, &columns, 4)
                   && (columns.at[0] = fr_test_i64s(call, k, t->nulls ? has_k : NULL, t->n))
                   && (columns.at[1] = fr_test_i64s(call, m, NULL, t->n))
                   && (columns.at[2] = fr_test_f64s(call, x, has_x, t->n))
                   && (columns.at[3] = fr_test_f64s(call, y, NULL, t->n));
    free(k), free(m), free(x), free(y), free(has_k), free(has_x);
    return fine ? fr_frame_of(call, NULL, (const char *const[]){ "k", "m", "x", "y" }, columns.at, 4, t->n) : NULL;
}

static fr_frame *make(fr_context *context, const table *t)
{
    fr_call call;
    char cast[60];
    fr_call_begin(&call, context, NULL, -1);
    fr_auto(frame) frame = made_of(&call, t);
    fr_call_end(&call);
    (void)snprintf(cast, sizeof cast, strcmp(t->type, "date") ? "k = cast(k, '%s')" : "k = cast(cast(k, 'i32'), '%s')", t->type);
    fr_auto(frame) with = fr_pipe(frame, fr_with(cast));
    return fr_collect(with);
}

/* ---- chains ------------------------------------------------------------------------------------------------------ */
static void draw_chain(char chain[ROOM], uint64_t *state)
{
    static const char *const before[] = { "", "", "", "", "", "", "where x is not null | ", "where y > 1 | ", "head 29000 | ",
                                          "tail 29000 | ", "slice 777 25000 | ", "where y < 0.5 | ", "sort y | ",
                                          "with k = coalesce(k, first(k)) | ", "drop_null k | ", "fill_null k forward | " };
    static const char *const chains[] = {
        "group k: n = size(), s = sum(x), m = mean(y), t = max(x)", "group k: s = sum(x)", "group k: n = size()",
        "group k: m = median(x), d = std(y)", "group k drop_nulls: n = size(), s = sum(y)", "group k sorted: n = count(x)",
        "group k, m: n = size(), s = sum(x)", "group m, k: s = mean(x)", "distinct k", "value_counts k",
        "with w = sum(x) over (k)", "with r = cum_sum(x) over (k)", "sort x desc | head 2 by k", "sort x | head 1 by k",
        "sort x desc | head 3 by k", "where x is not null | sort x desc | head 2 by k", "where y >= 0.5 | sort x | head 2 by k",
        "sort y desc | head 2 by k", "sort x desc | head 20 by k", "sort x desc, y | head 1 by k", "distinct k, m",
        "group k rollup: n = size(), s = sum(x)", "where x > 999000 | sort x | head 1 by k", "group k, m: t = max(y), b = min(x)",
        "group k: c = corr(x, y)", "group k: u = nunique(m)", "sort x desc | head 1 by k, m" };
    const char *first = fr_test_random(state) % 2 ? "" : before[fr_test_random(state) % FR_COUNT_OF(before)];
    (void)snprintf(chain, ROOM, "%s%s", first, chains[fr_test_random(state) % FR_COUNT_OF(chains)]);
}

static fr_frame *run(const fr_frame *frame, const char *chain, fr_context *context)
{
    fr_auto(steps) steps = fr_steps_parse_chain(chain, context);
    return fr_run(frame, steps);
}

static bool is_right(const fr_frame *found, const table *t, const char *chain)
{
    fr_auto(context) alone = fr_context_new(.threads = 1);
    fr_auto(frame) fresh = make(alone, t);
    fr_auto(frame) wanted = run(fresh, chain, alone);
    if (fr_ok(found) && fr_ok(wanted) && fr_equal(found, wanted)) return true;
    (void)fprintf(stderr, "%s  (%s, %lld rows, span %lld, gaps %d, nulls %d, order %d%s%s): %s\n", chain, t->type,
                  (long long)t->n, (long long)t->span, t->gaps, t->nulls, t->order, t->last ? ", last" : "",
                  t->hidden ? ", hidden" : "",
                  !fr_ok(found) ? fr_error(found)->message : !fr_ok(wanted) ? fr_error(wanted)->message : "another answer");
    return false;
}

static bool try_again(uint64_t seed)
{
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    const table t = draw_table(seed);
    uint64_t state = seed * 7919 + 1;
    fr_auto(context) context = fr_context_new(.threads = threads[seed % 4], .chunk_rows = seed % 3 ? 0 : 4096);
    fr_auto(frame) frame = make(context, &t);
    bool right = fr_ok(frame);
    for (int i = 0; right && i < CHAINS; i++) {
        char chain[ROOM];
        draw_chain(chain, &state);
        fr_auto(frame) found = run(frame, chain, context);
        fr_auto(frame) second = run(frame, chain, context);
        right = is_right(found, &t, chain) && is_right(second, &t, chain);
    }
    return right;
}

static void wish(uint64_t *first, uint64_t *count)
{
    unsigned long long f = *first, c = *count;
    const char *text = getenv("FRAME_AGAIN");
    if (text && sscanf(text, "%llu:%llu", &f, &c) == 2) *first = f, *count = c;
}

TEST(chains_over_the_same_columns_again_give_what_fresh_ones_do)
{
    uint64_t first = 1, count = 2;
    wish(&first, &count);
    for (uint64_t seed = first; seed < first + count; seed++)
        CHECK_INT(try_again(seed) ? -1 : (int64_t)seed, -1);
}

/* ---- at once ----------------------------------------------------------------------------------------------------- */
typedef struct user {
    const fr_frame *frame;
    fr_context     *context;
    char            chain[ROOM];
    fr_frame       *found;
} user;

static void *use(void *state)
{
    user *u = state;
    fr_auto(frame) own = fr_with_context(u->frame, u->context);
    u->found = run(own, u->chain, u->context);
    return NULL;
}

static bool try_at_once(uint64_t seed)
{
    const table t = draw_table(seed);
    uint64_t state = seed * 104729 + 1;
    fr_auto(context) context = fr_context_new(.threads = 2);
    fr_auto(frame) frame = make(context, &t);
    user users[AT_ONCE] = { 0 };
    pthread_t threads[AT_ONCE];
    bool right = fr_ok(frame);
    for (int i = 0; i < AT_ONCE; i++) {
        users[i].frame = frame, users[i].context = fr_context_new(.threads = (uint32_t)i + 1);
        draw_chain(users[i].chain, &state);
        if (!fr_thread_start(&threads[i], use, &users[i])) abort();
    }
    for (int i = 0; i < AT_ONCE; i++) (void)pthread_join(threads[i], NULL);
    for (int i = 0; i < AT_ONCE; i++) {
        right = right && is_right(users[i].found, &t, users[i].chain);
        fr_unref(users[i].found), fr_unref(users[i].context);
    }
    return right;
}

TEST(chains_over_the_same_columns_at_once_give_what_fresh_ones_do)
{
    uint64_t first = 1, count = 2;
    wish(&first, &count);
    for (uint64_t seed = first; seed < first + count; seed++)
        CHECK_INT(try_at_once(seed) ? -1 : (int64_t)seed, -1);
}
