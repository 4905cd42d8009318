/* text_hashes.c — a hash for each row's text (see text_hashes.h). */
#include "ops/text_hashes.h"

#include "base/context_state.h"
#include "base/threads.h"
#include "data/column_make.h"

enum { BLOCK_ROWS = 1 << 16 };

fr_row_texts fr_row_texts_of(const fr_column *column)
{
    const fr_dictionary *d = column->dictionary;
    if (d) return (fr_row_texts){ column, d->values, fr_dictionary_bases(d) };
    return (fr_row_texts){ column, column->values, column->heap ? column->heap->bases : NULL };
}

static inline const fr_view *view_at(const fr_row_texts *texts, int64_t row)
{
    return &texts->views[texts->column->dictionary ? (int64_t)fr_column_code(texts->column, row) : row];
}

/* ---- hashing ----------------------------------------------------------------------------------------------------- */
typedef struct hashing { fr_row_texts texts; uint64_t seed; uint64_t *out; } hashing;

static bool hash_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const hashing *h = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS;
    const int64_t end = fr_smaller(begin + BLOCK_ROWS, h->texts.column->length);
    for (int64_t i = begin; i < end; i++) {
        const bool valid = fr_is_valid(h->texts.column, i);
        h->out[i] = valid ? fr_text_hash(view_at(&h->texts, i), h->texts.bases, h->seed) : 0;
    }
    return fr_go_on(call);
}

fr_column *fr_text_hashes(fr_call *call, const fr_column *column)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *hashes = fr_buffer_array(call, (size_t)column->length, sizeof(uint64_t));
    if (!hashes) return NULL;
    hashing h = { fr_row_texts_of(column), fr_context_seed(call->context), hashes->data };
    if (!fr_for_blocks(call, fr_block_count((size_t)column->length, BLOCK_ROWS), hash_block, &h)) return NULL;
    return fr_column_with_values(call, column, fr_type_of(FR_U64), FR_PHYS_U64, hashes, NULL);
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
/* Rows of b lie anywhere: their views, then their texts, are on the way before the first is looked at. */
bool fr_same_texts(const fr_row_texts *a, const fr_row_texts *b, const fr_text_pairs *pairs)
{
    for (size_t i = 0; i < pairs->n; i++) __builtin_prefetch(view_at(b, pairs->b[i]));
    for (size_t i = 0; i < pairs->n; i++) __builtin_prefetch(fr_view_text(view_at(b, pairs->b[i]), b->bases));
    for (size_t i = 0; i < pairs->n; i++) {
        if (!fr_is_valid(a->column, pairs->a[i])) continue;
        if (!fr_view_equal(view_at(a, pairs->a[i]), a->bases, view_at(b, pairs->b[i]), b->bases)) return false;
    }
    return true;
}
