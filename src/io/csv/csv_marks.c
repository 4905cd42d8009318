/* csv_marks.c — other marks are tried on the first rows of a text column (see csv_marks.h). */
#include "io/csv/csv_marks.h"

#include <stdio.h>

enum { FIRST_ROWS = 1000 };
#define NUMBERS ((uint32_t)(FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG | FR_CSV_HUGE | FR_CSV_FLOAT))

typedef struct marks { char decimal, thousands; const char *say; } marks;

static bool is_number(const fr_csv_rules *rules, const fr_csv_field *field)
{
    fr_csv_scalar scalar;
    fr_csv_classify(rules, field, &scalar);
    return scalar.class_ & NUMBERS;
}

/* Do all values become numbers? → the first that was none before; -1: one is no number, or all were. */
static int64_t first_changed(const fr_csv_rules *now, const marks *m, const fr_column *column)
{
    fr_csv_rules other = *now;
    other.decimal = m->decimal;
    other.thousands = m->thousands;
    int64_t changed = -1;
    for (int64_t row = 0; row < column->length && row < FIRST_ROWS; row++) {
        size_t n;
        const char *text = fr_column_text(column, row, &n);
        const fr_csv_field field = { .text = text, .length = (uint32_t)n };
        if (!text || !n || fr_csv_is_na_word(now, &field)) continue;
        if (!is_number(&other, &field)) return -1;
        if (changed < 0 && !is_number(now, &field)) changed = row;
    }
    return changed;
}

fr_csv_marks fr_csv_marks_of(const fr_csv_rules *rules, const fr_column *column)
{
    static const marks comma = { ',', 0, ".decimal ','" }, grouped = { '.', ',', ".thousands ','" };
    static const marks others[] = {
        { ',', '.', ".decimal ',' and .thousands '.'" },
        { ',', '\'', ".decimal ',' and .thousands \"'\"" },
        { '.', '\'', ".thousands \"'\"" },
    };
    fr_csv_marks found = { .row = -1 };
    if (rules->decimal != '.' || rules->thousands) return found;       /* somebody has told */
    const int64_t decimals = first_changed(rules, &comma, column), groups = first_changed(rules, &grouped, column);
    if (decimals >= 0 || groups >= 0) {
        const bool both = decimals >= 0 && groups >= 0;
        found.row = decimals >= 0 ? decimals : groups;
        (void)snprintf(found.say, sizeof found.say, "%s%s%s", decimals >= 0 ? comma.say : "", both ? " or " : "",
                       groups >= 0 ? grouped.say : "");
        return found;
    }
    for (size_t i = 0; found.row < 0 && i < FR_COUNT_OF(others); i++) {
        found.row = first_changed(rules, &others[i], column);
        if (found.row >= 0) (void)snprintf(found.say, sizeof found.say, "%s", others[i].say);
    }
    return found;
}
