/* roles.c — what every column is, from its name and from its values, with the reason and how sure that is.
 *
 *     order_id     i64, unique           id        "id" in the name, every value is different          0.97
 *     zip_code     str                   code      digits that are not counted with                     0.95
 *     model_year   i64, 70 … 82          time part                                                      0.95
 *     pclass       i64, 1 … 3            level     3 whole numbers                                      0.70
 *     fare         f64                   amount    "fare" may be summed                                 0.70
 *
 * The tests stand in the order in which one excludes the next: what is no number in meaning (id, code, coordinate,
 * year) is found first, so that nothing later averages ZIP codes or sums years.
 */
#include "analysis.h"
#include "words.h"

#include <string.h>

typedef struct verdict {
    column_role role;
    double      confidence;
    const char *reason;
} verdict;

static double sure(int weight) { return weight >= 8 ? 0.95 : weight >= 5 ? 0.80 : 0.65; }

static bool between(const column_facts *c, double least, double most)
{
    return c->number.min >= least && c->number.max <= most;
}

static bool all_different(const column_facts *c) { return c->n_valid > 1 && c->n_distinct == c->n_valid; }

/* Whole numbers that run on without a gap, as row numbers do. */
static bool is_sequence(const column_facts *c)
{
    return all_different(c) && c->number.whole && c->number.max - c->number.min + 1 == (double)c->n_valid;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
static bool is_time_part(const column_facts *c, const name_weights *w)
{
    if (w->of[ROLE_TIME_PART] < 9 || !c->number.whole || w->of[ROLE_AMOUNT] > 0) return false;
    if (name_has_word(c->name, "year") || name_has_word(c->name, "yr") || name_has_word(c->name, "jahr"))
        return between(c, 1000, 2999) || between(c, 0, 99);
    return between(c, 0, 60);
}

static bool never_counted(const column_facts *c, const name_weights *w, verdict *out)
{
    if (w->of[ROLE_CODE] >= 4 && c->number.whole && !w->of[ROLE_AMOUNT])
        *out = (verdict){ ROLE_CODE, sure(w->of[ROLE_CODE]), "a code by its name; not counted with" };
    else if (w->of[ROLE_PLACE] >= 6 && between(c, -180, 180))
        *out = (verdict){ ROLE_PLACE, 0.95, "a coordinate by its name and range" };
    else if (is_time_part(c, w))
        *out = (verdict){ ROLE_TIME_PART, 0.95, "part of a date by its name and range" };
    else if (c->number.whole && all_different(c) && w->of[ROLE_ID] >= 3
             && (c->n_valid > 10 || w->of[ROLE_ID] >= 8) && w->of[ROLE_AMOUNT] < 5)
        *out = (verdict){ ROLE_ID, 0.97, "an id by its name, and every value is different" };
    else if (is_sequence(c) && c->n_valid > 10 && (c->number.min == 0 || c->number.min == 1) && !w->of[ROLE_AMOUNT]
             && !w->of[ROLE_QUANTITY])
        *out = (verdict){ ROLE_ID, 0.90, "counts the rows" };
    else if (c->number.whole && w->of[ROLE_ID] >= 8 && c->n_distinct > 20)
        *out = (verdict){ ROLE_KEY, 0.90, "an id by its name that returns" };
    else return false;
    return true;
}

static bool is_line_total(const char *name)
{
    return name_has_word(name, "total") || name_has_word(name, "amount") || name_has_word(name, "line")
        || name_has_word(name, "extended");
}

static bool is_money(const column_facts *c, const name_weights *w, verdict *out)
{
    const bool unit = name_has_word(c->name, "unit") || name_has_word(c->name, "per") || name_has_word(c->name, "each");
    if (w->of[ROLE_MEASURE] >= 4) return false;
    if (w->of[ROLE_PRICE] > 0 && !is_line_total(c->name))
        *out = (verdict){ ROLE_PRICE, sure(w->of[ROLE_PRICE]), "a price by its name; prices are not summed" };
    else if (w->of[ROLE_AMOUNT] >= 3 && unit)
        *out = (verdict){ ROLE_PRICE, 0.80, "an amount for one unit by its name; not summed" };
    else if (w->of[ROLE_AMOUNT] >= 3)
        *out = (verdict){ ROLE_AMOUNT, sure(w->of[ROLE_AMOUNT]), "an amount by its name; amounts are summed" };
    else return false;
    return true;
}

static verdict judge_number(const column_facts *c, const name_weights *w)
{
    verdict out;
    if (never_counted(c, w, &out) || is_money(c, w, &out)) return out;
    if (w->of[ROLE_QUANTITY] >= 4 && w->of[ROLE_MEASURE] < 4 && c->number.whole && c->number.min >= 0)
        return (verdict){ ROLE_QUANTITY, sure(w->of[ROLE_QUANTITY]), "a quantity by its name: whole numbers from 0" };
    if (c->number.whole && c->n_distinct == 2 && between(c, 0, 1)) return (verdict){ ROLE_FLAG, 0.90, "only 0 and 1" };
    if (c->number.whole && c->n_distinct > 1 && c->n_distinct <= 12 && c->n_valid >= 5 * c->n_distinct)
        return (verdict){ ROLE_LEVEL, 0.70, "few different whole numbers" };
    return (verdict){ ROLE_MEASURE, w->of[ROLE_MEASURE] >= 4 ? 0.90 : 0.60,
                      w->of[ROLE_MEASURE] >= 4 ? "a rate, an average or a measurement by its name" : "a number" };
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */
static bool is_few(const column_facts *c)
{
    return (c->n_distinct <= 50 && c->n_distinct * 2 <= c->n_valid + 2)
        || (c->n_distinct <= 1000 && c->n_distinct * 20 <= c->n_valid);
}

/* Names have blanks in them, ids do not. */
static bool has_blanks(analysis *a, size_t column)
{
    int64_t n = 0, n_blank = 0;
    for (int64_t row = 0; row < fr_length(a->sample) && row < 200; row++) {
        char text[256];
        if (!fr_get_at(a->sample, row, column).valid) continue;
        write_cell(a, a->sample, row, column, text, sizeof text);
        n++;
        n_blank += strchr(text, ' ') != NULL;
    }
    return n_blank * 5 > n;
}

static verdict judge_text(analysis *a, size_t i, const name_weights *w)
{
    const column_facts *c = &a->columns[i];
    const bool few = is_few(c);
    if (few && w->of[ROLE_TIME_PART] >= 9 && c->n_distinct <= 31 && !w->of[ROLE_CATEGORY])
        return (verdict){ ROLE_TIME_PART, 0.80, "part of a date by its name, few different texts" };
    if (w->of[ROLE_KEY] >= 6 && !(few && w->of[ROLE_CATEGORY] >= 5) && c->n_distinct > 5)
        return all_different(c) ? (verdict){ ROLE_ID, 0.90, "every value is different" }
                                : (verdict){ ROLE_KEY, sure(w->of[ROLE_KEY]),
                                            "names someone, by its name, who returns" };
    if (few && w->of[ROLE_CATEGORY] >= 4 && w->of[ROLE_CATEGORY] + 3 > w->of[ROLE_PRODUCT])
        return (verdict){ ROLE_CATEGORY, sure(w->of[ROLE_CATEGORY]), "a category by its name, few different texts" };
    if (w->of[ROLE_PRODUCT] >= 4 && !all_different(c) && !w->of[ROLE_ID] && c->n_distinct > 1)
        return (verdict){ ROLE_PRODUCT, sure(w->of[ROLE_PRODUCT]), "a product by its name" };
    if (w->of[ROLE_CODE] >= 6) return (verdict){ ROLE_CODE, sure(w->of[ROLE_CODE]), "a code by its name" };
    if (all_different(c) && c->n_valid > 10)
        return has_blanks(a, i) && !w->of[ROLE_ID] ? (verdict){ ROLE_TEXT, 0.80, "every text is different" }
                                                   : (verdict){ ROLE_ID, 0.90, "every value is different" };
    if (w->of[ROLE_ID] >= 8 && !few) return (verdict){ ROLE_KEY, 0.85, "an id by its name that returns" };
    if (few) return (verdict){ ROLE_CATEGORY, 0.75, "few different texts" };
    return (verdict){ ROLE_TEXT, 0.70, "many different texts" };
}

/* ---- every column ------------------------------------------------------------------------------------------------ */
static verdict judge(analysis *a, size_t i)
{
    const column_facts *c = &a->columns[i];
    const name_weights w = weigh_name(c->name);
    if (!c->n_valid) return (verdict){ ROLE_EMPTY, 1, "no values" };
    if (c->n_distinct == 1 || (is_number(c->kind) && c->number.min == c->number.max))
        return c->n_valid > 1 ? (verdict){ ROLE_CONSTANT, 1, "one value in every row" }
            : (verdict){ ROLE_TEXT, 0.1, "one row" };
    if (c->kind == FR_DATE || c->kind == FR_DATETIME) return (verdict){ ROLE_DATE, 0.99, "dates" };
    if (c->kind == FR_TIME) return (verdict){ ROLE_TIME_PART, 0.99, "times of day" };
    if (c->kind == FR_BOOL) return (verdict){ ROLE_FLAG, 0.99, "true and false" };
    if (is_number(c->kind)) return judge_number(c, &w);
    return is_text(c->kind) ? judge_text(a, i, &w) : (verdict){ ROLE_TEXT, 0.5, "neither number nor text" };
}

/* dep_time = 1358 is two minutes to two: whole numbers up to 2400 whose last two digits stay below 60. */
static bool check_clock(analysis *a, const column_facts *c, verdict *v)
{
    if (!is_number(c->kind) || !c->number.whole || !name_has_word(c->name, "time") || !between(c, 0, 2400)
        || c->number.max < 300) return true;
    fr_auto(frame) found = NULL;
    const char *agg = keep_format(&a->store, "n = sum(cast(%s %% 100 >= 60, 'i64'))", c->quoted);
    if (!take_frame(a, &found, fr_pipe(a->clean, fr_group("", .agg = agg)))) return false;
    if (cell_whole(found, 0, "n") == 0) *v = (verdict){ ROLE_TIME_PART, 0.90,
                                                       "a time of day written as a number, 1358 for 13:58" };
    return true;
}

bool find_roles(analysis *a)
{
    for (size_t i = 0; i < a->n_columns; i++) {
        verdict v = judge(a, i);
        if (!check_clock(a, &a->columns[i], &v)) return false;
        a->columns[i].role = v.role;
        a->columns[i].confidence = v.confidence;
        a->columns[i].reason = v.reason;
    }
    return true;
}
