/* text_out.h — where a function puts the texts it makes: those of one vector, row by row.
 *
 * The texts of the term that is the answer go to where they stay: a view in the column, and a long one into the heap of
 * its block, so nothing is copied behind. Those of any other term lie in the worker's room and are pieces.
 *
 *     fr_text_out o = fr_text_out_begin(run, term, out);
 *     char *room = fr_text_out_room(&o, 12);         NULL: no memory
 *     memcpy(room, text, 12);                        up to FR_TEXT_OUT_SPARE bytes behind it may be written to as well
 *     fr_text_out_put(&o, i, 12);                    that was the text of row i
 *     fr_text_out_end(&o);                           not where the run fails
 *
 * Rows that are null are passed over.
 */
#ifndef FR_EXPR_TEXT_OUT_H
#define FR_EXPR_TEXT_OUT_H

#include "expr/piece.h"

#define FR_TEXT_OUT_SPARE 16

typedef struct fr_text_out {
    fr_run   *run;
    fr_view  *views;           /* of the column; NULL: pieces instead */
    fr_piece *pieces;
    char     *room, *base;     /* where the next text goes, and where its buffer begins */
    size_t    left;
    uint32_t  buffer;
} fr_text_out;

_Static_assert(FR_TEXT_OUT_SPARE <= FR_BUFFER_SLACK, "what is behind a buffer may be written to");

static inline fr_text_out fr_text_out_begin(fr_run *run, const fr_term *term, fr_vector *out)
{
    fr_text_out o = { .run = run, .pieces = out->room };
    if (term != run->root || !run->views) return o;
    const fr_texts *texts = run->view_texts;
    run->views_done = true;
    o.views = run->views;
    if (!texts->n_buffers) return o;
    const fr_buffer *last = texts->buffers[texts->n_buffers - 1];
    o.base = last->data;
    o.room = o.base + texts->used;
    o.left = last->size_bytes - texts->used;
    o.buffer = (uint32_t)(texts->n_buffers - 1);
    return o;
}

/* What is written so far stays; room for n bytes more. */
char *fr_text_out_more(fr_text_out *o, size_t n) FR_COLD;

static inline char *fr_text_out_room(fr_text_out *o, size_t n)
{
    return n <= o->left && o->room ? o->room : fr_text_out_more(o, n);
}

/* The n bytes at the room are the text of row i. */
static inline void fr_text_out_put(fr_text_out *o, size_t i, size_t n)
{
    if (!o->views) {
        o->pieces[i] = (fr_piece){ o->room, n };
    } else if (n <= FR_VIEW_INLINE) {
        o->views[i] = fr_view_short(o->room, n);
        return;
    } else {
        o->views[i] = fr_view_long(o->room, n, o->buffer, (uint32_t)(o->room - o->base));
    }
    o->room += n;
    o->left -= n;
}

/* A text that lies somewhere already: in the arguments, or in what is constant. */
static inline bool fr_text_out_same(fr_text_out *o, size_t i, fr_piece t)
{
    if (!o->views) return o->pieces[i] = t, true;
    if (t.n <= FR_VIEW_INLINE) return o->views[i] = fr_view_short(t.text, t.n), true;
    char *room = fr_text_out_room(o, t.n);
    if (!room) return false;
    fr_piece_copy(room, t);
    fr_text_out_put(o, i, t.n);
    return true;
}

static inline void fr_text_out_end(const fr_text_out *o)
{
    if (o->views && o->room) o->run->view_texts->used = (size_t)(o->room - o->base);
}

#endif
