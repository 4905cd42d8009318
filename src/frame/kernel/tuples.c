/* tuples.c — loops of widths known when they are compiled (see tuples.h). */
#include "kernel/tuples.h"

#include "kernel/stream.h"
#include "kernel/together.h"

#include <string.h>

/* ---- fields ------------------------------------------------------------------------------------------------------ */
FR_TEMPLATE_FN void put(char *restrict to, size_t step, const char *restrict values, size_t width, size_t n)
{
    for (size_t i = 0; i < n; i++) memcpy(to + i * step, values + i * width, width);
}

FR_TEMPLATE_FN void get(char *restrict out, const char *restrict from, size_t step, size_t width, size_t n)
{
    for (size_t i = 0; i < n; i++) memcpy(out + i * width, from + i * step, width);
}

void fr_tuples_put(char *to, size_t step, const void *values, size_t width, size_t n)
{
    switch (width) {
    case 1:  put(to, step, values, 1, n); break;
    case 2:  put(to, step, values, 2, n); break;
    case 4:  put(to, step, values, 4, n); break;
    default: put(to, step, values, 8, n);
    }
}

void fr_tuples_get(void *out, const char *from, size_t step, size_t width, size_t n)
{
    switch (width) {
    case 1:  get(out, from, step, 1, n); break;
    case 2:  get(out, from, step, 2, n); break;
    case 4:  get(out, from, step, 4, n); break;
    default: get(out, from, step, 8, n);
    }
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
/* The tuples of a part's hand that go to low … high - 1; high is at most the next multiple of a hand. */
FR_TEMPLATE_FN void lay_down(const fr_tuple_hands *h, const char *hand, uint64_t low, uint64_t high, size_t bytes)
{
    const char *from = hand + low % FR_TUPLE_HAND * bytes;
    if (high - low == FR_TUPLE_HAND) fr_stream(h->to + low * bytes, from, FR_TUPLE_HAND * bytes);
    else memcpy(h->to + low * bytes, from, (size_t)(high - low) * bytes);
}

/* The places of all n before any is written (kernel/together.h). */
FR_TEMPLATE_FN void deal_some(const fr_tuple_hands *h, const char *tuples, const uint32_t *parts, size_t n, size_t bytes)
{
    uint64_t places[FR_TOGETHER];
    for (size_t i = 0; i < n; i++) places[i] = h->places[parts[i]]++;
    for (size_t i = 0; i < n; i++) {
        const uint64_t place = places[i], low = place + 1 - FR_TUPLE_HAND, begin = h->begins[parts[i]];
        char *hand = h->held + parts[i] * (FR_TUPLE_HAND * bytes);
        memcpy(hand + place % FR_TUPLE_HAND * bytes, tuples + i * bytes, bytes);
        if (place % FR_TUPLE_HAND + 1 == FR_TUPLE_HAND) lay_down(h, hand, low > begin ? low : begin, place + 1, bytes);
    }
}

FR_TEMPLATE_FN void deal(const fr_tuple_hands *h, const char *tuples, const uint32_t *parts, size_t n, size_t bytes)
{
    size_t i = 0;
    for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) deal_some(h, tuples + i * bytes, parts + i, FR_TOGETHER, bytes);
    for (; i < n; i++) deal_some(h, tuples + i * bytes, parts + i, 1, bytes);
}

void fr_tuples_deal(const fr_tuple_hands *h, const char *tuples, const uint32_t *parts, size_t n)
{
    switch (h->bytes) {
    case 4:  deal(h, tuples, parts, n, 4); break;
    case 8:  deal(h, tuples, parts, n, 8); break;
    case 12: deal(h, tuples, parts, n, 12); break;
    case 16: deal(h, tuples, parts, n, 16); break;
    case 20: deal(h, tuples, parts, n, 20); break;
    case 24: deal(h, tuples, parts, n, 24); break;
    case 28: deal(h, tuples, parts, n, 28); break;
    case 32: deal(h, tuples, parts, n, 32); break;
    default: deal(h, tuples, parts, n, h->bytes);
    }
}

void fr_tuples_deal_rest(const fr_tuple_hands *h, size_t n_parts)
{
    for (size_t part = 0; part < n_parts; part++) {
        const uint64_t high = h->places[part], whole = high - high % FR_TUPLE_HAND;
        const uint64_t low = whole > h->begins[part] ? whole : h->begins[part];
        if (low < high) lay_down(h, h->held + part * (FR_TUPLE_HAND * h->bytes), low, high, h->bytes);
    }
    fr_stream_end();
}
