/* span_pending.c — stands in, weakly, for base/span.c until that is built. */
#include "base/span.h"

#define PENDING __attribute__((weak))
PENDING bool fr_span_parse(const char *text, size_t n, fr_span *out) { return (void)text, (void)n, (void)out, false; }
PENDING bool fr_span_floor(const fr_span *s, int64_t t, int64_t p, int64_t *out)
{
    return (void)s, (void)t, (void)p, (void)out, false;
}
PENDING bool fr_span_ceil(const fr_span *s, int64_t t, int64_t p, int64_t *out)
{
    return (void)s, (void)t, (void)p, (void)out, false;
}
PENDING bool fr_span_round(const fr_span *s, int64_t t, int64_t p, int64_t *out)
{
    return (void)s, (void)t, (void)p, (void)out, false;
}
