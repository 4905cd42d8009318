/* text_table.h — a hash table from texts to their numbers.
 *
 * The texts themselves are views that somebody else keeps; the table holds, per slot, 32 bits of the hash and the
 * number. Linear probing, at most two thirds full. Used by coders (growing) and as a dictionary's late index (built
 * once).
 */
#ifndef FR_DATA_TEXT_TABLE_H
#define FR_DATA_TEXT_TABLE_H

#include "data/view.h"

typedef struct fr_text_slot { uint32_t hash, number; } fr_text_slot;    /* number + 1; 0: free */

typedef struct fr_text_table {
    fr_context   *context;       /* borrowed */
    uint64_t      seed;
    fr_text_slot *slots;         /* owned */
    size_t        n_slots;       /* a power of two, or 0 */
    uint32_t      used;
} fr_text_table;

bool     fr_text_table_init(fr_call *call, fr_text_table *table, size_t expected) FR_MUST_USE;
void     fr_text_table_clear(fr_text_table *table);
uint32_t fr_text_table_hash(const fr_text_table *table, const char *text, size_t n);
/* The number of the text, or -1; *slot then is where it belongs (until the table grows). */
int64_t  fr_text_table_find(const fr_text_table *table, const fr_view *views, const char *const *bases,
                            const char *text,
                            size_t n, uint32_t hash, size_t *slot);
/* Take a free slot that find gave; grows the table when it fills up. */
bool     fr_text_table_put(fr_call *call, fr_text_table *table, size_t slot, uint32_t hash,
                           uint32_t number) FR_MUST_USE;

#endif
