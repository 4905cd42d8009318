/* rejects.c — rows put aside with the reason (see rejects.h).
 *
 *     line  column    reason                      text    file       line is where the row stood in its file, null for rows
 *     17    quantity  does not fit i32            twelve  sales.csv  that came from no file or were put in another order; the
 *     null  quantity  does not fit i32 (row 3)    many    null       reason then ends with the row of the step's input, from 0
 */
#include "ops/rejects.h"

#include "ops/verb_result.h"

#include "base/memory.h"
#include "expr/expr.h"

static bool begin_rejects(fr_call *call, fr_bad_cells *bad)
{
    if (bad->rows) return true;
    bad->rows = fr_buffer_zeroed(call, ((size_t)bad->n_rows + 63) / 64 * sizeof(uint64_t));
    bad->lines = fr_builder_new(call, fr_type_of(FR_I64), 16);
    bad->columns = fr_builder_new(call, fr_type_of(FR_STR), 16);
    bad->reasons = fr_builder_new(call, fr_type_of(FR_STR), 16);
    bad->texts = fr_builder_new(call, fr_type_of(FR_STR), 16);
    bad->files = fr_builder_new(call, fr_type_of(FR_STR), 16);
    return bad->rows && bad->lines && bad->columns && bad->reasons && bad->texts && bad->files;
}

/* The text of one cell, as a column of one row. */
static fr_column *cell_as_text(fr_call *call, const fr_column *column, int64_t row)
{
    FR_OWNED fr_column *one = fr_column_slice(call, column, row, 1);
    fr_converted converted = { 0 };
    if (!one || !fr_convert(call, one, fr_type_of(FR_STR), true, "text", &converted)) return NULL;
    fr_buffer_unref(converted.failed);
    return converted.column;
}

static bool add_file(fr_call *call, fr_bad_cells *bad, int64_t row)
{
    const char *file = fr_file_of(bad->origin, row);
    return file ? fr_builder_add(call, bad->files, fr_v_str(file)) : fr_builder_add_null(call, bad->files);
}

/* Where the row came from, and why it goes. */
static bool add_line(fr_call *call, fr_bad_cells *bad, int64_t row, const char *reason)
{
    int64_t line = fr_line_of(bad->origin, row);
    if (line >= 0)
        return fr_builder_add(call, bad->lines, fr_v_i64(line)) && fr_builder_add(call, bad->reasons, fr_v_str(reason));
    FR_CLEANUP(fr_text_clear) fr_text full = FR_TEXT_INIT(call);
    return fr_text_format(call, &full, "%s (row %lld)", reason, (long long)row) && fr_builder_add_null(call, bad->lines)
        && fr_builder_add_text(call, bad->reasons, full.bytes, full.length);
}

static bool add_reject(fr_call *call, fr_bad_cells *bad, const fr_column *column, const char *name, int64_t row,
                       const char *reason)
{
    FR_OWNED fr_column *cell = cell_as_text(call, column, row);
    if (!cell) return false;
    size_t n;
    const char *text = fr_column_text(cell, 0, &n);
    return add_line(call, bad, row, reason) && add_file(call, bad, row) && fr_builder_add(call, bad->columns, fr_v_str(name))
        && (text ? fr_builder_add_text(call, bad->texts, text, n) : fr_builder_add_null(call, bad->texts));
}

bool fr_bad_cells_add(fr_call *call, fr_bad_cells *bad, const fr_column *column, const char *name,
                      const fr_buffer *failed, const char *reason)
{
    if (!failed) return true;
    if (!begin_rejects(call, bad)) return false;
    const uint64_t *word = failed->data;
    uint64_t *rows = bad->rows->data;
    for (int64_t i = 0; i < bad->n_rows; i += 64) {
        uint64_t bits = word[i >> 6] & fr_valid_word(NULL, i, bad->n_rows);
        bad->n_cells += __builtin_popcountll(bits);
        for (bits &= ~rows[i >> 6]; bits; bits &= bits - 1) {
            if (!add_reject(call, bad, column, name, i + __builtin_ctzll(bits), reason)) return false;
            bad->n_rows_bad++;
        }
        rows[i >> 6] |= word[i >> 6] & fr_valid_word(NULL, i, bad->n_rows);
    }
    return true;
}

static fr_frame *frame_of_rejects(fr_call *call, fr_bad_cells *bad)
{
    fr_builder *builders[FR_REJECT_COLUMNS] = { bad->lines, bad->columns, bad->reasons, bad->texts, bad->files };
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    if (!fr_columns_init(call, &columns, FR_REJECT_COLUMNS)) return NULL;
    for (size_t i = 0; i < FR_REJECT_COLUMNS; i++)
        if (!(columns.at[i] = fr_builder_finish(call, builders[i]))) return NULL;
    return fr_frame_of(call, NULL, fr_reject_names, columns.at, FR_REJECT_COLUMNS, bad->n_rows_bad);
}

fr_frame *fr_bad_cells_reject(fr_call *call, fr_bad_cells *bad, const fr_frame *frame, fr_account_entry *entry)
{
    entry->rejected = bad->n_rows_bad;
    entry->rows_kept = frame->length - bad->n_rows_bad;
    if (!bad->rows) return fr_frame_same_rows(call, frame, frame->schema, frame->columns);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep =
        fr_buffer_array(call, ((size_t)frame->length + 63) / 64, sizeof(uint64_t));
    if (!keep) return NULL;
    const uint64_t *gone = bad->rows->data;
    for (int64_t i = 0; i < frame->length; i += 64)
        ((uint64_t *)keep->data)[i >> 6] = ~gone[i >> 6] & fr_valid_word(NULL, i, frame->length);
    FR_OWNED fr_frame *rejects = frame_of_rejects(call, bad);
    FR_OWNED fr_frame *kept = rejects ? fr_frame_kept(call, frame, keep, entry->rows_kept) : NULL;
    if (!kept || !fr_frame_add_rejects(call, kept, rejects)) return NULL;
    return fr_steal(kept);
}

void fr_bad_cells_clear(fr_bad_cells *bad)
{
    fr_builder *builders[] = { bad->lines, bad->columns, bad->reasons, bad->texts, bad->files };
    for (size_t i = 0; i < FR_COUNT_OF(builders); i++)
        if (builders[i]) fr_builder_unref(builders[i]);
    fr_buffer_unref(bad->rows);
    *bad = (fr_bad_cells){ .context = bad->context };
}
