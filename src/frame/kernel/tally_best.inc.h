/* tally_best.inc.h — two ranks of a record, each at least those of a row. Template: HALF the type of a rank, WORD that of
 * two, FN(name) the name of this pass's function, LANES(lanes, bits) that of kernel/bit_lanes.h, and where vectors have it
 * BETTER(a, b), the larger halves of two words. */
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
#pragma GCC unroll 8
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

static inline HALF FN(rank)(uint32_t x, fr_tally_ranking of) { return (HALF)((x ^ of.flip) + of.add); }

FR_TEMPLATE_FN void FN(rank_rows)(WORD *restrict out, size_t begin, size_t end, const fr_tally_input *in, bool nulls,
                                  bool bytes)
{
    const int32_t *restrict x = in->x, *restrict y = in->y;
    const uint8_t *restrict byte_x = in->x, *restrict byte_y = in->y;
    const fr_tally_ranking of_x = in->ranking_x, of_y = in->ranking_y;
    HALF keep_x[STEP], keep_y[STEP];
    if (nulls) LANES(keep_x, valid_word(in->valid_x, begin)), LANES(keep_y, valid_word(in->valid_y, begin));
    for (size_t i = begin, k = 0; i < end; i++, k++) {
        const HALF rank_x = FN(rank)(bytes ? byte_x[i] : (uint32_t)x[i], of_x);
        const HALF rank_y = FN(rank)(bytes ? byte_y[i] : (uint32_t)y[i], of_y);
        const HALF low = nulls ? rank_x & keep_x[k] : rank_x, high = nulls ? rank_y & keep_y[k] : rank_y;
        out[i] = (WORD)(low | (WORD)high << FN(half_bits));
    }
}

FR_TEMPLATE_FN void FN(rank_all)(void *words, size_t n, const fr_tally_input *in, bool bytes)
{
    if (!in->valid_x && !in->valid_y) {
        FN(rank_rows)(words, 0, n, in, false, bytes);
        return;
    }
    for (size_t begin = 0; begin < n; begin += STEP)
        FN(rank_rows)(words, begin, n - begin < STEP ? n : begin + STEP, in, true, bytes);
}

/* Bytes of ranks of a byte are not widened on their way (g7, CPU 12.6 → 11.0 ms). */
static void FN(rank_words)(void *words, size_t n, const fr_tally_input *in)
{
    if (in->ranking_x.bytes) FN(rank_all)(words, n, in, true);
    else FN(rank_all)(words, n, in, false);
}

#undef HALF
#undef WORD
#undef FN
#undef BETTER
#undef LANES
