/* fuzz.h — what a fuzz target defines. Return 0; report a wrong answer by __builtin_trap(). */
#ifndef FR_TEST_FUZZ_FUZZ_H
#define FR_TEST_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#endif
