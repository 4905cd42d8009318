/* suggest.c — Damerau–Levenshtein distance (optimal string alignment) over names.
 *
 *     qty      → quantity    a prefix of letters in order (an abbreviation), when nothing is nearer
 *     Quantity → quantity    case only
 *     qauntity → quantity    1 error: two letters swapped
 *     x        → nothing: a one-letter name is one error away from every other
 *
 * Source: F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7 (1964) 171–176.
 */
#include "base/suggest.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 };     /* longer names are compared by case only */

static unsigned char lower(char c)
{
    unsigned char byte = (unsigned char)c;
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

const char *fr_suggest(const char *wanted, const char *const *names, size_t n)
{
    if (!wanted) return NULL;
    for (size_t i = 0; i < n; i++)
        if (names[i] && same_but_for_case(wanted, names[i])) return names[i];

    const char *best = NULL;
    size_t length = strlen(wanted), best_errors = most_errors(length) + 1;
    for (size_t i = 0; i < n && length <= LONGEST; i++) {
        size_t m = names[i] ? strlen(names[i]) : 0;
        size_t apart = m > length ? m - length : length - m;
        if (m == 0 || m > LONGEST || apart >= best_errors) continue;
        size_t errors = distance(wanted, length, names[i], m);
        if (errors >= best_errors) continue;
        best = names[i];
        best_errors = errors;
    }
    for (size_t i = 0; i < n && !best; i++)
        if (names[i] && abbreviates(wanted, names[i])) best = names[i];
    return best;
}

const char *fr_suggest_hint(char room[FR_HINT_ROOM], const char *wanted, const char *const *names, size_t n)
{
    const char *name = fr_suggest(wanted, names, n);
    if (!name || strlen(name) > 100) return NULL;
    snprintf(room, FR_HINT_ROOM, "did you mean '%s'?", name);
    return room;
}
