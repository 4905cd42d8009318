/* dictionary.h — distinct texts, numbered.
 *
 * A str or cat column whose texts repeat holds small codes and one dictionary, so that grouping, joining, sorting and
 * filtering become integer work, and a text function runs once per distinct text. Entries are distinct and never null
 * (null is a matter of the column's validity); after a filter some may be unused. Dictionaries are immutable and
 * shared; hashes, lookup table and ranks are made on first use and published by one compare-and-swap.
 */
#ifndef FR_DATA_DICTIONARY_H
#define FR_DATA_DICTIONARY_H

#include "data/view.h"

typedef struct fr_dictionary {
    _Atomic(int64_t)        refs;
    fr_context             *context;      /* owned reference */
    uint32_t                length;
    const fr_view          *values;
    fr_buffer              *values_buffer;
    fr_heap                *heap;         /* NULL when every text is short */
    _Atomic(uint32_t *)     ranks;        /* late: rank by bytes of each entry */
    _Atomic(void *)         index;        /* late: lookup table */
} fr_dictionary;

/* Takes references of its own. The texts must be distinct (checked by the caller that made them). */
fr_dictionary *fr_dictionary_new(fr_call *call, fr_buffer *values, uint32_t length, fr_heap *heap) FR_MUST_USE;
/* The same of the first `length` views of a buffer when they are different, all of which is found out; else *out is
 * NULL. */
bool           fr_dictionary_of_different(fr_call *call, fr_buffer *views, uint32_t length, fr_heap *heap,
                                          fr_dictionary **out) FR_MUST_USE;
fr_dictionary *fr_dictionary_ref(fr_dictionary *dictionary);
void           fr_dictionary_unref(fr_dictionary *dictionary);
FR_PRIVATE const char *fr_dictionary_text(const fr_dictionary *dictionary, uint32_t code, size_t *n);
const char *const *fr_dictionary_bases(const fr_dictionary *dictionary);
int64_t        fr_dictionary_find(fr_call *call, const fr_dictionary *dictionary, const char *text,
                                  size_t n);                                            /* -1: absent, -2: failed */
const uint32_t *fr_dictionary_ranks(fr_call *call, const fr_dictionary *dictionary) FR_MUST_USE;      /* NULL: failed */
/* map[code of `from`] = code in `to`, or to's length where it lacks the text. */
bool           fr_dictionary_map(fr_call *call, const fr_dictionary *from, const fr_dictionary *to,
                                 uint32_t *map) FR_MUST_USE;
/* One dictionary of all texts of several, first ones first; maps[i][code of i] = code in the result (owned arrays of
 * uint32_t, one per input, lengths as the inputs'; allocated from `arena`). */
struct fr_arena;
fr_dictionary *fr_dictionary_union(fr_call *call, const fr_dictionary *const *inputs, size_t n, struct fr_arena *arena,
                                   uint32_t **maps) FR_MUST_USE;

/* ---- making one: texts in, codes out, in order of first appearance ----------------------------------------------- */
typedef struct fr_coder fr_coder;
fr_coder      *fr_coder_new(fr_call *call) FR_MUST_USE;
int64_t        fr_coder_code(fr_call *call, fr_coder *coder, const char *text, size_t n);     /* -1: failed */
fr_dictionary *fr_coder_finish(fr_call *call, fr_coder *coder) FR_MUST_USE;    /* coder stays usable for unref only */
void           fr_coder_unref(fr_coder *coder);

#endif
