/* tally_ranks.inc.h — ranks of records into totals, which are as narrow. Template: RANK the type, FN(name) the name of this
 * pass's function.
 *
 * Where a record is one rank, or two, compilers make vectors of it (10^6 groups, two ranks of a byte, tables of two workers,
 * totals of a byte and no longer of four: CPU of g7 23 → 16 ms, on a busy machine).
 */
FR_TEMPLATE_FN void FN(larger_ranks)(RANK *restrict total, const char *restrict from, size_t n, size_t step)
{
    for (size_t i = 0; i < n; i++) {
        const RANK rank = *(const RANK *)(const void *)(from + i * step);
        total[i] = rank > total[i] ? rank : total[i];
    }
}

static void FN(merge_ranks)(void *totals, const fr_tally_source *from)
{
    switch (from->stride) {
    case sizeof(RANK):     FN(larger_ranks)(totals, from->field, from->n, sizeof(RANK)); break;
    case 2 * sizeof(RANK): FN(larger_ranks)(totals, from->field, from->n, 2 * sizeof(RANK)); break;
    default:               FN(larger_ranks)(totals, from->field, from->n, from->stride);
    }
}

FR_TEMPLATE_FN void FN(copy_ranks)(RANK *restrict total, const char *restrict from, size_t n, size_t step)
{
    for (size_t i = 0; i < n; i++) total[i] = *(const RANK *)(const void *)(from + i * step);
}

static void FN(put_ranks)(void *totals, const fr_tally_source *from, const uint32_t *to)
{
    RANK *total = totals;
    for (size_t i = 0; to && i < from->n; i++) total[to[i]] = *(const RANK *)part(from, i);
    if (!to && from->stride == 2 * sizeof(RANK)) FN(copy_ranks)(total, from->field, from->n, 2 * sizeof(RANK));
    else if (!to) FN(copy_ranks)(total, from->field, from->n, from->stride);
}
const fr_tally_merge FN(fr_tally_merge_ranks) = { FN(merge_ranks), FN(put_ranks) };
#undef RANK
#undef FN
