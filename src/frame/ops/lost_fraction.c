/* lost_fraction.c — a cast that cuts says so.
 *
 * 2.99 as i64 is 2 by the rule of casts, as in C, pandas and polars, so it is no value that does not fit. But whoever casts
 * a column of amounts because its first rows are whole should hear of it, and whoever means it can write what is meant:
 * `with x = trunc(x)` before it, or floor, ceil, round.
 */
#include "ops/lost_fraction.h"

#include "base/warnings.h"

static bool has_other_rows(const fr_buffer *marked, const fr_buffer *except, int64_t n_rows)
{
    const uint64_t *words = marked->data, *taken = except ? except->data : NULL;
    for (int64_t w = 0; w < (n_rows + 63) / 64; w++)
        if (words[w] & ~(taken ? taken[w] : 0)) return true;
    return false;
}

/* The rows whose value is no whole number; NaN is none either. */
static fr_buffer *rows_with_fractions(fr_call *call, fr_column *column)
{
    static const char *const NAME = "x";
    FR_CLEANUP(fr_drop_expr) fr_expr *expr = fr_expr_parse(call, "x != trunc(x)", NULL, 0);
    FR_OWNED fr_frame *frame = expr ? fr_frame_of(call, NULL, &NAME, &column, 1, column->length) : NULL;
    int64_t n_marked = 0;
    return frame ? fr_expr_mask(call, expr, &(fr_eval){ .frame = frame }, &n_marked) : NULL;
}

bool fr_warn_of_fractions(fr_call *call, const fr_column *column, const fr_type *type, const char *name,
                          const fr_buffer *failed)
{
    const fr_kind from = column->type->kind;
    if (!fr_kind_is_integer(type->kind) || !(fr_kind_is_float(from) || from == FR_DECIMAL)) return true;
    fr_warnings *earlier = fr_call_take_warnings(call);          /* a frame takes the call's with it */
    FR_OWNED fr_column *own = fr_column_ref(column);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *marked = rows_with_fractions(call, own);
    fr_call_add_warnings(call, earlier);
    char room[FR_TYPE_TEXT_BYTES];
    if (marked && has_other_rows(marked, failed, column->length))
        fr_warn(call, "values of '%s' lost their fractions as %s; trunc, floor or round before the cast says what is meant",
                name, fr_type_name(type, room));
    return marked != NULL;
}
