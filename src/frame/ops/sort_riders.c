/* sort_riders.c — a number sorted together with what else a row has, where that is eight bytes at most.
 *
 *     v3   7.5 1.2 3.3      codes dealt to buckets    2 | 1 0      in order  0 1 2   →   v3   1.2 3.3 7.5
 *     id6   40   9  16      and with them            40 | 9 16     in order            →   id6    9  16  40
 *
 * A sort by row numbers looks each column's values up afterwards, all over memory. Here the values of the other columns
 * take the place of row numbers on their way (kernel/row_order.h), and the key's own are read off their codes, bucket by
 * bucket while the cache holds them. Only of codes that tell the value: not where there are nulls, NaN (whose bits differ)
 * or -0, which sorts as 0 does.
 */
#include "ops/sort_riders.h"

#include "base/memory.h"
#include "base/threads.h"
#include "data/column_make.h"
#include "kernel/row_order.h"
#include "kernel/row_strays.h"
#include "ops/order.h"
#include "ops/verb_result.h"

#include <stdatomic.h>
#include <string.h>

enum { WORD = 8, BLOCK_ROWS = 1 << 16 };

typedef struct rider {
    const fr_column *column;               /* NULL: it is the key's */
    size_t           width, at;            /* in the word of a row */
    fr_buffer       *values;               /* in order; owned */
} rider;

typedef struct riding_sort {
    const fr_frame *frame;
    const fr_keys  *keys;
    size_t          key;
    size_t          n;                     /* columns */
    rider          *riders;                /* by column; the key's among them */
    fr_phys         phys;                  /* of the key */
    fr_code_rule    rule;
    bool            has_zero;              /* which may be -0 */
    _Atomic(bool)   is_lossy;              /* a code stands for more than one value */
    size_t          bytes, lone;           /* of a row's word, 4 or 8; the column that is one by itself, else n */
    uint64_t       *codes;
    char           *words, *moved;         /* of riders, by row and in order */
} riding_sort;

static void drop_riders(riding_sort *s)
{
    for (size_t i = 0; s->riders && i < s->n; i++) fr_buffer_unref(s->riders[i].values);
}

/* ---- is this the way --------------------------------------------------------------------------------------------- */
static bool is_number(const fr_column *column)
{
    return column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_F64 && !fr_is_coded(column) && !column->foreign;
}

/* Columns side by side in a word, the widest first, so that each is aligned. False: they do not fit, or have nulls. */
static bool lay_out(riding_sort *s)
{
    size_t used = 0, n_riders = 0;
    s->lone = s->n;
    for (size_t width = WORD; width; width /= 2)
        for (size_t i = 0; i < s->n; i++) {
            const fr_column *column = s->frame->columns[i];
            if (i == s->key || fr_phys_width(column->phys) != width) continue;
            s->riders[i] = (rider){ .column = column, .width = width, .at = used };
            s->lone = i;
            used += width;
            n_riders++;
        }
    for (size_t i = 0; i < s->n; i++) {
        const fr_column *column = s->frame->columns[i];
        if (column->null_count || column->phys == FR_PHYS_LIST || (i != s->key && !s->riders[i].width)) return false;
    }
    s->bytes = used <= sizeof(uint32_t) ? sizeof(uint32_t) : sizeof(uint64_t);
    if (n_riders != 1 || used != s->bytes) s->lone = s->n;
    return used <= WORD;
}

static bool tells_values(riding_sort *s, const fr_key_part *part)
{
    const bool is_float = s->phys == FR_PHYS_F64 || s->phys == FR_PHYS_F32;
    const uint64_t zero = fr_ordered_f64(0.0);
    s->rule = part->rule;
    s->has_zero = is_float && part->rule.low <= zero && zero <= part->rule.top;
    return part->slice == FR_KEY_WHOLE && !part->valid && !part->map && !part->text
        && part->rule.span == part->rule.top - part->rule.low + 1;                    /* no code of NaN */
}

static bool is_worth_it(riding_sort *s)
{
    return s->keys->n_parts == 1 && tells_values(s, &s->keys->parts[0])
        && fr_order_is_packed((size_t)s->frame->length, s->rule.span - 1, false);
}

/* ---- before ------------------------------------------------------------------------------------------------------ */
static bool has_minus_zero(const riding_sort *s, const void *values, size_t n)
{
    bool any = false;
    if (s->phys == FR_PHYS_F64)
        for (size_t i = 0; i < n; i++) any |= ((const uint64_t *)values)[i] == (uint64_t)1 << 63;
    else
        for (size_t i = 0; i < n; i++) any |= ((const uint32_t *)values)[i] == (uint32_t)1 << 31;
    return any;
}

FR_TEMPLATE_FN void copy_apart(char *restrict to, size_t to_step, const char *restrict from, size_t from_step, size_t n,
                               size_t width)
{
    for (size_t i = 0; i < n; i++) memcpy(to + i * to_step, from + i * from_step, width);
}

static void copy_values(char *to, size_t to_step, const char *from, size_t from_step, size_t n, size_t width)
{
    switch (width) {
    case 1:  copy_apart(to, to_step, from, from_step, n, 1); break;
    case 2:  copy_apart(to, to_step, from, from_step, n, 2); break;
    case 4:  copy_apart(to, to_step, from, from_step, n, 4); break;
    default: copy_apart(to, to_step, from, from_step, n, 8);
    }
}

static bool make_words(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const riding_sort *s = state;
    const fr_stretch rows = fr_stretch_of(s->frame->length, BLOCK_ROWS, block);
    for (size_t i = 0; i < s->n; i++) {
        const rider *r = &s->riders[i];
        if (!r->column) continue;
        copy_values(s->words + (size_t)rows.first * s->bytes + r->at, s->bytes,
                    (const char *)r->column->values + (size_t)rows.first * r->width, r->width,
                    (size_t)(rows.end - rows.first), r->width);
    }
    return fr_go_on(call);
}

static bool make_codes(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    riding_sort *s = state;
    const fr_column *key = s->frame->columns[s->key];
    if (!fr_go_on(call) || atomic_load_explicit(&s->is_lossy, memory_order_relaxed)) return !fr_failed(call);
    for (fr_stretch v = fr_stretch_of(s->frame->length, BLOCK_ROWS, block); fr_next_stretch(&v);) {
        fr_keys_codes(s->keys, 0, 1, v.first, v.n, s->codes + v.first);
        if (s->has_zero && has_minus_zero(s, (const char *)key->values + (size_t)v.first * fr_phys_width(s->phys), v.n))
            atomic_store_explicit(&s->is_lossy, true, memory_order_relaxed);
    }
    return true;
}

/* ---- behind ------------------------------------------------------------------------------------------------------ */
/* Ordered bits (kernel/key_codes.h) of codes, in their place. */
static void decode(const fr_code_rule *rule, uint64_t *codes, size_t n)
{
    const uint64_t flip = rule->descending ? UINT64_MAX : 0;
    const uint64_t add = rule->descending ? rule->top + rule->shift + 1 : rule->low - rule->shift;
    for (size_t i = 0; i < n; i++) codes[i] = (codes[i] ^ flip) + add;
}

static void put_floats(float *to, const uint64_t *ordered, size_t n)
{
    for (size_t i = 0; i < n; i++) to[i] = (float)fr_unordered_f64(ordered[i]);
}

/* Those of eight bytes stay where their codes were. Keys of one or two have too few values to be here. */
static void put_numbers(const riding_sort *s, char *to, uint64_t *ordered, size_t n)
{
    const uint64_t sign = (uint64_t)1 << 63, flip = s->phys <= FR_PHYS_I64 ? sign : 0;
    if (s->phys == FR_PHYS_F32) {
        put_floats((float *)(void *)to, ordered, n);
        return;
    }
    if (s->phys == FR_PHYS_F64)
        for (size_t i = 0; i < n; i++) ordered[i] ^= ordered[i] >> 63 ? sign : UINT64_MAX;
    for (size_t i = 0; flip && i < n; i++) ordered[i] ^= flip;
    if (fr_phys_width(s->phys) != sizeof(uint32_t)) return;
    for (size_t i = 0; i < n; i++) ((uint32_t *)(void *)to)[i] = (uint32_t)ordered[i];
}

static void settle(const void *state, uint64_t *codes, size_t begin, size_t n)
{
    const riding_sort *s = state;
    decode(&s->rule, codes, n);
    put_numbers(s, (char *)s->riders[s->key].values->data + begin * fr_phys_width(s->phys), codes, n);
    for (size_t i = 0; i < s->n; i++) {
        const rider *r = &s->riders[i];
        if (r->column && i != s->lone)
            copy_values((char *)r->values->data + begin * r->width, r->width, s->moved + begin * s->bytes + r->at,
                        s->bytes, n, r->width);
    }
}

static fr_column *column_of(fr_call *call, const riding_sort *s, size_t i)
{
    const fr_column *from = s->frame->columns[i];
    fr_column_parts parts = fr_parts_like(from);
    parts.length = from->length;
    parts.values = s->riders[i].values;
    parts.facts = fr_facts_reordered(from);
    return fr_column_of_few(call, from, &parts);
}

static fr_frame *frame_of(fr_call *call, const riding_sort *s)
{
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { 0 };
    if (!fr_columns_init(call, &columns, s->n)) return NULL;
    for (size_t i = 0; i < s->n; i++)
        if (!(columns.at[i] = column_of(call, s, i))) return NULL;
    return fr_frame_next(call, s->frame, s->frame->schema, columns.at, s->frame->length);
}

/* ---- the sort ---------------------------------------------------------------------------------------------------- */
/* Rows nearly in order are merged, and their columns taken, which reads them from the front to the end. */
static bool merge_strays(fr_call *call, const riding_sort *s, fr_frame **sorted)
{
    const int64_t n = s->frame->length;
    const bool wide = fr_rows_are_wide(n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_buffer_array(call, (size_t)n, fr_row_bytes(wide));
    bool done;
    if (!order) return false;
    const fr_row_array array = { .at = order->data, .wide = wide, .n = (size_t)n };
    if (!fr_order_strays(call, s->codes, s->rule.span - 1, &array, NULL, &done)) return false;
    if (!done) return true;
    const fr_rows rows = fr_order_rows(order, n);
    *sorted = fr_rows_are_identity(&rows) ? fr_frame_ref(s->frame) : fr_frame_gather(call, s->frame, &rows);
    return *sorted != NULL;
}

/* Values of the lone rider are its words in order, and those of a wide key its codes. */
static bool make_room(fr_call *call, riding_sort *s, fr_buffer *moved, fr_buffer *dealt)
{
    for (size_t i = 0; i < s->n; i++) {
        rider *r = &s->riders[i];
        const size_t width = fr_phys_width(s->frame->columns[i]->phys);
        if (i == s->lone) r->values = fr_buffer_ref(moved);
        else if (i == s->key && width == WORD) r->values = fr_buffer_ref(dealt);
        else r->values = fr_buffer_array(call, (size_t)s->frame->length, width);
        if (!r->values) return false;
    }
    return true;
}

static bool sort_words(fr_call *call, riding_sort *s, const fr_buffer *codes)
{
    const size_t n = (size_t)s->frame->length;
    const bool copied = s->lone == s->n && s->n > 1;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = copied ? fr_buffer_array(call, n, s->bytes) : NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *moved = fr_buffer_array(call, n, s->bytes);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *dealt = fr_buffer_array(call, n, sizeof(uint64_t));
    if ((copied && !words) || !moved || !dealt || !make_room(call, s, moved, dealt)) return false;
    s->words = words ? words->data : NULL;
    s->moved = moved->data;
    if (words && !fr_for_blocks(call, fr_block_count(n, BLOCK_ROWS), make_words, s)) return false;
    const void *riders = s->lone < s->n ? s->riders[s->lone].column->values : s->words;
    const fr_riding riding = { .values = riders, .settle = settle, .state = s };
    const fr_row_array rows = { .at = s->moved, .wide = s->bytes == WORD, .n = n };
    return fr_order_riding(call, codes->data, s->rule.span - 1, &rows, &riding, dealt->data);
}

static bool run(fr_call *call, riding_sort *s, fr_frame **sorted)
{
    const size_t n = (size_t)s->frame->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_array(call, n, sizeof(uint64_t));
    if (!codes) return false;
    s->codes = codes->data;
    if (!fr_for_blocks(call, fr_block_count(n, BLOCK_ROWS), make_codes, s)) return false;
    if (atomic_load(&s->is_lossy)) return true;
    if (!merge_strays(call, s, sorted)) return false;
    if (*sorted) return true;
    if (!sort_words(call, s, codes)) return false;
    *sorted = frame_of(call, s);
    return *sorted != NULL;
}

bool fr_sort_riding(fr_call *call, const fr_frame *frame, size_t key, const fr_key_want *want, fr_frame **sorted)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, frame->length);
    FR_CLEANUP(drop_riders) riding_sort s = { .frame = frame, .keys = &keys, .key = key, .n = fr_frame_width(frame),
                                              .phys = frame->columns[key]->phys };
    *sorted = NULL;
    if (!is_number(frame->columns[key]) || s.n > 1 + WORD) return true;
    s.riders = fr_arena_array(call, &arena, s.n, sizeof *s.riders);
    if (!s.riders) return false;
    for (size_t i = 0; i < s.n; i++) s.riders[i] = (rider){ 0 };
    if (!lay_out(&s)) return true;
    if (!fr_keys_add(call, &keys, frame->columns[key], want, NULL)) return false;
    return !is_worth_it(&s) || run(call, &s, sorted);
}
