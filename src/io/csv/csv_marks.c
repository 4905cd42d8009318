/* csv_marks.c — other marks are tried on the first rows of a text column (see csv_marks.h). */
#include "io/csv/csv_marks.h"

#include <stdio.h>

#define NUMBERS ((uint32_t)(FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG | FR_CSV_HUGE | FR_CSV_FLOAT))

typedef struct marks { char decimal, thousands; const char *say; } marks;

static bool is_number(const fr_csv_rules *rules, const fr_csv_field *field)
{
    fr_csv_scalar scalar;
    fr_csv_classify(rules, field, &scalar);
    return scalar.class_ & NUMBERS;
}

/* Do all values become numbers, and some that were none before? */
static bool helps(const fr_csv_rules *now, const marks *m, const fr_column *column)
{
    fr_csv_rules other = *now;
    other.decimal = m->decimal;
    other.thousands = m->thousands;
    bool changes = false;
    for (int64_t row = 0; row < column->length && row < FR_CSV_MARKS_ROWS; row++) {
        size_t n;
        const char *text = fr_column_text(column, row, &n);
        const fr_csv_field field = { .text = text, .length = (uint32_t)n };
        if (!text || !n || fr_csv_is_na_word(now, &field)) continue;
        if (!is_number(&other, &field)) return false;
        changes = changes || !is_number(now, &field);
    }
    return changes;
}

fr_csv_marks fr_csv_marks_of(const fr_csv_rules *rules, const fr_column *column)
{
    static const marks tried[] = {
        { ',', 0, ".decimal ','" },
        { '.', ',', ".thousands ','" },
        { ',', '.', ".decimal ',' and .thousands '.'" },
        { ',', '\'', ".decimal ',' and .thousands \"'\"" },
        { '.', '\'', ".thousands \"'\"" },
    };
    fr_csv_marks found = { "" };
    if (rules->decimal != '.' || rules->thousands) return found;       /* somebody has told */
    const bool comma = helps(rules, &tried[0], column), grouped = helps(rules, &tried[1], column);
    if (comma && grouped) (void)snprintf(found.say, sizeof found.say, "%s or %s", tried[0].say, tried[1].say);
    for (size_t i = comma ? 0 : grouped ? 1 : 2; !*found.say && i < FR_COUNT_OF(tried); i++)
        if (i < 2 || helps(rules, &tried[i], column)) (void)snprintf(found.say, sizeof found.say, "%s", tried[i].say);
    return found;
}
