/* numerals.c — columns that are numbers but for a few cells, or but for the way they are written.
 *
 *     3, 12, three, 7             i64; the row with "three" is put aside
 *     $1,200.00, $3.50            decimal(18,2); sign and separators go
 *     1.200,00                    decimal(18,2) with a decimal comma
 *     007, 012                    stays text: an identifier loses nothing
 *
 * Nineteen in twenty of all texts must read as numbers. How they are written is taken from the first rows, whether they
 * all read so is asked of every row. Marks and separators go only from a text that is a number written that way from its
 * first character to its last: "see page 3,5" among decimal commas is put aside and not 3.5.
 */
#include "text_columns.h"
#include "numbers.h"
#include "words.h"

#include <string.h>

typedef enum writing { NO_NUMBER, PLAIN, PADDED, MARKED, COMMA } writing;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The currency sign, code or percent at either end is stepped over; *sign gets the currency. */
static const char *skip_marks(const char *c, const char **sign)
{
    static const char *const signs[] = { "$", "€", "£", "¥", "USD", "EUR", "GBP", "%" };
    for (bool again = true; again;) {
        again = *c == ' ';
        if (again) c++;
        for (size_t i = 0; i < sizeof signs / sizeof signs[0] && !again; i++)
            if (!strncmp(c, signs[i], strlen(signs[i]))) {
                c += strlen(signs[i]);
                if (strcmp(signs[i], "%") != 0) *sign = signs[i];
                again = true;
            }
    }
    return c;
}

/* Digits with `group` between threes and an optional `point` part; *grouped when a group was seen. NULL: none there. */
static const char *read_digits(const char *c, char group, char point, bool *grouped)
{
    const char *begin = c;
    int run = 0;
    for (; is_digit(*c) || (*c == group && c > begin); c++) {
        if (*c == group && ((*grouped && run != 3) || run > 3)) return NULL;
        *grouped |= *c == group;
        run = *c == group ? 0 : run + 1;
    }
    if (c == begin || (*grouped && run != 3)) return NULL;
    if (*c == point)
        for (c++; is_digit(*c); c++) { }
    return c;
}

static writing how_written(const char *text, const char **sign)
{
    const char *at = skip_marks(text, sign), *begin;
    bool marked = at != text && strspn(text, " ") != (size_t)(at - text), groups = false, commas = false;
    if (*at == '-' || *at == '+') at++;
    begin = skip_marks(at, sign);
    marked |= begin != at;
    const char *end = read_digits(begin, ',', '.', &groups);
    const char *rest = end ? skip_marks(end, sign) : NULL;
    if (rest && !*rest) {
        if (marked || groups || strspn(end, " ") != strlen(end)) return MARKED;
        return begin[0] == '0' && is_digit(begin[1]) ? PADDED : PLAIN;
    }
    end = read_digits(begin, '.', ',', &commas);
    return end && !*skip_marks(end, sign) ? COMMA : NO_NUMBER;
}

typedef struct tally {
    int64_t     n, of[COMMA + 1];
    int64_t     n_points;          /* plain numbers whose point cannot be a separator of thousands: 3.50 */
    const char *sign;
} tally;

static bool has_decimal_point(const char *text)
{
    const char *point = strchr(text, '.');
    return point && strspn(point + 1, "0123456789") != 3;
}

static tally tally_texts(analysis *a, const fr_frame *frame, size_t column)
{
    tally t = { .n = 0 };
    for (int64_t row = 0; row < fr_length(frame); row++) {
        char text[64];
        const char *sign = NULL;
        if (!fr_get_at(frame, row, column).valid) continue;
        t.n++;
        if (write_cell(a, frame, row, column, text, sizeof text) >= sizeof text) continue;
        const writing how = how_written(text, &sign);
        t.of[how]++;
        t.n_points += how == PLAIN && has_decimal_point(text);
        if (sign && !t.sign) t.sign = keep(&a->store, sign);
    }
    return t;
}

/* ---- every row --------------------------------------------------------------------------------------------------- */
#define MARKS "(USD|EUR|GBP|[$€£¥% ])*"
#define WRITTEN(group, point) "r'" MARKS "[-+]?" MARKS "([0-9]{1,3}(" group "[0-9]{3})+|[0-9]+)(" point "[0-9]*)?" MARKS "'"

/* The column's text, as an expression: without marks and separators where all of it is a number so written. */
static const char *bare_text(analysis *a, const text_column *c, const tally *t)
{
    if (t->of[COMMA] > t->of[MARKED] + t->n_points)
        return keep_format(&a->store, "replace(replace_regex(%s, r'(USD|EUR|GBP|[$€£¥%%. ])', ''), ',', '.') "
                           "if fullmatch(%s, %s) else %s", c->quoted, c->quoted, WRITTEN("[.]", ","), c->quoted);
    if (t->of[MARKED])
        return keep_format(&a->store, "replace_regex(%s, r'(USD|EUR|GBP|[$€£¥%%, ])', '') if fullmatch(%s, %s) else %s",
                           c->quoted, c->quoted, WRITTEN(",", "[.]"), c->quoted);
    return c->quoted;
}

typedef struct reading {
    int64_t n_whole, n_number, n_stripped, decimals;
} reading;

static bool ask_every_row(analysis *a, const text_column *c, const char *bare, reading *out)
{
    fr_auto(frame) counts = NULL;
    static const char agg[] = "whole = count(try_cast(bare__, 'i64')); number = count(try_cast(bare__, 'f64')); "
                              "stripped = sum(cast(bare__ != text__, 'i64')); "
                              "decimals = max(len(split_part(bare__, '.', 1)) if try_cast(bare__, 'f64') is not null else 0)";
    const char *assign = keep_format(&a->store, "text__ = %s; bare__ = %s", c->quoted, bare);
    if (!take_frame(a, &counts, fr_pipe(c->among, fr_with(assign), fr_group("", .agg = agg)))) return false;
    *out = (reading){ cell_whole(counts, 0, "whole"), cell_whole(counts, 0, "number"), cell_whole(counts, 0, "stripped"),
                      cell_whole(counts, 0, "decimals") };
    return true;
}

static const char *type_for(analysis *a, const text_column *c, const tally *t, const reading *r)
{
    const name_weights w = weigh_name(c->name);
    const bool money = t->of[MARKED] + t->of[COMMA] > 0 || w.of[ROLE_AMOUNT] > 0 || w.of[ROLE_PRICE] > 0;
    if (r->n_whole == r->n_number && !t->sign) return "i64";
    if (!money || r->decimals > 12) return "f64";
    return keep_format(&a->store, "decimal(18,%lld)", (long long)(r->decimals < 2 ? 2 : r->decimals));
}

static bool add_number_rules(analysis *a, const text_column *c, const char *bare, const reading *all, const char *type)
{
    const bool marked = bare != c->quoted;
    if (marked) {
        rule *strip = add_rule(a, RULE_NUMBER, c->name, "with");
        if (!strip) return false;
        strip->step.args.with.assign = keep_format(&a->store, "%s = %s", c->quoted, bare);
        strip->changed = all->n_stripped;
        strip->brief = "signs and separators";
        strip->what = keep_format(&a->store, "%s: currency signs, percent signs and separators of thousands are taken "
                                  "away", c->name);
    }
    rule *r = add_rule(a, RULE_NUMBER, c->name, "cast");
    if (!r) return false;
    r->step.args.cast.types = keep_format(&a->store, "%s: %s", c->quoted, type);
    r->step.args.cast.errors = FR_ERRORS_REJECT;
    r->brief = "text → number";
    r->what = keep_format(&a->store, "%s: text becomes %s; rows with something else there are put aside", c->name,
                          type);
    return true;
}

bool plan_number(analysis *a, const text_column *c, bool *planned)
{
    const tally t = tally_texts(a, a->sample, c->index);
    const int64_t n_good = t.of[PLAIN] + t.of[MARKED] + t.of[COMMA];
    reading all;
    if (!t.n || n_good * 10 < t.n * 9 || t.of[PADDED] * 100 > t.n) return true;
    const char *bare = bare_text(a, c, &t);
    if (!ask_every_row(a, c, bare, &all)) return false;
    if (all.n_number * 20 < c->n_valid * 19) return true;
    *planned = true;
    if (t.sign && !a->currency) a->currency = strlen(t.sign) == 3 && *t.sign < 0x7f ? currency_in_name(t.sign) : t.sign;
    return add_number_rules(a, c, bare, &all, type_for(a, c, &t, &all));
}
