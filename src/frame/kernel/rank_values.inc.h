/* rank_values.inc.h — ranks of one width become values of one width. Template: RANK, VALUE the types, FN the function.
 *
 * What is above a value's bits does not matter, so narrow ranks become narrow values in narrow lanes. -rank = ~rank + 1.
 */
static bool FN(void *values, const void *ranks, size_t n, const fr_rank_values_of *of)
{
    const RANK *restrict rank = ranks;
    VALUE *restrict out = values;
    const VALUE flip = of->least ? (VALUE)-1 : 0, add = (VALUE)((uint64_t)of->worst + (of->least ? 2 : UINT64_MAX));
    RANK least = (RANK)-1;
    for (size_t i = 0; i < n; i++) {
        least = rank[i] < least ? rank[i] : least;
        out[i] = rank[i] ? (VALUE)(((VALUE)rank[i] ^ flip) + add) : 0;
    }
    return n && !least;
}
#undef VALUE
#undef FN
