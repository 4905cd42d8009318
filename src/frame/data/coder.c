/* coder.c — texts in, codes out: builds a dictionary in order of first appearance.
 *
 *     "North" → 0, "South" → 1, "North" → 0, "West" → 2        fr_coder_finish: { North, South, West }
 */
#include "data/dictionary.h"

#include "base/memory.h"
#include "data/text_table.h"

struct fr_coder {
    fr_context   *context;        /* owned reference */
    fr_text_table table;
    fr_texts      texts;
    fr_buffer    *views;          /* fr_view[capacity] */
    uint32_t      length;
    size_t        capacity;
    const char  **bases;          /* of the texts' buffers so far */
    size_t        n_bases, room;
};

fr_coder *fr_coder_new(fr_call *call)
{
    fr_coder *coder = fr_new(call, sizeof *coder);
    if (!coder) return NULL;
    coder->context = fr_object_ref(call->context);
    coder->texts = (fr_texts)FR_TEXTS_INIT(call);
    coder->capacity = 64;
    if (fr_text_table_init(call, &coder->table, 0)) {
        coder->views = fr_buffer_array(call, coder->capacity, sizeof(fr_view));
        if (coder->views) return coder;
    }
    fr_coder_unref(coder);
    return NULL;
}

void fr_coder_unref(fr_coder *coder)
{
    if (!coder) return;
    fr_context *context = coder->context;
    fr_text_table_clear(&coder->table);
    fr_texts_clear(&coder->texts);
    fr_buffer_unref(coder->views);
    if (coder->bases) fr_free_array(context, coder->bases, coder->room, sizeof *coder->bases);
    fr_free(context, coder, sizeof *coder);
    fr_object_unref(context);
}

static bool more_views(fr_call *call, fr_coder *coder)
{
    if (coder->length < coder->capacity) return true;
    if (coder->length >= UINT32_MAX - 1) return fr_fail(call, FR_ERR_LIMIT, "more than 2^32 - 2 distinct texts");
    if (!fr_buffer_resize(call, coder->views, 2 * coder->capacity * sizeof(fr_view))) return false;
    coder->capacity *= 2;
    return true;
}

/* Keep the list of bases in step with the texts' buffers. */
static bool follow_buffers(fr_call *call, fr_coder *coder)
{
    if (coder->texts.n_buffers == coder->n_bases) return true;
    if (coder->n_bases == coder->room) {
        size_t more = coder->room ? 2 * coder->room : 8;
        const char **bases = coder->room ? fr_resize_array(call, coder->bases, coder->room, more, sizeof *bases)
                                         : fr_new_array(call, more, sizeof *bases);
        if (!bases) return false;
        coder->bases = bases;
        coder->room = more;
    }
    /* closing a block may have moved the one before the last */
    size_t n = coder->texts.n_buffers;
    for (size_t i = n >= 2 ? n - 2 : 0; i < n; i++) coder->bases[i] = coder->texts.buffers[i]->data;
    coder->n_bases = n;
    return true;
}

static int64_t add_text(fr_call *call, fr_coder *coder, const char *text, size_t n, uint32_t hash, size_t slot)
{
    if (!more_views(call, coder)) return -1;
    fr_view *views = coder->views->data;
    if (!fr_texts_add(call, &coder->texts, text, n, &views[coder->length]) || !follow_buffers(call, coder)) return -1;
    if (!fr_text_table_put(call, &coder->table, slot, hash, coder->length)) return -1;
    return coder->length++;
}

int64_t fr_coder_code(fr_call *call, fr_coder *coder, const char *text, size_t n)
{
    size_t slot;
    uint32_t hash = fr_text_table_hash(&coder->table, text, n);
    int64_t code = fr_text_table_find(&coder->table, coder->views->data, coder->bases, text, n, hash, &slot);
    return code >= 0 ? code : add_text(call, coder, text, n, hash, slot);
}

fr_dictionary *fr_coder_finish(fr_call *call, fr_coder *coder)
{
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = fr_texts_finish(call, &coder->texts);
    if (!heap || !fr_buffer_resize(call, coder->views, coder->length * sizeof(fr_view))) return NULL;
    return fr_dictionary_new(call, coder->views, coder->length, heap->n_buffers ? heap : NULL);
}
