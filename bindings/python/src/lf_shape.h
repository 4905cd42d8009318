/* lf_shape.h — the type of a column while it is made of Python values: found by looking at them (lf_infer.c), or given as
 * an Arrow schema; then filled (lf_build.c). */
#ifndef LF_SHAPE_H
#define LF_SHAPE_H

#include "lf_module.h"

enum {
    SEEN_BOOL = 1, SEEN_INT = 2, SEEN_FLOAT = 4, SEEN_TEXT = 8, SEEN_BYTES = 16, SEEN_DATE = 32, SEEN_NAIVE = 64,
    SEEN_AWARE = 128, SEEN_TIME = 256, SEEN_DELTA = 512, SEEN_DECIMAL = 1024, SEEN_LIST = 2048, SEEN_DICT = 4096,
    SEEN_KINDS = 13,
};

typedef struct lf_shape lf_shape;
struct lf_shape {
    fr_kind    kind;
    fr_unit    unit;
    int        precision, scale;          /* of decimals                                                              */
    char       zone[64];                  /* of datetimes; "" for none                                                */
    size_t     n_fields, room;            /* of structs; lists have one                                               */
    lf_shape **fields;                    /* owned                                                                    */
    PyObject **names;                     /* owned; of structs                                                        */

    /* while values are looked at */
    unsigned   seen;                      /* which SEEN_ kinds                                                        */
    int64_t    first_row[SEEN_KINDS];     /* where each was first seen                                                */
    bool       negative, beyond_i64, beyond_u64;      /* of whole numbers                                             */
    int        whole_digits;              /* before the point, of decimals                                            */
    bool       nanos;                     /* a moment with nanoseconds                                                */
};

/* Where values come from and how they are taken; for messages too. */
typedef struct lf_source {
    lf_module  *m;
    const char *column;                   /* NULL: a value that is no column's                                        */
    int64_t     row;
    bool        nan_is_null;              /* as in pandas                                                             */
} lf_source;

lf_shape *lf_shape_new(void);
void lf_shape_free(lf_shape *shape);
lf_shape *lf_shape_add(lf_shape *shape, PyObject *name);                  /* a field; name NULL for a list's element  */
lf_shape *lf_shape_field(const lf_shape *shape, PyObject *name);          /* NULL when there is none                  */
bool lf_shape_read(const struct ArrowSchema *schema, lf_shape *out);      /* false with an exception                  */
bool lf_shape_write(const lf_shape *shape, PyObject *name, struct ArrowSchema *out);

/* A value as plain Python: NumPy scalars and arrays unwrapped, all spellings of missing as None. New reference. */
PyObject *lf_plain(const lf_source *from, PyObject *item);

bool lf_infer(lf_source *from, PyObject *items, lf_shape *shape);         /* looks at a tuple of values, then decides */
bool lf_decimal_digits(const lf_source *from, PyObject *value, __int128 *out, int *whole, int *scale);
bool lf_build(lf_source *from, PyObject *items, const lf_shape *shape, struct ArrowArray *out);

/* ---- moments (lf_moment.c): microseconds and days of Python's dates and times; false with an exception --------------- */
enum { ORDINAL_OF_1970 = 719163 };
bool lf_call_number(PyObject *object, const char *name, long long *out);
bool lf_clock_us(PyObject *object, long long *out);
bool lf_delta_us(PyObject *object, long long *out);
bool lf_datetime_us(PyObject *object, long long *out);
bool lf_has_zone(PyObject *object);                                       /* of a time, a datetime; may set an error  */
long long lf_extra_nanos(PyObject *object, const char *name);             /* of pandas' classes; 0 elsewhere          */

#endif
