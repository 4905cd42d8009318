/* memory.c — small blocks from the context's allocator, and libc behind that interface.
 *
 * Alignment follows from the size (64 bytes from 4096 up), so that fr_free, which is told the size, knows it too.
 */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static size_t align_of(size_t size)
{
    return size >= BIG_SIZE ? BIG_ALIGN : SMALL_ALIGN;
}

static bool fail_budget(fr_call *call, size_t bytes)
{
    return fr_fail(call, FR_ERR_LIMIT, "memory budget of %llu bytes (limits.memory_bytes) reached: %zu more were needed",
                   (unsigned long long)fr_context_limits(call->context).memory_bytes, bytes);
}

/* Reserve within the budget, or say why not. */
static bool reserve(fr_call *call, size_t bytes)
{
    return fr_context_reserve(call->context, bytes, false) || fail_budget(call, bytes);
}

void *fr_new(fr_call *call, size_t size)
{
    if (size == 0) size = 1;
    if (!reserve(call, size)) return NULL;
    const fr_allocator *allocator = &call->context->allocator;
    bool from_libc = allocator->alloc == fr_libc_alloc && align_of(size) == SMALL_ALIGN;
    void *block = from_libc ? calloc(1, size) : allocator->alloc(allocator->user, size, align_of(size));
    if (!block) {
        fr_context_unreserve(call->context, size);
        fr_fail_memory(call, size);
        return NULL;
    }
    return from_libc ? block : memset(block, 0, size);
}

void *fr_new_array(fr_call *call, size_t n, size_t size)
{
    size_t bytes;
    if (fr_size_mul(n, size, &bytes)) return fr_new(call, bytes);
    fr_fail(call, FR_ERR_MEMORY, "out of memory: %zu items of %zu bytes are more than there can be", n, size);
    return NULL;
}

/* A block whose alignment class changes cannot be resized in place. */
static void *resize(fr_call *call, void *block, size_t old_size, size_t new_size)
{
    const fr_allocator *allocator = &call->context->allocator;
    size_t align = align_of(new_size);
    if (align == align_of(old_size)) return allocator->resize(allocator->user, block, old_size, new_size, align);
    void *moved = allocator->alloc(allocator->user, new_size, align);
    if (!moved) return NULL;
    memcpy(moved, block, old_size < new_size ? old_size : new_size);
    allocator->free(allocator->user, block, old_size, align_of(old_size));
    return moved;
}

void *fr_resize_array(fr_call *call, void *block, size_t old_n, size_t new_n, size_t size)
{
    if (!block) return fr_new_array(call, new_n, size);
    size_t old_size = old_n * size, new_size;
    if (!fr_size_mul(new_n, size, &new_size)) return fr_new_array(call, new_n, size);    /* says so and gives NULL */
    if (old_size == 0) old_size = 1;
    if (new_size == 0) new_size = 1;

    if (new_size > old_size && !reserve(call, new_size - old_size)) return NULL;
    void *moved = resize(call, block, old_size, new_size);
    if (!moved) {
        if (new_size > old_size) fr_context_unreserve(call->context, new_size - old_size);
        fr_fail_memory(call, new_size);
        return NULL;
    }
    if (new_size < old_size) fr_context_unreserve(call->context, old_size - new_size);
    return moved;
}

void fr_free(fr_context *context, void *block, size_t size)
{
    if (size == 0) size = 1;
    fr_context_release(context, block, size, align_of(size));
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
