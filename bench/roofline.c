/* roofline.c — what this machine can do at best: bench-roofline [max-threads] > roofline.json
 *
 * For 1, 2, 4 … threads (and the last number): sequential reading of blocks from 16 KiB to 512 MiB (all threads together),
 * writing, copying, random access to tables from 16 KiB to 256 MiB, rows added to records, first touch of fresh pages,
 * arithmetic, and one pass that partitions 8-byte tuples by 10 bits through write-combining buffers.
 * bench/compare/floors.py turns them into the least time a row of the benchmark can take:
 *
 *     {"threads": 2, "read_gb_s": [[16384, 310.2], …, [536870912, 31.6]], "write_gb_s": 19.5, "copy_gb_s": 21.8,
 *      "random_read_ns": [[16384, 0.24], …], "random_update_ns": […], "record_1_ns": […], "record_2_ns": […],
 *      "record_3_ns": […], "touch_4k_gb_s": 3.1, "touch_huge_gb_s": 10.5, "fma_gflop_s": 172, "add_gop_s": 180,
 *      "partition_ns": 2.2, "spread": {"read_gb_s": [1.02, …], "write_gb_s": [1.1], …}}
 *
 * Nanoseconds are of the wall, divided by what all threads did together: two threads that scale halve them. Tables that are
 * only read are shared, tables that are updated are each thread's own, as in a join and in a group-by. Copied bytes count
 * once.
 *
 * A row added to a record of 1, 2 or 3 words of 8 bytes is what a group-by must at least do: read the row's code (4 bytes, in
 * order), find the record of its group, and for each word read a value and add it: to the first word a byte with a one above
 * it, which is a sum and a count in one addition, to the others doubles. There are no nulls, and nothing is compensated. The
 * values stand in the first-level cache, because moving columns has a price of its own (read_gb_s).
 *
 * Random accesses are to as many lines as the table has, up to four million, so that a table larger than the last cache misses
 * it: few lines taken again and again would lie in the cache, whatever the size of the table.
 *
 * Neighbours on the machine can only make a figure worse. So everything is measured PASSES times, one figure after the other
 * and then all of them again, each time as the best of a few short rounds; the best of all counts, and "spread" is the worst
 * pass over the best. Source: the model is Williams, Waterman and Patterson's roofline (2009), with random access added.
 */
#include "roofline.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PASSES = 5, PARTITIONS = 1024, IN_LINE = LINE / 8 };

typedef struct arena { uint64_t *from, *to; size_t bytes; int repeat; } arena;

static void unmap(void *at, size_t bytes) { munmap(at, bytes); }

/* ---- sequential -------------------------------------------------------------------------------------------------------- */
FOR_EACH_ISA static uint64_t sum_words(const uint64_t *p, size_t n)
{
    uint64_t s[64] = { 0 };
    for (size_t i = 0; i + 64 <= n; i += 64)
        for (int j = 0; j < 64; j++) s[j] += p[i + (size_t)j];
    for (int j = 1; j < 64; j++) s[0] += s[j];
    return s[0];
}

FOR_EACH_ISA static void fill_words(uint64_t *p, size_t n, uint64_t value)
{
    for (size_t i = 0; i < n; i++) p[i] = value + i;                        /* no memset: what kernels do                 */
}

static size_t words_of(const share *s, size_t *first)
{
    const arena *a = s->arg;
    size_t n = a->bytes / 8 / (size_t)s->n_threads & ~(size_t)511;
    *first = n * (size_t)s->thread;
    return n;
}

static void read_job(const share *s)
{
    const arena *a = s->arg;
    size_t first, n = words_of(s, &first);
    for (int i = 0; i < a->repeat; i++) sink += sum_words(a->from + first, n);
}

static void write_job(const share *s)
{
    size_t first, n = words_of(s, &first);
    fill_words(((const arena *)s->arg)->to + first, n, (uint64_t)s->thread);
}

static void copy_job(const share *s)
{
    const arena *a = s->arg;
    size_t first, n = words_of(s, &first);
    memcpy(a->to + first, a->from + first, n * 8);
}

/* ---- fresh pages, arithmetic, partition -------------------------------------------------------------------------------- */
static void touch_job(const share *s)
{
    size_t first, n = words_of(s, &first);
    volatile uint64_t *to = ((const arena *)s->arg)->to + first;
    for (size_t i = 0; i < n; i += 512) to[i] = 1;
}

static double touch_seconds(bool huge, int n_threads, size_t bytes)
{
    arena a = { .bytes = bytes, .to = pages(bytes, huge) };
    double t = seconds_of(touch_job, &a, n_threads);
    unmap(a.to, bytes);
    return t;
}

typedef double numbers __attribute__((vector_size(64)));
typedef uint64_t words __attribute__((vector_size(64)));
enum { CHAINS = 6, LANES = CHAINS * 8, STEPS = 1 << 22 };                   /* 6 x 64 bytes: 12 registers of AVX2         */

FOR_EACH_ISA static double fma_lanes(double m)
{
    numbers x[CHAINS] = { 0 };
    for (int i = 0; i < STEPS; i++)
        for (int j = 0; j < CHAINS; j++) x[j] = x[j] * m + 1.0;
    double s = 0;
    for (int j = 0; j < CHAINS; j++) s += x[j][0];
    return s;
}

FOR_EACH_ISA static uint64_t add_lanes(uint64_t m)
{
    words x[CHAINS] = { 0 };
    for (int i = 0; i < STEPS; i++)
        for (int j = 0; j < CHAINS; j++) x[j] = (x[j] + m) ^ (uint64_t)i;
    uint64_t s = 0;
    for (int j = 0; j < CHAINS; j++) s += x[j][0];
    return s;
}

static void fma_job(const share *s) { sink += (uint64_t)fma_lanes(0.5 + s->thread * 1e-9); }
static void add_job(const share *s) { sink += add_lanes((uint64_t)s->thread + 3); }

/* A line of 64 bytes for each partition: it is filled in the cache and written past it. */
typedef struct partition { const uint64_t *from; uint64_t *to[MAX_THREADS]; size_t n; } partition;

static void store_line(uint64_t *to, const uint64_t *line)
{
#ifdef __SSE2__
    for (int i = 0; i < IN_LINE; i += 2)
        _mm_stream_si128((__m128i *)(void *)(to + i), _mm_load_si128((const __m128i *)(const void *)(line + i)));
#else
    memcpy(to, line, LINE);
#endif
}

static void partition_job(const share *s)
{
    const partition *p = s->arg;
    static _Alignas(LINE) uint64_t lines[MAX_THREADS][PARTITIONS][IN_LINE];
    uint64_t (*line)[IN_LINE] = lines[s->thread];
    uint32_t fill[PARTITIONS] = { 0 };
    size_t n = p->n / (size_t)s->n_threads, room = (n / PARTITIONS * 2) & ~(size_t)(IN_LINE - 1);
    const uint64_t *from = p->from + n * (size_t)s->thread;
    for (size_t i = 0; i < n; i++) {
        uint32_t part = (uint32_t)(from[i] >> 54), at = fill[part]++;
        line[part][at % IN_LINE] = from[i];
        if (at % IN_LINE == IN_LINE - 1) store_line(p->to[s->thread] + part * room + at - at % IN_LINE, line[part]);
    }
}

/* ---- what is measured -------------------------------------------------------------------------------------------------- */
/* Seconds of a byte, an access, a row or an operation, all threads together. `bytes`: of the block or table; 0: has no size. */
typedef struct machine { arena a; accesses *t; } machine;
typedef double cost(machine *m, int n_threads, size_t bytes);

/* The smallest blocks are each thread's own, so that a level of cache is not split between them. */
static double read_cost(machine *m, int n_threads, size_t bytes)
{
    m->a.bytes = bytes <= MIB ? bytes * (size_t)n_threads : bytes;
    m->a.repeat = (int)((256 * MIB - 1) / m->a.bytes) + 1;
    return best_of(read_job, &m->a, n_threads) / ((double)m->a.bytes * m->a.repeat);
}

static double whole_arena(job *work, machine *m, int n_threads)
{
    m->a.bytes = 512 * MIB;
    return best_of(work, &m->a, n_threads) / (double)m->a.bytes;
}

static double write_cost(machine *m, int n_threads, size_t bytes) { return (void)bytes, whole_arena(write_job, m, n_threads); }
static double copy_cost(machine *m, int n_threads, size_t bytes) { return (void)bytes, whole_arena(copy_job, m, n_threads); }

#define ACCESS(name)                                                                                                           \
    static double name##_cost(machine *m, int n_threads, size_t bytes)                                                         \
    {                                                                                                                          \
        return access_cost(&access_##name, m->t, n_threads, bytes);                                                            \
    }
ACCESS(random_read)
ACCESS(random_update)
ACCESS(record_1)
ACCESS(record_2)
ACCESS(record_3)

static double touch_4k_cost(machine *m, int n_threads, size_t bytes)
{
    return (void)m, (void)bytes, touch_seconds(false, n_threads, 256 * MIB) / (double)(256 * MIB);
}

static double touch_huge_cost(machine *m, int n_threads, size_t bytes)
{
    return (void)m, (void)bytes, touch_seconds(true, n_threads, 512 * MIB) / (double)(512 * MIB);
}

static double fma_cost(machine *m, int n_threads, size_t bytes)
{
    return (void)m, (void)bytes, best_of(fma_job, NULL, n_threads) / (2.0 * LANES * STEPS * n_threads);
}

static double add_cost(machine *m, int n_threads, size_t bytes)
{
    return (void)m, (void)bytes, best_of(add_job, NULL, n_threads) / (2.0 * LANES * STEPS * n_threads);
}

static double partition_cost(machine *m, int n_threads, size_t unused)
{
    partition p = { .from = m->a.from, .n = 8 * MIB };
    size_t bytes = p.n / (size_t)n_threads * 16 + PARTITIONS * LINE;
    uint64_t state = 1;
    for (size_t i = 0; i < p.n; i++) m->a.from[i] = next_random(&state);
    for (int i = 0; i < n_threads; i++) memset(p.to[i] = pages(bytes, true), 1, bytes);
    double t = best_of(partition_job, &p, n_threads);
    for (int i = 0; i < n_threads; i++) unmap(p.to[i], bytes);
    return (void)unused, t / (double)p.n;
}

typedef struct kind { const char *name; cost *measure; const size_t *sizes; bool is_rate; } kind;

/* Close together where last-level caches end: between 16 and 80 MB a rate falls by half or more, all at once. */
enum { N_SIZES = 8 };
static const size_t read_sizes[N_SIZES] = { 16 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 40 << 20, 80 << 20, 512 << 20 };
static const size_t table_sizes[N_SIZES] = { 16 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 32 << 20, 64 << 20, 256 << 20 };
static const kind kinds[] = {
    { "read_gb_s", read_cost, read_sizes, true },
    { "write_gb_s", write_cost, NULL, true },
    { "copy_gb_s", copy_cost, NULL, true },
    { "random_read_ns", random_read_cost, table_sizes, false },
    { "random_update_ns", random_update_cost, table_sizes, false },
    { "record_1_ns", record_1_cost, table_sizes, false },
    { "record_2_ns", record_2_cost, table_sizes, false },
    { "record_3_ns", record_3_cost, table_sizes, false },
    { "touch_4k_gb_s", touch_4k_cost, NULL, true },
    { "touch_huge_gb_s", touch_huge_cost, NULL, true },
    { "fma_gflop_s", fma_cost, NULL, true },
    { "add_gop_s", add_cost, NULL, true },
    { "partition_ns", partition_cost, NULL, false },
};
enum { N_KINDS = sizeof kinds / sizeof *kinds, MOST_COUNTS = 16 };

typedef struct figure { double best, worst; } figure;                       /* seconds; of the passes                     */
typedef figure figures[N_KINDS][N_SIZES];

static int n_sizes(const kind *k) { return k->sizes ? N_SIZES : 1; }

static void measure_all(machine *m, int n_threads, figures f)
{
    for (int k = 0; k < N_KINDS; k++)
        for (int i = 0; i < n_sizes(&kinds[k]); i++) {
            double t = kinds[k].measure(m, n_threads, kinds[k].sizes ? kinds[k].sizes[i] : 0);
            figure *seen = &f[k][i];
            seen->best = seen->best > 0 && seen->best < t ? seen->best : t;
            seen->worst = seen->worst > t ? seen->worst : t;
        }
}

/* ---- the report -------------------------------------------------------------------------------------------------------- */
static double value_of(const kind *k, const figure *f) { return k->is_rate ? 1e-9 / f->best : 1e9 * f->best; }

static void print_figures(int n_threads, figures f)
{
    printf("{\"threads\": %d, ", n_threads);
    for (int k = 0; k < N_KINDS; k++) {
        printf("\"%s\": %s", kinds[k].name, kinds[k].sizes ? "[" : "");
        for (int i = 0; kinds[k].sizes && i < N_SIZES; i++)
            printf("%s[%zu, %.3f]", i ? ", " : "", kinds[k].sizes[i], value_of(&kinds[k], &f[k][i]));
        if (kinds[k].sizes) printf("], ");
        else printf("%.3f, ", value_of(&kinds[k], &f[k][0]));
    }
    printf("\"spread\": {");
    for (int k = 0; k < N_KINDS; k++) {
        printf("%s\"%s\": [", k ? ", " : "", kinds[k].name);
        for (int i = 0; i < n_sizes(&kinds[k]); i++) printf("%s%.2f", i ? ", " : "", f[k][i].worst / f[k][i].best);
        printf("]");
    }
    printf("}}");
}

int main(int argc, char **argv)
{
    cpu_set_t allowed;
    sched_getaffinity(0, sizeof allowed, &allowed);
    int most = argc > 1 ? atoi(argv[1]) : CPU_COUNT(&allowed);
    if (most < 1 || most > MAX_THREADS) return fprintf(stderr, "usage: bench-roofline [1 … %d threads]\n", MAX_THREADS), 2;
    machine m = { .a = { .from = pages(512 * MIB, true), .to = pages(512 * MIB, true) }, .t = new_accesses(most, 256 * MIB) };
    memset(m.a.from, 1, 512 * MIB);
    memset(m.a.to, 1, 512 * MIB);

    int counts[MOST_COUNTS], n_counts = 0;
    for (int n = 1; n < most; n *= 2) counts[n_counts++] = n;
    counts[n_counts++] = most;
    static figures found[MOST_COUNTS];
    for (int pass = 0; pass < PASSES; pass++)
        for (int i = 0; i < n_counts; i++) measure_all(&m, counts[i], found[i]);
    for (int i = 0; i < n_counts; i++) printf(i ? ",\n " : "["), print_figures(counts[i], found[i]);
    printf("]\n");
    return 0;
}
