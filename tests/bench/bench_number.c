/* bench_number.c — nanoseconds a value for reading and writing numbers, dates and text, beside libc.
 *
 *     cmake --build build --target bench && build/bin/bench-number
 *
 * Each line is the best of five passes over 100,000 values.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date_text.h"
#include "base/hash.h"
#include "base/number.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "base/zone.h"

enum { COUNT = 100000, ROOM = 40, PASSES = 5 };

static char     texts[COUNT][ROOM];
static size_t   lengths[COUNT];
static double   values[COUNT];
static uint64_t sink;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void measure(const char *name, void (*run)(size_t i))
{
    double best = 1e300;
    for (int pass = 0; pass < PASSES; pass++) {
        double start = now();
        for (size_t i = 0; i < COUNT; i++) run(i);
        double took = now() - start;
        best = took < best ? took : best;
    }
    printf("%-44s %7.1f ns\n", name, best / COUNT);
}

static void parse_f64(size_t i) { double x; sink += fr_parse_f64(texts[i], lengths[i], &x); }
static void parse_f32(size_t i) { float x; sink += fr_parse_f32(texts[i], lengths[i], &x); }
static void libc_strtod(size_t i) { sink += strtod(texts[i], NULL) > 0; }
static void parse_i64(size_t i) { int64_t x; sink += fr_parse_i64(texts[i], lengths[i], &x) == FR_PARSE_OK; }
static void libc_strtoll(size_t i) { sink += strtoll(texts[i], NULL, 10) > 0; }
static void print_f64(size_t i) { char out[FR_NUMBER_BYTES]; sink += fr_print_f64(values[i], out); }
static void print_fixed(size_t i) { char out[FR_NUMBER_BYTES]; sink += fr_print_f64_fixed(values[i], 2, out, sizeof out); }
static void libc_17g(size_t i) { char out[FR_NUMBER_BYTES]; sink += (size_t)snprintf(out, sizeof out, "%.17g", values[i]); }
static void print_i64(size_t i) { char out[FR_NUMBER_BYTES]; sink += fr_print_i64((int64_t)values[i], out); }
static void libc_lld(size_t i) { char out[FR_NUMBER_BYTES]; sink += (size_t)snprintf(out, sizeof out, "%lld",
    (long long)values[i]); }
static void parse_format(size_t i)
{
    fr_moment x;
    sink += fr_parse_date_format("%Y-%m-%d %H:%M:%S", 17, texts[i], lengths[i], &x, NULL);
}
static void print_datetime(size_t i) { char out[FR_DATE_BYTES]; sink += fr_print_datetime((int64_t)values[i],
    1000000, out); }
static void guess(size_t i) { sink += fr_date_guess(texts[i], lengths[i]); }
static void civil(size_t i) { sink += (uint64_t)fr_civil_from_days((int64_t)i * 7).day; }
static void check(size_t i) { sink += fr_utf8_check(texts[i], lengths[i]); }
static void hash(size_t i) { sink += fr_hash_bytes(texts[i], lengths[i], 1); }
static void philox(size_t i) { sink += fr_rng_at(1, 2, i); }

static fr_zone berlin;
static void zone(size_t i) { sink += (uint64_t)fr_zone_utc_to_offset(&berlin, (int64_t)i * 10000); }

#define FILL(value, ...)                                                                       \
    for (size_t i = 0; i < COUNT; i++) {                                                       \
        values[i] = (value);                                                                   \
        lengths[i] = (size_t)snprintf(texts[i], ROOM, __VA_ARGS__);                            \
    }

int main(void)
{
    fr_rng rng;
    fr_rng_init(&rng, 1, 0);
    FILL((double)(int64_t)(fr_rng_f64(&rng) * 1e6) / 100, "%.2f", values[i])
    measure("parse_f64    1234.56", parse_f64);
    measure("strtod       1234.56", libc_strtod);
    measure("print_f64    1234.56", print_f64);
    measure("print_fixed  1234.56", print_fixed);
    FILL(fr_rng_f64(&rng), "%.17g", values[i])
    measure("parse_f64    17 digits", parse_f64);
    measure("parse_f32    17 digits", parse_f32);
    measure("strtod       17 digits", libc_strtod);
    measure("print_f64    17 digits", print_f64);
    measure("%.17g        17 digits", libc_17g);
    FILL(fr_rng_f64(&rng), "%.27e", values[i])
    measure("parse_f64    28 digits", parse_f64);
    FILL((double)fr_rng_below(&rng, 10000000), "%.0f", values[i])
    measure("parse_i64    7 digits", parse_i64);
    measure("strtoll      7 digits", libc_strtoll);
    measure("print_i64    7 digits", print_i64);
    measure("%lld         7 digits", libc_lld);
    FILL(1.7e15 + 1e9 * (double)i, "2024-%02zu-%02zu", i % 12 + 1, i % 28 + 1)
    measure("date_guess", guess);
    measure("print_datetime[us]", print_datetime);
    FILL(0, "2024-%02zu-%02zu 12:30:%02zu", i % 12 + 1, i % 28 + 1, i % 60)
    measure("parse_date_format", parse_format);
    measure("utf8_check   19 bytes", check);
    measure("hash_bytes   19 bytes", hash);
    measure("civil_from_days", civil);
    measure("philox", philox);
    if (fr_zone_posix("CET-1CEST,M3.5.0,M10.5.0/3", 26, &berlin)) measure("zone offset by rule", zone);
    return sink == 0;
}
