/* template_filter.c — | money "$" and its kin: how a value is written.
 *
 * A filter is one row of the table: its name, the format it asks for, what it takes. Later filters add to earlier ones:
 * {{ growth | percent 1 | signed }}.
 */
#include "template_inside.h"

#include <string.h>

enum { MOST_PLACES = 12 };

typedef enum takes { TAKES_NOTHING, TAKES_PLACES, TAKES_UNIT, TAKES_TEXT } takes;

static const struct { const char *name; fr_numeral_kind kind; takes takes; } filters[] = {
    { "number", FR_NUMERAL_NUMBER, TAKES_PLACES },
    { "money", FR_NUMERAL_MONEY, TAKES_UNIT },
    { "percent", FR_NUMERAL_PERCENT, TAKES_PLACES },
    { "short", FR_NUMERAL_SHORT, TAKES_UNIT },
    { "date", FR_NUMERAL_DATE, TAKES_NOTHING },
    { "month", FR_NUMERAL_MONTH, TAKES_NOTHING },
    { "iso", FR_NUMERAL_ISO, TAKES_NOTHING },
    { "bytes", FR_NUMERAL_BYTES, TAKES_NOTHING },
    { "plain", FR_NUMERAL_PLAIN, TAKES_NOTHING },
    { "signed", FR_NUMERAL_AUTO, TAKES_NOTHING },
    { "default", FR_NUMERAL_AUTO, TAKES_TEXT },
};
enum { N_FILTERS = sizeof filters / sizeof filters[0] };

static int find(const fr_filter *filter)
{
    for (int i = 0; i < N_FILTERS; i++)
        if (strlen(filters[i].name) == filter->n && !memcmp(filters[i].name, filter->name, filter->n)) return i;
    return -1;
}

bool fr_filters_check(const fr_node *node, fr_spot place, fr_trouble *trouble)
{
    for (size_t i = 0; i < node->n_filters; i++) {
        const fr_filter *f = &node->filters[i];
        int known = find(f);
        if (known < 0)
            return fr_troubled_at(trouble, place, FR_ERR_NOT_FOUND,
                                  "no filter '%.*s' (there are number, money, percent, short, date, month, iso, bytes, "
                                  "plain, signed, default)", (int)(f->n < 40 ? f->n : 40), f->name);
        takes t = filters[known].takes;
        bool places = t == TAKES_PLACES || t == TAKES_UNIT, text = t == TAKES_UNIT || t == TAKES_TEXT;
        if ((f->has_number && !places) || (f->has_text && !text) || (t == TAKES_TEXT && !f->has_text))
            return fr_troubled_at(trouble, place, FR_ERR_ARGUMENT, "the filter %s takes %s", filters[known].name,
                                  t == TAKES_UNIT ? "a unit in quotes and a number of decimals" : t == TAKES_TEXT
                                  ? "a text in quotes" : places ? "a number of decimals" : "nothing");
        if (f->has_number && (f->number < 0 || f->number > MOST_PLACES))
            return fr_troubled_at(trouble, place, FR_ERR_ARGUMENT, "a number of decimals is 0 to %d", MOST_PLACES);
    }
    return true;
}

static fr_numeral_format format_of(const fr_node *node, const char **otherwise)
{
    fr_numeral_format format = { .kind = FR_NUMERAL_AUTO };
    for (size_t i = 0; i < node->n_filters; i++) {
        const fr_filter *f = &node->filters[i];
        int known = find(f);
        if (known < 0) continue;
        if (filters[known].takes == TAKES_TEXT) *otherwise = f->text;
        else if (filters[known].kind == FR_NUMERAL_AUTO) format.signed_ = true;
        else format.kind = filters[known].kind;
        if (f->has_number) format.places = FR_PLACES(f->number);
        if (filters[known].takes == TAKES_UNIT && f->has_text) format.unit = f->text;
    }
    return format;
}

static bool is_null(const fr_item *item)
{
    return item->kind == FR_ITEM_NONE || (item->kind == FR_ITEM_VALUE && !item->as.value.valid) ||
           (item->kind == FR_ITEM_CELL &&
            !fr_get_at(item->as.rows.frame, item->as.rows.row, item->as.rows.column).valid);
}

const char *fr_filters_apply(const fr_node *node, const fr_item *item, fr_store *room, size_t *n)
{
    const char *otherwise = NULL;
    fr_numeral_format format = format_of(node, &otherwise);
    *n = 0;
    if (is_null(item) && otherwise) return *n = strlen(otherwise), otherwise;
    *n = fr_item_write(item, format, NULL, 0);
    char *text = fr_store_take(room, *n + 1, 1);
    if (text) fr_item_write(item, format, text, *n + 1);
    return text;
}
