/* text_out.c — more room for the texts of a vector (see text_out.h). */
#include "expr/text_out.h"

enum { CHUNK = sizeof ((fr_slot *)0)->values / 4 };      /* of a worker's room: fr_run_text has no larger ones in a slot */

char *fr_text_out_more(fr_text_out *o, size_t n)
{
    if (!o->views) {
        const size_t bytes = n + FR_TEXT_OUT_SPARE < CHUNK ? CHUNK : n + FR_TEXT_OUT_SPARE;
        o->room = bytes < n ? NULL : fr_run_text(o->run, bytes);
        o->left = o->room ? bytes - FR_TEXT_OUT_SPARE : 0;
        return o->room;
    }
    fr_texts *texts = o->run->view_texts;
    fr_text_out_end(o);
    o->room = fr_texts_room(o->run->call, texts, n);
    if (!o->room) return NULL;
    const fr_buffer *last = texts->buffers[texts->n_buffers - 1];
    o->base = last->data;
    o->left = last->size_bytes - texts->used;
    o->buffer = (uint32_t)(texts->n_buffers - 1);
    return o->room;
}
