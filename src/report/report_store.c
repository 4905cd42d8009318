/* report_store.c — blocks in a list, and texts that double. */
#include "report_store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, LEAST_TEXT = 256 };

struct fr_store_block {
    fr_store_block *next;
    size_t         bytes;           /* of the whole block */
};

/* ---- the allocator ----------------------------------------------------------------------------------------------- */
static void *get(fr_store *room, size_t bytes)
{
    void *block = NULL;
    if (!room->failed)
        block = room->allocator ? room->allocator->alloc(room->allocator->user, bytes, ALIGN) : malloc(bytes);
    if (!block) room->failed = true;
    return block;
}

static void give_back(const fr_store *room, void *block, size_t bytes)
{
    if (!block) return;
    if (room->allocator) room->allocator->free(room->allocator->user, block, bytes, ALIGN);
    else free(block);
}

/* ---- the arena --------------------------------------------------------------------------------------------------- */
void *fr_store_take(fr_store *room, size_t count, size_t size)
{
    size_t bytes, all;
    if (__builtin_mul_overflow(count, size, &bytes) || __builtin_add_overflow(bytes, ALIGN + sizeof(fr_store_block), &all)) {
        room->failed = true;
        return NULL;
    }
    fr_store_block *block = get(room, all);
    if (!block) return NULL;
    memset(block, 0, all);
    block->next = room->blocks;
    block->bytes = all;
    room->blocks = block;
    return (char *)block + (sizeof(fr_store_block) + ALIGN - 1) / ALIGN * ALIGN;
}

char *fr_store_text(fr_store *room, const char *text, size_t n)
{
    char *copy = text ? fr_store_take(room, n + 1, 1) : NULL;
    if (copy && n) memcpy(copy, text, n);
    return copy;
}

char *fr_store_format(fr_store *room, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int n = vsnprintf(NULL, 0, format, values);
    char *text = n < 0 ? NULL : fr_store_take(room, (size_t)n + 1, 1);
    if (text) vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(values);
    return text;
}

void fr_store_empty(fr_store *room)
{
    for (fr_store_block *block = room->blocks, *next; block; block = next) {
        next = block->next;
        give_back(room, block, block->bytes);
    }
    room->blocks = NULL;
}

bool fr_store_grow(fr_store *room, void **array, size_t *space, size_t used, size_t size)
{
    if (used < *space) return true;
    size_t more = *space ? 2 * *space : 8;
    void *moved = fr_store_take(room, more, size);
    if (!moved) return false;
    if (used) memcpy(moved, *array, used * size);
    *array = moved;
    *space = more;
    return true;
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */
static bool make_space(fr_ink *ink, size_t n)
{
    size_t need;
    if (ink->room->failed || __builtin_add_overflow(ink->n, n + 1, &need)) {
        ink->room->failed = true;
        return false;
    }
    if (need <= ink->space) return true;
    size_t space = ink->space ? ink->space : LEAST_TEXT;
    while (space < need) space = space > SIZE_MAX / 2 ? need : 2 * space;
    char *moved = get(ink->room, space);
    if (!moved) return false;
    if (ink->n) memcpy(moved, ink->bytes, ink->n);
    give_back(ink->room, ink->bytes, ink->space);
    ink->bytes = moved;
    ink->space = space;
    return true;
}

void fr_put(fr_ink *ink, const char *bytes, size_t n)
{
    if (!make_space(ink, n)) return;
    if (n) memcpy(ink->bytes + ink->n, bytes, n);
    ink->n += n;
    ink->bytes[ink->n] = 0;
}

void fr_puts(fr_ink *ink, const char *text) { fr_put(ink, text, strlen(text)); }

void fr_putf(fr_ink *ink, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int n = vsnprintf(NULL, 0, format, values);
    if (n >= 0 && make_space(ink, (size_t)n)) {
        vsnprintf(ink->bytes + ink->n, (size_t)n + 1, format, again);
        ink->n += (size_t)n;
    }
    va_end(again);
    va_end(values);
}

void fr_ink_free(fr_ink *ink)
{
    give_back(ink->room, ink->bytes, ink->space);
    *ink = (fr_ink){ .room = ink->room };
}
