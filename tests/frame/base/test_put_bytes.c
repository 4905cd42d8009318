/* Texts and columns of any length and at any place are copied as memcpy copies them, and nothing beside them is written. */
#include "base/put_bytes.h"

#include <stdlib.h>

#include "support/test.h"

typedef void put_fn(char *to, const char *from, size_t n);

static void put_bytes(char *to, const char *from, size_t n) { fr_put_bytes(to, from, n); }
static void put_many(char *to, const char *from, size_t n) { fr_put_many(to, from, n); }

/* `from` has a block of its own size, so that the sanitizer sees what is read beyond it. */
static void check(put_fn *put, size_t n, size_t place)
{
    enum { MARGIN = 80 };
    char *from = malloc(n ? n : 1), *to = malloc(n + 2 * MARGIN);
    REQUIRE(from && to);
    for (size_t i = 0; i < n; i++) from[i] = (char)(i * 7 + i / 251 + 1);
    memset(to, 0x55, n + 2 * MARGIN);
    put(to + place, from, n);
    for (size_t i = 0; i < n + 2 * MARGIN; i++) {
        const bool inside = i >= place && i - place < n;
        if (to[i] != (inside ? from[i - place] : 0x55)) CHECK_INT(i, -1);
    }
    free(from);
    free(to);
}

TEST(bytes_are_put_where_they_belong)
{
    for (size_t n = 0; n <= 300; n++)
        for (size_t place = 0; place < 80; place += 13) check(put_bytes, n, place), check(put_many, n, place);
    for (size_t n = 4000; n < 20000; n += 4001) check(put_many, n, 8);
}
