/* machine.c — affinity, cgroup limits (v2 and v1), clocks, a random seed.
 *
 * A container that may use half a CPU and 2 GB on a large machine shows the machine's numbers in /proc; the truth is in
 * its cgroup. /proc/self/cgroup names the group per hierarchy:
 *
 *     0::/user.slice/app                v2: cpu.max = "50000 100000", memory.max, in the group and each parent
 *     4:cpu,cpuacct:/docker/0a1b        v1: cpu/…/cpu.cfs_quota_us over cpu.cfs_period_us
 *     9:memory:/docker/0a1b             v1: memory/…/memory.limit_in_bytes
 *
 * Every level up to the root binds, so the smallest counts; the group may be invisible from inside a container, then
 * the walk still reaches the root, where the container sees its own limit.
 */
#include "base/machine.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, FILE_ROOM = 8192 };

/* A small file as text; false when it cannot be read. */
static bool read_text(const char *path, char text[FILE_ROOM])
{
    int handle = open(path, O_RDONLY | O_CLOEXEC);
    if (handle < 0) return false;
    size_t used = 0;
    ssize_t got = 1;
    while (used < FILE_ROOM - 1 && (got = read(handle, text + used, FILE_ROOM - 1 - used)) > 0) used += (size_t)got;
    close(handle);
    text[used] = 0;
    return got >= 0;
}

static bool parse_number(const char **cursor, uint64_t *out)
{
    const char *s = *cursor;
    while (*s == ' ') s++;
    if (*s < '0' || *s > '9') return false;
    uint64_t number = 0;
    for (; *s >= '0' && *s <= '9'; s++)
        number = number > UINT64_MAX / 10 - 1 ? UINT64_MAX - 9 : number * 10 + (uint64_t)(*s - '0');
    *cursor = s;
    *out = number;
    return true;
}

/* ---- cgroups ----------------------------------------------------------------------------------------------------- */

/* What to look for: the v2 file, and the v1 controller with its file. read gives one level's limit, 0 for none. */
typedef struct limit_kind {
    const char *controller;
    uint64_t  (*read_v2)(const char *folder);
    uint64_t  (*read_v1)(const char *folder);
} limit_kind;

static bool read_in(const char *folder, const char *name, char text[FILE_ROOM])
{
    char path[PATH_ROOM];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length > 0 && length < PATH_ROOM && read_text(path, text);
}

static uint64_t quota_to_cpus(uint64_t quota, uint64_t period)
{
    return period == 0 ? 0 : quota / period + (quota % period != 0);
}

static uint64_t cpus_v2(const char *folder)
{
    char text[FILE_ROOM];
    const char *cursor = text;
    uint64_t quota, period;
    if (!read_in(folder, "cpu.max", text)) return 0;
    return parse_number(&cursor, &quota) && parse_number(&cursor, &period) ? quota_to_cpus(quota, period) : 0;
}

static uint64_t cpus_v1(const char *folder)
{
    char quota_text[FILE_ROOM], period_text[FILE_ROOM];
    const char *quota_cursor = quota_text, *period_cursor = period_text;
    uint64_t quota, period;
    if (!read_in(folder, "cpu.cfs_quota_us", quota_text) || !parse_number(&quota_cursor, &quota)) return 0;
    if (!read_in(folder, "cpu.cfs_period_us", period_text) || !parse_number(&period_cursor, &period)) return 0;
    return quota_to_cpus(quota, period);
}

static uint64_t bytes_in(const char *folder, const char *name)
{
    char text[FILE_ROOM];
    const char *cursor = text;
    uint64_t bytes;
    if (!read_in(folder, name, text) || !parse_number(&cursor, &bytes)) return 0;
    return bytes >= (uint64_t)1 << 60 ? 0 : bytes;      /* v1 says "no limit" with a huge number */
}

static uint64_t memory_v2(const char *folder)
{
    return bytes_in(folder, "memory.max");
}

static uint64_t memory_v1(const char *folder)
{
    return bytes_in(folder, "memory.limit_in_bytes");
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

/* The smallest limit from the group's folder up to the mount point. */
static uint64_t walk_up(const char *mount, const char *group, uint64_t (*read_level)(const char *folder))
{
    char folder[PATH_ROOM];
    int length = snprintf(folder, sizeof folder, "%s%s", mount, group);
    if (length < 0 || length >= PATH_ROOM) return 0;
    uint64_t limit = 0;
    size_t root = strlen(mount), end = (size_t)length;
    for (;;) {
        while (end > root && folder[end - 1] == '/') end--;
        folder[end] = 0;
        limit = smaller(limit, read_level(folder));
        if (end <= root) return limit;
        while (end > root && folder[end - 1] != '/') end--;
    }
}

/* Is `word` one of the comma-separated words in [list, end)? */
static bool lists(const char *list, const char *end, const char *word)
{
    size_t length = strlen(word);
    while (list < end) {
        const char *stop = memchr(list, ',', (size_t)(end - list));
        if (!stop) stop = end;
        if ((size_t)(stop - list) == length && memcmp(list, word, length) == 0) return true;
        list = stop + 1;
    }
    return false;
}

/* One line "number:controllers:/group". */
static uint64_t limit_of_line(const char *root, char *line, const limit_kind *kind)
{
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    char mount[PATH_ROOM];
    if (!group) return 0;
    controllers++;
    if (group == controllers) {
        snprintf(mount, sizeof mount, "%s/sys/fs/cgroup", root);
        return walk_up(mount, group + 1, kind->read_v2);
    }
    if (!lists(controllers, group, kind->controller)) return 0;
    snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/%s", root, kind->controller);
    return walk_up(mount, group + 1, kind->read_v1);
}

static uint64_t cgroup_limit(const char *root, const limit_kind *kind)
{
    char path[PATH_ROOM], text[FILE_ROOM];
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    if (!read_text(path, text)) return 0;
    uint64_t limit = 0;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        limit = smaller(limit, limit_of_line(root, line, kind));
    }
    return limit;
}

uint32_t fr_cgroup_cpus(const char *root)
{
    uint64_t cpus = cgroup_limit(root, &(const limit_kind){ "cpu", cpus_v2, cpus_v1 });
    return cpus > 1u << 20 ? 0 : (uint32_t)cpus;
}

uint64_t fr_cgroup_memory(const char *root)
{
    return cgroup_limit(root, &(const limit_kind){ "memory", memory_v2, memory_v1 });
}

/* ---- the machine ------------------------------------------------------------------------------------------------- */

static uint32_t cpus_of_mask(void)
{
    for (size_t cpus = 1024; cpus <= 1u << 16; cpus *= 4) {     /* the kernel says EINVAL while the set is too small */
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (!set) return 1;
        size_t size = CPU_ALLOC_SIZE(cpus);
        int count = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (count > 0) return (uint32_t)count;
    }
    return 1;
}

uint32_t fr_machine_cpus(void)
{
    return (uint32_t)smaller(cpus_of_mask(), fr_cgroup_cpus(""));
}

uint64_t fr_machine_memory(void)
{
    struct sysinfo info;
    uint64_t ram = sysinfo(&info) == 0 ? (uint64_t)info.totalram * info.mem_unit : (uint64_t)1 << 30;
    return smaller(ram, fr_cgroup_memory(""));
}

uint64_t fr_cpu_cache(const char *root)
{
    char path[PATH_ROOM], text[FILE_ROOM];
    uint64_t most = 0;
    for (int level = 1; level < 5; level++) {
        const char *cursor = text;
        uint64_t size;
        snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu0/cache/index%d/size", root, level);
        if (!read_text(path, text) || !parse_number(&cursor, &size) || size >> 40) continue;
        size <<= *cursor == 'K' ? 10 : *cursor == 'M' ? 20 : 0;
        most = size > most ? size : most;
    }
    return most;
}

uint64_t fr_machine_cache(void)
{
    return fr_cpu_cache("");
}

static int64_t now_of(clockid_t clock)
{
    struct timespec time = { 0 };
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t fr_machine_now_ns(void)
{
    return now_of(CLOCK_REALTIME);
}

int64_t fr_machine_ticks_ns(void)
{
    return now_of(CLOCK_MONOTONIC);
}

int64_t fr_machine_thread_ns(void)
{
    return now_of(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t fr_machine_random(void)
{
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed = (uint64_t)fr_machine_ticks_ns() * 0x9e3779b97f4a7c15u ^ (uint64_t)getpid();
    return seed ? seed : 1;
}

uint64_t fr_machine_setting(const char *name)
{
    const char *text = getenv(name);
    uint64_t number;
    return text && parse_number(&text, &number) && *text == 0 ? number : 0;
}
