/* long_trial.c — see long_trial.h. */
#include "support/long_trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/columns.h"

fr_frame *fr_trial_run(const fr_trial *t, const fr_frame *frame, const char *before)
{
    const fr_named_frame named[] = { { "those", t->rows->right } };
    char text[FR_TRIAL_ROOM + 40];
    (void)snprintf(text, sizeof text, "%s%s", before, t->chain);
    fr_auto(steps) steps = fr_steps_parse_chain_with(text, named, 1, t->rows->contexts[0]);
    return fr_run(frame, steps);
}

bool fr_trial_say(char *why, size_t n, const char *what, int64_t at, const fr_frame *result)
{
    const fr_error_info *e = fr_error(result);
    (void)snprintf(why, n, "%s at %" PRId64 " of %" PRId64 " rows: %s", what, at, fr_length(result), e ? e->message : "fine");
    return false;
}

void fr_trial_put(fr_trial *t, const char *text)
{
    const size_t at = strlen(t->chain);
    (void)snprintf(t->chain + at, FR_TRIAL_ROOM - at, "%s", text);
}

unsigned fr_trial_draw_mask(uint64_t *state)
{
    static const unsigned masks[] = { 1, 1, 1, 1, 2, 4, 3, 3, 5, 6, 7, 7, 8, 16, 9, 63 };
    return masks[fr_long_draw(state, FR_COUNT_OF(masks))];
}

void fr_trial_put_mask(fr_trial *t)
{
    bool first = true;
    for (size_t c = 0; c < FR_LONG_WIDTH; c++)
        if (t->mask >> c & 1) fr_trial_put(t, first ? "" : ", "), fr_trial_put(t, fr_long_names[c]), first = false;
}

bool fr_trial_has_null(const fr_trial *t, int64_t row)
{
    for (size_t c = 0; c < FR_LONG_WIDTH; c++)
        if (t->mask >> c & 1 && t->rows->columns[c].of[row] == FR_LONG_NULL) return true;
    return false;
}

static bool is_nan_value(const fr_long_column *column, uint32_t value)
{
    return value == column->n_values - 1 && fr_kind_is_float(column->pool->type->kind) &&
           fr_column_value(column->pool, value).as.f != fr_column_value(column->pool, value).as.f;
}

/* Nulls last (or first) whatever the direction, nan behind the numbers. */
int fr_trial_order(const fr_trial *t, int64_t a, int64_t b)
{
    for (size_t i = 0; i < t->n_by; i++) {
        const fr_long_column *column = &t->rows->columns[t->by[i]];
        const uint32_t x = column->of[a], y = column->of[b];
        if (x == y) continue;
        if (x == FR_LONG_NULL || y == FR_LONG_NULL) return (x == FR_LONG_NULL) == t->nulls_first ? -1 : 1;
        if (is_nan_value(column, x)) return 1;
        if (is_nan_value(column, y)) return -1;
        return (x > y) == t->descending[i] ? -1 : 1;
    }
    return 0;
}

static bool numbers_are(const fr_column *column, const int64_t *expected, int64_t *at)
{
    for (; *at < column->length; ++*at) {
        const fr_value v = fr_column_value(column, *at);
        if (v.valid ? v.as.i != expected[*at] : expected[*at] >= 0) return false;
    }
    return true;
}

static bool cells_are(const fr_long_column *pool, const fr_column *column, const int64_t *rows, int64_t *at)
{
    for (; *at < column->length; ++*at) {
        if (rows[*at] < 0) continue;
        const uint32_t value = pool->of[rows[*at]];
        const bool valid = fr_is_valid(column, *at);
        if (valid != (value != FR_LONG_NULL) || (valid && !fr_cells_equal(pool->pool, value, column, *at))) return false;
    }
    return true;
}

bool fr_trial_cells_are(const fr_trial *t, const fr_frame *result, size_t column, const int64_t *rows, char *why, size_t m)
{
    for (size_t c = 0; c < fr_width(result); c++) {
        int64_t at = 0;
        if (!strcmp(fr_name(result, c), fr_long_names[column]))
            return cells_are(&t->rows->columns[column], fr_test_columns(result)[c], rows, &at) ||
                   fr_trial_say(why, m, fr_long_names[column], at, result);
    }
    return fr_trial_say(why, m, "no such column", 0, result);
}

bool fr_trial_rows_are(const fr_trial *t, const fr_frame *result, const char *name, const int64_t *expected, int64_t n, char *why,
                       size_t m)
{
    if (!fr_ok(result) || fr_length(result) != n) return fr_trial_say(why, m, "another number of rows", n, result);
    fr_column *const *columns = fr_test_columns(result);
    for (size_t c = 0; c < fr_width(result); c++) {
        const char *is = fr_name(result, c);
        int64_t at = 0;
        bool same = strcmp(is, name) != 0 || numbers_are(columns[c], expected, &at);
        for (size_t k = 0; same && k < FR_LONG_WIDTH; k++)
            if (!strcmp(name, "row") && !strcmp(is, fr_long_names[k]))
                at = 0, same = cells_are(&t->rows->columns[k], columns[c], expected, &at);
        if (!same) return fr_trial_say(why, m, is, at, result);
    }
    return true;
}
