/* spin.h — a lock for a few instructions: whoever waits does nothing else meanwhile, and nothing under it may wait. */
#ifndef FR_BASE_SPIN_H
#define FR_BASE_SPIN_H

#include <stdatomic.h>

static inline void fr_spin_lock(atomic_flag *lock)
{
    while (atomic_flag_test_and_set_explicit(lock, memory_order_acquire)) { }
}

static inline void fr_spin_unlock(atomic_flag *lock)
{
    atomic_flag_clear_explicit(lock, memory_order_release);
}

#endif
