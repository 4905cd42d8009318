/* column_concat.c — columns of one type, one below the other.
 *
 * Fixed-width values are copied in pieces, in parallel; integers of several layouts come to lie as the widest does.
 * Views keep their texts where they are: the heaps are joined and buffer numbers shifted. Codes of one dictionary are
 * copied, others renumbered into the union of the dictionaries; where one part holds views and another codes, the codes
 * are decoded (a cat column has codes always).
 */
#include <string.h>

#include "base/put_bytes.h"
#include "data/column_make.h"
#include "data/scaled_column.h"
#include "data/text_form.h"

typedef struct piece { int64_t from, to, n; size_t part; } piece;  /* n values of a part, from row `from` to row `to` */

typedef struct stack {
    const fr_column *const *parts;
    size_t                  n_parts;
    const piece            *pieces;
    size_t                  n_pieces;
    int64_t                 length;
    char                   *out;
    fr_phys                 phys;              /* of the result */
    uint32_t              **maps;              /* codes: old → new, per part */
    const uint32_t         *first_buffer;      /* views: what to add to buffer numbers, per part */
} stack;

/* ---- one piece --------------------------------------------------------------------------------------------------- */

static void put_code(void *out, fr_phys phys, int64_t at, uint32_t code)
{
    if (phys == FR_PHYS_U8) ((uint8_t *)out)[at] = (uint8_t)code;
    else if (phys == FR_PHYS_U16) ((uint16_t *)out)[at] = (uint16_t)code;
    else ((uint32_t *)out)[at] = code;
}

static void copy_codes(const stack *s, const piece *p)
{
    const fr_column *part = s->parts[p->part];
    for (int64_t i = 0; i < p->n; i++) {
        uint32_t code = fr_is_valid(part, p->from + i) ? s->maps[p->part][fr_column_code(part, p->from + i)] : 0;
        put_code(s->out, s->phys, p->to + i, code);
    }
}

static void copy_views(const stack *s, const piece *p)
{
    const fr_view *in = (const fr_view *)s->parts[p->part]->values + p->from;
    fr_view *out = (fr_view *)(void *)s->out + p->to;
    fr_put_many((char *)out, (const char *)in, (size_t)p->n * sizeof *in);
    uint32_t shift = s->first_buffer[p->part];
    if (!shift) return;
    for (int64_t i = 0; i < p->n; i++)
        if (out[i].in.length > FR_VIEW_INLINE) out[i].out.buffer += shift;
}

static bool copy_piece(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const stack *s = state;
    const piece *p = &s->pieces[block];
    if (!fr_go_on(call)) return false;
    if (s->maps) {
        copy_codes(s, p);
    } else if (s->phys == FR_PHYS_VIEW) {
        copy_views(s, p);
    } else if (s->parts[p->part]->phys != s->phys) {
        const fr_column *part = s->parts[p->part];
        fr_integers_copy(s->phys, s->out + (size_t)p->to * fr_phys_width(s->phys), part->phys,
                         (const char *)part->values + (size_t)p->from * fr_phys_width(part->phys), (size_t)p->n);
    } else {
        size_t width = fr_phys_width(s->phys);
        fr_put_many(s->out + (size_t)p->to * width, (const char *)s->parts[p->part]->values + (size_t)p->from * width,
                    (size_t)p->n * width);
    }
    return true;
}

/* Cut the parts into pieces of at most a block. */
static bool cut_pieces(fr_call *call, stack *s, fr_arena *arena)
{
    int64_t step = fr_bit_block_rows(call), at = 0;
    size_t n = s->n_parts + (size_t)(s->length / step);
    piece *pieces = fr_arena_array(call, arena, n, sizeof *pieces);
    if (!pieces) return false;
    for (size_t part = 0; part < s->n_parts; part++)
        for (int64_t from = 0; from < s->parts[part]->length; from += step) {
            int64_t here = fr_smaller(step, s->parts[part]->length - from);
            pieces[s->n_pieces++] = (piece){ from, at, here, part };
            at += here;
        }
    s->pieces = pieces;
    return true;
}

static fr_buffer *stack_values(fr_call *call, stack *s, fr_arena *arena)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *out = fr_buffer_array(call, (size_t)s->length, fr_phys_width(s->phys));
    if (!out || !cut_pieces(call, s, arena)) return NULL;
    s->out = out->data;
    return fr_for_blocks_of(call, (size_t)s->length, s->n_pieces, copy_piece, s) ? fr_steal(out) : NULL;
}

/* ---- bits -------------------------------------------------------------------------------------------------------- */

static void append_ones(uint64_t *out, int64_t at, int64_t n)
{
    for (; n && (at & 63); n--, at++) out[at >> 6] |= (uint64_t)1 << (at & 63);
    for (; n >= 64; n -= 64, at += 64) out[at >> 6] = UINT64_MAX;
    if (n) out[at >> 6] |= ((uint64_t)1 << n) - 1;
}

/* The bits `which` (values or validity) of all parts; a part without validity counts as all ones. */
static fr_buffer *stack_bits(fr_call *call, const stack *s, bool validity)
{
    fr_buffer *out = fr_bits_new(call, s->length);
    int64_t at = 0;
    for (size_t i = 0; out && i < s->n_parts; at += s->parts[i++]->length) {
        const fr_column *part = s->parts[i];
        const uint64_t *bits = validity ? part->valid : part->values;
        if (bits) FR_ISA_PICK(fr_bits_kernels)->append(out->data, at, bits, part->length);
        else append_ones(out->data, at, part->length);
    }
    return out;
}

/* Do codes mean the same in all parts? */
static bool one_dictionary(const stack *s)
{
    bool same = true;
    for (size_t i = 1; i < s->n_parts; i++)
        same = same && s->parts[i]->dictionary == s->parts[0]->dictionary && s->parts[i]->phys == s->phys;
    return same;
}

/* ---- per layout -------------------------------------------------------------------------------------------------- */

static void drop_dictionary(fr_dictionary **slot)
{
    fr_dictionary_unref(*slot);
}

static fr_column *stack_codes(fr_call *call, stack *s, fr_arena *arena, fr_column_parts *parts)
{
    const fr_dictionary **inputs = fr_arena_array(call, arena, s->n_parts, sizeof *inputs);
    s->maps = fr_arena_array(call, arena, s->n_parts, sizeof *s->maps);
    if (!inputs || !s->maps) return NULL;
    for (size_t i = 0; i < s->n_parts; i++) inputs[i] = s->parts[i]->dictionary;
    FR_CLEANUP(drop_dictionary) fr_dictionary *all = fr_dictionary_union(call, inputs, s->n_parts, arena, s->maps);
    if (!all) return NULL;
    s->phys = fr_codes_phys(all->length);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = stack_values(call, s, arena);
    if (!values) return NULL;
    parts->phys = s->phys;
    parts->dictionary = all;
    parts->values = values;
    return fr_column_new(call, parts);
}

static fr_column *stack_views(fr_call *call, stack *s, fr_arena *arena, fr_column_parts *parts)
{
    fr_heap **heaps = fr_arena_array(call, arena, s->n_parts, sizeof *heaps);
    uint32_t *first_buffer = fr_arena_array(call, arena, s->n_parts, sizeof *first_buffer);
    if (!heaps || !first_buffer) return NULL;
    for (size_t i = 0; i < s->n_parts; i++) heaps[i] = s->parts[i]->heap;
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = fr_heap_join(call, heaps, s->n_parts, first_buffer);
    if (!heap) return NULL;
    s->first_buffer = first_buffer;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = stack_values(call, s, arena);
    if (!values) return NULL;
    parts->heap = heap->n_buffers ? heap : NULL;
    parts->values = values;
    return fr_column_new(call, parts);
}

/* Numbers, bools, codes of one dictionary, texts of one form, and scaled numbers of as many digits. */
static fr_column *stack_fixed(fr_call *call, stack *s, fr_arena *arena, fr_column_parts *parts)
{
    parts->dictionary = s->parts[0]->dictionary;
    parts->form = s->parts[0]->form;
    parts->digits = s->parts[0]->digits;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values =
        s->phys == FR_PHYS_BOOL ? stack_bits(call, s, false) : stack_values(call, s, arena);
    if (!values) return NULL;
    parts->values = values;
    return fr_column_new(call, parts);
}

/* Offsets shifted to follow each other, over the items the parts really use. */
static fr_column *stack_lists(fr_call *call, stack *s, fr_arena *arena, fr_column_parts *parts)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *offsets = fr_buffer_array(call, (size_t)s->length + 1, sizeof(int64_t));
    fr_column **items = fr_arena_array(call, arena, s->n_parts, sizeof *items);
    if (!offsets || !items) return NULL;
    int64_t *out = offsets->data, total = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < s->n_parts; i++) {
        const fr_column *part = s->parts[i];
        const int64_t *from = part->values;
        for (int64_t row = 0; row < part->length; row++) *out++ = total + from[row] - from[0];
        total += from[part->length] - from[0];
        items[i] = fr_column_slice(call, part->children[0], from[0], from[part->length] - from[0]);
        ok = items[i] != NULL;
    }
    *out = total;
    FR_OWNED fr_column *child = ok ? fr_column_concat(call, (const fr_column *const *)items, s->n_parts) : NULL;
    for (size_t i = 0; i < s->n_parts; i++) fr_column_unref(items[i]);
    if (!child) return NULL;
    parts->values = offsets;
    parts->children = &child;
    return fr_column_new(call, parts);
}

static fr_column *stack_structs(fr_call *call, stack *s, fr_arena *arena, fr_column_parts *parts)
{
    fr_column **children = fr_arena_array(call, arena, parts->n_children, sizeof *children);
    const fr_column **same = fr_arena_array(call, arena, s->n_parts, sizeof *same);
    bool ok = children && same;
    for (size_t c = 0; ok && c < parts->n_children; c++) {
        for (size_t i = 0; i < s->n_parts; i++) same[i] = s->parts[i]->children[c];
        children[c] = fr_column_concat(call, same, s->n_parts);
        ok = children[c] != NULL;
    }
    parts->children = children;
    fr_column *stacked = ok ? fr_column_new(call, parts) : NULL;
    for (size_t c = 0; children && c < parts->n_children; c++) fr_column_unref(children[c]);
    return stacked;
}

static fr_column *stack_parts(fr_call *call, stack *s)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    fr_arena_init(&arena, call->context);
    fr_column_parts parts = { .type = s->parts[0]->type, .phys = s->phys, .n_children = s->parts[0]->n_children };
    for (size_t i = 0; i < s->n_parts; i++) {
        if (__builtin_add_overflow(s->length, s->parts[i]->length, &s->length)) {
            fr_fail(call, FR_ERR_LIMIT, "more than 2^63 rows");
            return NULL;
        }
        parts.null_count += s->parts[i]->null_count;
    }
    parts.length = s->length;
    if (s->phys == FR_PHYS_NONE) return fr_column_null(call, parts.type, s->length);
    if (parts.null_count) {
        parts.valid = valid = stack_bits(call, s, true);
        if (!valid) return NULL;
    }
    switch (s->phys) {
    case FR_PHYS_VIEW:   return stack_views(call, s, &arena, &parts);
    case FR_PHYS_LIST:   return stack_lists(call, s, &arena, &parts);
    case FR_PHYS_STRUCT: return stack_structs(call, s, &arena, &parts);
    default:
        return s->parts[0]->dictionary && !one_dictionary(s) ? stack_codes(call, s, &arena, &parts)
                                                             : stack_fixed(call, s, &arena, &parts);
    }
}

/* ---- which layout ------------------------------------------------------------------------------------------------ */

static bool same_types(fr_call *call, const fr_column *const *columns, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (!fr_type_equal(columns[0]->type, columns[i]->type)) {
            char a[FR_TYPE_TEXT_BYTES], b[FR_TYPE_TEXT_BYTES];
            return fr_fail(call, FR_ERR_TYPE, "columns of type %s and %s cannot be put one below the other",
                           fr_type_name(columns[0]->type, a), fr_type_name(columns[i]->type, b));
        }
    return true;
}

static bool mixed(const fr_column *const *columns, size_t n)
{
    size_t coded = 0;
    for (size_t i = 0; i < n; i++) coded += columns[i]->dictionary != NULL;
    return coded && coded < n;
}

/* Do numbers that stand for texts, or for other numbers, mean the same in all? */
static bool one_form(const fr_column *const *columns, size_t n)
{
    bool one = true;
    for (size_t i = 1; one && i < n; i++)
        one = fr_form_same(columns[0]->form, columns[i]->form) && columns[0]->digits == columns[i]->digits;
    return one;
}

/* As the parts can be put below each other where they lie differently: texts as views, and doubles. */
static fr_column *in_full(fr_call *call, const fr_column *column)
{
    if (column->type->kind == FR_F64) return fr_column_unscaled(call, column);
    return column->form ? fr_column_unformed(call, column) : fr_column_as_views(call, column);
}

/* The layout of the first; of integers that lie differently, the widest. */
static fr_phys common_phys(const fr_column *const *columns, size_t n)
{
    fr_phys phys = columns[0]->phys;
    for (size_t i = 1; i < n && columns[0]->type->kind == FR_I64; i++)
        if (columns[i]->phys > phys) phys = columns[i]->phys;
    return phys;
}

fr_column *fr_column_concat(fr_call *call, const fr_column *const *columns, size_t n)
{
    if (n == 1) return fr_column_ref(columns[0]);
    if (!same_types(call, columns, n)) return NULL;
    stack s = { .parts = columns, .n_parts = n, .phys = common_phys(columns, n) };
    if (!mixed(columns, n) && one_form(columns, n)) return stack_parts(call, &s);

    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **full = fr_arena_array(call, &arena, n, sizeof *full);
    bool ok = full != NULL;
    for (size_t i = 0; ok && i < n; i++) {
        full[i] = in_full(call, columns[i]);
        ok = full[i] != NULL;
    }
    s.parts = (const fr_column *const *)full;
    s.phys = columns[0]->type->kind == FR_F64 ? FR_PHYS_F64 : FR_PHYS_VIEW;
    fr_column *stacked = ok ? stack_parts(call, &s) : NULL;
    for (size_t i = 0; full && i < n; i++) fr_column_unref(full[i]);
    return stacked;
}
