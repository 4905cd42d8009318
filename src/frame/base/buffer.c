/* buffer.c — counted column memory: small ones from the context's allocator, large ones from the pool.
 *
 * Every block has FR_BUFFER_SLACK bytes behind its capacity, zeroed when the buffer is made, so a kernel may load and
 * store whole vectors at the end. A context with an allocator of its own gets everything from there: a failure sweep
 * then sees each buffer as one allocation of data (and one of the header).
 */
#include "base/buffer.h"

#include <string.h>

#include "base/buffer_pool.h"
#include "base/context_state.h"
#include "base/memory.h"

enum { ALIGN = 64 };

static bool from_pool(const fr_context *context, size_t bytes)
{
    return !FR_POOL_OFF && !context->own_allocator && bytes >= FR_POOL_MIN_BYTES;
}

/* Bytes of the block that serves a size: with slack, whole cache lines, or a size class of the pool. 0: too large. */
static size_t block_bytes(const fr_context *context, size_t size_bytes)
{
    size_t bytes;
    if (!fr_size_add(size_bytes, FR_BUFFER_SLACK + ALIGN - 1, &bytes)) return 0;
    bytes &= ~(size_t)(ALIGN - 1);
    return from_pool(context, bytes) ? fr_pool_class(bytes) : bytes;
}

/* Within the budget; blocks that lie idle in the pool are given up before a request is refused. */
static bool reserve(fr_call *call, size_t bytes)
{
    fr_context *context = call->context;
    if (fr_context_reserve(context, bytes, false)) return true;
    return fr_fail(call, FR_ERR_LIMIT, "memory budget of %llu bytes (limits.memory_bytes) reached: %zu more were needed",
                   (unsigned long long)fr_context_limits(context).memory_bytes, bytes);
}

static void *take_block(fr_call *call, size_t bytes, bool *zeroed)
{
    fr_context *context = call->context;
    *zeroed = false;
    if (bytes == 0) {
        fr_fail_memory(call, SIZE_MAX);
        return NULL;
    }
    if (!reserve(call, bytes)) return NULL;
    void *block = from_pool(context, bytes) ? fr_pool_take(bytes, zeroed)
                                            : context->allocator.alloc(context->allocator.user, bytes, ALIGN);
    if (block) return block;
    fr_context_unreserve(context, bytes);
    fr_fail_memory(call, bytes);
    return NULL;
}

static void give_block(fr_buffer *buffer)
{
    fr_context *context = buffer->context;
    size_t bytes = buffer->capacity_bytes + FR_BUFFER_SLACK;
    if (buffer->pooled) fr_pool_give(buffer->data, bytes);
    else context->allocator.free(context->allocator.user, buffer->data, bytes, ALIGN);
    fr_context_unreserve(context, bytes);
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
    buffer->pooled = from_pool(buffer->context, bytes);
    memset((char *)block + size_bytes, 0, FR_BUFFER_SLACK);
}

static fr_buffer *make(fr_call *call, size_t size_bytes, bool zero)
{
    fr_buffer *buffer = new_header(call);
    if (!buffer) return NULL;
    size_t bytes = block_bytes(call->context, size_bytes);
    bool zeroed;
    void *block = take_block(call, bytes, &zeroed);
    if (!block) {
        free_header(buffer);
        return NULL;
    }
    if (zero && !zeroed) memset(block, 0, size_bytes);
    set_block(buffer, block, bytes, size_bytes);
    return buffer;
}

fr_buffer *fr_buffer_new(fr_call *call, size_t size_bytes)
{
    return make(call, size_bytes, false);
}

fr_buffer *fr_buffer_zeroed(fr_call *call, size_t size_bytes)
{
    return make(call, size_bytes, true);
}

fr_buffer *fr_buffer_array(fr_call *call, size_t n, size_t size)
{
    size_t bytes;
    if (fr_size_mul(n, size, &bytes)) return fr_buffer_new(call, bytes);
    fr_fail(call, FR_ERR_MEMORY, "out of memory: %zu items of %zu bytes are more than there can be", n, size);
    return NULL;
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

/* A new block with the old contents; pages of pooled blocks move without a copy. */
static bool move_block(fr_call *call, fr_buffer *buffer, size_t bytes, size_t size_bytes)
{
    size_t old_bytes = buffer->capacity_bytes + FR_BUFFER_SLACK;
    if (buffer->pooled && from_pool(buffer->context, bytes) && bytes > old_bytes) {
        if (!reserve(call, bytes - old_bytes)) return false;
        void *moved = fr_pool_move(buffer->data, old_bytes, bytes);
        if (moved) {
            set_block(buffer, moved, bytes, size_bytes);
            return true;
        }
        fr_context_unreserve(buffer->context, bytes - old_bytes);
        return fr_fail_memory(call, bytes);
    }
    bool zeroed;
    void *block = take_block(call, bytes, &zeroed);
    if (!block) return false;
    memcpy(block, buffer->data, buffer->size_bytes < size_bytes ? buffer->size_bytes : size_bytes);
    give_block(buffer);
    set_block(buffer, block, bytes, size_bytes);
    return true;
}

/* Shrinking keeps the block unless it would hold more than twice what is needed; then it is exchanged for a smaller one
 * if one can be had without a complaint. */
static void shrink(fr_buffer *buffer, size_t size_bytes)
{
    fr_context *context = buffer->context;
    size_t bytes = block_bytes(context, size_bytes), old_bytes = buffer->capacity_bytes + FR_BUFFER_SLACK;
    if (bytes <= old_bytes / 2 && buffer->pooled && from_pool(context, bytes)) {
        void *same = fr_pool_move(buffer->data, old_bytes, bytes);
        fr_context_unreserve(context, old_bytes - bytes);
        set_block(buffer, same, bytes, size_bytes);
    } else if (bytes <= old_bytes / 2 && old_bytes > 4096 && !context->own_allocator) {
        fr_call quiet;
        fr_call_begin(&quiet, context, NULL, -1);
        if (!move_block(&quiet, buffer, bytes, size_bytes)) buffer->size_bytes = size_bytes;
        fr_call_end(&quiet);
    } else {
        buffer->size_bytes = size_bytes;
    }
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
    if (!buffer->foreign) give_block(buffer);
    else if (buffer->release) buffer->release(buffer->owner);
    free_header(buffer);
}

void fr_drop_buffer(fr_buffer **slot)
{
    fr_buffer_unref(*slot);
}
