/* names.c — see names.h: an open table of numbers, at most half full. */
#include "plot/names.h"

#include <string.h>

#include "base/context_state.h"
#include "base/hash.h"

bool fr_names_begin(fr_call *call, fr_arena *arena, size_t most, fr_names *out)
{
    size_t n_slots = 16;
    if (most > UINT32_MAX / 4) return fr_fail(call, FR_ERR_LIMIT, "a figure of more than 10^9 names");
    while (n_slots < 2 * most) n_slots *= 2;
    *out = (fr_names){ .mask = n_slots - 1, .seed = fr_context_seed(call->context) };
    out->texts = fr_arena_array(call, arena, most + 1, sizeof *out->texts);
    out->slots = fr_arena_array(call, arena, n_slots, sizeof *out->slots);
    return out->texts && out->slots;
}

size_t fr_names_number(fr_names *names, const char *text)
{
    size_t at = fr_hash_bytes(text, strlen(text), names->seed) & names->mask;
    for (; names->slots[at]; at = (at + 1) & names->mask)
        if (!strcmp(names->texts[names->slots[at] - 1], text)) return names->slots[at] - 1;
    names->texts[names->n] = text;
    names->slots[at] = (uint32_t)++names->n;
    return names->n - 1;
}
