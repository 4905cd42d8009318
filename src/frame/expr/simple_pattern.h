/* simple_pattern.h — regular expressions that never go back, matched by masks of a whole text at once.
 *
 *     -([0-9]+)     in "B17-004211-K"
 *
 *                   B 1 7 - 0 0 4 2 1 1 - K
 *     '-'           . . . 1 . . . . . . 1 .         the first bit: where a match may begin
 *     [0-9]         . 1 1 . 1 1 1 1 1 1 . .         the ones behind it: how far the digits reach
 *
 * A simple pattern is a row of characters and classes of ASCII, each once or with a greedy quantifier, in groups that
 * are not nested and not repeated. What follows a class of variable length has no character in common with it, up to
 * and including the next item that must be there. So where as many as possible were taken, taking fewer leads nowhere:
 * the character behind them belongs to the class, and nothing that may come next takes it. There is one way to match from
 * a place or none, and the first place with one is what PCRE2 finds too. The first item must be there, so no match is
 * empty. Where it begins with several characters, these are looked for, and only what is behind them is matched.
 * [^,] stands for whole characters where it has no end but the next of its own, so bytes beyond ASCII are in it.
 */
#ifndef FR_EXPR_SIMPLE_PATTERN_H
#define FR_EXPR_SIMPLE_PATTERN_H

#include "base/compiler.h"

enum { FR_SIMPLE_ITEMS = 12, FR_SIMPLE_GROUPS = 4, FR_SIMPLE_RANGES = 4,
       FR_SIMPLE_PREFIX = 2 };                  /* characters at its beginning that are worth looking for */

typedef struct fr_simple_item {
    uint32_t least, most;                       /* UINT32_MAX: no limit */
    uint8_t  n_ranges;
    bool     negated;
    _Alignas(16) uint8_t low[FR_SIMPLE_RANGES][16], span[FR_SIMPLE_RANGES][16];     /* low … low + span, as vectors */
} fr_simple_item;

typedef struct fr_simple_pattern {
    size_t         n_items, n_groups;
    fr_simple_item items[FR_SIMPLE_ITEMS];
    fr_simple_item inside;                      /* a byte that continues a character: no match begins there */
    uint8_t        opens[FR_SIMPLE_GROUPS], closes[FR_SIMPLE_GROUPS];   /* items from … up to but not including */
    uint16_t       items_of[256];               /* which items take a byte */
    size_t         n_prefix;                    /* so many items of the first are one character each: */
    char           prefix[FR_SIMPLE_ITEMS];
} fr_simple_pattern;

/* False: it is not simple (or not right at all). */
bool fr_simple_pattern_read(fr_simple_pattern *pattern, const char *text, size_t n) FR_MUST_USE;

/* The first match at or after byte `from`, where a character begins. 1: found, spans[2 g] and spans[2 g + 1] are where
 * group g (0: all) begins and ends, SIZE_MAX never; 0: there is none; -1: it takes too long to say. */
int fr_simple_pattern_find(const fr_simple_pattern *pattern, const char *text, size_t n, size_t from,
                           size_t spans[2 * (FR_SIMPLE_GROUPS + 1)]);


/* The same among the places of its prefix in a text of at most 64 bytes (kernel/text_search.h): 1 or 0. */
int fr_simple_pattern_find_at(const fr_simple_pattern *pattern, const char *text, size_t n, uint64_t places,
                              size_t spans[2 * (FR_SIMPLE_GROUPS + 1)]);

#endif
