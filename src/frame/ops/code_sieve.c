/* code_sieve.c — codes made, those of a range kept, and keys of the vector after asked for (see code_sieve.h). */
#include "ops/code_sieve.h"

#include "ops/group_direct.h"

/* Keys of the vector after the one at `first`. */
static void ask_for_keys(const fr_keys *keys, int64_t first)
{
    const int64_t next = first + FR_KEY_VECTOR;
    if (keys->n_rows - next < FR_KEY_VECTOR) return;
    for (size_t i = 0; i < keys->n_parts; i++) {
        const fr_key_part *part = &keys->parts[i];
        const char *values = (const char *)part->values + (size_t)next * part->width;
        for (size_t line = 0; line < FR_KEY_VECTOR * part->width; line += 64) __builtin_prefetch(values + line, 0, 2);
    }
}

static size_t count_below(const uint32_t *slots, size_t n, uint32_t low)
{
    size_t below = 0;
    for (size_t i = 0; i < n; i++) below += slots[i] < low;
    return below;
}

void fr_sieve_rows(const fr_code_sieve *sieve, fr_stretch *s, fr_sieved_rows *v)
{
    uint32_t slots[FR_KEY_VECTOR];
    v->n = v->n_below = 0;
    if (!fr_next_stretch(s)) return;
    fr_row_slots(sieve->keys, s->first, s->n, slots);
    ask_for_keys(sieve->keys, s->first);
    v->first = s->first;
    v->n = FR_ISA_PICK(fr_slot_kernels)->sieve(v->codes, v->places, slots, s->n, sieve->low, sieve->width);
    if (sieve->low && v->n < s->n) v->n_below = count_below(slots, s->n, sieve->low);
}
