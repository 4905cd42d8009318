/* lf_build.c — Python values into the buffers of an Arrow array of a known shape.
 *
 * Strict: a value that is not of the column's type, or does not fit it, is an exception with column and row. Nothing is
 * rounded: a whole number in a column of floats must be one that a float can hold. Buffers grow as values come, since
 * looking at a value may run Python code that changes what was counted before.
 */
#include "lf_shape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- growing buffers ------------------------------------------------------------------------------------------------ */
typedef struct bytes { unsigned char *at; size_t n, room; } bytes;

static bool grow(bytes *b, size_t more)
{
    if (b->room - b->n >= more) return true;
    size_t room = b->room ? b->room : 256;
    while (room - b->n < more) room *= 2;
    unsigned char *at = realloc(b->at, room);
    if (!at) return PyErr_NoMemory(), false;
    memset(at + b->n, 0, room - b->n);
    b->at = at;
    b->room = room;
    return true;
}

static bool put(bytes *b, const void *value, size_t n)
{
    if (!grow(b, n)) return false;
    if (n) memcpy(b->at + b->n, value, n);
    b->n += n;
    return true;
}

static bool put_bit(bytes *b, int64_t index, bool value)
{
    size_t byte = (size_t)index / 8;
    if (byte >= b->n && !put(b, "", 1)) return false;
    if (value) b->at[byte] |= (unsigned char)(1u << (index % 8));
    return true;
}

/* ---- a column being built -------------------------------------------------------------------------------------------- */
typedef struct column column;
struct column {
    const lf_shape *shape;
    int64_t         length, n_nulls;
    bytes           valid, values, text;      /* values: numbers, or offsets of text and lists                        */
    size_t          n_children;
    column         *children;                 /* owned                                                                */
};

static void clear(column *c)
{
    for (size_t i = 0; i < c->n_children; i++) clear(&c->children[i]);
    free(c->children);
    free(c->valid.at);
    free(c->values.at);
    free(c->text.at);
}

static bool has_offsets(fr_kind kind) { return kind == FR_STR || kind == FR_CAT || kind == FR_BINARY || kind == FR_LIST; }

static bool begin(column *c, const lf_shape *shape)
{
    *c = (column){ .shape = shape };
    if (has_offsets(shape->kind) && !put(&c->values, &(int64_t){ 0 }, sizeof(int64_t))) return false;
    if (!shape->n_fields) return true;
    c->children = calloc(shape->n_fields, sizeof *c->children);
    if (!c->children) return PyErr_NoMemory(), false;
    for (size_t i = 0; i < shape->n_fields; i++) {
        c->n_children = i + 1;
        if (!begin(&c->children[i], shape->fields[i])) return false;
    }
    return true;
}

/* ---- complaints ----------------------------------------------------------------------------------------------------- */
/* The type as libframe writes it, without what lies in lists and structs. */
static const char *type_of(const lf_shape *shape, char *room, size_t n)
{
    static const char *const words[FR_KIND_COUNT] = {
        "null", "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "str", "cat", "binary", "date",
        "time", "datetime", "duration", "decimal", "list", "struct" };
    static const char *const units[] = { [FR_US] = "us", [FR_S] = "s", [FR_MS] = "ms", [FR_NS] = "ns" };
    const char *word = words[shape->kind], *unit = units[shape->unit];
    const bool has_unit = shape->kind == FR_DATETIME || shape->kind == FR_DURATION ||
                          (shape->kind == FR_TIME && shape->unit != FR_US);
    if (shape->kind == FR_DECIMAL) snprintf(room, n, "decimal(%d,%d)", shape->precision, shape->scale);
    else if (shape->zone[0]) snprintf(room, n, "%s[%s, %s]", word, unit, shape->zone);
    else if (has_unit) snprintf(room, n, "%s[%s]", word, unit);
    else snprintf(room, n, "%s", word);
    return room;
}

static bool wrong_type(const lf_source *from, const column *c, PyObject *item)
{
    PyErr_Format(PyExc_TypeError, "column '%s', row %lld: %R is no %s", from->column, (long long)from->row, item,
                 type_of(c->shape, (char[128]){ 0 }, 128));
    return false;
}

static bool does_not_fit(const lf_source *from, const column *c, PyObject *item)
{
    PyErr_Format(PyExc_OverflowError, "column '%s', row %lld: %R does not fit %s", from->column, (long long)from->row, item,
                 type_of(c->shape, (char[128]){ 0 }, 128));
    return false;
}

/* ---- numbers -------------------------------------------------------------------------------------------------------- */
static const struct { int64_t least; uint64_t most; size_t width; } ranges[] = {
    [FR_I8] = { INT8_MIN, INT8_MAX, 1 },  [FR_I16] = { INT16_MIN, INT16_MAX, 2 }, [FR_I32] = { INT32_MIN, INT32_MAX, 4 },
    [FR_I64] = { INT64_MIN, INT64_MAX, 8 }, [FR_U8] = { 0, UINT8_MAX, 1 },        [FR_U16] = { 0, UINT16_MAX, 2 },
    [FR_U32] = { 0, UINT32_MAX, 4 },      [FR_U64] = { 0, UINT64_MAX, 8 },
};

static bool add_int(const lf_source *from, column *c, PyObject *item)
{
    if (PyBool_Check(item) || !PyIndex_Check(item)) return wrong_type(from, c, item);
    LF_OWNED PyObject *whole = PyNumber_Index(item);
    if (!whole) return false;
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(whole, &overflow);
    fr_kind kind = c->shape->kind;
    uint64_t bits = (uint64_t)value;
    if (overflow > 0) {
        bits = PyLong_AsUnsignedLongLong(whole);
        if (PyErr_Occurred()) {
            PyErr_Clear();
            return does_not_fit(from, c, item);
        }
    }
    bool fits = overflow < 0 ? false : overflow > 0 ? kind == FR_U64
              : value < ranges[kind].least ? false : value < 0 || (uint64_t)value <= ranges[kind].most;
    return fits ? put(&c->values, &bits, ranges[kind].width) : does_not_fit(from, c, item);      /* little-endian     */
}

static bool would_be_rounded(const lf_source *from, PyObject *item)
{
    PyErr_Format(PyExc_OverflowError, "column '%s', row %lld: %R among floats would be rounded", from->column,
                 (long long)from->row, item);
    return false;
}

static bool float_of(const lf_source *from, const column *c, PyObject *item, double *out)
{
    if (PyFloat_Check(item)) return *out = PyFloat_AsDouble(item), true;
    if (PyBool_Check(item) || !PyIndex_Check(item)) return wrong_type(from, c, item);
    LF_OWNED PyObject *whole = PyNumber_Index(item);
    *out = whole ? PyLong_AsDouble(whole) : 0;
    LF_OWNED PyObject *back = whole && !PyErr_Occurred() ? PyLong_FromDouble(*out) : NULL;
    PyErr_Clear();
    if (!whole || !back) return does_not_fit(from, c, item);
    int same = PyObject_RichCompareBool(whole, back, Py_EQ);
    if (same == 1) return true;
    return same == 0 && would_be_rounded(from, item);
}

/* A fraction is rounded to the narrower type, as 0.1 is to any; a whole number is not, and a finite one stays finite. */
static bool add_float(const lf_source *from, column *c, PyObject *item)
{
    double value;
    if (!float_of(from, c, item, &value)) return false;
    if (c->shape->kind == FR_F64) return put(&c->values, &value, sizeof value);
    float narrow = (float)value;
    if (isinf(narrow) && !isinf(value)) return does_not_fit(from, c, item);
    if (!PyFloat_Check(item) && (double)narrow != value) return would_be_rounded(from, item);
    return put(&c->values, &narrow, sizeof narrow);
}

/* The digits of a Decimal or whole number: value × 10^scale, and how many stand before the point. */
static bool read_digits(const char *text, __int128 *value, int *whole, int *scale)
{
    bool negative = *text == '-', point = false;
    *value = 0, *whole = 0, *scale = 0;
    for (text += negative || *text == '+'; *text; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9') return false;
        if (*whole + *scale >= 38) return false;
        *value = *value * 10 + (*text - '0');
        if (point) ++*scale;
        else if (*value) ++*whole;
    }
    if (negative) *value = -*value;
    return true;
}

bool lf_decimal_digits(const lf_source *from, PyObject *item, __int128 *out, int *whole, int *scale)
{
    LF_OWNED PyObject *text = PyLong_Check(item) ? PyObject_Str(item) : PyObject_CallMethod(item, "__format__", "s", "f");
    const char *digits = text && PyUnicode_Check(text) ? PyUnicode_AsUTF8AndSize(text, NULL) : NULL;
    if (!digits) return false;
    if (read_digits(digits, out, whole, scale)) return true;
    if (!from->column) PyErr_Format(PyExc_OverflowError, "%R is no decimal of up to 38 digits", item);
    else PyErr_Format(PyExc_OverflowError, "column '%s', row %lld: %R is no decimal of up to 38 digits", from->column,
                      (long long)from->row, item);
    return false;
}

static bool add_decimal(const lf_source *from, column *c, PyObject *item)
{
    __int128 value;
    int whole, scale;
    if (PyBool_Check(item) || (!PyLong_Check(item) && PyObject_IsInstance(item, from->m->decimal) != 1))
        return PyErr_Occurred() ? false : wrong_type(from, c, item);
    if (!lf_decimal_digits(from, item, &value, &whole, &scale)) return false;
    for (; scale > c->shape->scale && value % 10 == 0; scale--) value /= 10;
    if (scale > c->shape->scale || whole > c->shape->precision - c->shape->scale) return does_not_fit(from, c, item);
    for (; scale < c->shape->scale; scale++) value *= 10;
    return put(&c->values, &value, sizeof value);
}

/* ---- text ----------------------------------------------------------------------------------------------------------- */
static bool end_text(column *c)
{
    int64_t end = (int64_t)c->text.n;
    return put(&c->values, &end, sizeof end);
}

static bool add_text(const lf_source *from, column *c, PyObject *item)
{
    Py_ssize_t n;
    if (!PyUnicode_Check(item)) return wrong_type(from, c, item);
    const char *text = PyUnicode_AsUTF8AndSize(item, &n);
    if (text) return put(&c->text, text, (size_t)n) && end_text(c);
    PyErr_Clear();
    PyErr_Format(PyExc_UnicodeError, "column '%s', row %lld: %A holds a lone surrogate, which is no character", from->column,
                 (long long)from->row, item);
    return false;
}

static bool add_bytes(const lf_source *from, column *c, PyObject *item)
{
    if (!PyBytes_Check(item)) return wrong_type(from, c, item);
    char *at;
    Py_ssize_t n;
    return PyBytes_AsStringAndSize(item, &at, &n) == 0 && put(&c->text, at, (size_t)n) && end_text(c);
}

/* ---- dates and times ------------------------------------------------------------------------------------------------ */
static bool is_a(PyObject *item, PyObject *type) { return PyObject_IsInstance(item, type) == 1; }

static bool add_date(const lf_source *from, column *c, PyObject *item)
{
    long long days;
    if (!is_a(item, from->m->date) || is_a(item, from->m->datetime)) return wrong_type(from, c, item);
    if (!lf_call_number(item, "toordinal", &days)) return false;
    int32_t value = (int32_t)(days - ORDINAL_OF_1970);
    return put(&c->values, &value, sizeof value);
}

/* Microseconds (and nanoseconds beside them) in the column's unit. */
static bool add_moment(const lf_source *from, column *c, PyObject *item, long long us, long long nanos)
{
    static const long long per_us[] = { [FR_US] = 1, [FR_S] = 1000000, [FR_MS] = 1000 };
    long long value = us;
    if (c->shape->unit == FR_NS) {
        if (__builtin_mul_overflow(us, 1000, &value) || __builtin_add_overflow(value, nanos, &value))
            return does_not_fit(from, c, item);
    } else {
        long long unit = per_us[c->shape->unit];
        if (nanos || us % unit) return does_not_fit(from, c, item);
        value = us / unit;
    }
    if (c->shape->kind != FR_TIME || c->shape->unit == FR_US || c->shape->unit == FR_NS) return put(&c->values, &value, 8);
    return put(&c->values, &(int32_t){ (int32_t)value }, 4);               /* Arrow's time32                          */
}

static bool add_datetime(const lf_source *from, column *c, PyObject *item)
{
    long long us;
    if (!is_a(item, from->m->datetime)) return wrong_type(from, c, item);
    LF_OWNED PyObject *offset = PyObject_CallMethod(item, "utcoffset", NULL);
    if (!offset) return false;
    if ((offset != Py_None) != (c->shape->zone[0] != 0)) return wrong_type(from, c, item);
    return lf_datetime_us(item, &us) && add_moment(from, c, item, us, lf_extra_nanos(item, "nanosecond"));
}

static bool add_time(const lf_source *from, column *c, PyObject *item)
{
    long long us;
    if (!is_a(item, from->m->time)) return wrong_type(from, c, item);
    if (lf_has_zone(item)) {
        PyErr_Format(PyExc_TypeError, "column '%s', row %lld: %R has a zone, which a time of day without its date cannot keep",
                     from->column, (long long)from->row, item);
        return false;
    }
    return !PyErr_Occurred() && lf_clock_us(item, &us) && add_moment(from, c, item, us, 0);
}

static bool add_delta(const lf_source *from, column *c, PyObject *item)
{
    long long us;
    if (!is_a(item, from->m->timedelta)) return wrong_type(from, c, item);
    if (!lf_delta_us(item, &us)) return PyErr_ExceptionMatches(PyExc_OverflowError) && (PyErr_Clear(), does_not_fit(from, c, item));
    return add_moment(from, c, item, us, lf_extra_nanos(item, "nanoseconds"));
}

/* ---- nested values ---------------------------------------------------------------------------------------------------- */
static bool add(const lf_source *from, column *c, PyObject *item);

static bool add_list(const lf_source *from, column *c, PyObject *item)
{
    if (!PyList_Check(item) && !PyTuple_Check(item)) return wrong_type(from, c, item);
    LF_OWNED PyObject *items = PySequence_Tuple(item);
    if (!items || Py_EnterRecursiveCall(" in a column of lists")) return false;
    bool ok = true;
    for (Py_ssize_t i = 0; ok && i < PyTuple_Size(items); i++) ok = add(from, &c->children[0], PyTuple_GetItem(items, i));
    Py_LeaveRecursiveCall();
    return ok && put(&c->values, &c->children[0].length, sizeof(int64_t));
}

static bool unknown_field(const lf_source *from, const column *c, PyObject *item)
{
    LF_OWNED PyObject *keys = PyMapping_Keys(item);
    for (Py_ssize_t i = 0; keys && i < PyList_Size(keys); i++) {
        PyObject *key = PyList_GetItem(keys, i);
        if (PyUnicode_Check(key) && lf_shape_field(c->shape, key)) continue;
        PyErr_Format(PyExc_TypeError, "column '%s', row %lld: the struct has no field %R", from->column, (long long)from->row, key);
        return true;
    }
    return !keys;
}

static bool add_dict(const lf_source *from, column *c, PyObject *item)
{
    if (!PyDict_Check(item)) return wrong_type(from, c, item);
    if (unknown_field(from, c, item) || Py_EnterRecursiveCall(" in a column of dicts")) return false;
    bool ok = true;
    for (size_t i = 0; ok && i < c->n_children; i++) {
        PyObject *value = PyDict_GetItemWithError(item, c->shape->names[i]);
        LF_OWNED PyObject *held = Py_NewRef(value ? value : Py_None);
        ok = !PyErr_Occurred() && add(from, &c->children[i], held);
    }
    Py_LeaveRecursiveCall();
    return ok;
}

/* ---- any value ------------------------------------------------------------------------------------------------------ */
static size_t width_of(const lf_shape *shape)
{
    switch (shape->kind) {
    case FR_F32: case FR_DATE: return 4;
    case FR_DECIMAL: return 16;
    case FR_TIME: return shape->unit == FR_S || shape->unit == FR_MS ? 4 : 8;
    case FR_F64: case FR_DATETIME: case FR_DURATION: return 8;
    default: return shape->kind >= FR_I8 && shape->kind <= FR_U64 ? ranges[shape->kind].width : 0;
    }
}

/* A null: the bit is the caller's; here what its buffers need. */
static bool add_nothing(const lf_source *from, column *c)
{
    static const unsigned char zeros[16];
    if (c->shape->kind == FR_BOOL) return put_bit(&c->values, c->length, false);
    if (c->shape->kind == FR_LIST) return put(&c->values, &c->children[0].length, sizeof(int64_t));
    if (has_offsets(c->shape->kind)) return end_text(c);
    for (size_t i = 0; i < c->n_children; i++)
        if (!add(from, &c->children[i], Py_None)) return false;
    return put(&c->values, zeros, width_of(c->shape));
}

static bool add_value(const lf_source *from, column *c, PyObject *item)
{
    switch (c->shape->kind) {
    case FR_BOOL:
        return PyBool_Check(item) ? put_bit(&c->values, c->length, item == Py_True) : wrong_type(from, c, item);
    case FR_F32: case FR_F64: return add_float(from, c, item);
    case FR_STR: case FR_CAT: return add_text(from, c, item);
    case FR_BINARY: return add_bytes(from, c, item);
    case FR_DATE: return add_date(from, c, item);
    case FR_TIME: return add_time(from, c, item);
    case FR_DATETIME: return add_datetime(from, c, item);
    case FR_DURATION: return add_delta(from, c, item);
    case FR_DECIMAL: return add_decimal(from, c, item);
    case FR_LIST: return add_list(from, c, item);
    case FR_STRUCT: return add_dict(from, c, item);
    case FR_NULL: case FR_KIND_COUNT: return wrong_type(from, c, item);
    default: return add_int(from, c, item);
    }
}

static bool add(const lf_source *from, column *c, PyObject *item)
{
    LF_OWNED PyObject *plain = lf_plain(from, item);
    if (!plain) return false;
    bool valid = plain != Py_None;
    if (!put_bit(&c->valid, c->length, valid) || !(valid ? add_value(from, c, plain) : add_nothing(from, c))) return false;
    c->n_nulls += !valid;
    c->length++;
    return true;
}

/* ---- as an Arrow array ------------------------------------------------------------------------------------------------ */
typedef struct held {
    const void         *buffers[3];
    unsigned char      *owned[3];
    struct ArrowArray  *children;
    struct ArrowArray **list;
} held;

void lf_release_array(struct ArrowArray *array)
{
    held *h = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (h->children[i].release) h->children[i].release(&h->children[i]);
    for (size_t i = 0; i < 3; i++) free(h->owned[i]);
    free(h->children);
    free(h->list);
    free(h);
    array->release = NULL;
}

static int64_t n_buffers(fr_kind kind)
{
    if (kind == FR_NULL) return 0;
    if (kind == FR_STRUCT) return 1;
    return kind == FR_STR || kind == FR_CAT || kind == FR_BINARY ? 3 : 2;
}

static void give(held *h, size_t i, bytes *from)
{
    h->buffers[i] = h->owned[i] = from->at;
    *from = (bytes){ .at = NULL };
}

static bool finish(column *c, struct ArrowArray *out)
{
    held *h = calloc(1, sizeof *h);
    if (!h) return PyErr_NoMemory(), false;
    *out = (struct ArrowArray){ .length = c->length, .null_count = c->shape->kind == FR_NULL ? c->length : c->n_nulls,
                                .n_buffers = n_buffers(c->shape->kind), .buffers = h->buffers, .release = lf_release_array,
                                .private_data = h };
    /* every buffer exists, also an empty one: not every reader takes NULL for zero bytes */
    if (!grow(&c->values, 16) || !grow(&c->text, 16)) return false;
    if (c->n_nulls) give(h, 0, &c->valid);
    if (c->shape->kind != FR_STRUCT) give(h, 1, &c->values);
    give(h, 2, &c->text);
    if (!c->n_children) return true;
    h->children = calloc(c->n_children, sizeof *h->children);
    h->list = calloc(c->n_children, sizeof *h->list);
    if (!h->children || !h->list) return PyErr_NoMemory(), false;
    out->children = h->list;
    for (size_t i = 0; i < c->n_children; i++) {
        h->list[i] = &h->children[i];
        out->n_children = (int64_t)i + 1;
        if (!finish(&c->children[i], &h->children[i])) return false;
    }
    return true;
}

bool lf_build(lf_source *from, PyObject *items, const lf_shape *shape, struct ArrowArray *out)
{
    LF_CLEANUP(clear) column c;
    *out = (struct ArrowArray){ .release = NULL };
    bool ok = begin(&c, shape);
    for (Py_ssize_t i = 0; ok && i < PyTuple_Size(items); i++) {
        from->row = i;
        ok = lf_go_on(i) && add(from, &c, PyTuple_GetItem(items, i));
    }
    ok = ok && finish(&c, out);
    if (!ok && out->release) out->release(out);
    return ok;
}
