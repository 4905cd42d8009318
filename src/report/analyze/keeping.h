/* keeping.h — texts and small arrays that live as long as the run, and a text that grows.
 *
 * What is kept is never freed on its own: the run's store goes at once. When memory runs out `keep…` give an empty text
 * or NULL and the store remembers it, so that the pieces check once, at the end of their work.
 */
#ifndef FR_REPORT_KEEPING_H
#define FR_REPORT_KEEPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct store {
    struct store_block *blocks;
    size_t              used, room;      /* of the newest block */
    bool                out_of_memory;
} store;

void *store_array(store *s, size_t n, size_t size);                     /* zeroed; NULL when out of memory */
const char *keep(store *s, const char *text);
const char *keep_bytes(store *s, const char *text, size_t n);
const char *keep_format(store *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void store_clear(store *s);

/* One more item at the end of an array that grows by doubling; zeroed; NULL when out of memory. */
void *store_add(store *s, void *array, size_t n, size_t size, void **moved);

typedef struct growing {
    char  *bytes;                        /* terminated, once something was added */
    size_t n, room;
    bool   out_of_memory;
} growing;

void grow_bytes(growing *g, const char *bytes, size_t n);
void grow(growing *g, const char *text);
void grow_format(growing *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
void grow_char(growing *g, char c);
void grow_quoted(growing *g, const char *text);      /* between double quotes, escaped as JSON and TOML read it */
void growing_clear(growing *g);

#endif
