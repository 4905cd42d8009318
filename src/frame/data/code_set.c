/* code_set.c — which codes a column's values have: kept with the column, as facts found later are (data/facts.c). */
#include "data/code_set.h"

#include "base/memory.h"
#include "base/problem.h"
#include "kernel/bits.h"

static bool is_same(const fr_code_rule *a, const fr_code_rule *b)
{
    return a->low == b->low && a->top == b->top && a->shift == b->shift && a->nan_code == b->nan_code
        && a->null_code == b->null_code && a->span == b->span && a->descending == b->descending;
}

const fr_code_set *fr_code_set_find(const fr_column *column, const fr_code_rule *rule)
{
    const fr_code_set *set = atomic_load_explicit(&column->late_codes, memory_order_acquire);
    return set && is_same(&set->rule, rule) ? set : NULL;
}

void fr_code_set_free(fr_context *context, fr_code_set *set)
{
    if (set) fr_free(context, set, set->size_bytes);
}

static fr_code_set *make_set(fr_call *call, const fr_code_rule *rule, const uint32_t *bits)
{
    const size_t span = (size_t)rule->span, n_words = span / 32 + 1, bytes = sizeof(fr_code_set) + n_words * sizeof *bits;
    fr_code_set *set = fr_new(call, bytes);
    if (!set) return NULL;
    set->rule = *rule;
    set->size_bytes = bytes;
    set->n_codes = 0;
    for (size_t w = 0; w < n_words; w++) {
        const size_t left = span - w * 32;
        set->bits[w] = left == 0 ? 0 : left < 32 ? bits[w] & (((uint32_t)1 << left) - 1) : bits[w];
        set->n_codes += fr_count_word(set->bits[w]);
    }
    return set;
}

bool fr_code_set_note(fr_call *call, const fr_column *column, const fr_code_rule *rule, const uint32_t *bits)
{
    fr_column *shared = (fr_column *)(uintptr_t)column;
    if (fr_column_is_foreign(column) || rule->span > SIZE_MAX / 2) return true;
    fr_call own;      /* the set belongs to the column, so to its context */
    fr_call_begin_within(&own, column->object.context, call);
    fr_code_set *set = make_set(&own, rule, bits), *none = NULL;
    const bool made = set != NULL;
    if (!made) fr_fail_with(call, fr_call_take_problem(&own));
    else if (!atomic_compare_exchange_strong(&shared->late_codes, &none, set)) fr_code_set_free(own.context, set);
    fr_call_end(&own);
    return made;
}
