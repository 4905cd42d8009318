/* long_try.c — chains drawn over rows drawn, in all the ways the rows lie. */
#include <stdio.h>
#include <string.h>

#include "support/columns.h"
#include "support/long_trial.h"
#include "support/test.h"

enum { MOST_WRONG = 5, ROOM = 2500 };

/* ---- chains without a twin --------------------------------------------------------------------------------------- */
static void put_parts(fr_trial *t, const char *pattern)
{
    char one[2] = "";
    for (; *pattern; pattern++) {
        if (*pattern == 'K') fr_trial_put_mask(t);
        else if (*pattern == 'V') fr_trial_put(t, fr_long_names[fr_long_draw(t->state, FR_LONG_WIDTH)]);
        else one[0] = *pattern, fr_trial_put(t, one);
    }
}

/* K: keys; V: a column. */
static void draw_any(fr_trial *t)
{
    static const char *const patterns[] = {
        "with r = rank(V) over (K)", "with r = rank(V, 'dense')", "with c = cum_sum(V) over (K)", "with s = shift(V, 2) over (K)",
        "with m = rolling_mean(V, 5) over (K)", "fill_null V forward by K", "fill_null V, V mean by K",
        "fill_null V backward limit 2", "fill_null V median", "describe V, V",
        "pivot K on V max_columns 300: a = sum(V), b = size()",
        "pivot V on V fill 0 max_columns 300: a = median(V)", "pivot V on V values V agg first max_columns 300 sorted",
        "pivot V on V max_columns 300 margins: a = mean(V)", "pivot K on V normalize index max_columns 300: size()",
        "melt K values V",
        "group: a = sum(V), b = mean(V), c = min(V), d = median(V)", "group: a = nunique(V), b = nunique(V), c = std(V)",
        "group: a = corr(V, V), b = quantile(V, 0.9), c = mode(V), d = max(V)", "group K: a = corr(V, V), b = skew(V), c = std(V)",
        "group K: a = kurt(V), b = cov(V, V), c = prod(V)", "where V == first(V) | group K: n = size(), a = sum(V)",
        "where V > median(V) | sort V | head 2 by K", "distinct K | group V: n = size(), l = last(row)",
        "where V is not null | distinct V | sort V desc | head 50", "sort K | group K: f = first(V), a = sum(V)",
        "drop_null K | value_counts K normalize",
        "left join those on K nulls_match max_rows 3000000 | group V: n = size(), a = max(id)",
        "join those on K max_rows 3000000 | sort id desc, row | head 500", "group K: a = sum(V) | sort a desc | head 30",
        "where V >= mean(V) over (K)", "sample 1000 seed 7 | sort V, row", "group f = V is null, K: a = std(V), n = size()",
        "group K: a = min(V), b = max(V) | join those on K max_rows 3000000",
        "asof join those on V nearest | group V: n = count(id)",
        "group K: a = quantile(V, 0.3), b = median(V), c = size() | tail 100",
    };
    do t->mask = fr_trial_draw_mask(t->state);
    while (t->mask == 63);
    put_parts(t, patterns[fr_long_draw(t->state, FR_COUNT_OF(patterns))]);
}

const fr_trial_kind fr_trial_any = { "any", draw_any, NULL };

static bool is_sound(const fr_frame *frame, char *why)
{
    fr_column *const *columns = fr_ok(frame) ? fr_test_columns(frame) : NULL;
    for (size_t c = 0; columns && c < fr_width(frame); c++)
        if (!fr_test_column_is_sound(columns[c]))
            return (void)snprintf(why, ROOM, "column %s is not sound, or says what is not so", fr_name(frame, c)), false;
    return true;
}

static bool agrees(const fr_trial *t, const fr_frame *base, const fr_frame *frame, const char *before, const char *how, char *why)
{
    fr_auto(frame) other = fr_trial_run(t, frame, before);
    char part[400] = "";
    if (!is_sound(other, why)) return false;
    if (fr_ok(base) && fr_ok(other) ? fr_equal(base, other) : fr_error_code(base) == fr_error_code(other)) return true;
    (void)fr_trial_say(part, sizeof part, how, 0, other);
    (void)snprintf(why, ROOM, "%s, but one thread: %s", part, fr_ok(base) ? "fine, or another answer" : fr_error(base)->message);
    return false;
}

static bool try_one(const fr_long_rows *rows, const fr_trial_kind *kind, uint64_t *state, char *chain, char *why)
{
    fr_trial t = { .rows = rows, .state = state };
    kind->draw(&t);
    (void)snprintf(chain, FR_TRIAL_ROOM, "%s", t.chain);
    fr_auto(frame) base = fr_trial_run(&t, rows->ways[0], "");
    if (fr_error_code(base) == FR_ERR_INTERNAL) return fr_trial_say(why, ROOM, "an INTERNAL error", 0, base);
    if (fr_error_code(base) == FR_ERR_SYNTAX) return fr_trial_say(why, ROOM, "a chain that is none", 0, base);
    if (!is_sound(base, why)) return false;
    if (kind->check && !kind->check(&t, base, why, ROOM)) return false;
    const size_t one = 1 + fr_long_draw(state, 3), other = 4 + fr_long_draw(state, FR_LONG_WAYS - 4);
    return agrees(&t, base, rows->ways[one], "", fr_long_ways[one], why) &&
           agrees(&t, base, rows->ways[other], "", fr_long_ways[other], why) &&
           (fr_long_draw(state, 3) || agrees(&t, base, rows->among, "where row >= 0 | ", "filtered before", why));
}

/* ---- a number for all the bits ----------------------------------------------------------------------------------- */
static void digest_bytes(uint64_t *digest, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) *digest = (*digest ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
}

static void digest_cell(uint64_t *digest, const fr_column *column, int64_t row)
{
    size_t n;
    if (!fr_is_valid(column, row)) { digest_bytes(digest, "null", 4); return; }
    if (fr_kind_is_text(column->type->kind) || column->type->kind == FR_BINARY) {
        const char *text = fr_column_text(column, row, &n);
        digest_bytes(digest, &n, sizeof n), digest_bytes(digest, text, n);
        return;
    }
    fr_value v = fr_column_value(column, row);
    if (fr_kind_is_float(column->type->kind) && v.as.f != v.as.f) v.as.u = 1;      /* one nan is as good as another */
    digest_bytes(digest, &v.as, column->type->kind == FR_DECIMAL ? 16 : 8);
}

static void digest_frame(uint64_t *digest, const fr_frame *frame)
{
    char type[FR_TYPE_TEXT_BYTES];
    const uint64_t code = (uint64_t)fr_error_code(frame);
    digest_bytes(digest, &code, sizeof code);
    fr_column *const *columns = fr_ok(frame) ? fr_test_columns(frame) : NULL;
    for (size_t c = 0; columns && c < fr_width(frame); c++) {
        digest_bytes(digest, fr_name(frame, c), strlen(fr_name(frame, c)));
        (void)fr_type_name(columns[c]->type, type), digest_bytes(digest, type, strlen(type));
        for (int64_t i = 0; i < columns[c]->length; i++) digest_cell(digest, columns[c], i);
    }
}

/* ---- trying ------------------------------------------------------------------------------------------------------ */
static const fr_trial_kind *const kinds[] = { &fr_trial_group,    &fr_trial_group, &fr_trial_group, &fr_trial_over,
                                              &fr_trial_counts,   &fr_trial_distinct, &fr_trial_sort, &fr_trial_head,
                                              &fr_trial_join,     &fr_trial_any,   &fr_trial_any,   &fr_trial_any,
                                              &fr_trial_window,   &fr_trial_window, &fr_trial_fill, &fr_trial_fill,
                                              &fr_trial_pivot,    &fr_trial_melt,  &fr_trial_rollup, &fr_trial_complete,
                                              &fr_trial_places,   &fr_trial_asof };

uint64_t fr_long_digest(uint64_t seed, int64_t n, size_t way)
{
    fr_long_rows rows;
    uint64_t digest = UINT64_C(0xcbf29ce484222325), state = seed;
    const bool fine = fr_long_rows_begin(&rows, n, seed);
    for (size_t i = 0; fine && i < FR_COUNT_OF(kinds); i++) {
        fr_trial t = { .rows = &rows, .state = &state };
        kinds[i]->draw(&t);
        fr_auto(frame) result = fr_trial_run(&t, rows.ways[way], "");
        digest_frame(&digest, result);
    }
    fr_long_rows_end(&rows);
    return digest;
}

static void show(const fr_long_rows *rows, uint64_t seed, const char *kind, const char *chain, const char *why)
{
    char text[4000];
    size_t at = (size_t)snprintf(text, sizeof text, "seed %llu, %s of %lld rows, %lld on the right\n  %s\n  %s",
                                 (unsigned long long)seed, kind, (long long)rows->n, (long long)rows->n_right, chain, why);
    for (size_t i = 0; i < FR_LONG_WIDTH; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "\n    %s %s", fr_long_names[i], rows->columns[i].shape);
    (void)fprintf(stderr, "%s\n", text);             /* a long run may be ended before it tells */
    CHECK_STR(text, "");
}

void fr_long_try(uint64_t first, int count, int64_t n, const char *only)
{
    int wrong = 0;
    for (uint64_t seed = first; seed < first + (uint64_t)count && wrong < MOST_WRONG; seed++) {
        fr_long_rows rows;
        uint64_t state = seed * 7919 + 1;
        if (!fr_long_rows_begin(&rows, n, seed)) wrong++, CHECK_STR("rows could not be made", "");
        for (size_t i = 0; i < FR_COUNT_OF(kinds) && wrong < MOST_WRONG; i++) {
            char chain[FR_TRIAL_ROOM] = "", why[ROOM] = "";
            if (*only && strcmp(only, kinds[i]->name) != 0) continue;
            if (!try_one(&rows, kinds[i], &state, chain, why)) wrong++, show(&rows, seed, kinds[i]->name, chain, why);
        }
        char why[ROOM] = "";                          /* what they came to know meanwhile is so */
        for (size_t i = 0; i < FR_LONG_WAYS && seed % 4 == 0; i++)
            if (!is_sound(rows.ways[i], why)) wrong++, show(&rows, seed, fr_long_ways[i], "", why);
        fr_long_rows_end(&rows);
    }
    CHECK(wrong || count > 0);
}
