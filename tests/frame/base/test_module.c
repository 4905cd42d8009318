/* Opening modules: each way in which one cannot be trusted is an error of its own. */
#include "base/module.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer_pool.h"
#include "base/problem.h"
#include "support/test.h"

typedef struct sample_api {
    uint32_t size_;
    int    (*twice)(int x);
} sample_api;

static const char *compiler(void)
{
    static const char *const names[] = { "cc", "gcc", "clang" };
    for (size_t i = 0; i < FR_COUNT_OF(names); i++) {
        char command[100];
        snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", names[i]);
        if (system(command) == 0) return names[i];
    }
    return NULL;
}

/* A module in `folder` whose class has the given size and ABI expressions and name. */
static bool build(const char *folder, const char *file, const char *size, const char *abi, const char *name)
{
    char source[4200], command[9000];
    snprintf(source, sizeof source, "%s/module.c", folder);
    FILE *f = fopen(source, "w");
    if (!f) return false;
    fprintf(f, "#include \"base/module.h\"\n"
               "static int twice(int x) { return 2 * x; }\n"
               "static const struct { uint32_t size_; int (*twice)(int x); } api = { sizeof api, twice };\n"
               "extern const fr_module_class fr_module;\n"
               "const fr_module_class fr_module = { %s, %s, \"%s\", \"nothing\", &api };\n",
            size, abi, name);
    fclose(f);
    snprintf(command, sizeof command, "umask 022; %s -shared -fPIC -I'%s' -I'%s' -o '%s/mod_%s.so' '%s' 2>/dev/null",
             compiler(), fr_test_path("include"), fr_test_path("src/frame"), folder, file, source);
    return system(command) == 0;
}

/* What happens when module `name` is asked for: "" when it opens and works, else the message. */
static const char *ask(const char *name)
{
    static char text[1000];
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    const sample_api *api = fr_module_get(&call, name);
    text[0] = 0;
    if (api && api->twice(21) != 42) snprintf(text, sizeof text, "wrong answer");
    fr_problem *problem = atomic_load(&call.problem);
    CHECK(!api == (problem != NULL));
    if (problem) {
        CHECK(problem->info.code == FR_ERR_MODULE || problem->info.code == FR_ERR_INTERNAL);
        snprintf(text, sizeof text, "%s", problem->info.message);
    }
    fr_call_end(&call);
    return text;
}

TEST(a_missing_module_names_its_package)
{
    setenv("FRAME_MODULES", "/no/such/folder", 1);
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(!fr_module_get(&call, "zstd"));
    fr_problem *problem = atomic_load(&call.problem);
    REQUIRE(problem);
    CHECK_INT(problem->info.code, FR_ERR_MODULE);
    CHECK_STR(problem->info.message, "module 'zstd' is not installed");
    CHECK_STR(problem->info.hint, "it needs the Debian package libzstd1");
    fr_call_end(&call);
    unsetenv("FRAME_MODULES");
    CHECK_STR(ask("not_one_of_ours"), "module 'not_one_of_ours' is not installed");
}

TEST(names_that_are_no_names_are_refused)
{
    static const char *const names[] = { "", "../csv", "a/b", "CSV", "a.b" };
    for (size_t i = 0; i < FR_COUNT_OF(names); i++)
        CHECK_STR(ask(names[i]), "a module's name is lower-case letters, digits and _");
}

TEST(a_module_is_checked_before_it_is_used)
{
    if (!compiler()) SKIP("no compiler");
    char folder[] = "/tmp/frame-module-XXXXXX", path[200], command[200];
    if (!mkdtemp(folder)) SKIP("no folder for temporary files");
    chmod(folder, 0755);
    setenv("FRAME_MODULES", folder, 1);
    REQUIRE(build(folder, "good", "sizeof(fr_module_class)", "FR_MODULE_ABI", "good"));
    CHECK(build(folder, "longer", "sizeof(fr_module_class) + 8", "FR_MODULE_ABI", "longer"));
    CHECK(build(folder, "short", "8", "FR_MODULE_ABI", "short"));
    CHECK(build(folder, "later", "sizeof(fr_module_class)", "FR_MODULE_ABI + 1", "later"));
    CHECK(build(folder, "other", "sizeof(fr_module_class)", "FR_MODULE_ABI", "good"));
    snprintf(command, sizeof command, "umask 022; echo text > %s/mod_text.so", folder);
    CHECK(system(command) == 0);

    CHECK_STR(ask("good"), "");
    CHECK_STR(ask("good"), "");
    CHECK_STR(ask("longer"), "");
    CHECK_STR(ask("short"), "module 'short' was built for another version of libframe");
    CHECK_STR(ask("later"), "module 'later' was built for another version of libframe");
    CHECK_STR(ask("other"), "module 'other' calls itself by another name");
    CHECK(strncmp(ask("text"), "module 'text' cannot be opened: ", 32) == 0);

    snprintf(path, sizeof path, "%s/mod_good.so", folder);
    chmod(path, 0777);
    CHECK_STR(ask("good"), "module 'good' is writable by everybody and not opened");
    chmod(path, 0755);
    chmod(folder, 0777);
    CHECK_STR(ask("good"), "module 'good' lies in a folder that is writable by everybody and is not opened");

    unsetenv("FRAME_MODULES");
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0);
}

TEST(a_relative_folder_is_refused)
{
    if (!compiler()) SKIP("no compiler");
    char folder[] = "/tmp/frame-module-XXXXXX", command[200], before[4096];
    if (!mkdtemp(folder) || !getcwd(before, sizeof before)) SKIP("no folder for temporary files");
    CHECK(build(folder, "good", "sizeof(fr_module_class)", "FR_MODULE_ABI", "good"));
    CHECK(chdir(folder) == 0);
    setenv("FRAME_MODULES", ".", 1);
    CHECK_STR(ask("good"), "module 'good' is not given by an absolute path (FRAME_MODULES)");
    unsetenv("FRAME_MODULES");
    CHECK(chdir(before) == 0);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0);
}

/* Asking holds the lock for a few nanoseconds, which one fork in some hundred met: it is held longer, so that most do. */
static void *ask_until_told(void *stop)
{
    while (!atomic_load((atomic_bool *)stop)) {
        fr_call call;
        fr_call_begin(&call, NULL, NULL, 0);
        (void)!fr_module_get(&call, "good");
        fr_call_end(&call);
        fr_modules_lock();
        usleep(50);
        fr_modules_unlock();
    }
    return NULL;
}

/* What the other thread holds at the fork, nobody gives back in the child. */
TEST(a_child_forked_while_a_module_is_asked_for_gets_it)
{
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
    SKIP("the thread sanitizer is slow to fork beside threads");
#endif
#endif
    if (!compiler()) SKIP("no compiler");
    enum { FORKS = 100, FORKS_UNDER_ASAN = 20 };
    char folder[] = "/tmp/frame-module-XXXXXX", command[200];
    if (!mkdtemp(folder)) SKIP("no folder for temporary files");
    chmod(folder, 0755);
    setenv("FRAME_MODULES", folder, 1);
    REQUIRE(build(folder, "good", "sizeof(fr_module_class)", "FR_MODULE_ABI", "good"));
    CHECK_STR(ask("good"), "");
    atomic_bool stop = false;
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, ask_until_told, &stop) == 0);
    int status = 0;
    for (int i = 0; i < (FR_POOL_OFF ? FORKS_UNDER_ASAN : FORKS) && status == 0; i++) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(60);                          /* a child that hangs must not hang the tests */
            _exit(*ask("good") ? 1 : 0);
        }
        waitpid(child, &status, 0);
    }
    CHECK_INT(status, 0);
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    unsetenv("FRAME_MODULES");
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0);
}
