/* view.c — comparing views, and collecting texts behind them.
 *
 * Collected texts go into blocks of growing size (4 KiB, doubling up to 1 GiB), which become the heap's buffers; short
 * texts live in their views alone and leave the blocks untouched. Who knows what will come says so (fr_texts_expect), and
 * gets one block for it.
 */
#include "data/view.h"

#include "base/put_bytes.h"
#include "base/memory.h"

enum { FIRST_BLOCK = 4096 };

int fr_view_compare(const fr_view *a, const char *const *a_bases, const fr_view *b, const char *const *b_bases)
{
    uint32_t a_start, b_start;      /* the first four bytes lie at the same place in both forms, zero-padded */
    memcpy(&a_start, a->out.prefix, 4);
    memcpy(&b_start, b->out.prefix, 4);
    if (a_start != b_start) return __builtin_bswap32(a_start) < __builtin_bswap32(b_start) ? -1 : 1;

    size_t shorter = a->in.length < b->in.length ? a->in.length : b->in.length;
    int order = memcmp(fr_view_text(a, a_bases), fr_view_text(b, b_bases), shorter);
    if (order) return order;
    return (a->in.length > b->in.length) - (a->in.length < b->in.length);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static fr_buffer *last_block(const fr_texts *texts)
{
    return texts->n_buffers ? texts->buffers[texts->n_buffers - 1] : NULL;
}

static bool more_slots(fr_call *call, fr_texts *texts)
{
    if (texts->n_buffers < texts->capacity) return true;
    size_t more = texts->capacity ? 2 * texts->capacity : 4;
    fr_buffer **buffers = texts->capacity ? fr_resize_array(call, texts->buffers, texts->capacity, more,
                                                            sizeof *buffers)
                                          : fr_new_array(call, more, sizeof *buffers);
    if (!buffers) return false;
    texts->buffers = buffers;
    texts->capacity = more;
    return true;
}

/* Give back what the last block did not use. Shrinking never fails. */
static void close_block(fr_call *call, fr_texts *texts)
{
    fr_buffer *block = last_block(texts);
    if (block && !fr_buffer_resize(call, block, texts->used)) fr_call_forgive(call);
}

static bool new_block(fr_call *call, fr_texts *texts, size_t n)
{
    const fr_buffer *before = last_block(texts);
    size_t size = before ? 2 * before->size_bytes : FIRST_BLOCK;
    if (size < texts->expected) size = texts->expected;
    if (size > FR_LARGEST_TEXT_BLOCK) size = FR_LARGEST_TEXT_BLOCK;
    if (size < n) size = n;
    if (!more_slots(call, texts)) return false;
    fr_buffer *block = fr_buffer_new(call, size);
    if (!block) return false;
    close_block(call, texts);
    texts->buffers[texts->n_buffers++] = block;
    texts->used = texts->expected = 0;
    return true;
}

char *fr_texts_room(fr_call *call, fr_texts *texts, size_t n)
{
    if (n > INT32_MAX) {
        fr_fail(call, FR_ERR_LIMIT, "a text of %zu bytes: the longest is %d", n, INT32_MAX);
        return NULL;
    }
    const fr_buffer *block = last_block(texts);
    if ((!block || block->size_bytes - texts->used < n) && !new_block(call, texts, n)) return NULL;
    return (char *)last_block(texts)->data + texts->used;
}

void fr_texts_seal(fr_texts *texts, const char *room, size_t n, fr_view *out)
{
    if (n <= FR_VIEW_INLINE) {
        *out = fr_view_short(room, n);
        return;
    }
    *out = fr_view_long(room, n, (uint32_t)(texts->n_buffers - 1), (uint32_t)texts->used);
    texts->used += n;
}

bool fr_texts_add(fr_call *call, fr_texts *texts, const char *text, size_t n, fr_view *out)
{
    if (n <= FR_VIEW_INLINE) {
        *out = fr_view_short(text, n);
        return true;
    }
    char *room = fr_texts_room(call, texts, n);
    if (!room) return false;
    fr_put_bytes(room, text, n);
    fr_texts_seal(texts, room, n, out);
    return true;
}

void fr_texts_expect(fr_texts *texts, double times)
{
    size_t bytes = texts->used;
    for (size_t i = 0; i + 1 < texts->n_buffers; i++) bytes += texts->buffers[i]->size_bytes;
    const double expected = (double)bytes * times * (17.0 / 16);
    texts->expected = expected < (double)FR_LARGEST_TEXT_BLOCK ? (size_t)expected : FR_LARGEST_TEXT_BLOCK;
}

fr_heap *fr_texts_finish(fr_call *call, fr_texts *texts)
{
    close_block(call, texts);
    fr_heap *heap = fr_heap_new(call, texts->buffers, texts->n_buffers);
    if (heap) fr_texts_clear(texts);
    return heap;
}

void fr_texts_clear(fr_texts *texts)
{
    for (size_t i = 0; i < texts->n_buffers; i++) fr_buffer_unref(texts->buffers[i]);
    if (texts->capacity) fr_free_array(texts->context, texts->buffers, texts->capacity, sizeof *texts->buffers);
    *texts = (fr_texts){ .context = texts->context };
}
