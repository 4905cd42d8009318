/* join_texts.c — the pairs that hashes stand for, and comparing what matched (see join_texts.h). */
#include "ops/join_texts.h"

#include "base/threads.h"
#include "data/column_make.h"
#include "ops/text_hashes.h"

enum { BLOCK_ROWS = 1 << 16,
       MANY_ROWS = 1 << 13 };

/* Texts that a dictionary of the column takes, or has taken, one by one. */
static int64_t texts_to_number(const fr_column *column)
{
    return column->dictionary ? (int64_t)column->dictionary->length : column->length;
}

bool fr_join_texts_want(const fr_join_texts *texts, const fr_column *right, const fr_column *left)
{
    const int64_t n_rows = right->length + left->length;
    if (texts->n == FR_JOIN_MOST_TEXTS || n_rows < MANY_ROWS) return false;
    if (right->dictionary && right->dictionary == left->dictionary) return false;
    return texts_to_number(right) + texts_to_number(left) > n_rows / 8;
}

bool fr_join_texts_add(fr_call *call, fr_join_texts *texts, const fr_column *right, const fr_column *left,
                       fr_column **right_hashes, fr_column **left_hashes)
{
    *right_hashes = fr_text_hashes(call, right);
    *left_hashes = *right_hashes ? fr_text_hashes(call, left) : NULL;
    texts->right[texts->n] = fr_column_ref(right);
    texts->left[texts->n++] = fr_column_ref(left);
    return *left_hashes != NULL;
}

void fr_join_texts_clear(fr_join_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++) {
        fr_column_unref(texts->right[i]);
        fr_column_unref(texts->left[i]);
    }
    texts->n = 0;
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
typedef struct comparing {
    const fr_join_match *match;
    fr_row_texts         right, left;
    fr_rows              rows;             /* unique: the right row of each left row; else the members of groups */
    int64_t              n_groups;
    atomic_bool          differ;
} comparing;

/* The right row that a left row is compared with; -1: it has none. */
static inline int64_t partner(const comparing *c, int64_t row)
{
    if (c->match->unique) return fr_row_at(&c->rows, row);
    const uint32_t id = ((const uint32_t *)c->match->ids->data)[row];
    const uint64_t *start = c->match->starts->data;
    return id == FR_NO_ID || start[id] == start[id + 1] ? -1 : fr_row_at(&c->rows, (int64_t)start[id]);
}

static void pair_left(const comparing *c, int64_t begin, int64_t end, fr_text_pairs *pairs)
{
    pairs->n = 0;
    for (int64_t row = begin; row < end; row++) {
        const int64_t other = partner(c, row);
        pairs->a[pairs->n] = row;
        pairs->b[pairs->n] = other;
        pairs->n += other >= 0;
    }
}

static bool compare_left(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    comparing *c = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, c->match->n_left);
    bool same = true;
    for (int64_t row = begin; same && row < end; row += FR_TEXT_PAIRS) {
        fr_text_pairs pairs;
        pair_left(c, row, fr_smaller(row + FR_TEXT_PAIRS, end), &pairs);
        same = fr_same_texts(&c->left, &c->right, &pairs);
    }
    if (!same) atomic_store_explicit(&c->differ, true, memory_order_relaxed);
    return fr_go_on(call);
}

/* All right rows of a group have its first row's text. */
static bool same_in_group(const comparing *c, uint64_t begin, uint64_t end)
{
    bool same = true;
    for (uint64_t i = begin + 1; same && i < end;) {
        fr_text_pairs pairs = { 0 };
        for (; pairs.n < FR_TEXT_PAIRS && i < end; i++) {
            pairs.a[pairs.n] = fr_row_at(&c->rows, (int64_t)begin);
            pairs.b[pairs.n++] = fr_row_at(&c->rows, (int64_t)i);
        }
        same = fr_same_texts(&c->right, &c->right, &pairs);
    }
    return same;
}

static bool compare_groups(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    comparing *c = state;
    const uint64_t *start = c->match->starts->data;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, c->n_groups);
    bool same = true;
    for (int64_t group = begin; same && group < end; group++) same = same_in_group(c, start[group], start[group + 1]);
    if (!same) atomic_store_explicit(&c->differ, true, memory_order_relaxed);
    return fr_go_on(call);
}

static bool compare(fr_call *call, comparing *c)
{
    const fr_join_match *m = c->match;
    const fr_buffer *rows = m->unique ? m->rows : m->members;
    const bool wide = fr_rows_are_wide(m->n_right);
    c->rows = fr_rows_view(rows->data, wide, (int64_t)(rows->size_bytes / fr_row_bytes(wide)));
    c->n_groups = m->unique ? 0 : fr_join_group_count(m);
    return fr_for_blocks(call, fr_block_count((size_t)c->n_groups, BLOCK_ROWS), compare_groups, c)
        && fr_for_blocks(call, fr_block_count((size_t)m->n_left, BLOCK_ROWS), compare_left, c);
}

bool fr_join_texts_agree(fr_call *call, const fr_join_texts *texts, const fr_join_match *match, bool *agree)
{
    *agree = true;
    for (size_t i = 0; *agree && i < texts->n; i++) {
        comparing c = { .match = match, .right = fr_row_texts_of(texts->right[i]), .left = fr_row_texts_of(texts->left[i]) };
        if (!compare(call, &c)) return false;
        *agree = !c.differ;
    }
    return true;
}
