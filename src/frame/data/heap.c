/* heap.c — the buffers behind long views, shared, joined, and left behind when few rows still need them.
 *
 * Joining heaps moves no text: the result lists the buffers of all, and the views of the i-th get first_buffer[i] added
 * to their buffer number. A heap that comes up again (slices of one column) is listed once.
 */
#include "data/view.h"

#include "base/put_bytes.h"
#include "base/memory.h"
#include "base/threads.h"

static void free_heap(fr_heap *heap)
{
    fr_context *context = heap->context;
    for (size_t i = 0; i < heap->n_buffers && heap->buffers; i++) fr_buffer_unref(heap->buffers[i]);
    if (heap->buffers) fr_free_array(context, heap->buffers, heap->n_buffers, sizeof *heap->buffers);
    if (heap->bases) fr_free_array(context, heap->bases, heap->n_buffers, sizeof *heap->bases);
    fr_free(context, heap, sizeof *heap);
    fr_object_unref(context);
}

/* A heap with room for n buffers. */
static fr_heap *empty_heap(fr_call *call, size_t n)
{
    fr_heap *heap = fr_new(call, sizeof *heap);
    if (!heap) return NULL;
    atomic_init(&heap->refs, 1);
    heap->context = fr_object_ref(call->context);
    heap->n_buffers = n;
    heap->buffers = fr_new_array(call, n, sizeof *heap->buffers);
    if (heap->buffers) heap->bases = fr_new_array(call, n, sizeof *heap->bases);
    if (heap->bases) return heap;
    free_heap(heap);
    return NULL;
}

static void put_buffers(fr_heap *heap, size_t at, fr_buffer *const *buffers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        heap->buffers[at + i] = fr_buffer_ref(buffers[i]);
        heap->bases[at + i] = buffers[i]->data;
    }
}

fr_heap *fr_heap_new(fr_call *call, fr_buffer *const *buffers, size_t n)
{
    fr_heap *heap = empty_heap(call, n);
    if (heap) put_buffers(heap, 0, buffers, n);
    return heap;
}

/* Where heap i was listed before, or i when it comes for the first time. Looks back a little only: the repeats that
 * matter are neighbours, and listing a heap twice is merely wasteful. */
static size_t seen_at(fr_heap *const *heaps, size_t i)
{
    for (size_t back = 1; back <= 8 && back <= i; back++)
        if (heaps[i - back] == heaps[i]) return i - back;
    return i && heaps[0] == heaps[i] ? 0 : i;
}

fr_heap *fr_heap_join(fr_call *call, fr_heap *const *heaps, size_t n, uint32_t *first_buffer)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        size_t before = heaps[i] ? seen_at(heaps, i) : i;
        first_buffer[i] = before < i ? first_buffer[before] : (uint32_t)total;
        if (heaps[i] && before == i) total += heaps[i]->n_buffers;
    }
    if (total > UINT32_MAX) {
        fr_fail(call, FR_ERR_LIMIT, "more than 2^32 text buffers");
        return NULL;
    }
    fr_heap *joined = empty_heap(call, total);
    for (size_t i = 0; i < n && joined; i++)
        if (heaps[i] && seen_at(heaps, i) == i)
            put_buffers(joined, first_buffer[i], heaps[i]->buffers, heaps[i]->n_buffers);
    return joined;
}

/* ---- rows cut out of a large heap -------------------------------------------------------------------------------- */
enum { LARGE_HEAP = 1 << 20,                /* bytes; keeping less alive does no harm */
       PART_ROWS = 1 << 14 };               /* whose texts one thread counts and copies */

typedef struct moving {
    fr_view       *views;
    int64_t        n;
    const fr_heap *heap;
    size_t        *starts;                  /* bytes of long texts before each part */
    size_t         enough;                  /* so many stay: no more is counted */
    _Atomic(size_t) total;
    char          *to;
} moving;

static size_t rows_of_part(const moving *m, size_t part)
{
    const int64_t left = m->n - (int64_t)part * PART_ROWS;
    return (size_t)(left < PART_ROWS ? left : PART_ROWS);
}

static bool count_part(fr_call *call, void *state, size_t part, size_t worker)
{
    (void)worker;
    moving *m = state;
    if (atomic_load_explicit(&m->total, memory_order_relaxed) >= m->enough) return true;
    m->starts[part + 1] = fr_views_long_bytes(m->views + part * PART_ROWS, rows_of_part(m, part));
    atomic_fetch_add_explicit(&m->total, m->starts[part + 1], memory_order_relaxed);
    return fr_go_on(call);
}

static bool move_part(fr_call *call, void *state, size_t part, size_t worker)
{
    (void)worker;
    const moving *m = state;
    fr_view *views = m->views + part * PART_ROWS;
    size_t at = m->starts[part];
    for (size_t i = 0; i < rows_of_part(m, part); i++) {
        const size_t n = views[i].in.length;
        if (n <= FR_VIEW_INLINE) continue;
        fr_put_bytes(m->to + at, fr_view_text(&views[i], m->heap->bases), n);
        views[i].out.buffer = 0;
        views[i].out.offset = (uint32_t)at;
        at += n;
    }
    return fr_go_on(call);
}

/* All into one buffer. */
static fr_heap *move_texts(fr_call *call, moving *m, size_t n_parts)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *buffer = fr_buffer_new(call, m->starts[n_parts]);
    if (!buffer) return NULL;
    m->to = buffer->data;
    return fr_for_blocks(call, n_parts, move_part, m) ? fr_heap_new(call, &buffer, 1) : NULL;
}

/* None, or more than a buffer holds. */
static fr_heap *collect_texts(fr_call *call, const moving *m)
{
    FR_CLEANUP(fr_texts_clear) fr_texts texts = FR_TEXTS_INIT(call);
    for (int64_t i = 0; i < m->n; i++) {
        fr_view *view = m->views + i;
        const size_t length = view->in.length;
        if (length <= FR_VIEW_INLINE) continue;
        if (!fr_texts_add(call, &texts, fr_view_text(view, m->heap->bases), length, view)) return NULL;
    }
    return fr_texts_finish(call, &texts);
}

bool fr_heap_compact(fr_call *call, fr_view *views, int64_t n, size_t used, const fr_heap *heap, fr_heap **compact)
{
    size_t held = 0;
    *compact = NULL;
    for (size_t i = 0; i < heap->n_buffers; i++) held += heap->buffers[i]->size_bytes;
    if (held < LARGE_HEAP || (used != SIZE_MAX && used >= held / 4)) return true;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t n_parts = fr_block_count((size_t)n, PART_ROWS);
    moving m = { .views = views, .n = n, .heap = heap, .enough = held / 4 };
    m.starts = fr_arena_array(call, &arena, n_parts + 1, sizeof *m.starts);
    if (!m.starts || !fr_for_blocks_of(call, (size_t)n, n_parts, count_part, &m)) return false;
    if (atomic_load(&m.total) >= m.enough) return true;
    for (size_t i = 0; i < n_parts; i++) m.starts[i + 1] += m.starts[i];
    const bool one = m.starts[n_parts] > 0 && m.starts[n_parts] <= FR_LARGEST_TEXT_BLOCK;
    *compact = one ? move_texts(call, &m, n_parts) : collect_texts(call, &m);
    return *compact != NULL;
}

fr_heap *fr_heap_ref(fr_heap *heap)
{
    if (heap) atomic_fetch_add_explicit(&heap->refs, 1, memory_order_relaxed);
    return heap;
}

void fr_heap_unref(fr_heap *heap)
{
    if (heap && atomic_fetch_sub_explicit(&heap->refs, 1, memory_order_acq_rel) == 1) free_heap(heap);
}

void fr_drop_heap(fr_heap **slot)
{
    fr_heap_unref(*slot);
}
