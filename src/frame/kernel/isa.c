/* isa.c — asks the CPU, once, which of our builds of a kernel it can run.
 *
 * Written on CPUID and XGETBV rather than __builtin_cpu_supports, which in clang 14 does not know the psABI levels and
 * in neither compiler tells VBMI2 apart from the rest. Two things must both hold: the CPU has the instructions, and the
 * kernel saves the registers they use across a task switch (XCR0).
 */
#include "kernel/isa.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifndef FR_EMULATED
#define FR_EMULATED 0                     /* 1: level v4 is built for v3, by tests/emulated/avx512.h */
#endif

static const char *const names[] = { "portable", "v2", "v3", "v4" };

#ifdef __x86_64__
#include <cpuid.h>

enum {   /* bits of CPUID leaf 1 ECX, leaf 7 EBX and ECX, leaf 0x80000001 ECX that each level adds */
    V2_1C   = 1 << 0 | 1 << 9 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 23,     /* SSE3 SSSE3 CX16 SSE4.1 SSE4.2 POPCNT */
    V2_X1C  = 1 << 0,                                                      /* LAHF */
    V3_1C   = 1 << 1 | 1 << 12 | 1 << 22 | 1 << 27 | 1 << 28 | 1 << 29,    /* PCLMUL FMA MOVBE OSXSAVE AVX F16C */
    V3_7B   = 1 << 3 | 1 << 5 | 1 << 8,                                    /* BMI1 AVX2 BMI2 */
    V3_X1C  = 1 << 5,                                                      /* LZCNT */
    V4_7C   = 1 << 1 | 1 << 6,                                             /* VBMI VBMI2 */
    YMM_STATE = 0x06,
    ZMM_STATE = 0xe6,
};
static const unsigned V4_7B = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;   /* AVX512 F DQ CD BW VL */

static bool has(unsigned bits, unsigned wanted)
{
    return (bits & wanted) == wanted;
}

static unsigned saved_registers(void)
{
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static fr_isa ask_cpu(void)
{
    unsigned a, b, ecx1, d, ebx7 = 0, ecx7 = 0, x1c = 0;
    if (!__get_cpuid(1, &a, &b, &ecx1, &d)) return FR_ISA_PORTABLE;
    (void)__get_cpuid(0x80000001u, &a, &b, &x1c, &d);
    if (!has(ecx1, V2_1C) || !has(x1c, V2_X1C)) return FR_ISA_PORTABLE;

    if (!__get_cpuid_count(7, 0, &a, &ebx7, &ecx7, &d)) return FR_ISA_V2;
    if (!has(ecx1, V3_1C) || !has(ebx7, V3_7B) || !has(x1c, V3_X1C)) return FR_ISA_V2;
    unsigned saved = saved_registers();
    if (!has(saved, YMM_STATE)) return FR_ISA_V2;

    const bool v4 = has(ebx7, V4_7B) && has(ecx7, V4_7C) && has(saved, ZMM_STATE);
    return v4 || FR_EMULATED ? FR_ISA_V4 : FR_ISA_V3;
}
#else
static fr_isa ask_cpu(void)
{
    return FR_ISA_PORTABLE;
}
#endif

/* FRAME_ISA can only lower the level; an unknown name changes nothing. */
static fr_isa choose(void)
{
    fr_isa best = ask_cpu();
    const char *wanted = getenv("FRAME_ISA");
    for (fr_isa isa = FR_ISA_PORTABLE; wanted && isa < best; isa++)
        if (strcmp(wanted, names[isa]) == 0) return isa;
    return best;
}

fr_isa fr_isa_best(void)
{
    static _Atomic int remembered = -1;   /* two threads asking at once find the same answer */
    int isa = atomic_load_explicit(&remembered, memory_order_relaxed);
    if (isa < 0) {
        isa = (int)choose();
        atomic_store_explicit(&remembered, isa, memory_order_relaxed);
    }
    return (fr_isa)isa;
}

const char *fr_isa_name(fr_isa isa)
{
    return names[isa];
}
