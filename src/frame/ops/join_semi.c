/* join_semi.c — a frame of the left rows that were found, or were not (see join_semi.h).
 *
 * As in an inner join, columns of many rows that mostly stay are copied when somebody needs them (data/kept_rows.h).
 */
#include "ops/join_semi.h"

#include "kernel/bits.h"

typedef struct sifting { const fr_frame *left; const fr_join_rows *rows; } sifting;

static fr_late_column *column_at(fr_call *call, const void *how, size_t index)
{
    const sifting *s = how;
    return fr_join_left_column(call, s->rows, s->left->columns[index]);
}

/* Rows keep the lines of the file that they came from. */
static fr_frame *sift(fr_call *call, const fr_frame *left, fr_buffer *bits, int64_t n_kept)
{
    FR_CLEANUP(fr_join_rows_clear) fr_join_rows rows = { .n = n_kept };
    rows.kept = fr_kept_rows_new(call, bits, left->length, n_kept);
    fr_lines *lines = rows.kept ? fr_lines_keep(call, left->lines, bits, left->length) : NULL;
    const bool fine = rows.kept && (lines || !left->lines);
    fr_frame *kept =
        fine ? fr_frame_make_late(call, left, left->schema, column_at, &(sifting){ left, &rows }, n_kept) : NULL;
    if (kept) kept->lines = lines;
    else fr_lines_unref(lines);
    return kept;
}

fr_frame *fr_join_semi(fr_call *call, const fr_frame *left, fr_join_match *match, const fr_join_size *size, bool anti)
{
    const int64_t n = left->length, n_kept = anti ? n - match->n_found : match->n_found;
    if (!fr_join_check_rows(call, match, size, n_kept)) return NULL;
    uint64_t *bits = match->found->data;
    if (anti) FR_ISA_PICK(fr_bits_kernels)->invert(bits, bits, n);
    if (n_kept == n) return fr_frame_same_rows(call, left, left->schema, left->columns);
    return sift(call, left, match->found, n_kept);
}
