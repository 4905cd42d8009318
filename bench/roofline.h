/* roofline.h — what the parts of bench-roofline share: work of several threads, its time, memory, random access. */
#ifndef BENCH_ROOFLINE_H
#define BENCH_ROOFLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Built for several levels of the instruction set, the best is taken at run time; clang refuses the two words together. */
#if defined __x86_64__ && defined __gnu_linux__ && !defined __clang__
#define FOR_EACH_ISA __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), noinline))
#else
#define FOR_EACH_ISA __attribute__((noinline))
#endif

enum { MAX_THREADS = 256, LINE = 64 };
#define MIB ((size_t)1 << 20)

typedef struct share { int thread, n_threads; void *arg; } share;           /* a thread's part of the work               */
typedef void job(const share *s);

extern volatile uint64_t sink;                                              /* what was computed, so that it is computed  */

/* Wall seconds from the first thread that began to the last that ended, each pinned to a CPU of its own. */
double seconds_of(job *work, void *arg, int n_threads);
/* The least of a few rounds, behind one that touches what will be touched. */
double best_of(job *work, void *arg, int n_threads);

/* Fresh pages, of 2 MiB or 4 KiB. */
void *pages(size_t bytes, bool huge);
uint64_t next_random(uint64_t *state);

/* Random access to tables: seconds of one access, all threads together (roofline_access.c). */
typedef struct accesses accesses;
typedef struct access_kind access_kind;
extern const access_kind access_random_read, access_random_update, access_record_1, access_record_2, access_record_3;

accesses *new_accesses(int most_threads, size_t most_bytes);
double access_cost(const access_kind *kind, accesses *a, int n_threads, size_t bytes);

#endif
