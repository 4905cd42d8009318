/* roofline.c — what this machine can do at best: bench-roofline [max-threads] > roofline.json
 *
 * For 1, 2, 4 … threads (and the last number): sequential reading of blocks from 16 KiB to 512 MiB (all threads together),
 * writing, copying, random access to tables from 16 KiB to 256 MiB, first touch of fresh pages, arithmetic, and one pass
 * that partitions 8-byte tuples by 10 bits through write-combining buffers. Each figure is the median of several rounds.
 * bench/compare/floors.py turns them into the least time a row of the benchmark can take:
 *
 *     {"threads": 2, "read_gb_s": [[16384, 310.2], …, [536870912, 31.6]], "write_gb_s": 19.5, "copy_gb_s": 21.8,
 *      "random_read_ns": [[16384, 0.24], …], "random_update_ns": […], "touch_4k_gb_s": 3.1, "touch_huge_gb_s": 10.5,
 *      "fma_gflop_s": 172, "add_gop_s": 180, "partition_ns": 2.2}
 *
 * Nanoseconds are of the wall, divided by what all threads did together: two threads that scale halve them. Tables that are
 * only read are shared, tables that are updated are each thread's own, as in a join and in a group-by. Copied bytes count
 * once. Source: the model is Williams, Waterman and Patterson's roofline (2009), with random access added.
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Built for several levels of the instruction set, the best is taken at run time. */
#if defined __x86_64__ && defined __gnu_linux__
#define FOR_EACH_ISA __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), noinline))
#else
#define FOR_EACH_ISA __attribute__((noinline))
#endif

enum { ROUNDS = 9, MAX_THREADS = 256, N_INDEX = 1 << 18, PARTITIONS = 1024, LINE = 64, IN_LINE = LINE / 8 };
#define MIB ((size_t)1 << 20)

typedef struct share { int thread, n_threads; void *arg; } share;           /* a thread's part of the work               */
typedef void job(const share *s);

typedef struct arena { uint64_t *from, *to; size_t bytes; int repeat; } arena;

/* ---- time and threads -------------------------------------------------------------------------------------------------- */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct worker { pthread_t id; share s; job *work; pthread_barrier_t *start; int cpu; double began, ended; } worker;

static void pin(int cpu)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    (void)sched_setaffinity(0, sizeof one, &one);
}

static void *run_worker(void *arg)
{
    worker *w = arg;
    pin(w->cpu);
    pthread_barrier_wait(w->start);
    w->began = now();
    w->work(&w->s);
    w->ended = now();
    return NULL;
}

/* The n-th of the CPUs this process may use. */
static int nth_cpu(const cpu_set_t *allowed, int n)
{
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET((size_t)cpu, allowed) && n-- == 0) return cpu;
    return 0;
}

static double seconds_of(job *work, void *arg, int n_threads)
{
    static worker w[MAX_THREADS];
    cpu_set_t allowed;
    sched_getaffinity(0, sizeof allowed, &allowed);
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)n_threads + 1);
    for (int i = 0; i < n_threads; i++) {
        w[i] = (worker){ .s = { i, n_threads, arg }, .work = work, .start = &start, .cpu = nth_cpu(&allowed, i) };
        if (pthread_create(&w[i].id, NULL, run_worker, &w[i])) exit((perror("bench-roofline"), 1));
    }
    pthread_barrier_wait(&start);
    for (int i = 0; i < n_threads; i++) pthread_join(w[i].id, NULL);
    double began = w[0].began, ended = w[0].ended;                          /* from the first that began to the last      */
    for (int i = 1; i < n_threads; i++) {
        began = w[i].began < began ? w[i].began : began;
        ended = w[i].ended > ended ? w[i].ended : ended;
    }
    pthread_barrier_destroy(&start);
    return ended - began;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(job *work, void *arg, int n_threads)
{
    double t[ROUNDS];
    seconds_of(work, arg, n_threads);                                       /* touches what will be touched               */
    for (int i = 0; i < ROUNDS; i++) t[i] = seconds_of(work, arg, n_threads);
    qsort(t, ROUNDS, sizeof *t, by_size);
    return t[ROUNDS / 2];
}

static void *pages(size_t bytes, bool huge)
{
    size_t room = bytes + 2 * MIB;
    char *at = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) exit((perror("bench-roofline"), 1));
    at += -(uintptr_t)at & (2 * MIB - 1);                                   /* the rest stays unused                      */
    madvise(at, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return at;
}

static void unmap(void *at, size_t bytes) { munmap(at, bytes); }

/* ---- sequential -------------------------------------------------------------------------------------------------------- */
static volatile uint64_t sink;

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

/* ---- random access ----------------------------------------------------------------------------------------------------- */
typedef struct table { uint64_t *words; size_t bytes; uint32_t *index[MAX_THREADS]; int repeat; } table;

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void random_read_job(const share *s)
{
    const table *t = s->arg;
    const uint32_t *index = t->index[s->thread];
    uint64_t a = 0, b = 0, c = 0, d = 0;
    for (int round = 0; round < t->repeat; round++)
        for (size_t i = 0; i < N_INDEX; i += 4) {
            a += t->words[index[i]];
            b += t->words[index[i + 1]];
            c += t->words[index[i + 2]];
            d += t->words[index[i + 3]];
        }
    sink += a + b + c + d;
}

static void random_update_job(const share *s)
{
    const table *t = s->arg;
    const uint32_t *index = t->index[s->thread];
    uint64_t *mine = t->words + (size_t)s->thread * (t->bytes / 8);
    for (int round = 0; round < t->repeat; round++)
        for (size_t i = 0; i < N_INDEX; i++) mine[index[i]] += i;
}

static void draw_indexes(table *t, int n_threads)
{
    for (int i = 0; i < n_threads; i++) {
        uint64_t state = 108 + (uint64_t)i;
        for (size_t j = 0; j < N_INDEX; j++) t->index[i][j] = (uint32_t)(next_random(&state) % (t->bytes / 8));
    }
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
    double t[5];
    for (int i = 0; i < 5; i++) {
        arena a = { .bytes = bytes, .to = pages(bytes, huge) };
        t[i] = seconds_of(touch_job, &a, n_threads);
        unmap(a.to, bytes);
    }
    qsort(t, 5, sizeof *t, by_size);
    return t[2];
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

/* ---- the report -------------------------------------------------------------------------------------------------------- */
static const size_t read_sizes[] = { 16 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 80 << 20, 512 << 20 };
static const size_t table_sizes[] = { 16 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20 };
enum { N_SIZES = 7 };

/* The smallest block is each thread's own, so that a level of cache is not split between them. */
static void print_reads(arena *a, int n_threads)
{
    printf("\"read_gb_s\": [");
    for (int i = 0; i < N_SIZES; i++) {
        a->bytes = i < 3 ? read_sizes[i] * (size_t)n_threads : read_sizes[i];
        a->repeat = (int)((256 * MIB - 1) / a->bytes) + 1;
        double t = median_of(read_job, a, n_threads);
        printf("%s[%zu, %.2f]", i ? ", " : "", read_sizes[i], (double)a->bytes * a->repeat / t * 1e-9);
    }
    printf("], ");
}

static void print_random(table *t, int n_threads, const char *name, job *work)
{
    printf("\"%s\": [", name);
    for (int i = 0; i < N_SIZES; i++) {
        t->bytes = table_sizes[i];
        t->repeat = i < 4 ? 16 : 4;
        draw_indexes(t, n_threads);
        double seconds = median_of(work, t, n_threads);
        double accesses = (double)N_INDEX * t->repeat * n_threads;
        printf("%s[%zu, %.3f]", i ? ", " : "", t->bytes, seconds / accesses * 1e9);
    }
    printf("], ");
}

static double partition_ns(const uint64_t *from, size_t n, int n_threads)
{
    partition p = { .from = from, .n = n };
    size_t bytes = n / (size_t)n_threads * 16 + PARTITIONS * LINE;
    for (int i = 0; i < n_threads; i++) memset(p.to[i] = pages(bytes, true), 1, bytes);
    double t = median_of(partition_job, &p, n_threads);
    for (int i = 0; i < n_threads; i++) unmap(p.to[i], bytes);
    return t / (double)n * 1e9;
}

static void print_threads(int n_threads, arena *a, table *t)
{
    double lanes = (double)LANES * STEPS * n_threads * 1e-9;
    printf("{\"threads\": %d, ", n_threads);
    print_reads(a, n_threads);
    a->bytes = 512 * MIB;
    printf("\"write_gb_s\": %.2f, ", (double)a->bytes / median_of(write_job, a, n_threads) * 1e-9);
    printf("\"copy_gb_s\": %.2f, ", (double)a->bytes / median_of(copy_job, a, n_threads) * 1e-9);
    print_random(t, n_threads, "random_read_ns", random_read_job);
    print_random(t, n_threads, "random_update_ns", random_update_job);
    printf("\"touch_4k_gb_s\": %.2f, ", (double)(256 * MIB) / touch_seconds(false, n_threads, 256 * MIB) * 1e-9);
    printf("\"touch_huge_gb_s\": %.2f, ", (double)(512 * MIB) / touch_seconds(true, n_threads, 512 * MIB) * 1e-9);
    printf("\"fma_gflop_s\": %.1f, ", 2 * lanes / median_of(fma_job, NULL, n_threads));
    printf("\"add_gop_s\": %.1f, ", 2 * lanes / median_of(add_job, NULL, n_threads));
    uint64_t state = 1;
    for (size_t i = 0; i < 8 * MIB; i++) a->from[i] = next_random(&state);
    printf("\"partition_ns\": %.3f}", partition_ns(a->from, 8 * MIB, n_threads));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    cpu_set_t allowed;
    sched_getaffinity(0, sizeof allowed, &allowed);
    int most = argc > 1 ? atoi(argv[1]) : CPU_COUNT(&allowed);
    if (most < 1 || most > MAX_THREADS) return fprintf(stderr, "usage: bench-roofline [1 … %d threads]\n", MAX_THREADS), 2;
    arena a = { .from = pages(512 * MIB, true), .to = pages(512 * MIB, true) };
    memset(a.from, 1, 512 * MIB);
    memset(a.to, 1, 512 * MIB);
    table t = { .words = pages(256 * MIB * (size_t)most, true) };
    memset(t.words, 1, 256 * MIB * (size_t)most);
    for (int i = 0; i < most; i++) t.index[i] = pages(N_INDEX * sizeof *t.index[i], true);
    printf("[");
    for (int n = 1; n < most; n *= 2) print_threads(n, &a, &t), printf(",\n ");
    print_threads(most, &a, &t);
    printf("]\n");
    return 0;
}
