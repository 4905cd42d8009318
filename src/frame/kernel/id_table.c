/* id_table.c — growing the table of id_table.h. */
#include "kernel/id_table.h"

enum { FIRST_SLOTS = 256, GROWTH = 4 };

bool fr_id_table_grow(fr_call *call, fr_id_table *table)
{
    if (table->n >= UINT32_MAX / 2)
        return fr_fail(call, FR_ERR_LIMIT, "more than %u distinct keys", UINT32_MAX / 2);
    const size_t n_slots = table->n_slots ? table->n_slots * GROWTH : FIRST_SLOTS;
    fr_id_slot *slots = fr_new_array(call, n_slots, sizeof *slots);
    if (!slots) return false;

    for (size_t i = 0; i < table->n_slots; i++) {
        if (!table->slots[i].id) continue;
        size_t at = fr_hash_u64(table->slots[i].key, table->seed) & (n_slots - 1);
        while (slots[at].id) at = (at + 1) & (n_slots - 1);
        slots[at] = table->slots[i];
    }
    fr_free_array(table->context, table->slots, table->n_slots, sizeof *slots);
    table->slots = slots;
    table->n_slots = n_slots;
    return true;
}

void fr_id_table_clear(fr_id_table *table)
{
    fr_free_array(table->context, table->slots, table->n_slots, sizeof *table->slots);
    table->slots = NULL;
    table->n_slots = 0;
    table->n = 0;
}
