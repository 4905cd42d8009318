/* join_rows.c — from matches to rows (see join_rows.h).
 *
 * Keys that repeat on the right: the rows each block of left rows gives are counted first, so that every block knows
 * where its rows go, and so that a join that would explode is refused before memory for it is asked for.
 */
#include "ops/join_rows.h"
#include "ops/join_codes.h"
#include "ops/result_size.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "base/threads.h"

#include <stdio.h>

enum { BLOCK_ROWS = 1 << 16 };

/* ---- size -------------------------------------------------------------------------------------------------------- */
double fr_join_row_bytes(const fr_column *column)
{
    double bytes = column->phys == FR_PHYS_BOOL ? 0.125 : (double)fr_phys_width(column->phys);
    if (column->valid) bytes += 0.125;
    if (column->phys == FR_PHYS_LIST) return bytes + (double)sizeof(int64_t);
    for (size_t i = 0; i < column->n_children; i++) bytes += fr_join_row_bytes(column->children[i]);
    return bytes;
}

typedef struct estimate { uint64_t rows; double bytes; int64_t n_left, n_right; } estimate;

typedef struct rows_text { char text[120]; } rows_text;
typedef struct size_text { char text[200]; } size_text;

/* "1,000 rows (10 left, 100 right)" */
static rows_text rows_in_words(const estimate *e)
{
    rows_text out;
    (void)snprintf(out.text, sizeof out.text, "%s rows (%s left, %s right)", fr_in_threes(e->rows).text,
                   fr_in_threes((uint64_t)e->n_left).text, fr_in_threes((uint64_t)e->n_right).text);
    return out;
}

/* "… and at least 8,000 bytes": of the columns that are made, which may be those a plan needs. */
static size_text in_words(const estimate *e)
{
    size_text out;
    (void)snprintf(out.text, sizeof out.text, "%s and at least %s bytes", rows_in_words(e).text,
                   fr_in_threes(e->bytes < 0x1p63 ? (uint64_t)e->bytes : UINT64_MAX).text);
    return out;
}

static bool too_many_rows(fr_call *call, const estimate *e, uint64_t most)
{
    return fr_fail_at(call, fr_place_at(.hint = "are the keys complete? raise max_rows if so many rows are wanted"),
                      FR_ERR_LIMIT, "the result would have %s, more than %s rows", rows_in_words(e).text, fr_in_threes(most).text);
}

bool fr_join_check_rows(fr_call *call, const fr_join_match *match, const fr_join_size *size, int64_t n)
{
    const estimate e = { (uint64_t)n, (double)n * size->row_bytes, match->n_left, match->n_right };
    return e.rows <= size->max_rows || too_many_rows(call, &e, size->max_rows);
}

/* Before any memory is asked for. `bytes` is less than what will be needed, so nothing that fits is refused. */
static bool check_size(fr_call *call, const fr_join_match *match, uint64_t n, double bytes, uint64_t max_rows)
{
    const estimate e = { n, bytes, match->n_left, match->n_right };
    if (n > max_rows) return too_many_rows(call, &e, max_rows);
    return fr_check_result_bytes(call, bytes, in_words(&e).text,
                                 "are the keys complete? join fewer columns, or aggregate a side first");
}

/* ---- keys that repeat on the right ------------------------------------------------------------------------------- */
typedef struct pair_job {
    const fr_join_match *match;
    bool                 keeps_left;
    uint64_t            *offsets;          /* first row of the result of each block of left rows */
    _Atomic(int64_t)     n_found;          /* left rows that have some */
    fr_join_rows        *rows;
} pair_job;

static int64_t block_end(const pair_job *job, size_t block)
{
    return fr_smaller(((int64_t)block + 1) * BLOCK_ROWS, job->match->n_left);
}

static bool count_rows(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    pair_job *job = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = block_end(job, block);
    uint64_t n = 0;
    int64_t n_found = 0;
    for (int64_t row = begin; row < end; row++) {
        const uint64_t matches = fr_join_matches(job->match, row);
        n_found += matches > 0;
        n += matches;
    }
    job->offsets[block] = n + (job->keeps_left ? (uint64_t)(end - begin - n_found) : 0);
    atomic_fetch_add_explicit(&job->n_found, n_found, memory_order_relaxed);
    return fr_go_on(call);
}

/* `wide` is a constant of each of the two callers below. */
static inline void write_block(const pair_job *job, size_t block, bool wide)
{
    const fr_join_match *m = job->match;
    const uint64_t *start = m->starts->data;
    const uint32_t *ids = m->ids->data;
    const bool members_wide = fr_rows_are_wide(m->n_right);
    const fr_rows member = fr_rows_view(m->members->data, members_wide,
                                        (int64_t)(m->members->size_bytes / fr_row_bytes(members_wide)));
    void *left = job->rows->left->data, *right = job->rows->right->data;
    uint64_t at = job->offsets[block];
    for (int64_t row = (int64_t)block * BLOCK_ROWS; row < block_end(job, block); row++) {
        const uint32_t id = ids[row];
        if (id == FR_NO_ID) {
            if (!job->keeps_left) continue;
            fr_row_put(left, wide, at, row);
            fr_row_put(right, wide, at++, FR_ROW_MISSING64);
            continue;
        }
        for (uint64_t i = start[id]; i < start[id + 1]; i++) {
            fr_row_put(left, wide, at, row);
            fr_row_put(right, wide, at++, wide ? fr_row_at(&member, (int64_t)i) : member.narrow[i]);
        }
    }
}

static bool write_rows(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const pair_job *job = state;
    if (job->rows->left_wide) write_block(job, block, true);
    else write_block(job, block, false);
    return fr_go_on(call);
}

static bool add_up(fr_call *call, uint64_t *offsets, size_t n_blocks, uint64_t *total)
{
    *total = 0;
    for (size_t block = 0; block < n_blocks; block++) {
        const uint64_t n = offsets[block];
        offsets[block] = *total;
        if (__builtin_add_overflow(*total, n, total) || *total > INT64_MAX)
            return fr_fail(call, FR_ERR_LIMIT, "the result would have more than 2^63 rows");
    }
    return true;
}

static bool pair_up(fr_call *call, const fr_join_match *match, const fr_join_size *size, fr_join_rows *out)
{
    const size_t n_blocks = fr_block_count((size_t)match->n_left, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *offsets = fr_buffer_array(call, n_blocks, sizeof(uint64_t));
    if (!offsets) return false;
    pair_job job = { .match = match, .keeps_left = size->keeps_left, .offsets = offsets->data, .rows = out };
    uint64_t total;
    if (!fr_for_blocks(call, n_blocks, count_rows, &job) || !add_up(call, job.offsets, n_blocks, &total)) return false;
    out->n = (int64_t)total;
    out->n_found = atomic_load(&job.n_found);
    out->may_miss = size->keeps_left;
    out->left_wide = out->right_wide = fr_rows_are_wide(match->n_left) || fr_rows_are_wide(match->n_right);
    const size_t number = fr_row_bytes(out->left_wide);
    const uint64_t n_all = total + (uint64_t)size->n_rest;
    const double bytes = 2 * (double)number * (double)total + size->row_bytes * (double)n_all;
    if (!check_size(call, match, n_all, bytes, size->max_rows)) return false;
    out->left = fr_buffer_array(call, (size_t)total, number);
    if (out->left) out->right = fr_buffer_array(call, (size_t)total, number);
    return out->right && fr_for_blocks(call, n_blocks, write_rows, &job);
}

/* ---- unique keys ------------------------------------------------------------------------------------------------- */
/* The numbers of right rows, missing ones left out. */
static fr_buffer *keep_numbers(fr_call *call, const fr_join_rows *rows, fr_buffer *numbers)
{
    const bool wide = rows->right_wide;
    fr_column_parts parts = { .type = fr_type_of(wide ? FR_I64 : FR_U32), .phys = wide ? FR_PHYS_I64 : FR_PHYS_U32,
                              .length = rows->kept->selection.n, .values = numbers };
    FR_OWNED fr_column *all = fr_column_new(call, &parts);
    FR_OWNED fr_column *kept = all ? fr_column_select(call, all, &rows->kept->selection) : NULL;
    return kept ? fr_buffer_ref(kept->values_buffer) : NULL;
}

static bool look_up(fr_call *call, fr_join_match *match, const fr_join_size *size, fr_join_rows *out)
{
    const bool all = match->n_found == match->n_left;
    out->right_wide = fr_rows_are_wide(match->n_right);
    out->n = size->keeps_left ? match->n_left : match->n_found;
    out->n_found = match->n_found;
    if (!fr_join_check_rows(call, match, size, out->n + size->n_rest)) return false;
    out->may_miss = !all && size->keeps_left;
    if (out->may_miss && match->has_null_codes && !fr_join_spell_out(call, match)) return false;
    out->left_codes = fr_steal(match->codes);
    out->of_code = fr_steal(match->of_code);
    if (all || size->keeps_left) {
        out->codes = fr_column_ref(out->left_codes);
        out->right = fr_steal(match->rows);
        if (!all) out->found = fr_steal(match->found);
        return true;
    }
    out->kept = fr_kept_rows_new(call, match->found, match->n_left, match->n_found);
    if (!out->kept) return false;
    if (out->left_codes) out->codes = fr_column_select(call, out->left_codes, &out->kept->selection);
    else out->right = keep_numbers(call, out, match->rows);
    fr_buffer_unref(fr_steal(match->rows));
    return out->codes || out->right;
}

/* ---- public ------------------------------------------------------------------------------------------------------ */
bool fr_join_rows_make(fr_call *call, fr_join_match *match, const fr_join_size *size, fr_join_rows *out)
{
    *out = (fr_join_rows){ 0 };
    return match->unique ? look_up(call, match, size, out) : pair_up(call, match, size, out);
}

void fr_join_rows_clear(fr_join_rows *rows)
{
    fr_buffer *buffers[] = { rows->left, rows->right, rows->of_code, rows->found };
    for (size_t i = 0; i < FR_COUNT_OF(buffers); i++) fr_buffer_unref(buffers[i]);
    fr_column_unref(rows->codes);
    fr_column_unref(rows->left_codes);
    fr_kept_rows_unref(rows->kept);
    *rows = (fr_join_rows){ 0 };
}

bool fr_join_right_columns(fr_call *call, const fr_join_rows *rows, const fr_column *const *columns, size_t n,
                           fr_column **out)
{
    const fr_found found = { rows->found, rows->n_found }, *known = rows->found ? &found : NULL;
    if (rows->codes) {
        const int64_t n_codes = (int64_t)(rows->of_code->size_bytes / sizeof(uint32_t));
        const fr_rows of_code = { .narrow = rows->of_code->data, .n = n_codes, .may_miss = true };
        return fr_columns_take_coded(call, columns, n, &(fr_coded_rows){ rows->codes, of_code, known }, out);
    }
    fr_rows right = fr_rows_view(rows->right->data, rows->right_wide, rows->n);
    right.may_miss = rows->may_miss;
    return fr_columns_take(call, columns, n, &right, known, out);
}

bool fr_join_has_right(const fr_join_rows *rows, int64_t row)
{
    if (!rows->may_miss) return true;
    if (rows->found) return fr_bit(rows->found->data, row);
    const fr_rows right = fr_rows_view(rows->right->data, rows->right_wide, rows->n);
    return fr_row_at(&right, row) >= 0;
}

void fr_join_forget_right_rows(fr_join_rows *rows)
{
    fr_buffer_unref(fr_steal(rows->right));
    fr_buffer_unref(fr_steal(rows->of_code));
    fr_buffer_unref(fr_steal(rows->found));
}

fr_late_column *fr_join_left_column(fr_call *call, const fr_join_rows *rows, fr_column *column)
{
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    if (rows->kept && column == rows->left_codes) return fr_late_column_from(call, rows->codes);
    if (rows->kept) return fr_pieces_keep(call, &pieces, column, rows->kept) ? fr_late_column_of(call, &pieces) : NULL;
    if (!rows->left) return fr_late_column_from(call, column);
    const fr_rows left = fr_rows_view(rows->left->data, rows->left_wide, rows->n);
    FR_OWNED fr_column *taken = fr_column_take(call, column, &left);
    return taken ? fr_late_column_from(call, taken) : NULL;
}
