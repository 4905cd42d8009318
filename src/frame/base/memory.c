/* memory.c — blocks from the context's allocator or, large ones, from the buffer pool; libc behind the former's
 * interface.
 *
 * Alignment and origin follow from the size (64 bytes from 4096 up, the pool from 64 KiB up), so that fr_free, which is
 * told the size, knows them too. A hash table of some megabytes is thus made of recycled pages, as columns are.
 */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer_pool.h"
#include "base/context_state.h"

enum { SMALL_ALIGN = 16, BIG_ALIGN = 64, BIG_SIZE = 4096 };

/* ---- libc -------------------------------------------------------------------------------------------------------- */

void *fr_libc_alloc(void *user, size_t size, size_t align)
{
    (void)user;
    if (align <= SMALL_ALIGN) return malloc(size);
    size_t rounded;
    if (!fr_size_add(size, align - 1, &rounded)) return NULL;
    return aligned_alloc(align, rounded & ~(align - 1));
}

void *fr_libc_resize(void *user, void *block, size_t old_size, size_t new_size, size_t align)
{
    if (align <= SMALL_ALIGN) return realloc(block, new_size);
    void *moved = fr_libc_alloc(user, new_size, align);
    if (!moved) return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    free(block);
    return moved;
}

void fr_libc_free(void *user, void *block, size_t size, size_t align)
{
    (void)user, (void)size, (void)align;
    free(block);
}

const fr_allocator fr_libc_allocator = FR_LIBC_ALLOCATOR;

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static bool from_pool(const fr_context *context, size_t bytes)
{
    return !FR_POOL_OFF && !context->own_allocator && bytes >= FR_POOL_MIN_BYTES;
}

size_t fr_block_bytes(const fr_context *context, size_t size)
{
    return from_pool(context, size) ? fr_pool_class(size) : size;
}

static bool reserve(fr_call *call, size_t bytes)
{
    if (fr_context_reserve(call->context, bytes, false)) return true;
    return fr_fail_at(call, fr_place_at(.hint = "raise it, or set FRAME_MEMORY in the environment, in bytes"),
                      FR_ERR_LIMIT, "memory budget of %llu bytes (limits.memory_bytes) reached: %zu more were needed",
                      (unsigned long long)fr_context_limits(call->context).memory_bytes, bytes);
}

/* calloc knows which of its pages are zero already; it has no alignment to offer. */
static void *take(fr_context *context, size_t bytes, size_t align, fr_block_use use, bool *zero)
{
    const fr_allocator *allocator = &context->allocator;
    bool wanted = *zero;
    if (from_pool(context, bytes))
        return use == FR_BLOCK_SCATTERED ? fr_pool_take_huge(bytes, zero) : fr_pool_take(bytes, zero);
    *zero = wanted && allocator->alloc == fr_libc_alloc && align <= SMALL_ALIGN;
    return *zero ? calloc(1, bytes) : allocator->alloc(allocator->user, bytes, align);
}

void *fr_block_take(fr_call *call, size_t bytes, size_t align, fr_block_use use, bool *zero)
{
    if (bytes == 0) {
        fr_fail_memory(call, SIZE_MAX);
        return NULL;
    }
    if (!reserve(call, bytes)) return NULL;
    void *block = take(call->context, bytes, align, use, zero);
    if (block) return block;
    fr_context_unreserve(call->context, bytes);
    fr_fail_memory(call, bytes);
    return NULL;
}

/* Pages of pooled blocks move without a copy; between two kinds of block there is one. */
static void *move(fr_context *context, void *block, size_t old_bytes, size_t old_align, size_t new_bytes,
                  size_t new_align)
{
    const fr_allocator *allocator = &context->allocator;
    bool was_pooled = from_pool(context, old_bytes), pooled = from_pool(context, new_bytes), zero = false;
    if (was_pooled && pooled) return fr_pool_move(block, old_bytes, new_bytes);
    if (!was_pooled && !pooled && old_align == new_align)
        return allocator->resize(allocator->user, block, old_bytes, new_bytes, new_align);
    void *moved = take(context, new_bytes, new_align, FR_BLOCK_IN_ORDER, &zero);
    if (!moved) return NULL;
    memcpy(moved, block, old_bytes < new_bytes ? old_bytes : new_bytes);
    if (was_pooled) fr_pool_give(block, old_bytes);
    else allocator->free(allocator->user, block, old_bytes, old_align);
    return moved;
}

void *fr_block_resize(fr_call *call, void *block, size_t old_bytes, size_t old_align, size_t new_bytes,
                      size_t new_align)
{
    size_t more = new_bytes > old_bytes ? new_bytes - old_bytes : 0;
    size_t less = new_bytes < old_bytes ? old_bytes - new_bytes : 0;
    if (new_bytes == 0) {
        fr_fail_memory(call, SIZE_MAX);
        return NULL;
    }
    if (more && !reserve(call, more)) return NULL;
    void *moved = new_bytes == old_bytes ? block : move(call->context, block, old_bytes, old_align, new_bytes,
                                                        new_align);
    fr_context_unreserve(call->context, moved ? less : more);
    if (!moved) fr_fail_memory(call, new_bytes);
    return moved;
}

void fr_block_give(fr_context *context, void *block, size_t bytes, size_t align)
{
    if (from_pool(context, bytes)) fr_pool_give(block, bytes);
    else context->allocator.free(context->allocator.user, block, bytes, align);
    fr_context_unreserve(context, bytes);
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static size_t align_of(size_t size)
{
    return size >= BIG_SIZE ? BIG_ALIGN : SMALL_ALIGN;
}

static void *new_block(fr_call *call, size_t size, bool *zero)
{
    return fr_block_take(call, fr_block_bytes(call->context, size), align_of(size), FR_BLOCK_IN_ORDER, zero);
}

void *fr_new(fr_call *call, size_t size)
{
    if (size == 0) size = 1;
    bool zero = true;
    void *block = new_block(call, size, &zero);
    return block && !zero ? memset(block, 0, size) : block;
}

void *fr_new_undefined(fr_call *call, size_t size)
{
    bool zero = false;
    return new_block(call, size ? size : 1, &zero);
}

void *fr_new_array(fr_call *call, size_t n, size_t size)
{
    size_t bytes;
    if (fr_size_mul(n, size, &bytes)) return fr_new(call, bytes);
    fr_fail(call, FR_ERR_MEMORY, "out of memory: %zu items of %zu bytes are more than there can be", n, size);
    return NULL;
}

void *fr_resize_array(fr_call *call, void *block, size_t old_n, size_t new_n, size_t size)
{
    if (!block) return fr_new_array(call, new_n, size);
    size_t old_size = old_n * size, new_size;
    if (!fr_size_mul(new_n, size, &new_size)) return fr_new_array(call, new_n, size);    /* says so and gives NULL */
    if (old_size == 0) old_size = 1;
    if (new_size == 0) new_size = 1;
    return fr_block_resize(call, block, fr_block_bytes(call->context, old_size), align_of(old_size),
                           fr_block_bytes(call->context, new_size), align_of(new_size));
}

void fr_free(fr_context *context, void *block, size_t size)
{
    if (size == 0) size = 1;
    if (block) fr_block_give(context, block, fr_block_bytes(context, size), align_of(size));
}

void fr_free_array(fr_context *context, void *block, size_t n, size_t size)
{
    fr_free(context, block, n * size);
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

char *fr_copy_bytes(fr_call *call, const char *text, size_t n)
{
    char *copy = fr_new(call, n + 1);
    if (copy && n > 0) memcpy(copy, text, n);
    return copy;
}

char *fr_copy_text(fr_call *call, const char *text)
{
    return text ? fr_copy_bytes(call, text, strlen(text)) : NULL;
}

void fr_free_text(fr_context *context, char *text)
{
    if (text) fr_free(context, text, strlen(text) + 1);
}
