/* rank_values.isa.c — a loop for each width of ranks and of values, once per instruction set. */
#include "kernel/rank_values.h"

#define RANK uint8_t
#define VALUE uint8_t
#define FN values_8_8
#include "kernel/rank_values.inc.h"
#define VALUE uint16_t
#define FN values_8_16
#include "kernel/rank_values.inc.h"
#define VALUE uint32_t
#define FN values_8_32
#include "kernel/rank_values.inc.h"
#define VALUE uint64_t
#define FN values_8_64
#include "kernel/rank_values.inc.h"
#undef RANK

#define RANK uint16_t
#define VALUE uint8_t
#define FN values_16_8
#include "kernel/rank_values.inc.h"
#define VALUE uint16_t
#define FN values_16_16
#include "kernel/rank_values.inc.h"
#define VALUE uint32_t
#define FN values_16_32
#include "kernel/rank_values.inc.h"
#define VALUE uint64_t
#define FN values_16_64
#include "kernel/rank_values.inc.h"
#undef RANK

#define RANK uint32_t
#define VALUE uint8_t
#define FN values_32_8
#include "kernel/rank_values.inc.h"
#define VALUE uint16_t
#define FN values_32_16
#include "kernel/rank_values.inc.h"
#define VALUE uint32_t
#define FN values_32_32
#include "kernel/rank_values.inc.h"
#define VALUE uint64_t
#define FN values_32_64
#include "kernel/rank_values.inc.h"
#undef RANK

const fr_rank_kernels FR_ISA_NAME(fr_rank_kernels) = {
    .values = { { values_8_8, values_8_16, values_8_32, values_8_64 },
                { values_16_8, values_16_16, values_16_32, values_16_64 },
                { values_32_8, values_32_16, values_32_32, values_32_64 } },
};
