/* drop_null.c — rows without missing values.
 *
 *     a = 1 null null   b = 2 3 null      any → row 0      all → rows 0 1      min_valid 1 → rows 0 1
 *
 * Only nulls are missing; NaN is a value. Rows that go are counted in the account as filtered.
 */
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"

/* The columns that are looked at; those of a late frame as they lie: only their nulls matter. */
static bool take_columns(fr_call *call, const fr_frame *frame, const fr_list *list, fr_columns *out)
{
    if (!fr_columns_init(call, out, list->n)) return false;
    for (size_t i = 0; i < list->n; i++) {
        out->at[i] = fr_frame_column_as_it_lies(call, frame, (size_t)list->items[i].field);
        if (!out->at[i]) return false;
    }
    return true;
}

/* Bits of rows with (any) or without any (all) null in the columns. */
static void keep_by_bits(const fr_frame *frame, fr_column *const *columns, size_t n, fr_drop_how how, uint64_t *keep)
{
    for (int64_t row = 0; row < frame->length; row += 64) {
        uint64_t all = fr_valid_word(NULL, row, frame->length), any = n ? 0 : all;
        for (size_t i = 0; i < n; i++) {
            const fr_column *column = columns[i];
            const uint64_t valid = column->type->kind == FR_NULL ? 0 : fr_valid_word(column->valid, row, frame->length);
            all &= valid;
            any |= valid;
        }
        keep[row >> 6] = how == FR_DROP_ANY ? all : any;
    }
}

static bool keep_by_count(fr_call *call, const fr_frame *frame, const fr_columns *columns, int64_t least, uint64_t *keep)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_zeroed(call, (size_t)frame->length * sizeof(uint32_t));
    if (!counts) return false;
    uint32_t *n = counts->data;
    for (size_t i = 0; i < columns->n; i++) {
        const fr_column *column = columns->at[i];
        if (column->type->kind == FR_NULL) continue;
        for (int64_t row = 0; row < frame->length; row++) n[row] += fr_is_valid(column, row);
    }
    for (int64_t row = 0; row < frame->length; row++) keep[row >> 6] |= (uint64_t)(n[row] >= least) << (row & 63);
    return true;
}

fr_frame *fr_run_drop_null(fr_call *call, const fr_frame *frame, const fr_drop_null_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { 0 };
    if (!fr_list_parse_told(call, args->columns, frame->schema, FR_LIST_SELECTORS, true, &list)) return NULL;
    if (args->min_valid < -1) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "min_valid is %lld: a number of values, or -1 to go by how",
                      (long long)args->min_valid);
        return NULL;
    }
    if (args->min_valid >= 0 && args->how != FR_DROP_ANY) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "give how or min_valid, not both");
        return NULL;
    }
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = fr_buffer_zeroed(call,
                                                                  ((size_t)frame->length + 63) / 64 * sizeof(uint64_t));
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { .context = call->context };
    if (!keep || !take_columns(call, frame, &list, &columns)) return NULL;
    if (args->min_valid < 0) keep_by_bits(frame, columns.at, list.n, args->how, keep->data);
    else if (!keep_by_count(call, frame, &columns, args->min_valid, keep->data)) return NULL;
    const int64_t n_kept = fr_bits_count(keep->data, frame->length);
    const fr_account_entry entry = { .step = "drop_null", .rows_in = frame->length, .rows_kept = n_kept,
                                     .filtered = frame->length - n_kept };
    return fr_accounted(call, fr_frame_kept(call, frame, keep, n_kept), &entry);
}
