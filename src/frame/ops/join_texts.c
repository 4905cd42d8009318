/* join_texts.c — hashes of texts, and the comparison that makes up for them (see join_texts.h). */
#include "ops/join_texts.h"

#include "base/context_state.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/threads.h"
#include "data/column_make.h"

#ifndef FR_JOIN_HASH_BITS
#define FR_JOIN_HASH_BITS 62               /* room for null among 64; the build for 64-bit rows takes 12, so that they collide */
#endif

enum { BLOCK_ROWS = 1 << 16,
       MANY_ROWS = 1 << 13 };

typedef struct reading { const fr_column *column; const fr_view *views; const char *const *bases; } reading;

static reading read_texts(const fr_column *column)
{
    const fr_dictionary *d = column->dictionary;
    if (d) return (reading){ column, d->values, fr_dictionary_bases(d) };
    return (reading){ column, column->values, column->heap ? column->heap->bases : NULL };
}

static inline const fr_view *view_at(const reading *t, int64_t row)
{
    return &t->views[t->column->dictionary ? (int64_t)fr_column_code(t->column, row) : row];
}

/* ---- hashing ----------------------------------------------------------------------------------------------------- */
typedef struct hashing { reading texts; uint64_t seed; uint64_t *out; } hashing;

/* A short text is its view: padded with zeros, its length in front. */
static inline uint64_t hash_of(const fr_view *view, const char *const *bases, uint64_t seed)
{
    if (view->in.length <= FR_VIEW_INLINE)
        return fr_hash_combine(fr_hash_u64(view->words.first, seed), view->words.second);
    return fr_hash_bytes(fr_view_text(view, bases), view->in.length, seed);
}

static bool hash_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const hashing *h = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS;
    const int64_t end = fr_smaller(begin + BLOCK_ROWS, h->texts.column->length);
    for (int64_t i = begin; i < end; i++) {
        const bool valid = fr_is_valid(h->texts.column, i);
        h->out[i] = valid ? hash_of(view_at(&h->texts, i), h->texts.bases, h->seed) >> (64 - FR_JOIN_HASH_BITS) : 0;
    }
    return fr_go_on(call);
}

static fr_column *hashes_of(fr_call *call, const fr_column *column)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *hashes = fr_buffer_array(call, (size_t)column->length, sizeof(uint64_t));
    if (!hashes) return NULL;
    hashing h = { read_texts(column), fr_context_seed(call->context), hashes->data };
    if (!fr_for_blocks(call, fr_block_count((size_t)column->length, BLOCK_ROWS), hash_block, &h)) return NULL;
    return fr_column_with_values(call, column, fr_type_of(FR_U64), FR_PHYS_U64, hashes, NULL);
}

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
    *right_hashes = hashes_of(call, right);
    *left_hashes = *right_hashes ? hashes_of(call, left) : NULL;
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
    reading              right, left;
    fr_rows              rows;             /* unique: the right row of each left row; else the members of groups */
    int64_t              n_groups;
    atomic_bool          differ;
} comparing;

/* Of nulls it is known already that both are: null has a code of its own. */
static inline bool same_text(const reading *a, int64_t i, const reading *b, int64_t j)
{
    return !fr_is_valid(a->column, i) || fr_view_equal(view_at(a, i), a->bases, view_at(b, j), b->bases);
}

/* The right row that a left row is compared with; -1: it has none. */
static inline int64_t partner(const comparing *c, int64_t row)
{
    if (c->match->unique) return fr_row_at(&c->rows, row);
    const uint32_t id = ((const uint32_t *)c->match->ids->data)[row];
    const uint64_t *start = c->match->starts->data;
    return id == FR_NO_ID || start[id] == start[id + 1] ? -1 : fr_row_at(&c->rows, (int64_t)start[id]);
}

static bool compare_left(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    comparing *c = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, c->match->n_left);
    bool same = true;
    for (int64_t row = begin; same && row < end; row++) {
        const int64_t other = partner(c, row);
        same = other < 0 || same_text(&c->left, row, &c->right, other);
    }
    if (!same) atomic_store_explicit(&c->differ, true, memory_order_relaxed);
    return fr_go_on(call);
}

/* All right rows of a group have its first row's text. */
static bool compare_groups(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    comparing *c = state;
    const uint64_t *start = c->match->starts->data;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, c->n_groups);
    bool same = true;
    for (int64_t group = begin; same && group < end; group++)
        for (uint64_t i = start[group] + 1; same && i < start[group + 1]; i++)
            same = same_text(&c->right, fr_row_at(&c->rows, (int64_t)i), &c->right,
                             fr_row_at(&c->rows, (int64_t)start[group]));
    if (!same) atomic_store_explicit(&c->differ, true, memory_order_relaxed);
    return fr_go_on(call);
}

static bool compare(fr_call *call, comparing *c)
{
    const fr_join_match *m = c->match;
    const fr_buffer *rows = m->unique ? m->rows : m->members;
    const bool wide = fr_rows_are_wide(m->n_right);
    c->rows = fr_rows_view(rows->data, wide, (int64_t)(rows->size_bytes / fr_row_bytes(wide)));
    c->n_groups = m->unique ? 0 : (int64_t)(m->starts->size_bytes / sizeof(uint64_t)) - 2;
    return fr_for_blocks(call, fr_block_count((size_t)c->n_groups, BLOCK_ROWS), compare_groups, c)
        && fr_for_blocks(call, fr_block_count((size_t)m->n_left, BLOCK_ROWS), compare_left, c);
}

bool fr_join_texts_agree(fr_call *call, const fr_join_texts *texts, const fr_join_match *match, bool *agree)
{
    *agree = true;
    for (size_t i = 0; *agree && i < texts->n; i++) {
        comparing c = { .match = match, .right = read_texts(texts->right[i]), .left = read_texts(texts->left[i]) };
        if (!compare(call, &c)) return false;
        *agree = !c.differ;
    }
    return true;
}
