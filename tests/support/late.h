/* late.h — late columns in tests: their cleanup, windows of columns in pieces, and chains over late frames. */
#ifndef FR_TEST_SUPPORT_LATE_H
#define FR_TEST_SUPPORT_LATE_H

#include "data/frame.h"
#include "data/pieced_column.h"

/* Lets a late column go; works as FR_CLEANUP. */
void fr_test_drop_late(fr_late_column **slot);
#define LATE FR_CLEANUP(fr_test_drop_late) fr_late_column

/* A late column of n pieces; and a check that the rows, cells, slices and the whole of one, which nobody asked for before, are
 * those of the twin. */
fr_late_column *fr_test_late_of(fr_call *call, fr_column *const *columns, size_t n);
void fr_test_check_late(fr_call *call, fr_late_column *late, const fr_column *twin);

/* Checks that a window of n rows, at most FR_TEST_WINDOW, is that of the twin, and that no more is written than was said. */
enum { FR_TEST_WINDOW = 4096 };
void fr_test_check_window(const fr_column *column, const fr_column *twin, int64_t first, int64_t n);

/* The same as a frame of its own, of which nothing was asked yet. */
fr_frame *fr_test_fresh_late(fr_call *call, const fr_frame *late);
/* Checks that a chain gives over a late frame what it gives over its twin: the same rows, or the same message. → did it
 * give rows? */
bool fr_test_check_chain(const fr_frame *late, const fr_frame *twin, const char *chain);
/* … that each of n does, each over a fresh frame. → how many gave rows. */
size_t fr_test_check_chains(fr_call *call, const fr_frame *late, const fr_frame *twin, const char *const *chains, size_t n);

#endif
