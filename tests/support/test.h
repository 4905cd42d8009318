/* test.h — the whole vocabulary of a C test, a thin layer over CUnit.
 *
 *     #include "support/test.h"
 *
 *     TEST(left_join_keeps_rows_without_a_match)
 *     {
 *         int64_t rows = …;
 *         CHECK_INT(rows, 3);
 *     }
 *
 * A test registers itself before main; its suite is the file's name without "test_" and ".c". Checks go on after a
 * failure and print file, line and values; REQUIRE and SKIP leave the test (cleanup attributes run). Checks may be made
 * from any thread. frame-tests --list shows the names, frame-tests join null runs those containing either word.
 */
#ifndef FR_TEST_SUPPORT_TEST_H
#define FR_TEST_SUPPORT_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fr_test {
    const char      *name;
    const char      *file;
    void           (*run)(void);
    struct fr_test  *next;
} fr_test;

void fr_test_register(fr_test *test);
void fr_test_skip(const char *reason);

bool fr_test_check(bool ok, const char *condition, const char *file, int line);
bool fr_test_check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line);
bool fr_test_check_f64(double actual, double expected, const char *text, const char *file, int line);
bool fr_test_check_near(double actual, double expected, double relative, const char *text, const char *file, int line);
bool fr_test_check_str(const char *actual, const char *expected, const char *text, const char *file, int line);
bool fr_test_check_bytes(const void *actual, const void *expected, size_t n, const char *text, const char *file,
                         int line);

/* The path of a file given relative to the repository's root; lives until the same thread asks for 8 more. */
const char *fr_test_path(const char *relative);

/* A path in a folder of this run's own, which is removed with all it holds when the runner ends. */
const char *fr_test_scratch(const char *name);

/* The path of a file in the data folder beside the repository ($FRAME_DATA, else ../shared/data), or NULL if absent. */
const char *fr_test_data(const char *relative);

#define TEST(name_)                                                                                                    \
    static void test_##name_(void);                                                                                    \
    __attribute__((constructor)) static void register_##name_(void)                                                    \
    {                                                                                                                  \
        static fr_test test = { .name = #name_, .file = __FILE__, .run = test_##name_ };                               \
        fr_test_register(&test);                                                                                       \
    }                                                                                                                  \
    static void test_##name_(void)

#define CHECK(condition) ((void)fr_test_check((condition), #condition, __FILE__, __LINE__))
#define CHECK_INT(actual, expected) \
    ((void)fr_test_check_int((int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__))
#define CHECK_F64(actual, expected) \
    ((void)fr_test_check_f64((actual), (expected), #actual, __FILE__, __LINE__))   /* same bits, or both NaN */
#define CHECK_NEAR(actual, expected, relative) \
    ((void)fr_test_check_near((actual), (expected), (relative), #actual, __FILE__, __LINE__))
#define CHECK_STR(actual, expected) \
    ((void)fr_test_check_str((actual), (expected), #actual, __FILE__, __LINE__))
#define CHECK_BYTES(actual, expected, n) \
    ((void)fr_test_check_bytes((actual), (expected), (n), #actual, __FILE__, __LINE__))

#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!fr_test_check((condition), #condition, __FILE__, __LINE__)) return;                                       \
    } while (0)
#define SKIP(reason)                                                                                                   \
    do {                                                                                                               \
        fr_test_skip(reason);                                                                                          \
        return;                                                                                                        \
    } while (0)

#endif
