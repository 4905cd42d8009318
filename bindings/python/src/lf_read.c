/* lf_read.c — columns as Python values, nested ones too, read from the Arrow arrays that the library exports.
 *
 *     i8 … u64 → int    f32, f64 → float    bool → bool    str, cat → str    binary → bytes    date, time, datetime,
 *     duration → datetime's classes    decimal → Decimal    list → list    struct → dict    null → None
 *
 * What Python's classes cannot hold is an exception, not something near it: nanoseconds beyond whole microseconds, years
 * beyond 9999.
 */
#include "lf_shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader reader;
struct reader {
    lf_module               *m;
    const struct ArrowArray *array;
    lf_shape                *shape;
    PyObject                *zone, *epoch, *words;     /* owned; of datetimes, datetimes, dictionaries                */
    const char              *codes;                    /* of dictionaries: the format of the codes                    */
    reader                  *fields;                   /* owned                                                       */
    size_t                   n_fields;
};

static void clear(reader *r)
{
    for (size_t i = 0; i < r->n_fields; i++) clear(&r->fields[i]);
    free(r->fields);
    Py_XDECREF(r->zone);
    Py_XDECREF(r->epoch);
    Py_XDECREF(r->words);
}

/* ---- single values ---------------------------------------------------------------------------------------------------- */
static PyObject *cell(const reader *r, int64_t i);

#define VALUE(type) (((const type *)r->array->buffers[1])[i])

static bool is_valid(const struct ArrowArray *array, int64_t i)
{
    const unsigned char *bits = array->n_buffers ? array->buffers[0] : NULL;
    return !bits || (bits[i / 8] >> (i % 8) & 1);
}

typedef struct view { int32_t length; char prefix[4]; int32_t buffer, offset; } view;

static const char *view_text(const reader *r, int64_t i, Py_ssize_t *n)
{
    const view *v = (const view *)r->array->buffers[1] + i;
    *n = v->length;
    return v->length <= 12 ? v->prefix : (const char *)r->array->buffers[2 + v->buffer] + v->offset;
}

/* libframe's decimals arrive with 16 bytes a value. */
static PyObject *decimal(const reader *r, int64_t i)
{
    __int128 value;
    memcpy(&value, (const char *)r->array->buffers[1] + 16 * i, sizeof value);
    unsigned __int128 rest = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    char text[64], exponent[16], *at = text + sizeof text;
    size_t n = (size_t)snprintf(exponent, sizeof exponent, "E%d", -r->shape->scale) + 1;     /* its terminator too */
    at -= n;
    memcpy(at, exponent, n);
    do *--at = (char)('0' + (int)(rest % 10)), rest /= 10;
    while (rest);
    if (value < 0) *--at = '-';
    return PyObject_CallFunction(r->m->decimal, "s", at);
}

static void say_beyond(void)
{
    PyErr_SetString(PyExc_OverflowError, "a time beyond what Python's datetime holds, the years 1 to 9999 (to_numpy and "
                                         "to_arrow keep it; cast to str writes it)");
}

/* What datetime's class made, or an exception that says where the value can go, which Python's own does not. */
static PyObject *held(PyObject *made)
{
    if (made || (!PyErr_ExceptionMatches(PyExc_OverflowError) && !PyErr_ExceptionMatches(PyExc_ValueError))) return made;
    say_beyond();
    return NULL;
}

static PyObject *date(const reader *r, int64_t i)
{
    return held(PyObject_CallFunction(r->m->from_ordinal, "L", (long long)VALUE(int32_t) + ORDINAL_OF_1970));
}

/* A count of the column's unit as microseconds; false with an exception where nanoseconds would be lost. */
static bool as_us(const reader *r, int64_t value, long long *out)
{
    static const long long per_unit[] = { [FR_US] = 1, [FR_S] = 1000000, [FR_MS] = 1000 };
    if (r->shape->unit == FR_NS) {
        *out = value / 1000;
        if (value % 1000 == 0) return true;
        PyErr_Format(PyExc_ValueError, "%lld ns is no whole number of microseconds, which is all that Python's datetime holds "
                                       "(to_numpy keeps them; cast to [us] drops them)", (long long)value);
        return false;
    }
    if (!__builtin_mul_overflow((long long)value, per_unit[r->shape->unit], out)) return true;
    say_beyond();
    return false;
}

static PyObject *delta(const reader *r, long long us)
{
    long long days = us / 86400000000, rest = us % 86400000000;
    if (rest < 0) days--, rest += 86400000000;
    return held(PyObject_CallFunction(r->m->timedelta, "LLL", days, rest / 1000000, rest % 1000000));
}

static PyObject *time_of_day(const reader *r, int64_t i)
{
    long long us, second;
    bool narrow = r->shape->unit == FR_S || r->shape->unit == FR_MS;
    if (!as_us(r, narrow ? VALUE(int32_t) : VALUE(int64_t), &us)) return NULL;
    second = us / 1000000;
    return PyObject_CallFunction(r->m->time, "LLLL", second / 3600, second / 60 % 60, second % 60, us % 1000000);
}

static PyObject *datetime(const reader *r, int64_t i)
{
    long long us;
    LF_OWNED PyObject *since = as_us(r, VALUE(int64_t), &us) ? delta(r, us) : NULL;
    LF_OWNED PyObject *moment = since ? held(PyNumber_Add(r->epoch, since)) : NULL;
    if (!moment || !r->zone) return lf_take(&moment);
    return held(PyObject_CallMethod(moment, "astimezone", "O", r->zone));
}

static PyObject *duration(const reader *r, int64_t i)
{
    long long us;
    return as_us(r, VALUE(int64_t), &us) ? delta(r, us) : NULL;
}

static PyObject *word(const reader *r, int64_t i)
{
    int64_t code = 0;
    switch (r->codes[0]) {
    case 'c': code = VALUE(int8_t); break;
    case 'C': code = VALUE(uint8_t); break;
    case 's': code = VALUE(int16_t); break;
    case 'S': code = VALUE(uint16_t); break;
    case 'i': code = VALUE(int32_t); break;
    case 'I': code = VALUE(uint32_t); break;
    default: code = VALUE(int64_t); break;
    }
    return Py_XNewRef(PyList_GetItem(r->words, (Py_ssize_t)code));
}

static PyObject *list(const reader *r, int64_t i)
{
    int64_t first = VALUE(int64_t), n = ((const int64_t *)r->array->buffers[1])[i + 1] - first;
    LF_OWNED PyObject *items = PyList_New((Py_ssize_t)n);
    for (int64_t k = 0; items && k < n; k++) {
        PyObject *item = cell(&r->fields[0], first + k);
        if (!item || PyList_SetItem(items, (Py_ssize_t)k, item) != 0) return NULL;
    }
    return lf_take(&items);
}

static PyObject *dict(const reader *r, int64_t i)
{
    LF_OWNED PyObject *items = PyDict_New();
    for (size_t k = 0; items && k < r->n_fields; k++) {
        LF_OWNED PyObject *item = cell(&r->fields[k], i);
        if (!item || PyDict_SetItem(items, r->shape->names[k], item) != 0) return NULL;
    }
    return lf_take(&items);
}

static PyObject *value(const reader *r, int64_t i)
{
    Py_ssize_t n;
    const char *text;
    switch (r->shape->kind) {
    case FR_BOOL: return PyBool_FromLong(((const unsigned char *)r->array->buffers[1])[i / 8] >> (i % 8) & 1);
    case FR_I8: return PyLong_FromLong(VALUE(int8_t));
    case FR_I16: return PyLong_FromLong(VALUE(int16_t));
    case FR_I32: return PyLong_FromLong(VALUE(int32_t));
    case FR_I64: return PyLong_FromLongLong(VALUE(int64_t));
    case FR_U8: return PyLong_FromLong(VALUE(uint8_t));
    case FR_U16: return PyLong_FromLong(VALUE(uint16_t));
    case FR_U32: return PyLong_FromUnsignedLong(VALUE(uint32_t));
    case FR_U64: return PyLong_FromUnsignedLongLong(VALUE(uint64_t));
    case FR_F32: return PyFloat_FromDouble((double)VALUE(float));
    case FR_F64: return PyFloat_FromDouble(VALUE(double));
    case FR_STR: return text = view_text(r, i, &n), PyUnicode_FromStringAndSize(text, n);
    case FR_BINARY: return text = view_text(r, i, &n), PyBytes_FromStringAndSize(text, n);
    case FR_CAT: return word(r, i);
    case FR_DATE: return date(r, i);
    case FR_TIME: return time_of_day(r, i);
    case FR_DATETIME: return datetime(r, i);
    case FR_DURATION: return duration(r, i);
    case FR_DECIMAL: return decimal(r, i);
    case FR_LIST: return list(r, i);
    case FR_STRUCT: return dict(r, i);
    case FR_NULL: case FR_KIND_COUNT: break;
    }
    return Py_NewRef(Py_None);
}

static PyObject *cell(const reader *r, int64_t i)
{
    int64_t at = i + r->array->offset;
    return is_valid(r->array, at) ? value(r, at) : Py_NewRef(Py_None);
}

/* ---- readers for a tree of arrays ---------------------------------------------------------------------------------------- */
static PyObject *cells(const reader *r, int64_t first, int64_t n)
{
    LF_OWNED PyObject *items = PyList_New((Py_ssize_t)n);
    for (int64_t i = 0; items && i < n; i++) {
        PyObject *item = lf_go_on(i) ? cell(r, first + i) : NULL;
        if (!item || PyList_SetItem(items, (Py_ssize_t)i, item) != 0) return NULL;
    }
    return lf_take(&items);
}

static bool begin(reader *r, lf_module *m, lf_shape *shape, const struct ArrowSchema *schema, const struct ArrowArray *array);

static bool begin_words(reader *r, const struct ArrowSchema *schema)
{
    reader words = { .n_fields = 0 };
    lf_shape *shape = lf_shape_new();
    r->codes = schema->format;
    bool ok = shape && lf_shape_read(schema->dictionary, shape) &&
              begin(&words, r->m, shape, schema->dictionary, r->array->dictionary);
    if (ok) r->words = cells(&words, 0, r->array->dictionary->length);
    clear(&words);
    lf_shape_free(shape);
    return r->words != NULL;
}

static bool begin_datetime(reader *r)
{
    const char *zone = r->shape->zone;
    if (zone[0]) {
        r->zone = PyObject_CallFunction(r->m->zone_info, "s", zone);
        if (!r->zone) return false;
    }
    r->epoch = PyObject_CallFunction(r->m->datetime, "iiiiiiiO", 1970, 1, 1, 0, 0, 0, 0, zone[0] ? r->m->utc : Py_None);
    return r->epoch != NULL;
}

static bool begin(reader *r, lf_module *m, lf_shape *shape, const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    *r = (reader){ .m = m, .array = array, .shape = shape };
    if (shape->kind == FR_CAT) return begin_words(r, schema);
    if (shape->kind == FR_DATETIME) return begin_datetime(r);
    if (!shape->n_fields) return true;
    r->fields = calloc(shape->n_fields, sizeof *r->fields);
    if (!r->fields) return PyErr_NoMemory(), false;
    for (size_t i = 0; i < shape->n_fields; i++) {
        r->n_fields = i + 1;
        if (!begin(&r->fields[i], m, shape->fields[i], schema->children[i], array->children[i])) return false;
    }
    return true;
}

PyObject *lf_pylist(PyObject *module, PyObject *args);

/* pylist(schema capsule, array capsule, first, n, words): values of a column, or the words of its dictionary */
PyObject *lf_pylist(PyObject *module, PyObject *args)
{
    PyObject *described, *given;
    long long first, n;
    int words;
    if (!PyArg_ParseTuple(args, "OOLLp:pylist", &described, &given, &first, &n, &words)) return NULL;
    const struct ArrowSchema *schema = PyCapsule_GetPointer(described, "arrow_schema");
    const struct ArrowArray *array = schema ? PyCapsule_GetPointer(given, "arrow_array") : NULL;
    if (!array || first < 0 || n < 0 || first + n > array->length) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_IndexError, "rows that are not there");
        return NULL;
    }
    lf_shape *shape = lf_shape_new();
    reader r = { .n_fields = 0 };
    PyObject *result = NULL;
    if (shape && lf_shape_read(schema, shape) && begin(&r, lf_state(module), shape, schema, array))
        result = words ? Py_XNewRef(r.words) : cells(&r, first, n);
    if (!result && !PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "only a cat column has words");
    clear(&r);
    lf_shape_free(shape);
    return result;
}
