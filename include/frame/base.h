/* base.h — what every public header begins with: export marks, C++ linkage, scope-bound ownership.
 *
 * Objects of libframe are opaque, immutable once made and counted. Whatever a function returns without `const` is owned
 * by the caller; `const` results are lent. Three macros make ownership visible at the line where it happens:
 *
 *     fr_auto(frame) sales = fr_read_csv("sales.csv");     released when the scope ends
 *     return fr_steal(sales);                              handed out of the scope
 *     fr_set(sales, fr_pipe(sales, fr_head(10)));          df = df.head(10), the old frame is released
 */
#ifndef FRAME_BASE_H
#define FRAME_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define FR_BEGIN_DECLS extern "C" {
#define FR_END_DECLS   }
#else
#define FR_BEGIN_DECLS
#define FR_END_DECLS
#endif

#define FR_API __attribute__((visibility("default")))

#ifdef __FILE_NAME__
#define FR_FILE_ __FILE_NAME__
#else
#define FR_FILE_ __FILE__
#endif

FR_BEGIN_DECLS

/* ---- the objects ------------------------------------------------------------------------------------------------ */
typedef struct fr_frame   fr_frame;   /* a table: named, typed columns of equal length                                */
typedef struct fr_column  fr_column;  /* one column: values, nulls, type                                              */
typedef struct fr_type    fr_type;    /* a data type such as i64, str, decimal(18,2), list[f64]                       */
typedef struct fr_schema  fr_schema;  /* names and types of a frame's columns                                         */
typedef struct fr_steps   fr_steps;   /* an owned list of steps: a plan that outlives the block that wrote it         */
typedef struct fr_context fr_context; /* allocator, files, clock, seed, threads, limits, callbacks                    */

/* ---- ownership -------------------------------------------------------------------------------------------------- */

/**
 * Take one more reference to any libframe object; NULL stays NULL.
 *
 * Cost     one atomic increment.
 * Returns  `object`, for which the caller now owes one more fr_unref.
 */
FR_API void *fr_object_ref(const void *object);

/**
 * Give up one reference to any libframe object; the last one frees it. NULL does nothing.
 *
 * Cost     one atomic decrement; freeing is linear in the number of owned buffers.
 */
FR_API void fr_object_unref(const void *object);

static inline void fr_unref(const void *object) { fr_object_unref(object); }

FR_END_DECLS

#ifndef __cplusplus
#define fr_ref(object) ((__typeof__(object))fr_object_ref(object))

static inline void fr_auto_unref_(void *slot) { fr_object_unref(*(void **)slot); }
#define fr_auto(noun) __attribute__((cleanup(fr_auto_unref_))) fr_##noun *

#define fr_steal(variable)                                      \
    (__extension__({                                            \
        __typeof__(variable) fr_stolen_ = (variable);           \
        (variable) = NULL;                                      \
        fr_stolen_;                                             \
    }))

#define fr_set(variable, expression)                            \
    (__extension__({                                            \
        __typeof__(variable) fr_next_ = (expression);           \
        fr_object_unref(variable);                              \
        (variable) = fr_next_;                                  \
    }))
#endif

#endif
