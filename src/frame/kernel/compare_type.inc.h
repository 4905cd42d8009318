/* compare_type.inc.h — the six comparisons of one type. Template: as compare_op.inc.h, but for OP, FN and WHICH; SUFFIX
 * names the type, KIND is INT or FLOAT. */
#if FR_ISA_LEVEL == 3
#define V COMPARE_NAME(registers, SUFFIX)
typedef T V __attribute__((vector_size(32), aligned(sizeof(T)), may_alias));
#endif

#define OP ==
#define FN(name) COMPARE_NAME(name##_equal, SUFFIX)
#define WHICH COMPARE_NAME(KIND, EQUAL)
#include "kernel/compare_op.inc.h"

#define OP !=
#define FN(name) COMPARE_NAME(name##_unequal, SUFFIX)
#define WHICH COMPARE_NAME(KIND, UNEQUAL)
#include "kernel/compare_op.inc.h"

#define OP <
#define FN(name) COMPARE_NAME(name##_less, SUFFIX)
#define WHICH COMPARE_NAME(KIND, LESS)
#include "kernel/compare_op.inc.h"

#define OP <=
#define FN(name) COMPARE_NAME(name##_less_equal, SUFFIX)
#define WHICH COMPARE_NAME(KIND, LESS_EQUAL)
#include "kernel/compare_op.inc.h"

#define OP >
#define FN(name) COMPARE_NAME(name##_greater, SUFFIX)
#define WHICH COMPARE_NAME(KIND, GREATER)
#include "kernel/compare_op.inc.h"

#define OP >=
#define FN(name) COMPARE_NAME(name##_greater_equal, SUFFIX)
#define WHICH COMPARE_NAME(KIND, GREATER_EQUAL)
#include "kernel/compare_op.inc.h"

#undef T
#undef SUFFIX
#undef KIND
#undef LANES
#undef LOAD
#undef ALL
#undef MASK
#undef SIGNS
#undef V
