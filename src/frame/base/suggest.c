/* suggest.c — Damerau–Levenshtein distance (optimal string alignment) over names.
 *
 *     qty      → quantity    a prefix of letters in order (an abbreviation), when nothing is nearer
 *     Quantity → quantity    case only
 *     qauntity → quantity    1 error: two letters swapped
 *     grop     → group       not drop: of as many errors, those behind the first letter
 *     x        → nothing: a one-letter name is one error away from every other
 *
 * Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7 (1964) 171–176.
 */
#include "base/suggest.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 };     /* longer names are compared by case only */

/* What two bytes have in common that are taken for the same: letters of either case, - and _. */
static unsigned char lower(char c)
{
    unsigned char byte = c == '-' ? (unsigned char)'_' : (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 0x20) : byte;
}

static bool same_but_for_case(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) a++, b++;
    return lower(*a) == lower(*b);
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Errors between a and b, case ignored; both at most LONGEST bytes. Three rows of the table are kept. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= m; j++) above[j] = j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = lower(a[i - 1]) != lower(b[j - 1]);
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + change);
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped && before[j - 2] + 1 < row[j]) row[j] = before[j - 2] + 1;
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[m];
}

/* Do the letters of `wanted` occur in `name` in order, from its first letter on? qty → quantity */
static bool abbreviates(const char *wanted, const char *name)
{
    if (strlen(wanted) < 2 || lower(*wanted) != lower(*name)) return false;
    for (; *name && *wanted; name++)
        if (lower(*name) == lower(*wanted)) wanted++;
    return *wanted == 0;
}

static size_t most_errors(size_t length)
{
    return length < 2 ? 0 : length < 6 ? 1 : length / 3;
}

enum { NEVER = 1000, ABBREVIATED = 999 };

/* How far `name` is from what was wanted: 0 for case only, two an error and one more where the first letter is wrong, which
 * hands rarely get wrong (grop → group, not drop), ABBREVIATED, NEVER. Nothing is computed that could not come up to `best`. */
static size_t errors_of(const char *wanted, const char *name, size_t best)
{
    if (same_but_for_case(wanted, name)) return 0;
    size_t n = strlen(wanted), m = strlen(name), apart = m > n ? m - n : n - m;
    if (m == 0 || n > LONGEST || m > LONGEST) return NEVER;
    size_t errors = apart <= most_errors(n) && 2 * apart <= best ? distance(wanted, n, name, m) : NEVER;
    if (errors <= most_errors(n)) return 2 * errors + (lower(*wanted) != lower(*name));
    return abbreviates(wanted, name) ? ABBREVIATED : NEVER;
}

const char *fr_suggest(const char *wanted, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t best_errors = NEVER;
    for (size_t i = 0; i < n && wanted && best_errors > 0; i++) {
        size_t errors = names[i] ? errors_of(wanted, names[i], best_errors) : NEVER;
        if (errors >= best_errors) continue;
        best = names[i];
        best_errors = errors;
    }
    return best;
}

void fr_suggestion_begin(fr_suggestion *suggestion, const char *wanted)
{
    *suggestion = (fr_suggestion){ .wanted = wanted, .errors = NEVER };
}

void fr_suggestion_consider(fr_suggestion *suggestion, const char *name)
{
    if (strlen(name) >= sizeof suggestion->best) return;
    size_t errors = errors_of(suggestion->wanted, name, suggestion->errors);
    bool better = errors < suggestion->errors;
    if (!better && (errors != suggestion->errors || errors == NEVER || strcmp(name, suggestion->best) >= 0)) return;
    suggestion->errors = errors;
    memcpy(suggestion->best, name, strlen(name) + 1);
}

static const char *hint_of(const char *name, char room[FR_HINT_ROOM])
{
    if (!name || !*name || strlen(name) > 100) return NULL;
    snprintf(room, FR_HINT_ROOM, "did you mean '%s'?", name);
    return room;
}

const char *fr_suggestion_hint(const fr_suggestion *suggestion, char room[FR_HINT_ROOM])
{
    return hint_of(suggestion->best, room);
}

const char *fr_suggest_hint(char room[FR_HINT_ROOM], const char *wanted, const char *const *names, size_t n)
{
    return hint_of(fr_suggest(wanted, names, n), room);
}
