/* room.h — memory of the report layer: an arena for what lives as long as a document, and texts that grow.
 *
 *     fr_room room = { .allocator = allocator };           NULL: malloc
 *     char *copy = fr_room_text(&room, "words", 5);        freed with the room
 *     fr_ink out = { .room = &room };
 *     fr_put(&out, "a", 1);                                grows; out.bytes is terminated
 *
 * Failing is sticky: after one failed allocation room.failed is set and every further request gives NULL or does nothing,
 * so a builder asks once, at its end.
 */
#ifndef FR_REPORT_ROOM_H
#define FR_REPORT_ROOM_H

#include <frame/context.h>

typedef struct fr_room_block fr_room_block;

typedef struct fr_room {
    const fr_allocator *allocator;
    fr_room_block      *blocks;
    bool                failed;
} fr_room;

/* Zeroed memory that lives as long as the room; NULL once something failed. */
void *fr_room_take(fr_room *room, size_t count, size_t size);
char *fr_room_text(fr_room *room, const char *text, size_t n);      /* a terminated copy; NULL for NULL */
char *fr_room_format(fr_room *room, const char *format, ...) __attribute__((format(printf, 2, 3)));
void  fr_room_empty(fr_room *room);                                 /* frees everything taken */

/* An array that grows by doubling: the elements move, the old ones stay in the room until it is emptied. */
bool fr_room_grow(fr_room *room, void **array, size_t *space, size_t used, size_t size);

/* A growing text. */
typedef struct fr_ink {
    fr_room *room;
    char    *bytes;                 /* terminated when not NULL */
    size_t   n, space;
} fr_ink;

void fr_put(fr_ink *ink, const char *bytes, size_t n);
void fr_puts(fr_ink *ink, const char *text);
void fr_putf(fr_ink *ink, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fr_ink_free(fr_ink *ink);                                      /* a text is no part of the room */

#endif
