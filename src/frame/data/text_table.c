/* text_table.c — probing and growing. Numbers are never removed, and the stored hash bits make growing free of
 * texts. */
#include "data/text_table.h"

#include "base/context_state.h"
#include "base/hash.h"
#include "base/memory.h"

static bool make_slots(fr_call *call, fr_text_table *table, size_t n_slots)
{
    fr_text_slot *slots = fr_new_array(call, n_slots, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < table->n_slots; i++) {
        if (!table->slots[i].number) continue;
        size_t at = table->slots[i].hash & (n_slots - 1);
        while (slots[at].number) at = (at + 1) & (n_slots - 1);
        slots[at] = table->slots[i];
    }
    if (table->slots) fr_free_array(table->context, table->slots, table->n_slots, sizeof *slots);
    table->slots = slots;
    table->n_slots = n_slots;
    return true;
}

bool fr_text_table_init(fr_call *call, fr_text_table *table, size_t expected)
{
    *table = (fr_text_table){ .context = call->context, .seed = fr_context_seed(call->context) };
    size_t n_slots = 64;
    while (n_slots - n_slots / 3 <= expected) n_slots *= 2;
    return make_slots(call, table, n_slots);
}

void fr_text_table_clear(fr_text_table *table)
{
    if (table->slots) fr_free_array(table->context, table->slots, table->n_slots, sizeof *table->slots);
    table->slots = NULL;
    table->n_slots = 0;
}

uint32_t fr_text_table_hash(const fr_text_table *table, const char *text, size_t n)
{
    return (uint32_t)fr_hash_bytes(text, n, table->seed);
}

static bool is_text(const fr_view *view, const char *const *bases, const char *text, size_t n)
{
    return view->in.length == n && !memcmp(fr_view_text(view, bases), text, n);
}

int64_t fr_text_table_find(const fr_text_table *table, const fr_view *views, const char *const *bases, const char *text,
                           size_t n, uint32_t hash, size_t *slot)
{
    size_t mask = table->n_slots - 1, at = hash & mask;
    for (; table->slots[at].number; at = (at + 1) & mask) {
        uint32_t number = table->slots[at].number - 1;
        if (table->slots[at].hash == hash && is_text(&views[number], bases, text, n)) return number;
    }
    *slot = at;
    return -1;
}

bool fr_text_table_put(fr_call *call, fr_text_table *table, size_t slot, uint32_t hash, uint32_t number)
{
    table->slots[slot] = (fr_text_slot){ hash, number + 1 };
    table->used++;
    return table->used < table->n_slots - table->n_slots / 3 || make_slots(call, table, 2 * table->n_slots);
}
