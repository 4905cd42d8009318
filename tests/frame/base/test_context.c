/* Contexts: arguments of any age, settings from the environment, limits of the machine. */
#include <frame/context.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/context_state.h"
#include "base/machine.h"
#include "base/posix_vfs.h"
#include "support/test.h"
#include "support/torture.h"

TEST(null_is_the_default_context)
{
    CHECK(fr_context_threads(NULL) >= 1);
    CHECK_INT(fr_context_threads(NULL), fr_context_threads(fr_context_default()));
    CHECK_INT(fr_context_live_bytes(NULL), fr_context_live_bytes(fr_context_default()));
    CHECK(fr_ok(fr_context_default()));
    fr_unref(fr_context_default());
    fr_unref(fr_context_default());
    CHECK(fr_ok(fr_context_default()));
    fr_auto(context) plain = fr_context_make(NULL);
    CHECK(fr_ok(plain));
}

TEST(arguments_beyond_their_size_are_not_read)
{
    /* A caller built against a header in which the struct ended after `limits`, and whose memory ends there too. */
    size_t size = offsetof(fr_context_args, clock_ns);
    fr_context_args whole = { .size_ = (uint32_t)size, .threads = 3, .limits = { .columns = 5 }, .deadline_ns = 77 };
    void *args = malloc(size);                      /* a read beyond is seen by the address sanitizer */
    REQUIRE(args);
    memcpy(args, &whole, size);
    fr_auto(context) context = fr_context_make(args);
    free(args);
    CHECK(fr_ok(context));
    CHECK_INT(fr_context_threads(context), 3);
    CHECK_INT(fr_context_limits(context).columns, 5);
    CHECK_INT(fr_context_limits(context).nesting, 512);
    CHECK_INT(context->deadline_ns, 0);
}

TEST(arguments_of_a_later_version_are_read_as_far_as_known)
{
    struct { fr_context_args known; char more[100]; } args = { .known = { .size_ = sizeof args, .threads = 2 } };
    memset(args.more, 0xff, sizeof args.more);
    fr_auto(context) context = fr_context_make(&args.known);
    CHECK(fr_ok(context));
    CHECK_INT(fr_context_threads(context), 2);
}

TEST(wrong_arguments_give_a_context_in_error_state)
{
    fr_context_args args;
    fr_context_args_init(&args);
    CHECK_INT(args.size_, sizeof args);
    args.size_ = 0;
    fr_auto(context) unsized = fr_context_make(&args);
    CHECK_INT(fr_error_code(unsized), FR_ERR_ARGUMENT);

    fr_allocator no_free = fr_libc_allocator;
    no_free.free = NULL;
    fr_auto(context) first = fr_context_new(.allocator = &no_free);
    CHECK_STR(fr_error(first)->message, "allocator lacks a function or its size_");

    fr_vfs no_rename = fr_posix_vfs;
    no_rename.rename = NULL;
    fr_auto(context) second = fr_context_new(.vfs = &no_rename);
    CHECK_STR(fr_error(second)->message, "vfs lacks a function or its size_");
    CHECK_INT(fr_context_threads(second), fr_context_threads(NULL));
    fr_context_cancel(second);

    fr_auto(context) third = fr_context_new(.threads = 1025);
    CHECK_INT(fr_error_code(third), FR_ERR_ARGUMENT);
    fr_auto(context) fourth = fr_context_new(.deadline_ns = -1);
    CHECK_INT(fr_error_code(fourth), FR_ERR_ARGUMENT);
}

TEST(an_older_vfs_without_links_and_modes_will_do)
{
    fr_vfs older = fr_posix_vfs;
    older.size_ = offsetof(fr_vfs, chmod);
    fr_auto(context) context = fr_context_new(.vfs = &older);
    CHECK(fr_ok(context));
    CHECK(context->vfs.chmod == NULL && context->vfs.readlink == NULL);
}

TEST(live_and_peak_bytes_are_those_of_the_context)
{
    fr_auto(context) one = fr_context_new(.threads = 1);
    fr_auto(context) two = fr_context_new(.threads = 1);
    void *block = fr_context_alloc(one, 1000, 16);
    CHECK_INT(fr_context_live_bytes(one), 1000);
    CHECK_INT(fr_context_live_bytes(two), 0);
    fr_context_release(one, block, 1000, 16);
    CHECK_INT(fr_context_live_bytes(one), 0);
    CHECK_INT(fr_context_peak_bytes(one), 1000);
}

TEST(limits_have_defaults)
{
    fr_limits limits = fr_context_limits(fr_context_default());
    CHECK(limits.memory_bytes > 1 << 26 && limits.memory_bytes < fr_machine_memory());
    CHECK_INT(limits.field_bytes, 256 << 20);
    CHECK_INT(limits.expression_nodes, 10000);
    CHECK_INT(limits.join_rows, (int64_t)1 << 40);
}

TEST(the_seed_is_drawn_once)
{
    fr_auto(context) fixed = fr_context_new(.seed = 42);
    CHECK_INT(fr_context_seed(fixed), 42);
    fr_auto(context) drawn = fr_context_new(.threads = 1);
    uint64_t seed = fr_context_seed(drawn);
    CHECK(seed != 0);
    CHECK_INT(fr_context_seed(drawn), seed);
}

/* → threads, seed and budget of a fresh context in a child with the environment set; 0 when something went wrong */
static void ask_child(const char *threads, const char *seed, const char *memory, uint64_t answer[3])
{
    int ends[2];
    memset(answer, 0, 3 * sizeof answer[0]);
    if (pipe(ends) != 0) return;
    pid_t child = fork();
    if (child == 0) {
        setenv("FRAME_THREADS", threads, 1);
        setenv("FRAME_SEED", seed, 1);
        setenv("FRAME_MEMORY", memory, 1);
        fr_context *context = fr_context_make(NULL);
        uint64_t told[3] = { fr_context_threads(context), fr_context_seed(context), fr_context_limits(context).memory_bytes };
        _exit(write(ends[1], told, sizeof told) == (ssize_t)sizeof told ? 0 : 1);
    }
    waitpid(child, NULL, 0);
    if (read(ends[0], answer, 3 * sizeof answer[0]) != (ssize_t)(3 * sizeof answer[0])) answer[0] = 0;
    close(ends[0]);
    close(ends[1]);
}

TEST(threads_seed_and_budget_come_from_the_environment)
{
    uint64_t answer[3];
    ask_child("5", "123", "100000000", answer);
    CHECK_INT(answer[0], 5);
    CHECK_INT(answer[1], 123);
    CHECK_INT(answer[2], 100000000);
    static const char *const malformed[] = { "", "x", "5x", "-1", "0", "99999999999999999999999" };
    for (size_t i = 0; i < FR_COUNT_OF(malformed); i++) {
        ask_child(malformed[i], "1", i < 5 ? malformed[i] : "", answer);
        CHECK_INT(answer[0], fr_machine_cpus());
        CHECK_INT(answer[2], fr_machine_memory() / 10 * 8);
    }
}

static fr_outcome make_context(fr_context *context, void *state)
{
    (void)state;
    fr_auto(context) inner = fr_context_new(.allocator = &context->allocator, .vfs = &context->vfs);
    return (fr_outcome){ .code = fr_error_code(inner), .digest = 1 };
}

TEST(making_a_context_survives_every_failure)
{
    TORTURE(make_context, NULL);
}

/* ---- the cgroup -------------------------------------------------------------------------------------------------- */

static char tree[] = "/tmp/frame-cgroup-XXXXXX";

static void put(const char *path, const char *text)
{
    char command[600];
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s/%s')\" && printf -- '%s' > '%s/%s'", tree, path, text,
             tree, path);
    CHECK(system(command) == 0);
}

static bool new_tree(void)
{
    strcpy(tree, "/tmp/frame-cgroup-XXXXXX");
    return mkdtemp(tree) != NULL;
}

static void remove_tree(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", tree);
    CHECK(system(command) == 0);
}

TEST(the_largest_cache_of_a_cpu_is_the_one_that_the_kernel_tells_of)
{
    if (!new_tree()) SKIP("no folder for temporary files");
    CHECK_INT(fr_cpu_cache(tree), 0);
    put("sys/devices/system/cpu/cpu0/cache/index2/size", "1024K\\n");
    CHECK_INT(fr_cpu_cache(tree), 1 << 20);
    put("sys/devices/system/cpu/cpu0/cache/index3/size", "32M\\n");
    put("sys/devices/system/cpu/cpu0/cache/index4/size", "unknown\\n");
    CHECK_INT(fr_cpu_cache(tree), 1 << 25);
    remove_tree();
}

TEST(the_smallest_limit_of_a_v2_group_and_its_parents_counts)
{
    if (!new_tree()) SKIP("no folder for temporary files");
    CHECK_INT(fr_cgroup_cpus(tree), 0);
    put("proc/self/cgroup", "0::/user/app\\n");
    CHECK_INT(fr_cgroup_memory(tree), 0);
    put("sys/fs/cgroup/user/app/cpu.max", "max 100000\\n");
    put("sys/fs/cgroup/user/app/memory.max", "max\\n");
    CHECK_INT(fr_cgroup_cpus(tree), 0);
    CHECK_INT(fr_cgroup_memory(tree), 0);
    put("sys/fs/cgroup/user/cpu.max", "250000 100000\\n");
    put("sys/fs/cgroup/user/memory.max", "2147483648\\n");
    put("sys/fs/cgroup/cpu.max", "800000 100000\\n");
    CHECK_INT(fr_cgroup_cpus(tree), 3);                 /* two and a half, rounded up */
    CHECK_INT(fr_cgroup_memory(tree), INT64_C(2147483648));
    put("sys/fs/cgroup/user/app/cpu.max", "50000 100000\\n");
    CHECK_INT(fr_cgroup_cpus(tree), 1);
    remove_tree();
}

TEST(v1_controllers_are_read_too)
{
    if (!new_tree()) SKIP("no folder for temporary files");
    put("proc/self/cgroup", "9:memory:/docker/0a\\n4:cpu,cpuacct:/docker/0a\\n1:name=systemd:/x\\n");
    put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "150000\\n");     /* the group's own folder is not visible: the root is */
    put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\\n");
    put("sys/fs/cgroup/memory/docker/0a/memory.limit_in_bytes", "1000000000\\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\\n");
    CHECK_INT(fr_cgroup_cpus(tree), 2);
    CHECK_INT(fr_cgroup_memory(tree), 1000000000);
    put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\\n");
    CHECK_INT(fr_cgroup_cpus(tree), 0);
    remove_tree();
}

TEST(the_machine_has_a_cpu_and_some_memory)
{
    CHECK(fr_machine_cpus() >= 1);
    CHECK(fr_machine_memory() > 1 << 26);
    CHECK(fr_machine_random() != 0);
    CHECK(fr_machine_now_ns() > INT64_C(1700000000) * 1000000000);
}
