/* machine.h — facts about the machine this process may use: CPUs and memory within its cgroup's limits. */
#ifndef FR_BASE_MACHINE_H
#define FR_BASE_MACHINE_H

#include "base/compiler.h"

/* CPUs this process may run on: affinity mask, lowered by the cgroup's CPU quota (rounded up); at least 1. */
uint32_t fr_machine_cpus(void);
/* Bytes of memory: the cgroup's limit where there is one, else the machine's RAM. */
uint64_t fr_machine_memory(void);
/* Bytes of the largest cache of a CPU, shared or not; 0 where the kernel does not say. Reads a file. */
uint64_t fr_machine_cache(void);

/* The same limits read from a tree other than / (tests): 0 when there is none. */
uint32_t fr_cgroup_cpus(const char *root);
uint64_t fr_cgroup_memory(const char *root);
uint64_t fr_cpu_cache(const char *root);

int64_t  fr_machine_now_ns(void);       /* real time since 1970                                */
int64_t  fr_machine_ticks_ns(void);     /* monotonic, for measuring                            */
int64_t  fr_machine_thread_ns(void);    /* CPU time of this thread                             */
uint64_t fr_machine_random(void);       /* never 0                                             */

/* A whole number ≥ 1 in decimal, from an environment variable; 0 when unset or malformed. */
uint64_t fr_machine_setting(const char *name);

#endif
