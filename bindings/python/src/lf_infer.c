/* lf_infer.c — the type of a column from the Python values in it, all of them.
 *
 *     [1, None, 3]             i64        [2**63]              u64            [10**25]          decimal(38,0)
 *     [1, 2.5]                 f64        [True, None]         bool           ["a", "b"]        str
 *     [date(2024, 1, 5)]       date       [datetime(…)]        datetime[us]   [Decimal("1.50")] decimal(3,2)
 *     [[1, 2], []]             list[i64]  [{"a": 1, "b": "x"}] struct[a: i64, b: str]
 *
 * Kinds do not mix, but for whole numbers among floats (which must fit 53 bits) and among decimals: text and numbers in
 * one column are an accident, told with the rows where each was first seen.
 */
#include "lf_shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- unwrapping ----------------------------------------------------------------------------------------------------- */
static bool is_called(PyObject *item, const char *name)
{
    LF_OWNED PyObject *text = PyObject_GetAttrString((PyObject *)Py_TYPE(item), "__name__");
    if (!text) PyErr_Clear();
    return text && PyUnicode_Check(text) && PyUnicode_CompareWithASCIIString(text, name) == 0;
}

/* An array, or a scalar that tells more than its item() does: datetime64, what a masked array gives where it is masked. */
static PyObject *unwrap_slowly(const lf_source *from, PyObject *item)
{
    LF_OWNED PyObject *convert = PyImport_ImportModule("libframe._convert");
    LF_OWNED PyObject *where = from->column ? PyUnicode_FromFormat("column '%s', row %lld", from->column, (long long)from->row)
                                            : PyUnicode_FromString("a value");
    return convert && where ? PyObject_CallMethod(convert, "plain_values", "OO", item, where) : NULL;
}

static bool tells_more(PyObject *scalar)
{
    return is_called(scalar, "datetime64") || is_called(scalar, "timedelta64") || is_called(scalar, "ndarray") ||
           is_called(scalar, "MaskedConstant");
}

/* Python's own dates, times and decimals, by class alone: what asks for attributes takes ten times as long. */
static bool is_plain_class(const lf_module *m, PyObject *item)
{
    PyObject *type = (PyObject *)Py_TYPE(item);
    return type == m->date || type == m->datetime || type == m->time || type == m->timedelta || type == m->decimal;
}

PyObject *lf_plain(const lf_source *from, PyObject *item)
{
    if (item == Py_None || PyUnicode_CheckExact(item) || PyLong_CheckExact(item) || PyBool_Check(item)) return Py_NewRef(item);
    if (PyFloat_Check(item)) return Py_NewRef(from->nan_is_null && isnan(PyFloat_AsDouble(item)) ? Py_None : item);
    /* a named tuple is a struct */
    if (PyTuple_Check(item) && !PyTuple_CheckExact(item) && PyObject_HasAttrString(item, "_asdict"))
        return PyObject_CallMethod(item, "_asdict", NULL);
    if (PyList_Check(item) || PyTuple_Check(item) || PyDict_Check(item)) return Py_NewRef(item);
    if (PyBytes_CheckExact(item) || is_plain_class(from->m, item)) return Py_NewRef(item);
    if (is_called(item, "NAType") || is_called(item, "NaTType")) return Py_NewRef(Py_None);
    if (PyObject_HasAttrString(item, "dtype") && PyObject_HasAttrString(item, "item")) {
        bool is_array = PyObject_HasAttrString(item, "shape") && PyObject_HasAttrString(item, "__len__");
        if (is_array && PyObject_Size(item) >= 0) return unwrap_slowly(from, item);
        PyErr_Clear();
        return tells_more(item) ? unwrap_slowly(from, item) : PyObject_CallMethod(item, "item", NULL);
    }
    return Py_NewRef(item);
}

/* ---- looking -------------------------------------------------------------------------------------------------------- */
static bool look(lf_source *from, PyObject *item, lf_shape *shape);

static const char *const kind_names[SEEN_KINDS] = {
    "bool", "int", "float", "str", "bytes", "date", "datetime", "datetime with a zone", "time", "timedelta", "Decimal", "list",
    "dict",
};

static void saw(lf_shape *shape, unsigned kind, int64_t row)
{
    if (shape->seen & kind) return;
    shape->seen |= kind;
    shape->first_row[__builtin_ctz(kind)] = row;
}

static bool look_at_int(PyObject *item, lf_shape *shape)
{
    int overflow;
    LF_OWNED PyObject *whole = PyNumber_Index(item);
    if (!whole) return false;
    long long value = PyLong_AsLongLongAndOverflow(whole, &overflow);
    if (overflow < 0 || (!overflow && value < 0)) shape->negative = true;
    if (!overflow) return !PyErr_Occurred();
    shape->beyond_i64 = true;
    PyLong_AsUnsignedLongLong(whole);
    if (PyErr_Occurred()) shape->beyond_u64 = true;
    PyErr_Clear();
    return true;
}

static bool look_at_decimal(const lf_source *from, PyObject *item, lf_shape *shape)
{
    __int128 value;
    int whole, scale;
    if (!lf_decimal_digits(from, item, &value, &whole, &scale)) return false;
    if (whole > shape->whole_digits) shape->whole_digits = whole;
    if (scale > shape->scale) shape->scale = scale;
    return true;
}

/* The zone's name where it has one and all values share it, else UTC: the instants are the same. */
static bool look_at_zone(PyObject *item, lf_shape *shape, bool *aware)
{
    LF_OWNED PyObject *offset = PyObject_CallMethod(item, "utcoffset", NULL);
    LF_OWNED PyObject *zone = offset ? PyObject_GetAttrString(item, "tzinfo") : NULL;
    if (!zone) return false;
    *aware = offset != Py_None;
    if (!*aware) return true;
    LF_OWNED PyObject *key = PyObject_HasAttrString(zone, "key") ? PyObject_GetAttrString(zone, "key") : NULL;
    const char *name = key && PyUnicode_Check(key) ? PyUnicode_AsUTF8AndSize(key, NULL) : NULL;
    PyErr_Clear();
    if (!name || strlen(name) >= sizeof shape->zone) name = "UTC";
    if (!shape->zone[0]) strcpy(shape->zone, name);
    else if (strcmp(shape->zone, name) != 0) strcpy(shape->zone, "UTC");
    return true;
}

static bool look_at_list(lf_source *from, PyObject *item, lf_shape *shape)
{
    LF_OWNED PyObject *items = PySequence_Tuple(item);
    lf_shape *element = shape->n_fields ? shape->fields[0] : items ? lf_shape_add(shape, NULL) : NULL;
    if (!items || !element || Py_EnterRecursiveCall(" in a column of lists")) return false;
    bool ok = true;
    for (Py_ssize_t i = 0; ok && i < PyTuple_Size(items); i++) ok = look(from, PyTuple_GetItem(items, i), element);
    Py_LeaveRecursiveCall();
    return ok;
}

static bool look_at_pair(lf_source *from, PyObject *pair, lf_shape *shape)
{
    PyObject *name = PyTuple_GetItem(pair, 0);
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "column '%s', row %lld: the names of a struct are texts, not %R", from->column,
                     (long long)from->row, name);
        return false;
    }
    lf_shape *field = lf_shape_field(shape, name);
    if (!field) field = lf_shape_add(shape, name);
    return field && look(from, PyTuple_GetItem(pair, 1), field);
}

static bool look_at_dict(lf_source *from, PyObject *item, lf_shape *shape)
{
    LF_OWNED PyObject *pairs = PyMapping_Items(item);
    if (!pairs || Py_EnterRecursiveCall(" in a column of dicts")) return false;
    bool ok = true;
    for (Py_ssize_t i = 0; ok && i < PyList_Size(pairs); i++) ok = look_at_pair(from, PyList_GetItem(pairs, i), shape);
    Py_LeaveRecursiveCall();
    return ok;
}

/* Lists and structs keep their fields in the same place; a column that has both is refused in the end. */
static bool look_inside(lf_source *from, PyObject *item, lf_shape *shape)
{
    bool is_dict = PyDict_Check(item);
    saw(shape, is_dict ? SEEN_DICT : SEEN_LIST, from->row);
    if ((shape->seen & (SEEN_LIST | SEEN_DICT)) == (SEEN_LIST | SEEN_DICT)) return true;
    return is_dict ? look_at_dict(from, item, shape) : look_at_list(from, item, shape);
}

static bool look_at_moment(lf_source *from, PyObject *item, lf_shape *shape, bool *is_one)
{
    lf_module *m = from->m;
    bool aware = false;
    *is_one = true;
    if (PyObject_IsInstance(item, m->datetime) == 1) {
        if (!look_at_zone(item, shape, &aware)) return false;
        if (lf_extra_nanos(item, "nanosecond") || is_called(item, "Instant")) shape->nanos = true;
        return saw(shape, aware ? SEEN_AWARE : SEEN_NAIVE, from->row), true;
    }
    if (PyObject_IsInstance(item, m->date) == 1) return saw(shape, SEEN_DATE, from->row), true;
    if (PyObject_IsInstance(item, m->time) == 1) return saw(shape, SEEN_TIME, from->row), true;
    if (PyObject_IsInstance(item, m->timedelta) == 1) {
        if (lf_extra_nanos(item, "nanoseconds") || is_called(item, "Span")) shape->nanos = true;
        return saw(shape, SEEN_DELTA, from->row), true;
    }
    return *is_one = false, true;
}

static bool look_at(lf_source *from, PyObject *item, lf_shape *shape)
{
    bool is_moment;
    if (item == Py_None) return true;
    if (PyBool_Check(item)) return saw(shape, SEEN_BOOL, from->row), true;
    if (PyUnicode_Check(item)) return saw(shape, SEEN_TEXT, from->row), true;
    if (PyLong_Check(item)) return saw(shape, SEEN_INT, from->row), look_at_int(item, shape);
    if (PyFloat_Check(item)) return saw(shape, SEEN_FLOAT, from->row), true;
    if (PyBytes_Check(item)) return saw(shape, SEEN_BYTES, from->row), true;
    if (PyList_Check(item) || PyTuple_Check(item) || PyDict_Check(item)) return look_inside(from, item, shape);
    if (!look_at_moment(from, item, shape, &is_moment)) return false;
    if (is_moment) return true;
    if (PyObject_IsInstance(item, from->m->decimal) == 1)
        return saw(shape, SEEN_DECIMAL, from->row), look_at_decimal(from, item, shape);
    if (PyIndex_Check(item)) return saw(shape, SEEN_INT, from->row), look_at_int(item, shape);
    PyErr_Format(PyExc_TypeError, "column '%s', row %lld: no column holds values of %R", from->column, (long long)from->row,
                 (PyObject *)Py_TYPE(item));
    return false;
}

static bool look(lf_source *from, PyObject *item, lf_shape *shape)
{
    LF_OWNED PyObject *plain = lf_plain(from, item);
    return plain && look_at(from, plain, shape);
}

/* ---- deciding ------------------------------------------------------------------------------------------------------- */
static bool mixes(const lf_source *from, const lf_shape *shape)
{
    unsigned one = (unsigned)__builtin_ctz(shape->seen), other = (unsigned)__builtin_ctz(shape->seen & (shape->seen - 1));
    if (shape->first_row[one] > shape->first_row[other]) {
        unsigned swap = one;
        one = other, other = swap;
    }
    PyErr_Format(PyExc_TypeError, "column '%s' mixes %s (row %lld) and %s (row %lld): give values of one kind%s", from->column,
                 kind_names[one], (long long)shape->first_row[one], kind_names[other], (long long)shape->first_row[other],
                 shape->seen & SEEN_FLOAT ? ", and None (not NaN) for a missing one" : "");
    return false;
}

static bool decide_decimal(const lf_source *from, lf_shape *shape)
{
    shape->kind = FR_DECIMAL;
    if (shape->seen == SEEN_INT || shape->seen == (SEEN_INT | SEEN_DECIMAL)) {
        if (shape->seen == SEEN_INT || shape->whole_digits < 19) shape->whole_digits = 38 - shape->scale;
    }
    shape->precision = shape->whole_digits + shape->scale;
    if (shape->precision < 1) shape->precision = 1;
    if (shape->precision <= 38) return true;
    PyErr_Format(PyExc_OverflowError, "column '%s': decimals of %d digits and %d places need more than 38 digits", from->column,
                 shape->whole_digits, shape->scale);
    return false;
}

static bool decide(lf_source *from, lf_shape *shape)
{
    static const fr_kind alone[SEEN_KINDS] = { FR_BOOL, FR_I64, FR_F64, FR_STR, FR_BINARY, FR_DATE, FR_DATETIME, FR_DATETIME,
                                               FR_TIME, FR_DURATION, FR_DECIMAL, FR_LIST, FR_STRUCT };
    unsigned seen = shape->seen;
    if (!seen) return shape->kind = FR_NULL, true;
    if (seen == (SEEN_INT | SEEN_FLOAT)) return shape->kind = FR_F64, true;
    if (seen == SEEN_DECIMAL || seen == (SEEN_INT | SEEN_DECIMAL)) return decide_decimal(from, shape);
    if (seen & (seen - 1)) return mixes(from, shape);
    shape->kind = alone[__builtin_ctz(seen)];
    if (shape->kind == FR_I64 && (shape->beyond_u64 || (shape->beyond_i64 && shape->negative))) return decide_decimal(from, shape);
    if (shape->kind == FR_I64 && shape->beyond_i64) shape->kind = FR_U64;
    if (shape->nanos) shape->unit = FR_NS;
    if (shape->kind == FR_DATETIME && seen == SEEN_NAIVE) shape->zone[0] = 0;
    for (size_t i = 0; i < shape->n_fields; i++)
        if (!decide(from, shape->fields[i])) return false;
    return true;
}

bool lf_infer(lf_source *from, PyObject *items, lf_shape *shape)
{
    for (Py_ssize_t i = 0; i < PyTuple_Size(items); i++) {
        from->row = i;
        if (!lf_go_on(i) || !look(from, PyTuple_GetItem(items, i), shape)) return false;
    }
    return decide(from, shape);
}
