/* fn_split.c — split(text, separator) → list[str]; without a separator at runs of white space, ends trimmed.
 *
 * Items are parts of their texts, so their views lead into the same heap and nothing is copied. The items of each block are
 * counted first; then every block knows where its items go. Separators in short texts are bits of a word (kernel/
 * text_search.h).
 *
 *     "a-b", null, "c"     2 items and 1     offsets 0 2 2 3     items "a" "b" "c"
 */
#include "base/threads.h"
#include "base/utf8.h"
#include "expr/functions.h"
#include "expr/piece.h"

#include <string.h>

typedef struct splitting {
    const fr_column    *text;
    const fr_view      *views;                  /* of the rows, or of the dictionary */
    const char *const  *bases;
    const fr_piece     *by;                     /* NULL: white space */
    const fr_text_search_kernels *search;
    size_t              block_rows;
    int64_t            *offsets;                /* of the list, n + 1 */
    int64_t            *firsts;                 /* items before each block */
    size_t             *used;                   /* per block: bytes of the heap that its items are */
    fr_view            *items;
} splitting;

/* ---- one text ---------------------------------------------------------------------------------------------------- */
static fr_piece next_word(fr_piece *rest)
{
    const size_t blanks = rest->n ? fr_utf8_space_prefix(rest->text, rest->n) : 0;
    fr_piece word = { rest->text + blanks, 0 };
    const size_t n = rest->n - blanks;
    for (uint32_t code; word.n < n;) {
        const size_t width = fr_utf8_decode(word.text + word.n, n - word.n, &code);
        if (fr_code_is_space(code)) break;
        word.n += width;
    }
    *rest = (fr_piece){ word.text + word.n, n - word.n };
    return word;
}

/* → how many items; their views as well when `to` is not NULL. */
FR_TEMPLATE_FN int64_t split_one(const splitting *s, const fr_view *whole, fr_view *to)
{
    fr_piece rest = { fr_view_text(whole, s->bases), whole->in.length };
    int64_t n = 0;
    while (!s->by) {
        const fr_piece word = next_word(&rest);
        if (!word.n) return n;
        if (to) to[n] = fr_view_part(whole, s->bases, word.text, word.n);
        n++;
    }
    for (;;) {
        const char *at = s->search->find(rest, *s->by);
        const size_t length = at ? (size_t)(at - rest.text) : rest.n;
        if (to) to[n] = fr_view_part(whole, s->bases, rest.text, length);
        n++;
        if (!at) return n;
        rest = (fr_piece){ at + s->by->n, rest.n - length - s->by->n };
    }
}

/* Of a short text, whose separators are known. */
static inline int64_t split_short(const splitting *s, const fr_view *whole, fr_piece t, uint64_t places, fr_view *to)
{
    int64_t n = 0;
    size_t done = 0;
    for (; places; n++) {
        const size_t at = (size_t)__builtin_ctzll(places);
        to[n] = fr_view_part(whole, s->bases, t.text + done, at - done);
        done = at + s->by->n;
        places = fr_places_from(places, done);
    }
    to[n] = fr_view_part(whole, s->bases, t.text + done, t.n - done);
    return n + 1;
}

/* ---- 64 rows ----------------------------------------------------------------------------------------------------- */
typedef struct strip {
    uint64_t       rows;                        /* that are not null */
    const fr_view *wholes[64];
    fr_piece       texts[64];
    uint64_t       places[64];                  /* of separators, where `short_ones` */
    uint64_t       short_ones;
} strip;

static void look_at(const splitting *s, int64_t first, int64_t end, strip *out)
{
    const fr_column *text = s->text;
    out->rows = fr_valid_word(text->valid, first, end);
    out->short_ones = 0;
    for (uint64_t left = out->rows; left; left &= left - 1) {
        const size_t j = (size_t)__builtin_ctzll(left);
        const int64_t row = first + (int64_t)j;
        const fr_view *view = s->views + (text->dictionary ? (int64_t)fr_column_code(text, row) : row);
        out->wholes[j] = view;
        out->texts[j] = (fr_piece){ fr_view_text(view, s->bases), view->in.length };
        out->short_ones |= (uint64_t)(s->by && view->in.length <= FR_SHORT_TEXT) << j;
    }
    if (s->by) s->search->places(out->places, out->texts, out->short_ones, *s->by);
}

static int64_t count_items(const splitting *s, const strip *some)
{
    int64_t n = 0;
    for (uint64_t left = some->rows; left; left &= left - 1) {
        const size_t j = (size_t)__builtin_ctzll(left);
        const bool known = some->short_ones >> j & 1;
        n += known ? (int64_t)fr_places_count(some->places[j], s->by->n) + 1 : split_one(s, some->wholes[j], NULL);
    }
    return n;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */
static int64_t end_of_block(const splitting *s, size_t block)
{
    const size_t end = (block + 1) * s->block_rows, n = (size_t)s->text->length;
    return (int64_t)(end < n ? end : n);
}

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const splitting *s = state;
    const int64_t end = end_of_block(s, block);
    int64_t total = 0;
    strip some;
    for (int64_t first = (int64_t)(block * s->block_rows); first < end; first += 64) {
        look_at(s, first, end, &some);
        total += count_items(s, &some);
    }
    s->firsts[block + 1] = total;
    return fr_go_on(call);
}

static int64_t split_strip(const splitting *s, const strip *some, size_t n, int64_t at, int64_t *offsets)
{
    for (size_t j = 0; j < n; j++) {
        if (some->short_ones >> j & 1)
            at += split_short(s, some->wholes[j], some->texts[j], some->places[j], s->items + at);
        else if (some->rows >> j & 1) at += split_one(s, some->wholes[j], s->items + at);
        offsets[j] = at;
    }
    return at;
}

static bool split_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const splitting *s = state;
    const int64_t end = end_of_block(s, block);
    int64_t at = s->firsts[block];
    strip some;
    for (int64_t first = (int64_t)(block * s->block_rows); first < end; first += 64) {
        look_at(s, first, end, &some);
        at = split_strip(s, &some, (size_t)(end - first < 64 ? end - first : 64), at, s->offsets + first + 1);
    }
    const int64_t first = s->firsts[block];
    if (s->bases) s->used[block] = fr_views_long_bytes(s->items + first, (size_t)(at - first));
    return fr_go_on(call);
}

static size_t blocks_of(const splitting *s) { return fr_block_count((size_t)s->text->length, s->block_rows); }

/* The items stay in the heap of the texts, unless they are few. */
static fr_column *items_column(fr_call *call, const splitting *s, fr_buffer *values, int64_t n)
{
    const fr_dictionary *d = s->text->dictionary;
    fr_heap *whole = d ? d->heap : s->text->heap;
    size_t used = 0;
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = NULL;
    for (size_t i = 0; i < blocks_of(s); i++) used += s->used[i];
    if (used && !fr_heap_compact(call, values->data, n, used, whole, &heap)) return NULL;
    if (used && !heap) heap = fr_heap_ref(whole);
    return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_STR), .phys = FR_PHYS_VIEW, .length = n,
                                                   .values = values, .heap = heap });
}

static fr_column *list_of(fr_call *call, const fr_term *term, splitting *s, fr_buffer *offsets)
{
    const size_t n_blocks = blocks_of(s);
    if (!fr_for_blocks(call, n_blocks, count_block, s)) return NULL;
    for (size_t i = 0; i < n_blocks; i++) s->firsts[i + 1] += s->firsts[i];
    const int64_t n = s->firsts[n_blocks];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)n, sizeof(fr_view));
    if (!values) return NULL;
    s->items = values->data;
    s->offsets[0] = 0;
    if (!fr_for_blocks(call, n_blocks, split_block, s)) return NULL;
    FR_OWNED fr_column *items = items_column(call, s, values, n);
    if (!items) return NULL;
    return fr_column_new(call, &(fr_column_parts){ .type = term->type, .phys = FR_PHYS_LIST, .length = s->text->length,
                                                   .null_count = s->text->null_count, .values = offsets,
                                                   .valid = s->text->valid_buffer, .valid_at = s->text->valid,
                                                   .children = &items, .n_children = 1 });
}

static fr_column *whole_split(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    fr_call *call = whole->call;
    const fr_column *text = args[0];
    const fr_dictionary *d = text->dictionary;
    splitting s = { .text = text, .by = term->data, .search = FR_ISA_PICK(fr_text_search_kernels),
                    .views = d ? d->values : text->values, .block_rows = (fr_block_rows(call) + 63) / 64 * 64 };
    s.bases = d ? fr_dictionary_bases(d) : text->heap ? text->heap->bases : NULL;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    s.firsts = fr_arena_array(call, &arena, blocks_of(&s) + 1, sizeof *s.firsts);
    s.used = s.firsts ? fr_arena_array(call, &arena, blocks_of(&s) + 1, sizeof *s.used) : NULL;
    if (!s.used) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *offsets = fr_buffer_array(call, (size_t)text->length + 1, sizeof(int64_t));
    if (!offsets) return NULL;
    s.offsets = offsets->data;
    return list_of(call, term, &s, offsets);
}

bool fr_check_split(fr_checker *c, fr_term *term)
{
    if (!fr_kind_is_text(term->args[0]->type->kind) && term->args[0]->type->kind != FR_NULL)
        return fr_check_wrong(c, term, 0, "text");
    if (!fr_check_as(c, term, 0, fr_type_of(FR_STR))) return false;
    if (term->n_args == 2) {
        fr_piece *by = fr_arena_new(c->call, &c->typed->arena, sizeof *by);
        if (!by || !fr_check_text(c, term, 1, by)) return false;
        if (!by->n) return fr_check_fail(c, term->args[1], FR_ERR_ARGUMENT, NULL, "the separator is empty");
        term->data = by;
        term->n_args = 1;
    }
    term->kind = FR_TERM_WHOLE;
    term->whole = whole_split;
    return fr_term_yields_owned(c, term, fr_type_list(c->call, fr_type_of(FR_STR)));
}
