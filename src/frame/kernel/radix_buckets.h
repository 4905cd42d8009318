/* radix_buckets.h — the order of many rows by keys of many bits (kernel/radix_sort.h sorts the others). */
#ifndef FR_KERNEL_RADIX_BUCKETS_H
#define FR_KERNEL_RADIX_BUCKETS_H

#include "kernel/radix_sort.h"

/* Sort keys, and rows with them, stably by the low `bits` bits; those above are the same in all keys. `again` sorts rows
 * whose leading bits are all the same: so many are left. */
typedef bool fr_sort_again(fr_call *call, uint64_t *keys, const fr_row_array *rows, unsigned bits);
bool fr_sort_in_buckets(fr_call *call, uint64_t *keys, const fr_row_array *rows, unsigned bits,
                        fr_sort_again *again) FR_MUST_USE;

#endif
