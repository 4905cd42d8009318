/* compare_type.inc.h — the six comparisons of one type. Template: as compare_op.inc.h, but for OP, FN and WHICH; SUFFIX
 * names the type, KIND is INT or FLOAT. */
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
