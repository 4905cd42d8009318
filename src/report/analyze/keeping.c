/* keeping.c — blocks of 64 KiB, or of the size of what does not fit into one. */
#include "keeping.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 65536 };

typedef struct store_block {
    struct store_block *next;
    _Alignas(16) char   bytes[];
} store_block;

static void *take(store *s, size_t n)
{
    n = (n + 15) & ~(size_t)15;
    if (!s->blocks || s->room - s->used < n) {
        const size_t room = n > BLOCK_BYTES ? n : BLOCK_BYTES;
        store_block *block = room > SIZE_MAX / 2 ? NULL : malloc(sizeof *block + room);
        if (!block) return s->out_of_memory = true, NULL;
        block->next = s->blocks;
        s->blocks = block;
        s->used = 0;
        s->room = room;
    }
    void *out = s->blocks->bytes + s->used;
    s->used += n;
    return out;
}

void *store_array(store *s, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 4) return s->out_of_memory = true, NULL;
    void *out = take(s, bytes ? bytes : 1);
    if (out) memset(out, 0, bytes);
    return out;
}

const char *keep_bytes(store *s, const char *text, size_t n)
{
    char *out = take(s, n + 1);
    if (!out) return "";
    memcpy(out, text, n);
    out[n] = 0;
    return out;
}

const char *keep(store *s, const char *text) { return keep_bytes(s, text, strlen(text)); }

const char *keep_format(store *s, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    const int n = vsnprintf(NULL, 0, format, values);
    va_end(values);
    char *out = n < 0 ? NULL : take(s, (size_t)n + 1);
    if (out) vsnprintf(out, (size_t)n + 1, format, again);
    va_end(again);
    return out ? out : "";
}

void store_clear(store *s)
{
    while (s->blocks) {
        store_block *next = s->blocks->next;
        free(s->blocks);
        s->blocks = next;
    }
    *s = (store){ .blocks = NULL };
}

/* The array is full when n is 0 or a power of two of at least 8. */
void *store_add(store *s, void *array, size_t n, size_t size, void **moved)
{
    *moved = array;
    if (n == 0 || (n >= 8 && !(n & (n - 1)))) {
        char *wider = store_array(s, n ? 2 * n : 8, size);
        if (!wider) return NULL;
        if (n) memcpy(wider, array, n * size);
        *moved = wider;
    }
    return (char *)*moved + n * size;
}

/* ---- a text that grows ------------------------------------------------------------------------------------------- */
static bool make_room(growing *g, size_t n)
{
    if (g->out_of_memory) return false;
    if (g->room - g->n > n) return true;
    size_t room = g->room ? g->room : 1024;
    while (room - g->n <= n && room < SIZE_MAX / 4) room *= 2;
    char *bytes = room - g->n > n ? realloc(g->bytes, room) : NULL;
    if (!bytes) return g->out_of_memory = true, false;
    g->bytes = bytes;
    g->room = room;
    return true;
}

void grow_bytes(growing *g, const char *bytes, size_t n)
{
    if (!make_room(g, n)) return;
    memcpy(g->bytes + g->n, bytes, n);
    g->n += n;
    g->bytes[g->n] = 0;
}

void grow(growing *g, const char *text) { grow_bytes(g, text, strlen(text)); }
void grow_char(growing *g, char c) { grow_bytes(g, &c, 1); }

void grow_format(growing *g, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    const int n = vsnprintf(NULL, 0, format, values);
    va_end(values);
    if (n >= 0 && make_room(g, (size_t)n)) {
        vsnprintf(g->bytes + g->n, (size_t)n + 1, format, again);
        g->n += (size_t)n;
    }
    va_end(again);
}

void grow_quoted(growing *g, const char *text)
{
    grow_char(g, '"');
    for (const char *c = text; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\') grow_format(g, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f) grow_format(g, "\\u%04x", byte);
        else grow_char(g, *c);
    }
    grow_char(g, '"');
}

void growing_clear(growing *g)
{
    free(g->bytes);
    *g = (growing){ .bytes = NULL };
}
