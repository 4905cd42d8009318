/* for_each_number.h — instantiate a template once per physical number type.
 *
 * The template is ordinary C in which four names change on each pass:
 *
 *     T          the element type                           int32_t
 *     W          the type to compute in: unsigned for integers, never narrower than int, so that overflow wraps
 *     FN(name)   the name of this pass's function           name_i32
 *     KIND       FR_T_SIGNED, FR_T_UNSIGNED or FR_T_FLOAT, for #if
 *
 *     #define FR_TEMPLATE "kernel/key_codes.inc.h"
 *     #include "kernel/for_each_number.h"
 */
#define FR_T_SIGNED   1
#define FR_T_UNSIGNED 2
#define FR_T_FLOAT    3

#define T int8_t
#define W uint32_t
#define KIND FR_T_SIGNED
#define SUFFIX i8
#include "kernel/one_type.h"

#define T int16_t
#define W uint32_t
#define KIND FR_T_SIGNED
#define SUFFIX i16
#include "kernel/one_type.h"

#define T int32_t
#define W uint32_t
#define KIND FR_T_SIGNED
#define SUFFIX i32
#include "kernel/one_type.h"

#define T int64_t
#define W uint64_t
#define KIND FR_T_SIGNED
#define SUFFIX i64
#include "kernel/one_type.h"

#define T uint8_t
#define W uint32_t
#define KIND FR_T_UNSIGNED
#define SUFFIX u8
#include "kernel/one_type.h"

#define T uint16_t
#define W uint32_t
#define KIND FR_T_UNSIGNED
#define SUFFIX u16
#include "kernel/one_type.h"

#define T uint32_t
#define W uint32_t
#define KIND FR_T_UNSIGNED
#define SUFFIX u32
#include "kernel/one_type.h"

#define T uint64_t
#define W uint64_t
#define KIND FR_T_UNSIGNED
#define SUFFIX u64
#include "kernel/one_type.h"

#define T float
#define W float
#define KIND FR_T_FLOAT
#define SUFFIX f32
#include "kernel/one_type.h"

#define T double
#define W double
#define KIND FR_T_FLOAT
#define SUFFIX f64
#include "kernel/one_type.h"

#undef FR_TEMPLATE
#undef FR_T_SIGNED
#undef FR_T_UNSIGNED
#undef FR_T_FLOAT
