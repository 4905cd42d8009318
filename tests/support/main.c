/* main.c — the runner: frame-tests [--list] [--verbose] [--slowest N] [--jobs N] [--not word] [word…]
 *
 * --not WORD leaves out the tests whose names contain it. --jobs N shares the tests out among N processes.
 * --verbose names each test before it runs and says what processor time it took; --slowest N names those N that took
 * most of it, at the end. A test that checks nothing fails.
 * Runs the tests whose "suite/name" contains any of the words (all without words), in the order of suite then name,
 * prints failures with file:line and values, names skipped tests, and ends with "N passed, N failed, N skipped".
 */
#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/leaks.h"
#include "support/registry.h"

typedef struct counts {
    unsigned passed, failed, skipped;
} counts;

static counts total;
static bool verbose;
static const char *left_out;   /* tests of this word are not run */
static char current[256];      /* for the signal handler */
static struct timespec began;
static clock_t cpu_began;

static const char *suite_of(const fr_test *test, char buffer[static 128])
{
    const char *base = strrchr(test->file, '/');
    base = base ? base + 1 : test->file;
    if (strncmp(base, "test_", 5) == 0) base += 5;
    snprintf(buffer, 128, "%.*s", (int)strcspn(base, "."), base);
    return buffer;
}

static int by_suite_then_name(const void *left, const void *right)
{
    const fr_test *a = *(fr_test *const *)left, *b = *(fr_test *const *)right;
    char suite_a[128], suite_b[128];
    int order = strcmp(suite_of(a, suite_a), suite_of(b, suite_b));
    return order ? order : strcmp(a->name, b->name);
}

static bool wanted(const fr_test *test, char **words, int n_words)
{
    char suite[128], full[512];
    snprintf(full, sizeof full, "%s/%s", suite_of(test, suite), test->name);
    if (left_out && strstr(full, left_out)) return false;
    for (int i = 0; i < n_words; i++)
        if (strstr(full, words[i])) return true;
    return n_words == 0;
}

/* ---- CUnit's hooks ----------------------------------------------------------------------------------------------- */

static void test_begins(const CU_pTest test, const CU_pSuite suite)
{
    snprintf(current, sizeof current, "%s/%s", suite->pName, test->pName);
    if (verbose) fprintf(stderr, "%s\n", current);
    cpu_began = clock();
    clock_gettime(CLOCK_MONOTONIC, &began);
}

static double seconds_since(struct timespec then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then.tv_sec) + 1e-9 * (double)(now.tv_nsec - then.tv_nsec);
}

static void test_ends(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
    const char *skipped = fr_test_take_skip();
    const bool idle = !fr_test_take_checks() && !skipped;
    double seconds = seconds_since(began);
    if (verbose) fprintf(stderr, "%9.3f s\n", (double)(clock() - cpu_began) / CLOCKS_PER_SEC);
    if (seconds > 5) printf("SLOW  %s/%s took %.1f s\n", suite->pName, test->pName, seconds);
    if (failure || idle) {
        total.failed++;
        printf("FAIL  %s/%s%s\n", suite->pName, test->pName, idle ? " checks nothing" : "");
        unsigned shown = 0;
        for (CU_pFailureRecord f = failure; f && shown < 20; f = f->pNext, shown++)
            printf("      %s:%u: %s\n", f->strFileName, f->uiLineNumber, f->strCondition);
    } else if (skipped) {
        total.skipped++;
        printf("SKIP  %s/%s: %s\n", suite->pName, test->pName, skipped);
    } else {
        total.passed++;
    }
    fflush(stdout);
}

static void say_who_crashed(int signal_number)
{
    static const char text[] = "\nCRASH in ";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    ignored = write(STDERR_FILENO, current, strlen(current));
    ignored = write(STDERR_FILENO, "\n", 1);
    (void)ignored;
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void name_the_test_on_a_crash(void)
{
    const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], say_who_crashed);
}

/* ---- the chosen tests, by one process or by several -------------------------------------------------------------- */

/* What is shared among processes: each takes the next test, so none waits long for the others. */
typedef struct share {
    _Atomic(size_t) next;
    counts         *of;            /* a process each */
    double          cpu_s[];       /* that a test each took */
} share;

static size_t share_bytes(size_t n, size_t n_jobs)
{
    return sizeof(share) + n * sizeof(double) + n_jobs * sizeof(counts);
}

static share *share_new(size_t n, size_t n_jobs)
{
    share *all = mmap(NULL, share_bytes(n, n_jobs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) exit(2);
    all->of = (counts *)(all->cpu_s + n);
    return all;
}

static CU_pSuite suite_for(const fr_test *test, CU_pSuite last)
{
    char name[128];
    suite_of(test, name);
    return last && strcmp(last->pName, name) == 0 ? last : CU_add_suite(name, NULL, NULL);
}

static void run_next_tests(fr_test *const *tests, size_t n, share *all)
{
    CU_pSuite suite = NULL;
    for (size_t i; (i = atomic_fetch_add(&all->next, 1)) < n;) {
        suite = suite_for(tests[i], suite);
        const CU_pTest test = suite ? CU_add_test(suite, tests[i]->name, tests[i]->run) : NULL;
        if (!test) {
            fprintf(stderr, "cannot add %s: %s\n", tests[i]->name, CU_get_error_msg());
            exit(2);
        }
        const clock_t before = clock();
        CU_run_test(suite, test);
        all->cpu_s[i] = (double)(clock() - before) / CLOCKS_PER_SEC;
    }
}

static counts run_share(fr_test *const *tests, size_t n, share *all)
{
    if (CU_initialize_registry() != CUE_SUCCESS) exit(2);
    CU_set_test_start_handler(test_begins);
    CU_set_test_complete_handler(test_ends);
    run_next_tests(tests, n, all);
    CU_cleanup_registry();
    fr_test_remove_scratch();
    if (fr_leaks_count() > 0) {                     /* the library names them when the process ends */
        total.failed++;
        printf("FAIL  %zu objects were not released\n", fr_leaks_count());
        fflush(stdout);
    }
    return total;
}

/* A process that ends badly counts as a failure: a sanitizer may speak only when it ends. */
static counts run_by_processes(fr_test *const *tests, size_t n, size_t n_jobs, share *all)
{
    for (size_t job = 0; job < n_jobs; job++) {
        pid_t child = fork();
        if (child < 0) exit(2);
        if (child > 0) continue;
        all->of[job] = run_share(tests, n, all);
        exit(0);
    }

    counts sum = { 0, 0, 0 };
    for (int status; wait(&status) > 0;)
        if (status != 0) {
            sum.failed++;
            printf("FAIL  a process of the tests ended by %s %d\n", WIFEXITED(status) ? "status" : "signal",
                   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
        }
    for (size_t job = 0; job < n_jobs; job++) {
        sum.passed += all->of[job].passed;
        sum.failed += all->of[job].failed;
        sum.skipped += all->of[job].skipped;
    }
    return sum;
}

/* Gives up the times, one by one. */
static void name_slowest(fr_test *const *tests, size_t n, double *cpu_s, size_t n_named)
{
    char suite[128];
    double all_s = 0;
    for (size_t i = 0; i < n; i++) all_s += cpu_s[i];
    printf("slowest of %zu tests, which took %.2f s of processor time:\n", n, all_s);
    for (size_t k = 0; k < n_named && k < n; k++) {
        size_t most = 0;
        for (size_t i = 1; i < n; i++)
            if (cpu_s[i] > cpu_s[most]) most = i;
        printf("%9.2f s  %s/%s\n", cpu_s[most], suite_of(tests[most], suite), tests[most]->name);
        cpu_s[most] = -1;
    }
}

static size_t choose(fr_test ***chosen, char **words, int n_words)
{
    size_t n = 0, capacity = 0;
    for (fr_test *t = fr_test_all(); t; t = t->next) {
        if (!wanted(t, words, n_words)) continue;
        if (n == capacity) *chosen = realloc(*chosen, (capacity = capacity ? 2 * capacity : 256) * sizeof **chosen);
        if (!*chosen) exit(2);
        (*chosen)[n++] = t;
    }
    if (n) qsort(*chosen, n, sizeof **chosen, by_suite_then_name);
    return n;
}

static void list_tests(fr_test *const *tests, size_t n)
{
    char suite[128];
    for (size_t i = 0; i < n; i++) printf("%s/%s\n", suite_of(tests[i], suite), tests[i]->name);
}

/* ---- main -------------------------------------------------------------------------------------------------------- */

static const char usage[] = "usage: frame-tests [--list] [--verbose] [--slowest N] [--jobs N] [--not word] [word…]\n";

int main(int argc, char **argv)
{
    bool list = false;
    long n_jobs = 1, n_slowest = 0;
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        if (strcmp(argv[first], "--list") == 0) list = true;
        else if (strcmp(argv[first], "--verbose") == 0) verbose = true;
        else if (strcmp(argv[first], "--not") == 0 && first + 1 < argc) left_out = argv[++first];
        else if (strcmp(argv[first], "--jobs") == 0 && first + 1 < argc) n_jobs = strtol(argv[++first], NULL, 10);
        else if (strcmp(argv[first], "--slowest") == 0 && first + 1 < argc) n_slowest = strtol(argv[++first], NULL, 10);
        else return fputs(usage, stderr), 2;
    }
    if (n_jobs < 1) return fputs("frame-tests: --jobs is a number from 1 on\n", stderr), 2;
    setenv("FRAME_LEAKS", "1", 0);   /* a test that leaves an object alive says so at exit */

    static char lines[1 << 16];
    setvbuf(stdout, lines, _IOFBF, sizeof lines);   /* what one test says is one write, however many processes speak */
    fr_test **chosen = NULL;
    size_t n = choose(&chosen, argv + first, argc - first);
    if (list) {
        list_tests(chosen, n);
        free(chosen);
        return 0;
    }

    name_the_test_on_a_crash();
    share *all = share_new(n, (size_t)n_jobs);
    counts sum = n_jobs > 1 ? run_by_processes(chosen, n, (size_t)n_jobs, all) : run_share(chosen, n, all);
    if (n_slowest > 0) name_slowest(chosen, n, all->cpu_s, (size_t)n_slowest);
    munmap(all, share_bytes(n, (size_t)n_jobs));
    free(chosen);
    printf("%u passed, %u failed, %u skipped\n", sum.passed, sum.failed, sum.skipped);
    return sum.failed ? 1 : 0;
}
