/* csv_packed.c — codes and whole numbers lie as narrow as they are, from the first row on.
 *
 * A block is converted into a room that stays in the first cache and from there goes to its rows. What the widest value will
 * be nobody knows before the end, so a column has the width that the windows before needed. A worker that sees something
 * wider puts its blocks aside, and when the window is done the column gets wider and takes them in:
 *
 *     so far, one byte each   7 3 12 5 … … … 9        aside, rows 4 to 6   8 300 2
 *     two bytes each          7 3 12 5 8 300 2 9
 */
#include "io/csv/csv_column.h"

#include <string.h>

#include "base/memory.h"
#include "io/csv/csv_formed.h"
#include "io/csv/csv_scaled.h"

bool fr_csv_column_is_packed(const fr_csv_column *c)
{
    return c->coded || c->digits || c->type->kind == FR_I64;
}

/* Bytes of a value in a block's room. */
static size_t room_width(const fr_csv_column *c)
{
    return c->coded ? sizeof(uint32_t) : sizeof(int64_t);
}

/* Bytes that all values need which a worker has seen. */
static uint8_t width_seen(const fr_csv_column *c, size_t worker)
{
    if (c->coded) {
        const size_t most = c->codes.workers[worker].n;
        return most <= UINT8_MAX ? 1 : most <= UINT16_MAX ? 2 : 4;
    }
    const fr_csv_facts *facts = &c->facts[worker];
    return facts->any ? (uint8_t)fr_phys_width(fr_integer_phys(facts->min.i, facts->max.i)) : 1;
}

/* Codes have no sign, which matters when they get wider. */
static fr_phys unsigned_phys(size_t width)
{
    return width == 1 ? FR_PHYS_U8 : width == 2 ? FR_PHYS_U16 : FR_PHYS_U32;
}

/* From a block's room or a narrower column to rows of this one. */
static void copy_packed(const fr_csv_column *c, const void *from, size_t from_width, int64_t row, int64_t n)
{
    const size_t width = c->packed_width;
    char *to = (char *)c->values->data + (size_t)row * width;
    const fr_phys phys = c->coded ? unsigned_phys(from_width) : fr_csv_packed_phys(from_width);
    fr_integers_copy(fr_csv_packed_phys(width), to, phys, from, (size_t)n);
}

/* ---- blocks put aside --------------------------------------------------------------------------------------------- */
bool fr_csv_spills_begin(fr_call *call, fr_csv_column *c)
{
    c->spills = fr_new_array(call, c->n_workers, sizeof *c->spills);
    return c->spills != NULL;
}

void fr_csv_spills_clear(fr_csv_column *c, fr_context *context)
{
    for (size_t w = 0; c->spills && w < c->n_workers; w++)
        fr_free_array(context, c->spills[w].words, c->spills[w].capacity, sizeof *c->spills[w].words);
    fr_free_array(context, c->spills, c->n_workers, sizeof *c->spills);
    c->spills = NULL;
    atomic_store(&c->spilled, false);
}

static size_t words_of(size_t n, size_t width)
{
    return (n * width + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

void *fr_csv_spill_room(fr_call *call, fr_csv_spill *s, const fr_csv_block *b, size_t width)
{
    const size_t needed = s->n + 2 + words_of(b->n, width);
    if (needed > s->capacity) {
        const size_t n = 2 * s->capacity > needed ? 2 * s->capacity : needed;
        uint64_t *words = fr_resize_array(call, s->words, s->capacity, n, sizeof *words);
        if (!words) return NULL;
        s->words = words;
        s->capacity = n;
    }
    s->words[s->n] = (uint64_t)b->row;
    s->words[s->n + 1] = b->n;
    uint64_t *room = s->words + s->n + 2;
    s->n = needed;
    return room;
}

static bool put_aside(fr_call *call, fr_csv_spill *s, const fr_csv_block *b, size_t width)
{
    void *room = fr_csv_spill_room(call, s, b, width);
    if (room) memcpy(room, b->room, b->n * width);
    return room;
}

void fr_csv_spill_take(const fr_csv_spill *s, size_t width, void *values)
{
    for (size_t at = 0; at < s->n; at += 2 + words_of(s->words[at + 1], width))
        memcpy((char *)values + s->words[at] * width, s->words + at + 2, s->words[at + 1] * width);
}

static void take_back(const fr_csv_column *c, const fr_csv_spill *s)
{
    const size_t width = room_width(c);
    for (size_t at = 0; at < s->n; at += 2 + words_of(s->words[at + 1], width))
        copy_packed(c, s->words + at + 2, width, (int64_t)s->words[at], (int64_t)s->words[at + 1]);
}

/* ---- blocks and windows ------------------------------------------------------------------------------------------- */
bool fr_csv_column_keep(fr_call *call, fr_csv_column *c, const fr_csv_block *b)
{
    if (!fr_csv_column_is_packed(c) || (c->digits && fr_csv_scaled_keep(c, b))) return true;
    if (c->digits || width_seen(c, b->worker) > c->packed_width) {
        atomic_store_explicit(&c->spilled, true, memory_order_relaxed);
        return put_aside(call, &c->spills[b->worker], b, room_width(c));
    }
    copy_packed(c, b->room, room_width(c), b->row, (int64_t)b->n);
    return true;
}

static bool widen(fr_call *call, fr_csv_column *c, uint8_t width, int64_t rows)
{
    fr_buffer *wider = fr_buffer_array(call, (size_t)c->capacity, width), *before = c->values;
    if (!wider) return false;
    const uint8_t width_before = c->packed_width;
    c->values = wider;
    c->packed_width = width;
    copy_packed(c, before->data, width_before, 0, rows);
    fr_buffer_unref(before);
    return true;
}

bool fr_csv_column_unspill(fr_call *call, fr_csv_column *c, int64_t rows)
{
    if (!atomic_load(&c->spilled)) return true;
    if (c->form) return fr_csv_column_unform(call, c, rows);
    if (c->digits) return fr_csv_column_unscale(call, c, rows);
    uint8_t width = c->packed_width;
    for (size_t w = 0; w < c->n_workers; w++) width = width_seen(c, w) > width ? width_seen(c, w) : width;
    if (!widen(call, c, width, rows)) return false;
    for (size_t w = 0; w < c->n_workers; w++) {
        fr_csv_spill *s = &c->spills[w];
        take_back(c, s);
        fr_free_array(call->context, s->words, s->capacity, sizeof *s->words);
        *s = (fr_csv_spill){ .words = NULL };
    }
    atomic_store(&c->spilled, false);
    return true;
}
