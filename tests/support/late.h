/* late.h — late columns in tests: their cleanup, and windows of columns in pieces. */
#ifndef FR_TEST_SUPPORT_LATE_H
#define FR_TEST_SUPPORT_LATE_H

#include "data/pieced_column.h"

/* Lets a late column go; works as FR_CLEANUP. */
void fr_test_drop_late(fr_late_column **slot);
#define LATE FR_CLEANUP(fr_test_drop_late) fr_late_column

/* Checks that a window of n rows, at most FR_TEST_WINDOW, is that of the twin, and that no more is written than was said. */
enum { FR_TEST_WINDOW = 4096 };
void fr_test_check_window(const fr_column *column, const fr_column *twin, int64_t first, int64_t n);

#endif
