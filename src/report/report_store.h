/* report_store.h — memory of the report layer: an arena for what lives as long as a document, and texts that grow.
 *
 *     fr_store room = { .allocator = allocator };           NULL: malloc
 *     char *copy = fr_store_text(&room, "words", 5);        freed with the room
 *     fr_ink out = { .room = &room };
 *     fr_put(&out, "a", 1);                                grows; out.bytes is terminated
 *
 * Failing is sticky: after one failed allocation room.failed is set and every further request gives NULL or does nothing,
 * so a builder asks once, at its end.
 */
#ifndef FR_REPORT_REPORT_STORE_H
#define FR_REPORT_REPORT_STORE_H

#include <frame/context.h>

typedef struct fr_store_block fr_store_block;

typedef struct fr_store {
    const fr_allocator *allocator;
    fr_store_block      *blocks;
    bool                failed;
} fr_store;

/* Zeroed memory that lives as long as the room; NULL once something failed. */
void *fr_store_take(fr_store *room, size_t count, size_t size);
char *fr_store_text(fr_store *room, const char *text, size_t n);      /* a terminated copy; NULL for NULL */
char *fr_store_format(fr_store *room, const char *format, ...) __attribute__((format(printf, 2, 3)));
void  fr_store_empty(fr_store *room);                                 /* frees everything taken */

/* An array that grows by doubling: the elements move, the old ones stay in the room until it is emptied. */
bool fr_store_grow(fr_store *room, void **array, size_t *space, size_t used, size_t size);

/* A growing text. */
typedef struct fr_ink {
    fr_store *room;
    char    *bytes;                 /* terminated when not NULL */
    size_t   n, space;
} fr_ink;

void fr_put(fr_ink *ink, const char *bytes, size_t n);
void fr_puts(fr_ink *ink, const char *text);
void fr_putf(fr_ink *ink, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fr_ink_free(fr_ink *ink);                                      /* a text is no part of the room */

#endif
