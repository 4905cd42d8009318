/* path_ending.c — see path_ending.h. */
#include "base/path_ending.h"

#include <string.h>

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static bool ends_with(const char *path, const char *ending, size_t n)
{
    const size_t length = strlen(path);
    if (length < n) return false;
    for (size_t i = 0; i < n; i++)
        if (lower(path[length - n + i]) != ending[i]) return false;
    return true;
}

size_t fr_path_ending(const char *path, const char *endings)
{
    size_t longest = 0;
    for (const char *at = endings; *at;) {
        const size_t n = strcspn(at, " ");
        if (n > longest && ends_with(path, at, n)) longest = n;
        at += n + strspn(at + n, " ");
    }
    return longest;
}
