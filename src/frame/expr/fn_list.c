/* fn_list.c — what one does with lists: join, list_get, list_len, choosing between them. Texts become lists in
 * fn_split.c. */
#include "expr/functions.h"

#include <string.h>

/* ---- choosing between lists (or structs) ------------------------------------------------------------------------- */
static bool is_true(const fr_column *condition, int64_t row)
{
    return fr_is_valid(condition, row) && fr_bit(condition->values, row);
}

/* Of when(c1, v1, c2, v2, …, otherwise), or coalesce(v1, v2, …) with term->i: which value a row takes, -1 for none. */
static int64_t choice_of(const fr_term *term, fr_column *const *args, int64_t row)
{
    const size_t step = term->i ? 1 : 2;
    int64_t which = 0;
    for (size_t i = 0; i < term->n_args; i += step, which++) {
        bool otherwise = step == 2 && i + 1 == term->n_args;
        if (otherwise || (term->i ? fr_is_valid(args[i], row) : is_true(args[i], row))) return which;
    }
    return -1;
}

/* All the values one below the other; of them each row takes its own. */
static fr_column *whole_choice(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, whole->call->context);
    const fr_column **values = fr_arena_array(whole->call, &arena, term->n_args, sizeof *values);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(whole->call, (size_t)whole->n_rows, sizeof(int64_t));
    if (!values || !rows) return NULL;
    size_t n = 0;
    for (size_t i = 0; i < term->n_args; i++)
        if (term->i || i % 2 || i + 1 == term->n_args) values[n++] = args[i];
    FR_OWNED fr_column *all = fr_column_concat(whole->call, values, n);
    if (!all) return NULL;
    for (int64_t i = 0; i < whole->n_rows; i++) {
        int64_t which = choice_of(term, args, i);
        ((int64_t *)rows->data)[i] = which < 0 ? FR_ROW_MISSING64 : which * whole->n_rows + i;
    }
    return fr_column_take(whole->call, all, &(fr_rows){ .wide = rows->data, .n = whole->n_rows, .may_miss = true });
}

void fr_choose_whole(fr_term *term, bool coalesce)
{
    if (term->type->kind != FR_LIST && term->type->kind != FR_STRUCT) return;
    term->kind = FR_TERM_WHOLE;
    term->whole = whole_choice;
    term->i = coalesce;
}

/* ---- lists of text → text ---------------------------------------------------------------------------------------- */
static int64_t item_range(const fr_column *list, int64_t row, int64_t *from)
{
    const int64_t *offsets = list->values;
    *from = offsets[row];
    return offsets[row + 1] - offsets[row];
}

static bool join_row(fr_call *call, const fr_column *list, int64_t row, fr_piece by, fr_text *out)
{
    int64_t from, n = item_range(list, row, &from);
    bool first = true;
    for (int64_t i = from; i < from + n; i++) {
        size_t length;
        const char *text = fr_column_text(list->children[0], i, &length);
        if (!text) continue;                                  /* nulls are left out */
        if (!first && !fr_text_append(call, out, by.text, by.n)) return false;
        if (!fr_text_append(call, out, text, length)) return false;
        first = false;
    }
    return true;
}

static fr_column *whole_join(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    fr_call *call = whole->call;
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    fr_builder *builder = fr_builder_new(call, term->type, whole->n_rows);
    bool ok = builder != NULL;
    for (int64_t i = 0; ok && i < whole->n_rows; i++) {
        text.length = 0;
        if (!fr_is_valid(args[0], i)) ok = fr_builder_add_null(call, builder);
        else ok = join_row(call, args[0], i, *(const fr_piece *)term->data, &text) &&
                  fr_builder_add_text(call, builder, text.length ? text.bytes : "", text.length);
    }
    fr_column *column = ok ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

static fr_column *whole_item(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    fr_buffer *rows = fr_buffer_array(whole->call, (size_t)whole->n_rows, sizeof(int64_t));
    if (!rows) return NULL;
    int64_t *at = rows->data;
    for (int64_t i = 0; i < whole->n_rows; i++) {
        int64_t from, n = item_range(args[0], i, &from), k = term->i < 0 ? term->i + n : term->i;
        at[i] = k >= 0 && k < n && fr_is_valid(args[0], i) ? from + k : FR_ROW_MISSING64;
    }
    fr_column *column = fr_column_take(whole->call, args[0]->children[0],
                                       &(fr_rows){ .wide = at, .n = whole->n_rows, .may_miss = true });
    fr_buffer_unref(rows);
    return column;
}

static fr_column *whole_list_len(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    size_t words = fr_words((size_t)whole->n_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_zeroed(whole->call,
                                                                    (size_t)whole->n_rows * sizeof(int64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = values ? fr_buffer_new(whole->call, words * 8) : NULL;
    if (!valid) return NULL;
    for (int64_t i = 0, from; i < whole->n_rows; i++)
        if (fr_is_valid(args[0], i)) ((int64_t *)values->data)[i] = item_range(args[0], i, &from);
    if (args[0]->valid) memcpy(valid->data, args[0]->valid, words * 8);
    return fr_column_new(whole->call, &(fr_column_parts){ .type = term->type,
                                                          .phys = FR_PHYS_I64,
                                                          .length = whole->n_rows,
                                                          .null_count = args[0]->null_count,
                                                          .values = values,
                                                          .valid = args[0]->valid ? valid : NULL });
}

/* join(list, ', '), list_get(list, i), list_len(list) */
bool fr_check_join(fr_checker *c, fr_term *term)
{
    const fr_type *type = term->args[0]->type;
    const char *name = term->function->name;
    if (type->kind != FR_LIST) return fr_check_wrong(c, term, 0, "a list");
    term->kind = FR_TERM_WHOLE;
    if (!strcmp(name, "list_len")) return fr_term_yields(term, fr_type_of(FR_I64)), term->whole = whole_list_len, true;
    if (!strcmp(name, "list_get")) {
        if (!fr_check_integer(c, term, 1, &term->i)) return false;
        term->n_args = 1;
        return fr_term_yields(term, type->fields[0].type), term->whole = whole_item, true;
    }
    fr_piece *by = fr_arena_new(c->call, &c->typed->arena, sizeof *by);
    if (!by || !fr_check_text(c, term, 1, by)) return false;
    if (!fr_kind_is_text(type->fields[0].type->kind)) return fr_check_wrong(c, term, 0, "a list of texts");
    term->data = by;
    term->n_args = 1;
    term->whole = whole_join;
    return fr_term_yields(term, fr_type_of(FR_STR)), true;
}
