/* isa.h — one source, four instruction-set levels, one choice at run time.
 *
 * A file named x.isa.c is compiled once per level (cmake/FrameIsa.cmake) with FR_ISA = portable, v2, v3 or v4 and
 * FR_ISA_LEVEL = 1 … 4, the x86-64 psABI levels. It names every symbol it defines through FR_ISA_NAME, and puts its
 * functions in one const table:
 *
 *     const fr_bytes_kernels FR_ISA_NAME(fr_bytes_kernels) = { .find = find, .count = count };   // find_bytes.isa.c
 *
 * Elsewhere the table for this machine is one pointer:
 *
 *     FR_ISA_DECLARE(fr_bytes_kernels, fr_bytes_kernels);                                         // bytes.h
 *     const fr_bytes_kernels *k = FR_ISA_PICK(fr_bytes_kernels);
 *
 * Code in an .isa.c may use intrinsics under `#if FR_ISA_LEVEL >= 3`; the portable build has none, is always made, and
 * FRAME_ISA=portable runs it. Level v4 here is x86-64-v4 plus VBMI and VBMI2 (Ice Lake, Zen 4 and later); a machine
 * without those two is served by v3. The level may never change a result, only how soon it comes.
 */
#ifndef FR_KERNEL_ISA_H
#define FR_KERNEL_ISA_H

#include "base/compiler.h"

typedef enum fr_isa { FR_ISA_PORTABLE, FR_ISA_V2, FR_ISA_V3, FR_ISA_V4 } fr_isa;

/* The level to run: what CPU and kernel support, or less if FRAME_ISA names less. Asked once, then remembered. */
fr_isa fr_isa_best(void);

/* "portable", "v2", "v3", "v4". */
const char *fr_isa_name(fr_isa isa);

#define FR_ISA_NAME(name) FR_JOIN2(name##_, FR_ISA)

#ifdef __x86_64__
#define FR_ISA_DECLARE(type, name) \
    extern const type name##_portable, name##_v2, name##_v3, name##_v4
#define FR_ISA_PICK(name) FR_ISA_AT(name, fr_isa_best())
#define FR_ISA_AT(name, isa) \
    ((const __typeof__(name##_portable) *const[]){ &name##_portable, &name##_v2, &name##_v3, &name##_v4 }[isa])
#else
#define FR_ISA_DECLARE(type, name) extern const type name##_portable
#define FR_ISA_PICK(name)          (&name##_portable)
#define FR_ISA_AT(name, isa)       ((void)(isa), &name##_portable)
#endif

#endif
