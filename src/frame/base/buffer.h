/* buffer.h — counted blocks of column data.
 *
 * A buffer is 64-byte aligned, has at least 64 readable and writable bytes of slack beyond its size (kernels may store
 * whole vectors past the end), and is given back to a pool when its last owner leaves: blocks of 64 KiB and more are
 * kept and reused, those of 2 MiB and more lie in aligned huge pages. A foreign buffer wraps memory of somebody else: no slack, no
 * writing, and a function that releases it.
 */
#ifndef FR_BASE_BUFFER_H
#define FR_BASE_BUFFER_H

#include "base/call.h"

#define FR_BUFFER_SLACK 64

typedef struct fr_buffer {
    void             *data;
    size_t            size_bytes;       /* asked for                                                              */
    size_t            capacity_bytes;   /* usable, slack not counted                                              */
    _Atomic(int64_t)  refs;
    fr_context       *context;          /* owned reference                                                        */
    void            (*release)(void *owner);   /* foreign memory only                                             */
    void             *owner;
    bool              foreign;
} fr_buffer;

fr_buffer *fr_buffer_new(fr_call *call, size_t size_bytes) FR_MUST_USE;          /* contents undefined            */
fr_buffer *fr_buffer_zeroed(fr_call *call, size_t size_bytes) FR_MUST_USE;
fr_buffer *fr_buffer_array(fr_call *call, size_t n, size_t size) FR_MUST_USE;    /* checked n × size, undefined   */
/* The same, for what is read or written in no order: in huge pages even where these are slow to come (base/buffer_pool.h). */
fr_buffer *fr_buffer_scattered(fr_call *call, size_t n, size_t size) FR_MUST_USE;
fr_buffer *fr_buffer_foreign(fr_call *call, const void *data, size_t size_bytes, void (*release)(void *), void *owner)
    FR_MUST_USE;                         /* on failure release is not called                                       */
/* Only by the sole owner: change the size, keep the contents; may move. Shrinking never fails and may return memory. */
bool       fr_buffer_resize(fr_call *call, fr_buffer *buffer, size_t size_bytes) FR_MUST_USE;
fr_buffer *fr_buffer_ref(fr_buffer *buffer);       /* NULL stays NULL */
void       fr_buffer_unref(fr_buffer *buffer);     /* NULL does nothing */
void       fr_drop_buffer(fr_buffer **slot);       /* FR_CLEANUP(fr_drop_buffer) */

#endif
