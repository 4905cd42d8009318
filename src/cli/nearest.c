/* nearest.c — "did you mean": the name at the smallest edit distance, if that is small for its length. */
#include <string.h>

#include "session.h"

enum { LONGEST = 40 };

/* Insertions, deletions, replacements and swaps of neighbours; '-' and '_' are the same. */
static int distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    int row[3][LONGEST + 1];
    for (size_t j = 0; j <= n_b; j++) row[0][j] = (int)j;
    for (size_t i = 1; i <= n_a; i++) {
        int *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= n_b; j++) {
            char x = a[i - 1] == '_' ? '-' : a[i - 1], y = b[j - 1] == '_' ? '-' : b[j - 1];
            int best = before[j - 1] + (x != y);
            if (before[j] + 1 < best) best = before[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < best)
                best = earlier[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n_a % 3][n_b];
}

const char *nearest(const char *wanted, const char *(*name_at)(const void *state, size_t index), const void *state)
{
    const char *best = NULL;
    size_t n = strlen(wanted);
    int best_distance = (int)(n < 4 ? 1 : n < 8 ? 2 : 3) + 1;
    if (n > LONGEST) return NULL;
    for (size_t i = 0;; i++) {
        const char *name = name_at(state, i);
        if (!name) return best;
        if (strlen(name) > LONGEST) continue;
        int d = distance(wanted, n, name, strlen(name));
        if (d < best_distance) {
            best = name;
            best_distance = d;
        }
    }
}
