/* arena.c — many small blocks with one life: allocate by moving a mark, free all at once.
 *
 * Blocks double from 1 KiB to 64 KiB; a piece larger than a quarter of that gets a block of its own behind the current
 * one, so the rest of the current block is not wasted.
 */
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_BLOCK = 1024, LAST_BLOCK = 65536 };

typedef struct fr_arena_block {
    struct fr_arena_block *before;
    size_t size;                      /* of the whole block, this header included */
} fr_arena_block;

_Static_assert(sizeof(fr_arena_block) == 16, "what follows the header must stay 16-byte aligned");

void fr_arena_init(fr_arena *arena, fr_context *context)
{
    *arena = (fr_arena){ .context = context };
}

void fr_arena_clear(fr_arena *arena)
{
    for (fr_arena_block *block = arena->last, *before; block; block = before) {
        before = block->before;
        fr_free(arena->context, block, block->size);
    }
    fr_arena_init(arena, arena->context);
}

static fr_arena_block *add_block(fr_call *call, fr_arena *arena, size_t size)
{
    fr_arena_block *block = fr_new(call, size);
    if (!block) return NULL;
    block->size = size;
    block->before = arena->last;
    arena->last = block;
    return block;
}

/* A block for one large piece: linked in behind the current one, which stays current. */
static void *large_piece(fr_call *call, fr_arena *arena, size_t size)
{
    fr_arena_block *current = arena->last;
    fr_arena_block *block = add_block(call, arena, sizeof(fr_arena_block) + size);
    if (!block) return NULL;
    if (current) {
        arena->last = current;
        block->before = current->before;
        current->before = block;
    } else {
        arena->used = arena->capacity = block->size;      /* full: the next piece starts a fresh block */
    }
    return block + 1;
}

void *fr_arena_new(fr_call *call, fr_arena *arena, size_t size)
{
    size_t rounded;
    if (!fr_size_add(size, 15 + sizeof(fr_arena_block), &rounded)) {
        fr_fail_memory(call, size);
        return NULL;
    }
    rounded = size ? (size + 15) & ~(size_t)15 : 16;      /* nothing is a piece too: NULL means failure */
    if (rounded > arena->capacity - arena->used) {
        if (rounded > LAST_BLOCK / 4) return large_piece(call, arena, rounded);
        size_t next = arena->capacity < FIRST_BLOCK ? FIRST_BLOCK : arena->capacity * 2;
        while (next < rounded + sizeof(fr_arena_block)) next *= 2;
        if (next > LAST_BLOCK) next = LAST_BLOCK;
        if (!add_block(call, arena, next)) return NULL;
        arena->capacity = next;
        arena->used = sizeof(fr_arena_block);
    }
    void *piece = (char *)arena->last + arena->used;
    arena->used += rounded;
    return piece;
}

void *fr_arena_array(fr_call *call, fr_arena *arena, size_t n, size_t size)
{
    size_t bytes;
    if (fr_size_mul(n, size, &bytes)) return fr_arena_new(call, arena, bytes);
    fr_fail_memory(call, SIZE_MAX);
    return NULL;
}

char *fr_arena_text(fr_call *call, fr_arena *arena, const char *text, size_t n)
{
    char *copy = fr_arena_array(call, arena, n + 1, 1);
    if (copy && n > 0) memcpy(copy, text, n);
    return copy;
}

char *fr_arena_format(fr_call *call, fr_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : fr_arena_array(call, arena, (size_t)length + 1, 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    if (length < 0) fr_fail(call, FR_ERR_INTERNAL, "the format '%s' has no text", format);
    return text;
}
