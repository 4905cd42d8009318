/* roofline_threads.c — work of several threads and its time; memory for it. */
#include "roofline.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { ROUNDS = 3 };

volatile uint64_t sink;

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

double seconds_of(job *work, void *arg, int n_threads)
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

double best_of(job *work, void *arg, int n_threads)
{
    seconds_of(work, arg, n_threads);                                       /* touches what will be touched               */
    double best = seconds_of(work, arg, n_threads);
    for (int i = 1; i < ROUNDS; i++) {
        double t = seconds_of(work, arg, n_threads);
        best = t < best ? t : best;
    }
    return best;
}

void *pages(size_t bytes, bool huge)
{
    size_t room = bytes + 2 * MIB;
    char *at = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) exit((perror("bench-roofline"), 1));
    at += -(uintptr_t)at & (2 * MIB - 1);                                   /* the rest stays unused                      */
    madvise(at, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return at;
}

uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
