/* same_file.h — whether two names lead to one file, through the context's vfs. */
#ifndef FR_BASE_SAME_FILE_H
#define FR_BASE_SAME_FILE_H

#include "base/call.h"

/* Do both lead to one regular file, or would to one that is not there yet? "-" is none. False with the failure recorded
 * where the call failed. */
bool fr_is_same_file(fr_call *call, const char *a, const char *b) FR_MUST_USE;

/* Is `path` one of the files that the pattern (base/glob.h) names? The same file where it is no pattern. */
bool fr_pattern_names(fr_call *call, const char *pattern, const char *path) FR_MUST_USE;

#endif
