/* one_type.h — one pass of for_each_number.h: defines FN, includes FR_TEMPLATE, undefines everything. */
#define FN_JOIN_(a, b) a##_##b
#define FN_NAME_(a, b) FN_JOIN_(a, b)
#define FN(name)       FN_NAME_(name, SUFFIX)

#include FR_TEMPLATE

#undef FN
#undef FN_NAME_
#undef FN_JOIN_
#undef T
#undef W
#undef KIND
#undef SUFFIX
