/* tally_best.inc.h — two ranks of a record, each at least those of a row. Template: HALF the type of a rank, WORD that of
 * two, FN(name) the name of this pass's function, BETTER(a, b) the larger halves of two words, where vectors have them. */
enum { FN(half_bits) = 8 * sizeof(HALF) };

static inline WORD FN(better)(WORD a, WORD b)
{
#ifdef BETTER
    return BETTER(a, b);
#else
    const WORD low = (WORD)(HALF)~(HALF)0, a_low = a & low, b_low = b & low;
    const WORD a_high = (WORD)(a ^ a_low), b_high = (WORD)(b ^ b_low);
    return (WORD)((a_low > b_low ? a_low : b_low) | (a_high > b_high ? a_high : b_high));
#endif
}

FR_TEMPLATE_FN void FN(best_rows)(char *restrict field, const uint32_t *restrict at, size_t begin, size_t end,
                                  const fr_tally_input *in, ask how)
{
    const WORD *restrict words = (const void *)in->words;
    for (size_t i = begin; i < end; i++) {
        WORD best;
        ask_for(field, in, i, how);
        memcpy(&best, field + at[i], sizeof best);             /* two ranks, aligned as one */
        best = FN(better)(best, words[i]);
        memcpy(field + at[i], &best, sizeof best);
    }
}

static void FN(best)(char *field, const uint32_t *at, size_t n, const fr_tally_input *in)
{
    visit(field, at, n, in, FN(best_rows));
}

static inline HALF FN(rank)(const int32_t *x, const uint64_t *valid, size_t i, fr_tally_ranking of)
{
    return is_set(valid, i) ? (HALF)(((uint32_t)x[i] ^ of.flip) + of.add) : 0;
}

static void FN(rank_words)(void *words, size_t n, const fr_tally_input *in)
{
    const int32_t *restrict x = in->x, *restrict y = in->y;
    const uint64_t *valid_x = in->valid_x, *valid_y = in->valid_y;
    const fr_tally_ranking of_x = in->ranking_x, of_y = in->ranking_y;
    WORD *restrict out = words;
    if (valid_x || valid_y)
        for (size_t i = 0; i < n; i++)
            out[i] = (WORD)(FN(rank)(x, valid_x, i, of_x) | (WORD)FN(rank)(y, valid_y, i, of_y) << FN(half_bits));
    else
        for (size_t i = 0; i < n; i++)
            out[i] = (WORD)(FN(rank)(x, NULL, i, of_x) | (WORD)FN(rank)(y, NULL, i, of_y) << FN(half_bits));
}

#undef HALF
#undef WORD
#undef FN
#undef BETTER
