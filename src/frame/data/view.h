/* view.h — sixteen bytes that stand for a text of any length (Arrow's utf8_view layout).
 *
 * Up to 12 bytes the text itself lies in the view, padded with zeros; a longer one gives its first four bytes, the
 * number of a buffer of the column's heap, and an offset into it. Two views are unequal when their first eight bytes
 * differ, which settles most comparisons without touching the heap.
 */
#ifndef FR_DATA_VIEW_H
#define FR_DATA_VIEW_H

#include "base/buffer.h"

#include <string.h>

#define FR_VIEW_INLINE 12
#ifndef FR_LARGEST_TEXT_BLOCK
#define FR_LARGEST_TEXT_BLOCK ((size_t)1 << 30)     /* a test build makes it 4 KiB: a heap then has as many buffers as one */
#endif                                              /* of many gigabytes                                                   */

typedef union fr_view {
    struct { uint32_t length; char text[FR_VIEW_INLINE]; } in;                              /* length ≤ 12 */
    struct { uint32_t length; char prefix[4]; uint32_t buffer, offset; } out;               /* longer */
    struct { uint64_t first, second; } words;
} fr_view;
_Static_assert(sizeof(fr_view) == 16, "a view is 16 bytes");

/* The buffers that long views point into; counted, shared by every column cut from the same text. */
typedef struct fr_heap {
    _Atomic(int64_t) refs;
    fr_context      *context;       /* owned reference */
    size_t           n_buffers;
    fr_buffer      **buffers;       /* owned references */
    const char     **bases;         /* bases[i] = buffers[i]->data */
} fr_heap;

fr_heap *fr_heap_new(fr_call *call, fr_buffer *const *buffers, size_t n) FR_MUST_USE;  /* takes references of its own */
fr_heap *fr_heap_join(fr_call *call, fr_heap *const *heaps, size_t n, uint32_t *first_buffer) FR_MUST_USE;
                                    /* all buffers of all heaps; first_buffer[i]: what to add to the numbers of heap
                                     * i */
/* When the long ones among n views use less than a quarter of a large heap, their texts are copied into a heap of their
 * own, *compact, and the views rewritten; else *compact stays NULL. used: their bytes, SIZE_MAX: not known. */
bool     fr_heap_compact(fr_call *call, fr_view *views, int64_t n, size_t used, const fr_heap *heap,
                         fr_heap **compact) FR_MUST_USE;
fr_heap *fr_heap_ref(fr_heap *heap);
void     fr_heap_unref(fr_heap *heap);          /* NULL does nothing */
void     fr_drop_heap(fr_heap **slot);

static inline const char *fr_view_text(const fr_view *view, const char *const *bases)
{
    return view->in.length <= FR_VIEW_INLINE ? view->in.text : bases[view->out.buffer] + view->out.offset;
}

/* n ≤ 12: by overlapping loads, since a copy of a length not known costs a call */
static inline fr_view fr_view_short(const char *text, size_t n)
{
    fr_view view = { .words = { n, 0 } };
    uint32_t first = 0, last = 0;
    if (n >= 4) {
        memcpy(&first, text, 4);
        memcpy(&last, text + n - 4, 4);
        if (n >= 8) memcpy(&view.words.second, text + 4, 4);
        view.words.second |= n >= 8 ? ((uint64_t)last >> 8 * (12 - n)) << 32 : (uint64_t)last >> 8 * (8 - n);
    } else if (n) {
        first = (uint32_t)(unsigned char)text[0] | (uint32_t)(unsigned char)text[n / 2] << 8 * (n / 2) |
                (uint32_t)(unsigned char)text[n - 1] << 8 * (n - 1);
    }
    view.words.first |= (uint64_t)first << 32;
    return view;
}

static inline fr_view fr_view_long(const char *text, size_t n, uint32_t buffer, uint32_t offset)
{
    fr_view view;
    view.out.length = (uint32_t)n;
    memcpy(view.out.prefix, text, 4);
    view.out.buffer = buffer;
    view.out.offset = offset;
    return view;
}

/* n bytes at `text`, which lie in the text of `whole`: all of it, or where they are long, in the same buffer */
static inline fr_view fr_view_part(const fr_view *whole, const char *const *bases, const char *text, size_t n)
{
    if (n == whole->in.length) return *whole;
    if (n <= FR_VIEW_INLINE) return fr_view_short(text, n);
    return fr_view_long(text, n, whole->out.buffer, (uint32_t)(text - bases[whole->out.buffer]));
}

/* Bytes of the long ones. */
static inline size_t fr_views_long_bytes(const fr_view *views, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) bytes += views[i].in.length > FR_VIEW_INLINE ? views[i].in.length : 0;
    return bytes;
}

static inline bool fr_view_equal(const fr_view *a, const char *const *a_bases, const fr_view *b,
                                 const char *const *b_bases)
{
    if (a->words.first != b->words.first) return false;
    if (a->in.length <= FR_VIEW_INLINE) return a->words.second == b->words.second;
    return !memcmp(fr_view_text(a, a_bases), fr_view_text(b, b_bases), a->in.length);
}

/* < 0, 0, > 0 by bytes (= by code point); a proper prefix is smaller */
int fr_view_compare(const fr_view *a, const char *const *a_bases, const fr_view *b, const char *const *b_bases);

/* ---- collecting texts into views --------------------------------------------------------------------------------- */
/* Appends texts and hands out their views; blocks of up to 1 GiB become the heap's buffers. */
typedef struct fr_texts {
    fr_context *context;
    fr_buffer **buffers;            /* owned */
    size_t      n_buffers, capacity, used;      /* used: bytes in the last buffer */
    size_t      expected;                       /* bytes that will still come, when a block is full */
} fr_texts;
#define FR_TEXTS_INIT(call) { .context = (call)->context }
bool     fr_texts_add(fr_call *call, fr_texts *texts, const char *text, size_t n, fr_view *out) FR_MUST_USE;
/* Room for n bytes to be written in place, then sealed: for kernels that build text. */
char    *fr_texts_room(fr_call *call, fr_texts *texts, size_t n) FR_MUST_USE;
void     fr_texts_seal(fr_texts *texts, const char *room, size_t n, fr_view *out);
/* So many times what there is so far will still come: the next block has room for it. */
void     fr_texts_expect(fr_texts *texts, double times);
fr_heap *fr_texts_finish(fr_call *call, fr_texts *texts) FR_MUST_USE;    /* the heap; texts is empty again */
void     fr_texts_clear(fr_texts *texts);                                /* FR_CLEANUP(fr_texts_clear) */

#endif
