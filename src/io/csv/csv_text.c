/* csv_text.c — the heap behind a text column.
 *
 * A worker copies long texts into a block of its own; taking a new block is the only thing that needs the lock. Blocks
 * begin small, so that many small columns stay small, and double up to 4 MiB.
 */
#include "io/csv/csv_text.h"

#include "base/memory.h"
#include "base/spin.h"

#define FIRST_BYTES (16u << 10)
#define MOST_BYTES  ((4u << 20) - FR_BUFFER_SLACK)      /* two huge pages, no more */

bool fr_csv_text_begin(fr_call *call, fr_csv_text *text, size_t n_workers)
{
    fr_csv_text_clear(text);
    *text = (fr_csv_text){ .context = call->context, .n_workers = n_workers, .lock = ATOMIC_FLAG_INIT };
    text->blocks = fr_new_array(call, n_workers, sizeof *text->blocks);
    if (!text->blocks) text->context = NULL;
    return text->blocks != NULL;
}

void fr_csv_text_clear(fr_csv_text *text)
{
    if (!text->context) return;
    for (size_t i = 0; i < text->n_buffers; i++) fr_buffer_unref(text->buffers[i]);
    fr_free_array(text->context, text->buffers, text->capacity, sizeof *text->buffers);
    fr_free_array(text->context, text->blocks, text->n_workers, sizeof *text->blocks);
    *text = (fr_csv_text){ .context = NULL, .lock = ATOMIC_FLAG_INIT };
}

static bool list_buffer(fr_call *call, fr_csv_text *text, fr_buffer *buffer, uint32_t *number)
{
    if (text->n_buffers == text->capacity) {
        size_t n = text->capacity ? 2 * text->capacity : 8;
        fr_buffer **buffers = fr_resize_array(call, text->buffers, text->capacity, n, sizeof *buffers);
        if (!buffers) return false;
        text->buffers = buffers;
        text->capacity = n;
    }
    *number = (uint32_t)text->n_buffers;
    text->buffers[text->n_buffers++] = buffer;
    return true;
}

static fr_buffer *listed_buffer(fr_call *call, fr_csv_text *text, size_t n, uint32_t *number)
{
    fr_buffer *buffer = fr_buffer_new(call, n);
    if (!buffer) return NULL;
    fr_spin_lock(&text->lock);
    bool listed = list_buffer(call, text, buffer, number);
    fr_spin_unlock(&text->lock);
    if (listed) return buffer;
    fr_buffer_unref(buffer);
    return NULL;
}

static bool new_block(fr_call *call, fr_csv_text *text, fr_csv_text_block *block, size_t n)
{
    size_t size = block->buffer ? 2 * block->buffer->size_bytes : FIRST_BYTES;
    uint32_t number;
    if (size > MOST_BYTES) size = MOST_BYTES;
    fr_buffer *buffer = listed_buffer(call, text, n > size ? n : size, &number);
    if (buffer) *block = (fr_csv_text_block){ .buffer = buffer, .number = number };
    return buffer;
}

char *fr_csv_text_block_of(fr_call *call, fr_csv_text *text, size_t n, uint32_t *number)
{
    fr_buffer *buffer = listed_buffer(call, text, n, number);
    return buffer ? buffer->data : NULL;
}

bool fr_csv_text_long(fr_call *call, fr_csv_text *text, size_t worker, const char *bytes, size_t n, fr_view *out)
{
    fr_csv_text_block *block = &text->blocks[worker];
    if ((!block->buffer || block->buffer->size_bytes - block->used < n) && !new_block(call, text, block, n)) return false;
    char *to = (char *)block->buffer->data + block->used;
    memcpy(to, bytes, n);
    *out = fr_view_long(bytes, n, block->number, (uint32_t)block->used);
    block->used += n;
    return true;
}

bool fr_csv_text_finish(fr_call *call, fr_csv_text *text, fr_heap **heap)
{
    *heap = NULL;
    for (size_t i = 0; i < text->n_workers; i++) {
        fr_csv_text_block *block = &text->blocks[i];
        if (block->buffer && !fr_buffer_resize(call, block->buffer, block->used)) return false;
    }
    if (text->n_buffers) *heap = fr_heap_new(call, text->buffers, text->n_buffers);
    bool fine = !text->n_buffers || *heap;
    fr_csv_text_clear(text);
    return fine;
}
