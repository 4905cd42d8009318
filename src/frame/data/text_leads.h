/* text_leads.h — a number for the leading places of each of many texts, ordered as these places are.
 *
 *     user 3fa@x    All agree in "user ", which is left out. Of the places behind it each has its own few bytes, which
 *     user 07c@y    count as digits of a radix as large as they are many; the end of a text is a digit below all bytes.
 *     user 3f       As many places as fit 63 bits make the number: of hex digits fifteen.
 *
 * As data/text_numbers.h, for texts of any length: what is left over is told by the number of places.
 */
#ifndef FR_DATA_TEXT_LEADS_H
#define FR_DATA_TEXT_LEADS_H

#include "data/view.h"

typedef struct fr_text_set {               /* some texts that agree in their first `depth` bytes */
    const fr_view     *views;              /* by row */
    const char *const *bases;
    const void        *rows;               /* n of them (kernel/rows.h) */
    bool               wide;
    size_t             n;
    uint32_t           depth;
} fr_text_set;

/* Texts of a set, a few at once, so that memory is asked for all of them before it is needed. */
enum { FR_TEXTS_AT_ONCE = 64 };
typedef struct fr_text_tails {
    const uint8_t *text[FR_TEXTS_AT_ONCE]; /* from `depth` on */
    uint32_t       left[FR_TEXTS_AT_ONCE]; /* bytes */
    size_t         n;
} fr_text_tails;
void fr_text_tails_at(const fr_text_set *set, size_t at, fr_text_tails *out);

/* Bytes behind set->depth in which the tails agree with `text`, at most so many. */
uint32_t fr_text_tails_agree(const fr_text_tails *tails, const uint8_t *text, uint32_t most);

/* leads[i] ≤ *top of text i; set->depth grows by what all agree in. Texts of one number agree in *places bytes behind it,
 * or, where they have fewer than these, wholly. */
bool fr_text_leads(fr_call *call, fr_text_set *set, uint64_t *leads, uint64_t *top, uint32_t *places) FR_MUST_USE;

#endif
