/* meter.h — an allocator that says how much memory a use of the library took: a test for growth, which times are not.
 *
 *     fr_meter meter;
 *     fr_auto(context) context = fr_meter_context(&meter);
 *     …
 *     meter.peak_bytes          at once
 *     meter.taken_bytes         altogether
 */
#ifndef FR_TEST_SUPPORT_METER_H
#define FR_TEST_SUPPORT_METER_H

#include <frame/context.h>

typedef struct fr_meter {
    fr_allocator allocator;
    size_t       live_bytes, peak_bytes, taken_bytes;
} fr_meter;

/* A context (owned) of one thread that takes its memory through the meter, which must outlive it. */
fr_context *fr_meter_context(fr_meter *meter);
/* From here on. */
void fr_meter_begin(fr_meter *meter);

#endif
