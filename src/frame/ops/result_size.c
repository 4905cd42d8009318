/* result_size.c — the memory limit, in words (see result_size.h). */
#include "ops/result_size.h"

#include "base/context_state.h"

#include <stdio.h>

fr_digits_text fr_in_threes(uint64_t n)
{
    fr_digits_text out;
    char plain[32];
    const int length = snprintf(plain, sizeof plain, "%llu", (unsigned long long)n);
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) out.text[at++] = ',';
        out.text[at++] = plain[i];
    }
    out.text[at] = 0;
    return out;
}

bool fr_check_result_bytes(fr_call *call, double bytes, const char *what, const char *hint)
{
    const uint64_t budget = fr_context_limits(call->context).memory_bytes;
    const uint64_t live = atomic_load_explicit(&call->context->live_bytes, memory_order_relaxed);
    if (bytes <= (double)budget - (double)live) return true;
    return fr_fail_at(call, fr_place_at(.hint = hint), FR_ERR_LIMIT,
                      "the result would have %s, beyond the memory limit of %s bytes, of which %s are in use", what,
                      fr_in_threes(budget).text, fr_in_threes(live).text);
}
