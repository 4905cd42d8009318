/* compiler.h — the few attributes and platform facts that everything else leans on.
 *
 * libframe is built for little-endian LP64 Linux by gcc >= 12 or clang >= 14; the assertions at the end say so once,
 * and no other file repeats the question.
 */
#ifndef FR_BASE_COMPILER_H
#define FR_BASE_COMPILER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FR_MUST_USE        __attribute__((warn_unused_result))
/* An internal function that our other libraries (libframe-plot-1 …) call: it leaves libframe-1 in a node of its own,
 * whose name holds the exact version, so the dynamic linker refuses a pair that was not built together
 * (cmake/FramePrivate.cmake reads these marks: one line, from FR_PRIVATE to the name). */
#define FR_PRIVATE         __attribute__((visibility("default")))
#define FR_PRINTF(fmt, va) __attribute__((format(printf, fmt, va)))
#define FR_COLD            __attribute__((cold, noinline))
#define FR_CLEANUP(function) __attribute__((cleanup(function)))   /* called with the address of the variable */
#define FR_LIKELY(x)       __builtin_expect(!!(x), 1)
#define FR_UNLIKELY(x)     __builtin_expect(!!(x), 0)

/* An algorithm written once as a function whose constant arguments fold away at each call (never a macro body). */
#define FR_TEMPLATE_FN static inline __attribute__((always_inline, unused))

#define FR_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define FR_JOIN2_(a, b)    a##b
#define FR_JOIN2(a, b)     FR_JOIN2_(a, b)

#ifdef __SIZEOF_INT128__
__extension__ typedef __int128          fr_i128;
__extension__ typedef unsigned __int128 fr_u128;
#endif

_Static_assert(sizeof(void *) == 8 && sizeof(long) == 8, "libframe needs an LP64 platform");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "libframe needs a little-endian platform");
_Static_assert(CHAR_BIT == 8, "libframe needs eight-bit bytes");

#endif
