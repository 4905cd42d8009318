/* id_table.h — numbers distinct 64-bit keys 0, 1, 2 … in the order in which they are first added.
 *
 * Open addressing with linear probing, a power of two of slots, at most half full, growing fourfold. Keys that hash
 * alike cannot be prepared from outside, because the hash is seeded (base/hash.h). One thread at a time.
 *
 *     fr_id_table table = FR_ID_TABLE_INIT(call, seed);
 *     uint32_t id;
 *     if (!fr_id_table_add(call, &table, key, &id)) return false;           id == table.n - 1 when the key was new
 */
#ifndef FR_KERNEL_ID_TABLE_H
#define FR_KERNEL_ID_TABLE_H

#include "base/hash.h"
#include "base/memory.h"

#define FR_NO_ID UINT32_MAX

typedef struct fr_id_slot {
    uint64_t key;
    uint32_t id;             /* + 1; 0: free */
    uint32_t pad;
} fr_id_slot;

typedef struct fr_id_table {
    fr_context *context;
    uint64_t    seed;
    fr_id_slot *slots;
    size_t      n_slots;
    uint32_t    n;           /* keys */
} fr_id_table;
#define FR_ID_TABLE_INIT(call, seed_) { .context = (call)->context, .seed = (seed_) }

bool fr_id_table_grow(fr_call *call, fr_id_table *table) FR_MUST_USE;
void fr_id_table_clear(fr_id_table *table);                             /* works as FR_CLEANUP */

static inline bool fr_id_table_add_hashed(fr_call *call, fr_id_table *table, uint64_t key, uint64_t hash, uint32_t *id)
{
    if (2 * (size_t)table->n >= table->n_slots && !fr_id_table_grow(call, table)) return false;
    const size_t mask = table->n_slots - 1;
    size_t at = hash & mask;
    while (table->slots[at].id && table->slots[at].key != key) at = (at + 1) & mask;
    if (!table->slots[at].id) table->slots[at] = (fr_id_slot){ .key = key, .id = ++table->n };
    *id = table->slots[at].id - 1;
    return true;
}

static inline bool fr_id_table_add(fr_call *call, fr_id_table *table, uint64_t key, uint32_t *id)
{
    return fr_id_table_add_hashed(call, table, key, fr_hash_u64(key, table->seed), id);
}

/* The key's number, or FR_NO_ID. */
static inline uint32_t fr_id_table_find(const fr_id_table *table, uint64_t key)
{
    if (!table->n_slots) return FR_NO_ID;
    const size_t mask = table->n_slots - 1;
    size_t at = fr_hash_u64(key, table->seed) & mask;
    while (table->slots[at].id && table->slots[at].key != key) at = (at + 1) & mask;
    return table->slots[at].id - 1;
}

#endif
