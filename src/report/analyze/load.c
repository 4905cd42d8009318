/* load.c — the file as a frame, money as decimal.
 *
 * A look at the first rows tells which columns are money by name and how many decimals they have; the whole file is then
 * read with those columns declared decimal, so that no amount ever passes through a floating-point number. A later value
 * with more decimals is put aside by the reader; then the file is read again with room for it:
 *
 *     first rows   unit_price 3.49, 12.90        decimal(18,2)
 *     row 71,204   unit_price 0.125              again, decimal(18,3)
 *
 * A column that holds inf, nan or exponents is no money and stays floating point, which the report says.
 */
#include "analysis.h"
#include "words.h"

#include <string.h>

enum { SAMPLE_ROWS = 5000, MOST_DECIMALS = 12, MOST_READINGS = 5 };

typedef struct money_column {
    const char *name;
    int         decimals;
    bool        wide;              /* more than 18 digits */
} money_column;

typedef struct money {
    money_column *columns;
    size_t        n;
} money;

/* ---- how the file is written ------------------------------------------------------------------------------------- */
static const char *separator_name(store *s, const char *c)
{
    if (!strcmp(c, ",")) return "comma";
    if (!strcmp(c, ";")) return "semicolon";
    if (!strcmp(c, "\t") || !strcmp(c, "\\t")) return "tab";
    return !strcmp(c, "|") ? "bar" : keep(s, c);
}

static bool sniff(analysis *a)
{
    fr_csv_args args = a->read;
    args.max_rows = args.max_rows >= 0 && args.max_rows < SAMPLE_ROWS ? args.max_rows : SAMPLE_ROWS;
    fr_auto(frame) report = fr_csv_sniff(input_again(a), &args);
    if (!fr_ok(report)) return take_frame(a, &a->failure, fr_steal(report));
    a->encoding = a->separator = a->header = "";
    for (int64_t row = 0; row < fr_length(report); row++) {
        const char *what = cell_text(a, report, row, 0), *value = cell_text(a, report, row, 1);
        if (!strcmp(what, "columns")) break;                   /* what follows are the file's own columns */
        if (!strcmp(what, "encoding")) a->encoding = value;
        if (!strcmp(what, "separator")) a->separator = separator_name(&a->store, value);
        if (!strcmp(what, "header")) a->header = !strcmp(value, "yes") ? "header" : "no header";
    }
    return true;
}

static bool read_sample(analysis *a)
{
    fr_csv_args args = a->read;
    args.max_rows = args.max_rows >= 0 && args.max_rows < SAMPLE_ROWS ? args.max_rows : SAMPLE_ROWS;
    return take_frame(a, &a->sample, fr_csv_read(input_again(a), &args));
}

/* ---- which columns are money ------------------------------------------------------------------------------------- */
static bool in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* As a word of its own: `price` is not in `price_code`. */
static bool named_in(const char *expression, const char *name)
{
    const size_t n = strlen(name);
    for (const char *at = expression ? strstr(expression, name) : NULL; n && at; at = strstr(at + 1, name))
        if ((at == expression || !in_name(at[-1])) && !in_name(at[n])) return true;
    return false;
}

bool type_is_asked(const analysis *a, const char *name) { return named_in(a->read.dtypes, name); }

static bool is_money_name(const analysis *a, const char *name)
{
    const name_weights w = weigh_name(name);
    if (named_in(a->asked.amount, name) || named_in(a->asked.price, name)) return true;
    return w.of[ROLE_MEASURE] == 0 && w.of[ROLE_PLACE] == 0 && (w.of[ROLE_AMOUNT] >= 3 || w.of[ROLE_PRICE] > 0);
}

/* Decimals of a plain number's digits, -1 when it is none: 1e22, nan, inf, text. */
static int decimals_of(const char *text)
{
    const char *point = strchr(text, '.'), *c = text + (*text == '-' || *text == '+');
    if (!*c || strspn(c, "0123456789.") != strlen(c) || (point && strchr(point + 1, '.'))) return -1;
    return point ? (int)strlen(point + 1) : 0;
}

static int decimals_in(analysis *a, const fr_frame *frame, size_t column)
{
    int most = 0;
    for (int64_t row = 0; row < fr_length(frame); row++) {
        char text[64];
        if (!fr_get_at(frame, row, column).valid) continue;
        write_cell(a, frame, row, column, text, sizeof text);
        const int n = decimals_of(text);
        if (n < 0) return -1;
        if (n > most) most = n;
    }
    return most;
}

/* Add the columns of `frame` that are floating point though their names say money. */
static bool find_money(analysis *a, const fr_frame *frame, money *m)
{
    for (size_t i = 0; i < fr_width(frame); i++) {
        const char *name = fr_name(frame, i);
        if (fr_type_kind(fr_type_at(frame, i)) != FR_F64 || !is_money_name(a, name)) continue;
        const int decimals = decimals_in(a, a->sample, i);
        if (decimals < 0 || decimals > MOST_DECIMALS) continue;
        void *moved;
        money_column *one = store_add(&a->store, m->columns, m->n, sizeof *one, &moved);
        if (!one) return false;
        m->columns = moved;
        *one = (money_column){ keep(&a->store, name), decimals < 2 ? 2 : decimals, false };
        m->n++;
    }
    return true;
}

static money_column *money_called(const money *m, const char *name)
{
    for (size_t i = 0; i < m->n; i++)
        if (!strcmp(m->columns[i].name, name)) return &m->columns[i];
    return NULL;
}

static void forget_money(money *m, const money_column *one)
{
    const size_t at = (size_t)(one - m->columns);
    memmove(m->columns + at, m->columns + at + 1, (m->n - at - 1) * sizeof *m->columns);
    m->n--;
}

/* "'0.125' is no decimal(18,2)" → 0.125; NULL when the reason is another. The text of a reader's reject is the whole row. */
static const char *refused_number(analysis *a, const char *reason)
{
    const char *end = strstr(reason, " is no decimal(");
    if (!end || end < reason + 2 || (*reason != '\'' && *reason != '"')) return NULL;
    return keep_bytes(&a->store, reason + 1, (size_t)(end - reason) - 2);
}

/* Make room for the numbers that were put aside because of their digits; *changed when there were any. */
static bool widen(analysis *a, money *m, bool *changed)
{
    fr_auto(frame) rejects = NULL;
    if (!take_frame(a, &rejects, fr_rejects(a->raw))) return false;
    for (int64_t row = 0; row < fr_length(rejects); row++) {
        money_column *one = money_called(m, cell_text(a, rejects, row, 1));
        const char *text = one ? refused_number(a, cell_text(a, rejects, row, 2)) : NULL;
        const int decimals = text ? decimals_of(text) : -1;
        const bool number = text && (decimals >= 0 || strspn(text, "+-.0123456789eE") == strlen(text));
        if (!number) continue;
        *changed = true;
        if (decimals < 0 || decimals > MOST_DECIMALS || one->wide) forget_money(m, one);
        else if (decimals > one->decimals) one->decimals = decimals;
        else one->wide = true;
    }
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
static const char *money_types(analysis *a, const money *m)
{
    growing text = { .bytes = NULL };
    if (a->read.dtypes) grow(&text, a->read.dtypes);
    for (size_t i = 0; i < m->n; i++) {
        char name[1024];
        if (type_is_asked(a, m->columns[i].name)) continue;
        if (fr_quote(m->columns[i].name, name, sizeof name) >= sizeof name) continue;
        grow_format(&text, "%s%s: decimal(%d,%d)", text.n ? ", " : "", name, m->columns[i].wide ? 38 : 18,
                    m->columns[i].decimals);
    }
    const char *out = text.n ? keep(&a->store, text.bytes) : NULL;
    growing_clear(&text);
    return out;
}

static bool read_whole(analysis *a, const money *m)
{
    fr_csv_args args = a->read;
    args.dtypes = money_types(a, m);
    fr_set(a->raw, NULL);
    return take_frame(a, &a->raw, fr_csv_read(input_again(a), &args));
}

static bool read_money(analysis *a)
{
    money m = { .n = 0 };
    if (!find_money(a, a->sample, &m)) return false;
    for (int reading = 0; reading < MOST_READINGS; reading++) {
        const size_t n_before = m.n;
        bool changed = false;
        if (!read_whole(a, &m) || !widen(a, &m, &changed)) return false;
        if (reading == 0 && !find_money(a, a->raw, &m)) return false;       /* whole numbers in the first rows only */
        if (!changed && m.n == n_before) return true;
        if (reading + 2 == MOST_READINGS) m.n = 0;                          /* give up exactness, say so, lose nothing */
    }
    return true;
}

bool load_table(analysis *a)
{
    a->read.context = a->context;
    a->read.on_bad = FR_ON_BAD_COLLECT;
    if (!open_input(a) || !sniff(a) || !read_sample(a) || !read_money(a)) return false;
    fr_auto(frame) account = NULL;
    if (!take_frame(a, &account, fr_account(a->raw))) return false;
    a->n_in = fr_length(account) ? cell_whole(account, 0, "rows_in") : fr_length(a->raw);
    a->n_read_rejected = a->n_in - fr_length(a->raw);
    a->n_rejected = a->n_read_rejected;
    a->raw_width = fr_width(a->raw);
    return true;
}
