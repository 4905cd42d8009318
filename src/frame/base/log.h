/* log.h — speaking to whoever made the context: progress (fr_progress, call.h) and log lines. */
#ifndef FR_BASE_LOG_H
#define FR_BASE_LOG_H

#include "base/call.h"

/* One line to the context's log callback; free when there is none. */
void fr_log(fr_call *call, fr_log_level level, const char *format, ...) FR_PRINTF(3, 4);

#endif
