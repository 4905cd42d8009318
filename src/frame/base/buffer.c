/* buffer.c — counted column memory: small ones from the context's allocator, large ones from the pool.
 *
 * Every block has FR_BUFFER_SLACK bytes behind its capacity, zeroed when the buffer is made, so a kernel may load and
 * store whole vectors at the end. A context with an allocator of its own gets everything from there: a failure sweep
 * then sees each buffer as one allocation of data (and one of the header).
 */
#include "base/buffer.h"

#include <string.h>

#include "base/context_state.h"
#include "base/memory.h"

enum { ALIGN = 64 };

/* Bytes of the block that serves a size: with slack, whole cache lines, or a size class of the pool. 0: too large. */
static size_t block_bytes(const fr_context *context, size_t size_bytes)
{
    size_t bytes;
    if (!fr_size_add(size_bytes, FR_BUFFER_SLACK + ALIGN - 1, &bytes)) return 0;
    return fr_block_bytes(context, bytes & ~(size_t)(ALIGN - 1));
}

static size_t own_bytes(const fr_buffer *buffer)
{
    return buffer->capacity_bytes + FR_BUFFER_SLACK;
}

static fr_buffer *new_header(fr_call *call)
{
    fr_buffer *buffer = fr_new(call, sizeof *buffer);
    if (!buffer) return NULL;
    atomic_init(&buffer->refs, 1);
    buffer->context = fr_object_ref(call->context);
    return buffer;
}

static void free_header(fr_buffer *buffer)
{
    fr_context *context = buffer->context;
    fr_free(context, buffer, sizeof *buffer);
    fr_object_unref(context);
}

static void set_block(fr_buffer *buffer, void *block, size_t bytes, size_t size_bytes)
{
    buffer->data = block;
    buffer->capacity_bytes = bytes - FR_BUFFER_SLACK;
    buffer->size_bytes = size_bytes;
    memset((char *)block + size_bytes, 0, FR_BUFFER_SLACK);
}

static fr_buffer *make(fr_call *call, size_t size_bytes, fr_block_use use, bool zero)
{
    fr_buffer *buffer = new_header(call);
    if (!buffer) return NULL;
    size_t bytes = block_bytes(call->context, size_bytes);
    bool is_zero = zero;
    void *block = fr_block_take(call, bytes, ALIGN, use, &is_zero);
    if (!block) {
        free_header(buffer);
        return NULL;
    }
    if (zero && !is_zero) memset(block, 0, size_bytes);
    set_block(buffer, block, bytes, size_bytes);
    return buffer;
}

fr_buffer *fr_buffer_new(fr_call *call, size_t size_bytes)
{
    return make(call, size_bytes, FR_BLOCK_IN_ORDER, false);
}

fr_buffer *fr_buffer_zeroed(fr_call *call, size_t size_bytes)
{
    return make(call, size_bytes, FR_BLOCK_IN_ORDER, true);
}

static fr_buffer *make_array(fr_call *call, size_t n, size_t size, fr_block_use use)
{
    size_t bytes;
    if (fr_size_mul(n, size, &bytes)) return make(call, bytes, use, false);
    fr_fail(call, FR_ERR_MEMORY, "out of memory: %zu items of %zu bytes are more than there can be", n, size);
    return NULL;
}

fr_buffer *fr_buffer_array(fr_call *call, size_t n, size_t size)
{
    return make_array(call, n, size, FR_BLOCK_IN_ORDER);
}

fr_buffer *fr_buffer_scattered(fr_call *call, size_t n, size_t size)
{
    return make_array(call, n, size, FR_BLOCK_SCATTERED);
}

fr_buffer *fr_buffer_foreign(fr_call *call, const void *data, size_t size_bytes, void (*release)(void *), void *owner)
{
    fr_buffer *buffer = new_header(call);
    if (!buffer) return NULL;
    buffer->data = (void *)(uintptr_t)data;
    buffer->size_bytes = buffer->capacity_bytes = size_bytes;
    buffer->release = release;
    buffer->owner = owner;
    buffer->foreign = true;
    return buffer;
}

/* ---- size -------------------------------------------------------------------------------------------------------- */

static bool move_block(fr_call *call, fr_buffer *buffer, size_t bytes, size_t size_bytes)
{
    void *block = fr_block_resize(call, buffer->data, own_bytes(buffer), ALIGN, bytes, ALIGN);
    if (!block) return false;
    set_block(buffer, block, bytes, size_bytes);
    return true;
}

/* Shrinking keeps the block unless it would hold more than twice what is needed; then it is exchanged for a smaller one
 * if one can be had without a complaint. */
static void shrink(fr_buffer *buffer, size_t size_bytes)
{
    fr_context *context = buffer->context;
    size_t bytes = block_bytes(context, size_bytes);
    bool worth_it = bytes <= own_bytes(buffer) / 2 && own_bytes(buffer) > 4096 && !context->own_allocator;
    fr_call quiet;
    fr_call_begin(&quiet, context, NULL, -1);
    if (!worth_it || !move_block(&quiet, buffer, bytes, size_bytes)) buffer->size_bytes = size_bytes;
    fr_call_end(&quiet);
}

bool fr_buffer_resize(fr_call *call, fr_buffer *buffer, size_t size_bytes)
{
    if (buffer->foreign) return fr_fail(call, FR_ERR_INTERNAL, "foreign memory cannot be resized");
    if (size_bytes <= buffer->size_bytes) {
        shrink(buffer, size_bytes);
        return true;
    }
    if (size_bytes <= buffer->capacity_bytes) {
        buffer->size_bytes = size_bytes;
        memset((char *)buffer->data + size_bytes, 0, FR_BUFFER_SLACK);
        return true;
    }
    return move_block(call, buffer, block_bytes(buffer->context, size_bytes), size_bytes);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

fr_buffer *fr_buffer_ref(fr_buffer *buffer)
{
    if (buffer) atomic_fetch_add_explicit(&buffer->refs, 1, memory_order_relaxed);
    return buffer;
}

void fr_buffer_unref(fr_buffer *buffer)
{
    if (!buffer || atomic_fetch_sub_explicit(&buffer->refs, 1, memory_order_acq_rel) > 1) return;
    if (!buffer->foreign) fr_block_give(buffer->context, buffer->data, own_bytes(buffer), ALIGN);
    else if (buffer->release) buffer->release(buffer->owner);
    free_header(buffer);
}

void fr_drop_buffer(fr_buffer **slot)
{
    fr_buffer_unref(*slot);
}
