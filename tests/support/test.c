/* test.c — checks that say what they saw, on top of CUnit's bookkeeping. */
#include "support/test.h"

#include <CUnit/CUnit.h>
#include <CUnit/TestRun.h>
#include <ftw.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/registry.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;   /* CUnit's lists know nothing of threads */
static fr_test *tests;
static const char *skip_reason;
static _Atomic(size_t) n_checks;

void fr_test_register(fr_test *test)
{
    test->next = tests;
    tests = test;
}

fr_test *fr_test_all(void)
{
    return tests;
}

void fr_test_skip(const char *reason)
{
    skip_reason = reason;
}

const char *fr_test_take_skip(void)
{
    const char *reason = skip_reason;
    skip_reason = NULL;
    return reason;
}

size_t fr_test_take_checks(void)
{
    return atomic_exchange(&n_checks, 0);
}

/* What holds is counted and no more: some tests check millions of values, and under ThreadSanitizer a lock is dear. */
bool fr_test_check(bool ok, const char *condition, const char *file, int line)
{
    atomic_fetch_add_explicit(&n_checks, 1, memory_order_relaxed);
    if (ok) return true;
    pthread_mutex_lock(&lock);
    CU_assertImplementation(CU_FALSE, (unsigned)line, condition, file, "", CU_FALSE);
    pthread_mutex_unlock(&lock);
    return false;
}

__attribute__((format(printf, 4, 5)))
static bool report(bool ok, const char *file, int line, const char *format, ...)
{
    if (ok) return fr_test_check(true, format, file, line);
    char text[700];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return fr_test_check(false, text, file, line);
}

bool fr_test_check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line)
{
    return report(actual == expected, file, line, "%s is %lld, expected %lld", text, (long long)actual,
                  (long long)expected);
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

bool fr_test_check_f64(double actual, double expected, const char *text, const char *file, int line)
{
    bool same = bits_of(actual) == bits_of(expected) || (isnan(actual) && isnan(expected));
    return report(same, file, line, "%s is %.17g (%a), expected %.17g (%a)", text, actual, actual, expected, expected);
}

bool fr_test_check_near(double actual, double expected, double relative, const char *text, const char *file, int line)
{
    bool near = actual == expected || (isnan(actual) && isnan(expected)) ||
                fabs(actual - expected) <= relative * fabs(expected);
    return report(near, file, line, "%s is %.17g, expected %.17g within %g relative (off by %g)", text, actual,
                  expected,
                  relative, fabs(actual - expected) / fabs(expected));
}

bool fr_test_check_str(const char *actual, const char *expected, const char *text, const char *file, int line)
{
    bool same = actual && expected ? strcmp(actual, expected) == 0 : actual == expected;
    const char *q = actual ? "\"" : "", *p = expected ? "\"" : "";
    return report(same, file, line, "%s is %s%s%s, expected %s%s%s", text, q, actual ? actual : "NULL", q, p,
                  expected ? expected : "NULL", p);
}

bool fr_test_check_bytes(const void *actual, const void *expected, size_t n, const char *text, const char *file,
                         int line)
{
    const unsigned char *a = actual, *b = expected;
    size_t i = 0;
    while (i < n && a[i] == b[i]) i++;
    return report(i == n, file, line, "%s differs at byte %zu of %zu: %02x, expected %02x", text, i, n,
                  i < n ? a[i] : 0u, i < n ? b[i] : 0u);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static const char *join_path(const char *folder, const char *relative)
{
    static _Thread_local char paths[8][4096];
    static _Thread_local unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, relative);
    return path;
}

const char *fr_test_path(const char *relative)
{
    return join_path(FRAME_SOURCE_DIR, relative);
}

static char scratch[] = "/tmp/frame-tests-XXXXXX";
static bool scratch_made;

const char *fr_test_scratch(const char *name)
{
    pthread_mutex_lock(&lock);
    if (!scratch_made) scratch_made = mkdtemp(scratch) != NULL;
    pthread_mutex_unlock(&lock);
    return join_path(scratch, name);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

void fr_test_remove_scratch(void)
{
    if (scratch_made) nftw(scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fr_test_data(const char *relative)
{
    const char *folder = getenv("FRAME_DATA");
    const char *path = join_path(folder ? folder : FRAME_SOURCE_DIR "/../shared/data", relative);
    return access(path, R_OK) == 0 ? path : NULL;
}
