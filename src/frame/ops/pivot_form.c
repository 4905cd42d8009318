/* pivot_form.c — what a pivot is told: lists of columns, and what its cells hold.
 *
 *     values = "price"                          the value of the one row of a cell
 *     values = "price, qty", agg = "min; max"   min(price), min(qty), max(price), max(qty) of the rows of a cell
 *     agg = "total = sum(price * qty)"          any statement that a group may have
 *
 * Words become statements, so that there is one way to aggregate. `only` lists keys as their columns are called.
 */
#include "ops/pivot_form.h"

#include "expr/lex.h"
#include "ops/agg_text.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include <string.h>

void fr_pivot_form_clear(fr_pivot_form *form)
{
    fr_list_clear(&form->index);
    fr_list_clear(&form->columns);
    fr_list_clear(&form->values);
    fr_assignments_clear(&form->agg);
    fr_arena_clear(&form->arena);
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */
static bool join_keys(fr_call *call, const fr_schema *schema, fr_pivot_form *form)
{
    const fr_list *index = &form->index, *columns = &form->columns;
    fr_list_item *items = fr_arena_array(call, &form->arena, index->n + columns->n, sizeof *items);
    bool *in_index = items ? fr_arena_array(call, &form->arena, schema->width + 1, sizeof *in_index) : NULL;
    if (!in_index) return false;
    for (size_t i = 0; i < index->n; i++) {
        items[i] = index->items[i];
        in_index[index->items[i].field] = true;
    }
    for (size_t i = 0; i < columns->n; i++) {
        items[index->n + i] = columns->items[i];
        if (in_index[columns->items[i].field])
            return fr_fail_at(call, fr_place_at(.column = columns->items[i].name), FR_ERR_ARGUMENT,
                              "column '%s' is both in index and in columns", columns->items[i].name);
    }
    form->keys = (fr_list){ .n = index->n + columns->n, .items = items };
    return true;
}

static bool read_lists(fr_call *call, const fr_schema *schema, const fr_pivot_args *args, fr_pivot_form *form)
{
    if (!fr_given(args->columns))
        return fr_fail_at(call, fr_place_at(.hint = "a chain has them behind 'on': pivot region on month: total = sum(sales)"),
                          FR_ERR_ARGUMENT, "nothing to do: give columns, whose values become columns");
    return fr_list_parse(call, args->index, schema, FR_LIST_SELECTORS, false, &form->index)
        && fr_list_parse(call, args->columns, schema, FR_LIST_SELECTORS, false, &form->columns)
        && fr_list_parse(call, args->values, schema, FR_LIST_SELECTORS, false, &form->values)
        && join_keys(call, schema, form);
}

/* ---- texts with commas ------------------------------------------------------------------------------------------- */
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* The next of the words that commas, or `other`, separate; in quotes it may hold anything, and its quotes go. */
static bool next_word(fr_call *call, fr_arena *arena, const char **at, char other, const char **word)
{
    const char *c = *at;
    while (is_blank(*c)) c++;
    const char quote = *c == '\'' || *c == '"' ? *c : 0, *begin = c + (quote != 0), *end;
    if (quote) {
        end = strchr(begin, quote);
        if (!end) return fr_fail(call, FR_ERR_ARGUMENT, "a quote is not closed: %s", c);
        for (c = end + 1; is_blank(*c); c++) continue;
    } else {
        while (*c && *c != ',' && *c != other) c++;
        for (end = c; end > begin && is_blank(end[-1]);) end--;
    }
    if (*c && *c != ',' && *c != other) return fr_fail(call, FR_ERR_ARGUMENT, "a comma is missing before %s", c);
    *at = *c ? c + 1 : c;
    return (*word = fr_arena_text(call, arena, begin, (size_t)(end - begin))) != NULL;
}

static bool read_words(fr_call *call, fr_arena *arena, const char *text, char other, const char ***words, size_t *n)
{
    size_t room = 1;
    *n = 0;
    for (const char *c = text; *c; c++) room += *c == ',' || *c == other;
    *words = fr_arena_array(call, arena, room, sizeof **words);
    if (!*words) return false;
    for (const char *c = text; *c; (*n)++)
        if (!next_word(call, arena, &c, other, &(*words)[*n])) return false;
    return true;
}

static bool read_only(fr_call *call, const char *text, fr_pivot_form *form)
{
    if (!text || !*text) return true;
    if (!read_words(call, &form->arena, text, ',', &form->only, &form->n_only)) return false;
    for (size_t i = 0; i < form->n_only; i++)
        for (size_t k = 0; k < i; k++)
            if (!strcmp(form->only[i], form->only[k]))
                return fr_fail(call, FR_ERR_ARGUMENT, "only lists '%s' twice", form->only[i]);
    return true;
}

/* ---- aggregates -------------------------------------------------------------------------------------------------- */
/* Of one value the aggregate is name enough, of one aggregate the value. */
static bool add_call(fr_call *call, fr_text *out, const char *word, const char *value, const char *name)
{
    return fr_text_add_name(call, out, name) && fr_text_format(call, out, " = %s(", word) && fr_text_add_name(call, out, value)
        && fr_text_add(call, out, "); ");
}

static bool is_aggregate(fr_call *call, const char *word)
{
    if (fr_aggregator_ops()->exists(word, strlen(word))) return true;
    return fr_fail_at(call, fr_place_at(.hint = "agg is words such as sum; mean, or statements such as total = sum(x)"),
                      FR_ERR_NOT_FOUND, "no aggregate %s", fr_quoted((fr_room){ 0 }.text, word, strlen(word)));
}

static bool write_calls(fr_call *call, const char *agg, fr_pivot_form *form, fr_text *out)
{
    const char **words;
    size_t n;
    if (!read_words(call, &form->arena, agg, ';', &words, &n)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!is_aggregate(call, words[i])) return false;
        for (size_t k = 0; k < form->values.n; k++) {
            const char *value = form->values.items[k].name;
            const char *name = n == 1 ? value : form->values.n == 1 ? words[i]
                             : fr_arena_format(call, &form->arena, "%s_%s", words[i], value);
            if (!name || !add_call(call, out, words[i], value, name)) return false;
        }
    }
    return true;
}

static bool read_statements(fr_call *call, const fr_schema *schema, const fr_pivot_args *args, const char *text,
                            fr_pivot_form *form)
{
    bool *is_key = fr_arena_array(call, &form->arena, schema->width + 1, sizeof *is_key);
    if (!is_key) return false;
    for (size_t i = 0; i < form->keys.n; i++) is_key[form->keys.items[i].field] = true;
    return fr_agg_text_expand(call, &form->arena, text, schema, is_key, &text)
        && fr_assignments_parse(call, text, args->bind, FR_COUNT_OF(args->bind), &form->agg);
}

/* No statement is without a bracket, so a text without one holds words. */
static bool read_agg(fr_call *call, const fr_schema *schema, const fr_pivot_args *args, fr_pivot_form *form)
{
    if (!fr_given(args->agg))
        return form->values.n || fr_fail(call, FR_ERR_ARGUMENT, "nothing to put into cells: give values, agg or both");
    const bool words = !strchr(args->agg, '(');
    if (words && !form->values.n)
        return fr_fail(call, FR_ERR_ARGUMENT, "%s of what? give values, or write agg = \"%s(x)\"", args->agg, args->agg);
    if (!words && form->values.n)
        return fr_fail_at(call, fr_place_at(.hint = "leave values out, or say agg in words, such as sum; mean"),
                          FR_ERR_ARGUMENT, "both values and agg say what is in the cells");
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    if (words && !write_calls(call, args->agg, form, &text)) return false;
    return read_statements(call, schema, args, words ? text.bytes : args->agg, form);
}

static bool list_names(fr_call *call, fr_pivot_form *form)
{
    form->n_values = form->agg.n ? form->agg.n : form->values.n;
    form->value_names = fr_arena_array(call, &form->arena, form->n_values, sizeof *form->value_names);
    if (!form->value_names) return false;
    for (size_t i = 0; i < form->n_values; i++)
        form->value_names[i] = form->agg.n ? form->agg.names[i] : form->values.items[i].name;
    return true;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */
/* What {name} stands for: 0 the value, 1 the key, 2 + i column i of the key; -1: nothing. {column|All} is {column}. */
static int placeholder(const fr_pivot_form *form, const char *name, size_t n)
{
    if (n > 7 && !memcmp(name, "column|", 7)) n = 6;
    if (n == 5 && !memcmp(name, "value", n)) return 0;
    if (n == 6 && !memcmp(name, "column", n)) return 1;
    for (size_t i = 0; i < form->columns.n; i++)
        if (strlen(form->columns.items[i].name) == n && !memcmp(form->columns.items[i].name, name, n)) return 2 + (int)i;
    return -1;
}

/* Of a key that no row has, only the whole is known, which is the text of its column when there is one. */
static bool check_naming(fr_call *call, const fr_pivot_form *form)
{
    for (const char *open = form->naming; (open = strchr(open, '{'));) {
        const char *close = strchr(++open, '}');
        const int place = close ? placeholder(form, open, (size_t)(close - open)) : -1;
        const bool unknown = place >= 2 && form->only && form->columns.n > 1;
        if (place >= 0 && !unknown) continue;
        return fr_fail_at(call, fr_place_at(.source = form->naming, .position = open - form->naming,
                                            .hint = unknown ? "with only, {column} is the key" : NULL), FR_ERR_ARGUMENT,
                          "naming has {value}, {column} and columns, not {%.*s}",
                          close ? (int)(close - open) : (int)strlen(open), open);
    }
    return true;
}

const char *fr_pivot_name(fr_call *call, fr_pivot_form *form, size_t value, const fr_pivot_key *key)
{
    FR_CLEANUP(fr_text_clear) fr_text out = FR_TEXT_INIT(call);
    const char *from = form->naming;
    for (const char *open; (open = strchr(from, '{'));) {
        const char *close = strchr(open, '}');
        const int place = placeholder(form, open + 1, (size_t)(close - open - 1));
        const char *text = place == 0 ? form->value_names[value] : place == 1 || !key->parts ? key->whole
                                                                                            : key->parts[place - 2];
        if (!fr_text_append(call, &out, from, (size_t)(open - from)) || !fr_text_add(call, &out, text)) return NULL;
        from = close + 1;
    }
    if (!fr_text_add(call, &out, from)) return NULL;
    return fr_arena_text(call, &form->arena, out.bytes, out.length);
}

static bool name_again(fr_call *call, const fr_pivot_form *form, const char *name)
{
    const char *apart = "write naming with the columns apart, as in \"{a}/{b}\", or rename";
    const char *other = "write naming = \"key_{column}\", rename, or drop_nulls where null is the name";
    const char *totals = form->margins && strstr(name, form->margins_name)
                       ? "call the totals otherwise: naming = \"{column|All}\"" : NULL;
    return fr_fail_at(call, fr_place_at(.column = name, .hint = totals ? totals : form->columns.n > 1 ? apart : other),
                      FR_ERR_VALUE, "two columns would be called '%s'", name);
}

static bool check_names(fr_call *call, const fr_pivot_form *form, const char *const *names, size_t n)
{
    fr_coder *coder = fr_coder_new(call);                    /* numbers different texts: 0, 1, 2 … */
    bool fine = coder != NULL;
    for (size_t i = 0; fine && i < n; i++) {
        const int64_t code = fr_coder_code(call, coder, names[i], strlen(names[i]));
        if (code < 0) fine = false;
        else if (!*names[i])
            fine = fr_fail_at(call, fr_place_at(.hint = "write naming = \"key_{column}\", or replace the empty text first"),
                              FR_ERR_VALUE, "an empty text cannot be the name of a column");
        else if (code != (int64_t)i) fine = name_again(call, form, names[i]);
    }
    fr_coder_unref(coder);
    return fine;
}

bool fr_pivot_names(fr_call *call, fr_pivot_form *form, const fr_pivot_key *keys, size_t n_keys, const char **names)
{
    const size_t n_index = form->index.n, n_made = n_keys * form->n_values;
    for (size_t i = 0; i < n_index; i++) names[i] = form->index.items[i].name;
    for (size_t i = 0; i < n_made; i++)
        if (!(names[n_index + i] = fr_pivot_name(call, form, i / n_keys, &keys[i % n_keys]))) return false;
    return check_names(call, form, names, n_index + n_made);
}

/* ---- totals ------------------------------------------------------------------------------------------------------ */
static bool read_totals(fr_call *call, const fr_pivot_args *args, fr_pivot_form *form)
{
    const char *named = strstr(form->naming, "{column|"), *end = named ? strchr(named, '}') : NULL;
    form->margins = args->margins;
    form->margins_name = end ? fr_arena_text(call, &form->arena, named + 8, (size_t)(end - named - 8)) : "Total";
    form->share = args->normalize;
    if (!form->margins_name) return false;
    if (form->agg.n || !(form->margins || form->share)) return true;
    return fr_fail_at(call, fr_place_at(.hint = "say in agg how they are made, such as sum"), FR_ERR_ARGUMENT,
                      "%s of cells that are not aggregates", form->margins ? "totals" : "shares");
}

bool fr_pivot_share_type(fr_call *call, const fr_pivot_form *form, size_t value, const fr_type *type)
{
    if (!form->share || fr_kind_is_number(type->kind)) return true;
    char room[128];
    fr_type_text(type, room, sizeof room);
    return fr_fail_at(call, fr_place_at(.column = form->value_names[value]), FR_ERR_TYPE,
                      "normalize makes shares of numbers; '%s' is %s", form->value_names[value], room);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
bool fr_pivot_form_read(fr_call *call, const fr_schema *schema, const fr_pivot_args *args, fr_pivot_form *form)
{
    *form = (fr_pivot_form){ .index.context = call->context, .columns.context = call->context,
                             .values.context = call->context, .agg.context = call->context };
    fr_arena_init(&form->arena, call->context);
    if (args->max_columns < 0)
        return fr_fail(call, FR_ERR_ARGUMENT, "max_columns is %lld: a number of columns", (long long)args->max_columns);
    if (!read_lists(call, schema, args, form) || !read_only(call, args->only, form)
        || !read_agg(call, schema, args, form) || !list_names(call, form)) return false;
    form->naming = fr_given(args->naming) ? args->naming : form->n_values == 1 ? "{column}" : "{value}_{column}";
    return check_naming(call, form) && read_totals(call, args, form);
}
