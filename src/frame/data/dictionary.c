/* dictionary.c — sharing dictionaries, looking texts up, ranking them, uniting several.
 *
 * The lookup table and the ranks are made when somebody first asks and published by one compare-and-swap; whoever loses
 * that race frees their own and uses the winner's.
 */
#include "data/dictionary.h"

#include "base/memory.h"
#include "data/text_ranks.h"
#include "data/text_table.h"

fr_dictionary *fr_dictionary_new(fr_call *call, fr_buffer *values, uint32_t length, fr_heap *heap)
{
    fr_dictionary *dictionary = fr_new(call, sizeof *dictionary);
    if (!dictionary) return NULL;
    atomic_init(&dictionary->refs, 1);
    dictionary->context = fr_object_ref(call->context);
    dictionary->length = length;
    dictionary->values = values->data;
    dictionary->values_buffer = fr_buffer_ref(values);
    dictionary->heap = fr_heap_ref(heap);
    return dictionary;
}

bool fr_dictionary_of_different(fr_call *call, fr_buffer *views, uint32_t length, fr_heap *heap, fr_dictionary **out)
{
    const fr_view *view = views->data;
    const char *const *bases = heap ? heap->bases : NULL;
    FR_CLEANUP(fr_text_table_clear) fr_text_table table;
    *out = NULL;
    if (!fr_text_table_init(call, &table, length)) return false;
    for (uint32_t i = 0; i < length; i++) {
        size_t slot, n = view[i].in.length;
        const char *text = fr_view_text(view + i, bases);
        uint32_t hash = fr_text_table_hash(&table, text, n);
        if (fr_text_table_find(&table, view, bases, text, n, hash, &slot) >= 0) return true;
        if (!fr_text_table_put(call, &table, slot, hash, i) || (i % 65536 == 0 && !fr_go_on(call))) return false;
    }
    *out = fr_dictionary_new(call, views, length, heap);
    return *out != NULL;
}

fr_dictionary *fr_dictionary_ref(fr_dictionary *dictionary)
{
    if (dictionary) atomic_fetch_add_explicit(&dictionary->refs, 1, memory_order_relaxed);
    return dictionary;
}

static void free_index(fr_context *context, fr_text_table *index)
{
    if (!index) return;
    fr_text_table_clear(index);
    fr_free(context, index, sizeof *index);
}

/* Of an empty one too, that of code 0: it lies under the nulls of a column that has nothing else, and is looked up. */
static size_t rooms_for_ranks(const fr_dictionary *dictionary) { return dictionary->length ? dictionary->length : 1; }

void fr_dictionary_unref(fr_dictionary *dictionary)
{
    if (!dictionary || atomic_fetch_sub_explicit(&dictionary->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = dictionary->context;
    uint32_t *ranks = atomic_load(&dictionary->ranks);
    if (ranks) fr_free_array(context, ranks, rooms_for_ranks(dictionary), sizeof *ranks);
    free_index(context, atomic_load(&dictionary->index));
    fr_buffer_unref(dictionary->values_buffer);
    fr_heap_unref(dictionary->heap);
    fr_free(context, dictionary, sizeof *dictionary);
    fr_object_unref(context);
}

const char *const *fr_dictionary_bases(const fr_dictionary *dictionary)
{
    return dictionary->heap ? dictionary->heap->bases : NULL;
}

const char *fr_dictionary_text(const fr_dictionary *dictionary, uint32_t code, size_t *n)
{
    const fr_view *view = &dictionary->values[code];
    *n = view->in.length;
    return fr_view_text(view, fr_dictionary_bases(dictionary));
}

/* What is made late belongs to the dictionary, so it is made under the dictionary's context, in a call of its own. */
static void hand_failure_over(fr_call *call, fr_call *own)
{
    if (fr_failed(own)) fr_fail_with(call, fr_call_take_problem(own));
    fr_call_end(own);
}

/* ---- lookup ------------------------------------------------------------------------------------------------------ */

static fr_text_table *make_index(fr_call *call, const fr_dictionary *dictionary)
{
    fr_text_table *index = fr_new(call, sizeof *index);
    bool ok = index && fr_text_table_init(call, index, dictionary->length);
    for (uint32_t code = 0; ok && code < dictionary->length; code++) {
        size_t n, slot;
        const char *text = fr_dictionary_text(dictionary, code, &n);
        uint32_t hash = fr_text_table_hash(index, text, n);
        if (fr_text_table_find(index, dictionary->values, fr_dictionary_bases(dictionary), text, n, hash, &slot) < 0)
            ok = fr_text_table_put(call, index, slot, hash, code);
    }
    if (ok) return index;
    free_index(dictionary->context, index);
    return NULL;
}

int64_t fr_dictionary_find(fr_call *call, const fr_dictionary *dictionary, const char *text, size_t n)
{
    fr_dictionary *shared = (fr_dictionary *)(uintptr_t)dictionary;
    void *index = atomic_load_explicit(&shared->index, memory_order_acquire);
    if (!index) {
        fr_call own;
        fr_call_begin_within(&own, dictionary->context, call);
        void *made = make_index(&own, dictionary);
        hand_failure_over(call, &own);
        if (!made) return -2;
        if (atomic_compare_exchange_strong(&shared->index, &index, made)) index = made;
        else free_index(dictionary->context, made);
    }
    size_t slot;
    return fr_text_table_find(index, dictionary->values, fr_dictionary_bases(dictionary), text, n,
                              fr_text_table_hash(index, text, n), &slot);
}

bool fr_dictionary_map(fr_call *call, const fr_dictionary *from, const fr_dictionary *to, uint32_t *map)
{
    for (uint32_t code = 0; code < from->length; code++) {
        size_t n;
        const char *text = fr_dictionary_text(from, code, &n);
        const int64_t found = fr_dictionary_find(call, to, text, n);
        if (found == -2) return false;
        map[code] = found < 0 ? to->length : (uint32_t)found;
    }
    return true;
}

/* ---- ranks ------------------------------------------------------------------------------------------------------- */

static uint32_t *make_ranks(fr_call *call, const fr_dictionary *dictionary)
{
    const size_t n = rooms_for_ranks(dictionary);
    uint32_t *ranks = fr_new_array(call, n, sizeof *ranks);
    const uint32_t n_texts = dictionary->length;
    if (ranks && fr_view_ranks(call, dictionary->values, fr_dictionary_bases(dictionary), n_texts, ranks)) return ranks;
    if (ranks) fr_free_array(call->context, ranks, n, sizeof *ranks);
    return NULL;
}

const uint32_t *fr_dictionary_ranks(fr_call *call, const fr_dictionary *dictionary)
{
    fr_dictionary *shared = (fr_dictionary *)(uintptr_t)dictionary;
    uint32_t *ranks = atomic_load_explicit(&shared->ranks, memory_order_acquire);
    if (ranks) return ranks;
    fr_call own;
    fr_call_begin_within(&own, dictionary->context, call);
    uint32_t *made = make_ranks(&own, dictionary);
    hand_failure_over(call, &own);
    if (!made) return NULL;
    if (atomic_compare_exchange_strong(&shared->ranks, &ranks, made)) return made;
    fr_free_array(dictionary->context, made, rooms_for_ranks(dictionary), sizeof *made);
    return ranks;
}

/* ---- union ------------------------------------------------------------------------------------------------------- */

static bool map_texts(fr_call *call, fr_coder *coder, const fr_dictionary *input, uint32_t *map)
{
    for (uint32_t code = 0; code < input->length; code++) {
        size_t n;
        const char *text = fr_dictionary_text(input, code, &n);
        int64_t united = fr_coder_code(call, coder, text, n);
        if (united < 0) return false;
        map[code] = (uint32_t)united;
    }
    return true;
}

static void drop_coder(fr_coder **slot)
{
    fr_coder_unref(*slot);
}

static bool all_same(const fr_dictionary *const *inputs, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (inputs[i] != inputs[0]) return false;
    return true;
}

fr_dictionary *fr_dictionary_union(fr_call *call, const fr_dictionary *const *inputs, size_t n, struct fr_arena *arena,
                                   uint32_t **maps)
{
    for (size_t i = 0; i < n; i++) {
        maps[i] = fr_arena_array(call, arena, inputs[i]->length, sizeof **maps);
        if (!maps[i]) return NULL;
    }
    if (all_same(inputs, n)) {
        for (size_t i = 0; i < n; i++)
            for (uint32_t code = 0; code < inputs[i]->length; code++) maps[i][code] = code;
        return fr_dictionary_ref((fr_dictionary *)(uintptr_t)inputs[0]);
    }
    FR_CLEANUP(drop_coder) fr_coder *coder = fr_coder_new(call);
    if (!coder) return NULL;
    for (size_t i = 0; i < n; i++)
        if (!map_texts(call, coder, inputs[i], maps[i])) return NULL;
    return fr_coder_finish(call, coder);
}
