/* heap.c — the buffers behind long views, shared, joined, and left behind when few rows still need them.
 *
 * Joining heaps moves no text: the result lists the buffers of all, and the views of the i-th get first_buffer[i] added
 * to their buffer number. A heap that comes up again (slices of one column) is listed once.
 */
#include "data/view.h"

#include "base/memory.h"

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
enum { LARGE_HEAP = 1 << 20 };              /* bytes; keeping less alive does no harm */

static bool copy_texts(fr_call *call, fr_view *views, int64_t n, const fr_heap *heap, fr_texts *texts)
{
    for (int64_t i = 0; i < n; i++) {
        const size_t length = views[i].in.length;
        if (length <= FR_VIEW_INLINE) continue;
        if (!fr_texts_add(call, texts, fr_view_text(&views[i], heap->bases), length, &views[i])) return false;
    }
    return true;
}

/* No more is counted than it takes to reach `enough`. */
static size_t long_bytes(const fr_view *views, int64_t n, size_t enough)
{
    enum { STEP = 4096 };
    size_t bytes = 0;
    for (int64_t i = 0; i < n && bytes < enough; i += STEP)
        bytes += fr_views_long_bytes(views + i, (size_t)(n - i < STEP ? n - i : STEP));
    return bytes;
}

bool fr_heap_compact(fr_call *call, fr_view *views, int64_t n, size_t used, const fr_heap *heap, fr_heap **compact)
{
    size_t held = 0;
    *compact = NULL;
    for (size_t i = 0; i < heap->n_buffers; i++) held += heap->buffers[i]->size_bytes;
    if (held < LARGE_HEAP) return true;
    if (used == SIZE_MAX) used = long_bytes(views, n, held / 4);
    if (used >= held / 4) return true;
    FR_CLEANUP(fr_texts_clear) fr_texts texts = FR_TEXTS_INIT(call);
    if (!copy_texts(call, views, n, heap, &texts)) return false;
    *compact = fr_texts_finish(call, &texts);
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
