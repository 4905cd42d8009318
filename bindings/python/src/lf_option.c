/* lf_option.c — Python values into option structs, by the tables of verb_info.h and of the readers.
 *
 * Strict where Python is lax, so that no option means something else than it says: a flag is True or False (not 'no', not
 * 1), a number is no bool, a word is one of its enumeration's. None leaves an option at its default. Texts are lent by
 * their Python objects, which the caller holds until the call returns.
 */
#include "lf_shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool lf_text(PyObject *object, const char *what, const char **out)
{
    Py_ssize_t n;
    if (!PyUnicode_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s is a text, not %R", what, object);
        return false;
    }
    *out = PyUnicode_AsUTF8AndSize(object, &n);
    if (!*out) return false;
    if (strlen(*out) == (size_t)n) return true;
    PyErr_Format(PyExc_ValueError, "%s holds a NUL character", what);
    return false;
}

/* ---- one value: a bind parameter, a replacement --------------------------------------------------------------------- */
static bool text_value(PyObject *object, fr_value *out)
{
    Py_ssize_t n;
    const char *text = PyUnicode_AsUTF8AndSize(object, &n);
    if (!text) return false;
    if (n > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a text of more than 4 GB as a value");
        return false;
    }
    *out = fr_v_text(text, (size_t)n);
    return true;
}

static bool bytes_value(PyObject *object, fr_value *out)
{
    char *bytes;
    Py_ssize_t n;
    if (PyBytes_AsStringAndSize(object, &bytes, &n) != 0) return false;
    if (n > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "more than 4 GB as a value");
        return false;
    }
    *out = fr_v_text(bytes, (size_t)n);
    out->kind = FR_BINARY;
    return true;
}

static bool decimal_value(lf_module *m, PyObject *object, fr_value *out)
{
    __int128 value;
    int whole, scale;
    if (!lf_decimal_digits(&(lf_source){ .m = m }, object, &value, &whole, &scale)) return false;
    *out = (fr_value){ .kind = FR_DECIMAL, .valid = true, .scale = (int8_t)scale };
    out->as.decimal.low = (uint64_t)value;
    out->as.decimal.high = (int64_t)(value >> 64);
    return true;
}

static bool whole_value(lf_module *m, PyObject *object, fr_value *out)
{
    int overflow;
    LF_OWNED PyObject *whole = PyNumber_Index(object);
    if (!whole) return false;
    long long value = PyLong_AsLongLongAndOverflow(whole, &overflow);
    if (!overflow) return *out = fr_v_i64(value), !PyErr_Occurred();
    unsigned long long large = overflow > 0 ? PyLong_AsUnsignedLongLong(whole) : 0;
    if (overflow > 0 && !PyErr_Occurred()) return *out = fr_v_u64(large), true;
    PyErr_Clear();
    return decimal_value(m, whole, out);
}

/* The nanoseconds that pandas' Timestamp and Timedelta have beside their microseconds stay. */
static bool set_moment(fr_value *out, fr_kind kind, long long value, PyObject *object)
{
    long long nanos = kind == FR_DATETIME ? lf_extra_nanos(object, "nanosecond")
                    : kind == FR_DURATION ? lf_extra_nanos(object, "nanoseconds") : 0;
    if (nanos && (__builtin_mul_overflow(value, 1000, &value) || __builtin_add_overflow(value, nanos, &value))) {
        PyErr_Format(PyExc_OverflowError, "%R is beyond 64 bits of nanoseconds", object);
        return false;
    }
    *out = fr_v_i64(value);
    out->kind = (uint8_t)kind;
    out->unit = nanos ? FR_NS : FR_US;
    return true;
}

/* Dates and times, by class; *is_one says whether it was. */
static bool moment_value(lf_module *m, PyObject *object, fr_value *out, bool *is_one)
{
    long long value = 0;
    fr_kind kind = FR_NULL;
    bool ok = true;
    if (PyObject_IsInstance(object, m->datetime) == 1) kind = FR_DATETIME, ok = lf_datetime_us(object, &value);
    else if (PyObject_IsInstance(object, m->date) == 1) kind = FR_DATE, ok = lf_call_number(object, "toordinal", &value);
    else if (PyObject_IsInstance(object, m->time) == 1) kind = FR_TIME, ok = lf_clock_us(object, &value);
    else if (PyObject_IsInstance(object, m->timedelta) == 1) kind = FR_DURATION, ok = lf_delta_us(object, &value);
    if (kind == FR_DATE) value -= ORDINAL_OF_1970;
    if (kind == FR_TIME && ok && lf_has_zone(object)) {
        PyErr_Format(PyExc_TypeError, "%R has a zone, which a time of day without its date cannot keep", object);
        return false;
    }
    *is_one = kind != FR_NULL;
    return ok && !PyErr_Occurred() && (!*is_one || set_moment(out, kind, value, object));
}

/* A number of another class, where a float holds exactly what it says. */
static bool float_value(PyObject *object, fr_value *out)
{
    LF_OWNED PyObject *number = PyNumber_Float(object);
    int same = number ? PyObject_RichCompareBool(number, object, Py_EQ) : -1;
    if (same < 0) return false;
    if (!same) PyErr_Format(PyExc_OverflowError, "%R as a value would be rounded", object);
    else *out = fr_v_f64(PyFloat_AsDouble(number));
    return same;
}

static bool plain_value(lf_module *m, PyObject *object, fr_value *out);

/* What NumPy and pandas have for a number, a truth value, a moment, or nothing at all: numpy.True_ is no 1.0. */
static bool foreign_value(lf_module *m, PyObject *object, fr_value *out)
{
    LF_OWNED PyObject *plain = lf_plain(&(lf_source){ .m = m }, object);
    return plain && plain_value(m, plain, out);
}

bool lf_value(lf_module *m, PyObject *object, fr_value *out)
{
    /* texts and bytes as they are, since their memory is lent */
    const bool lends = PyUnicode_Check(object) || PyBytes_Check(object);
    return lends || PyFloat_Check(object) ? plain_value(m, object, out) : foreign_value(m, object, out);
}

static bool plain_value(lf_module *m, PyObject *object, fr_value *out)
{
    bool is_moment;
    if (object == Py_None) return *out = fr_v_null(), true;
    if (PyBool_Check(object)) return *out = fr_v_bool(object == Py_True), true;
    if (PyUnicode_Check(object)) return text_value(object, out);
    if (PyFloat_Check(object)) return *out = fr_v_f64(PyFloat_AsDouble(object)), true;
    if (PyLong_Check(object) || PyIndex_Check(object)) return whole_value(m, object, out);
    if (PyBytes_Check(object)) return bytes_value(object, out);
    if (!moment_value(m, object, out, &is_moment)) return false;
    if (is_moment) return true;
    if (PyObject_IsInstance(object, m->decimal) == 1) return decimal_value(m, object, out);
    if (PyObject_HasAttrString(object, "__float__")) return float_value(object, out);
    PyErr_Format(PyExc_TypeError, "a value is None, a bool, a number, a text, bytes, a date or a time, not %R", object);
    return false;
}

/* ---- options by kind ------------------------------------------------------------------------------------------------ */
static bool refuse(const fr_option_info *o, PyObject *value, const char *takes)
{
    PyErr_Format(PyExc_TypeError, "%s takes %s, not %R (%s)", o->name, takes, value, o->doc);
    return false;
}

static bool set_whole(const fr_option_info *o, PyObject *value, int64_t *out)
{
    if (PyBool_Check(value) || !PyIndex_Check(value)) return refuse(o, value, "a whole number");
    LF_OWNED PyObject *whole = PyNumber_Index(value);
    int overflow = 0;
    long long number = whole ? PyLong_AsLongLongAndOverflow(whole, &overflow) : -1;
    if (PyErr_Occurred()) return false;
    if (overflow) {
        PyErr_Format(PyExc_OverflowError, "%s takes a whole number of 64 bits, not %R (%s)", o->name, value, o->doc);
        return false;
    }
    *out = number;
    return true;
}

static bool set_real(const fr_option_info *o, PyObject *value, double *out)
{
    if (PyBool_Check(value) || PyUnicode_Check(value)) return refuse(o, value, "a number");
    double number = PyFloat_AsDouble(value);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        return refuse(o, value, "a number");
    }
    *out = number;
    return true;
}

static bool is_numpy_bool(PyObject *value)
{
    LF_OWNED PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(value), "__name__");
    if (!name) PyErr_Clear();
    return name && (PyUnicode_CompareWithASCIIString(name, "bool_") == 0 || PyUnicode_CompareWithASCIIString(name, "bool") == 0);
}

static bool set_flag(const fr_option_info *o, PyObject *value, bool *out)
{
    if (!PyBool_Check(value) && !is_numpy_bool(value)) return refuse(o, value, "True or False");
    int is_true = PyObject_IsTrue(value);
    *out = is_true > 0;
    return is_true >= 0;
}

static void words_of(const fr_option_info *o, char *text, size_t room)
{
    size_t at = 0;
    text[0] = 0;
    for (size_t i = 0; i < o->n_words && at < room; i++)
        at += (size_t)snprintf(text + at, room - at, "%s'%s'", i ? ", " : "", o->words[i].word);
}

static bool set_word(const fr_option_info *o, PyObject *value, int *out)
{
    const char *word = PyUnicode_Check(value) ? PyUnicode_AsUTF8AndSize(value, NULL) : NULL;
    if (PyErr_Occurred()) return false;
    const int named = fr_word_named(o, word);
    if (named >= 0) return *out = named, true;
    char known[512];
    words_of(o, known, sizeof known);
    const char *here = fr_word_translated(o, word);
    PyErr_Format(PyUnicode_Check(value) ? PyExc_ValueError : PyExc_TypeError, "%s is one of %s, not %R%s%s", o->name, known,
                 value, here ? "; here it is " : "", here ? here : "");
    return false;
}

static bool set_frame(lf_module *m, PyObject *value, const fr_frame **out)
{
    lf_frame *frame = lf_frame_of(m, value);
    if (frame) *out = frame->frame;
    return frame != NULL;
}

/* A tuple of frames, as an array that lf_options_clear frees. */
static bool set_frames(lf_module *m, const fr_option_info *o, PyObject *value, const fr_frame *const **out)
{
    if (!PyTuple_Check(value)) return refuse(o, value, "frames");
    Py_ssize_t n = PyTuple_Size(value);
    const fr_frame **frames = calloc((size_t)n + 1, sizeof *frames);
    if (!frames) return PyErr_NoMemory(), false;
    *out = frames;
    for (Py_ssize_t i = 0; i < n; i++)
        if (!set_frame(m, PyTuple_GetItem(value, i), &frames[i])) return false;
    return true;
}

enum { MOST_BINDS = 6 };

static bool too_many_binds(const fr_option_info *o, Py_ssize_t n)
{
    if (n <= MOST_BINDS) return false;
    PyErr_Format(PyExc_ValueError, "%s holds at most 6 values, not %zd", o->name, n);
    return true;
}

/* A value of an expression has no room for a zone, and its clock in UTC would be another time. */
static bool bind_value(lf_module *m, const fr_option_info *o, PyObject *object, fr_value *out)
{
    const bool is_moment = PyObject_IsInstance(object, m->datetime) == 1;
    if (!is_moment || !lf_has_zone(object)) return !PyErr_Occurred() && lf_value(m, object, out);
    PyErr_Format(PyExc_TypeError, "%s: %R has a zone, which a value cannot keep: give it in UTC without one, and write "
                 "localize($1, 'UTC')", o->name, object);
    return false;
}

/* {"low": 3}: the values of :low. The dict holds the texts of its names. */
static bool set_named_binds(lf_module *m, const fr_option_info *o, PyObject *values, fr_value *out)
{
    PyObject *name, *value;
    Py_ssize_t at = 0, i = 0;
    if (too_many_binds(o, PyDict_Size(values))) return false;
    while (PyDict_Next(values, &at, &name, &value)) {
        const char *text;
        fr_value one;
        if (!lf_text(name, "the name of a value", &text) || !bind_value(m, o, value, &one)) return false;
        out[i] = fr_v_named(text, one);
        if (out[i++].kind == (FR_NAMED | FR_KIND_COUNT)) {
            PyErr_Format(PyExc_ValueError, "%s: %R of :%s has more than 28 digits, which go by place only: write $1, and %s=[%R]",
                         o->name, value, text, o->name, value);
            return false;
        }
    }
    return true;
}

/* One value, some values for $1 … $6, or values by name. */
static bool set_binds(lf_module *m, const fr_option_info *o, PyObject *value, fr_value *out)
{
    if (PyDict_Check(value)) return set_named_binds(m, o, value, out);
    if (!PyTuple_Check(value) && !PyList_Check(value)) return bind_value(m, o, value, out);
    Py_ssize_t n = PySequence_Size(value);
    if (too_many_binds(o, n)) return false;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PyTuple_Check(value) ? PyTuple_GetItem(value, i) : PyList_GetItem(value, i);
        if (!item || !bind_value(m, o, item, &out[i])) return false;
    }
    return true;
}

static bool set_option(lf_module *m, const fr_option_info *o, PyObject *value, void *place)
{
    switch ((fr_option_kind)o->kind) {
    case FR_OPTION_TEXT: return lf_text(value, o->name, place);
    case FR_OPTION_I64: return set_whole(o, value, place);
    case FR_OPTION_F64: return set_real(o, value, place);
    case FR_OPTION_BOOL: return set_flag(o, value, place);
    case FR_OPTION_WORD: return set_word(o, value, place);
    case FR_OPTION_FRAME: return set_frame(m, value, place);
    case FR_OPTION_FRAMES: return set_frames(m, o, value, place);
    case FR_OPTION_VALUE: return lf_value(m, value, place);
    case FR_OPTION_BIND: return set_binds(m, o, value, place);
    }
    return refuse(o, value, "something this module does not know");
}

bool lf_options(lf_module *m, const fr_option_info *options, size_t n, PyObject *values, void *args)
{
    if (!PyTuple_Check(values) || PyTuple_Size(values) != (Py_ssize_t)n) {
        PyErr_SetString(PyExc_SystemError, "one value an option");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        PyObject *value = PyTuple_GetItem(values, (Py_ssize_t)i);
        /* None is what was not given, but of a flag: pandas' header=None means that there is none */
        if (value == Py_None && options[i].kind != FR_OPTION_BOOL) continue;
        if (!set_option(m, &options[i], value, (char *)args + options[i].offset)) return false;
    }
    return true;
}

void lf_options_clear(const fr_option_info *options, size_t n, void *args)
{
    for (size_t i = 0; i < n; i++) {
        void **place = (void **)((char *)args + options[i].offset);
        if (options[i].kind == FR_OPTION_FRAMES) free(*place);
    }
}

/* ---- the tables as Python data: [(name, kind, default, doc, ((word, doc), …)), …] ------------------------------------- */
static PyObject *words_list(const fr_option_info *o)
{
    LF_OWNED PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < o->n_words; i++) {
        LF_OWNED PyObject *word = Py_BuildValue("(ss)", o->words[i].word, o->words[i].doc);
        if (!word || PyList_Append(list, word) != 0) return NULL;
    }
    return list ? PyList_AsTuple(list) : NULL;
}

static PyObject *default_of(const fr_option_info *o)
{
    switch ((fr_option_kind)o->kind) {
    case FR_OPTION_I64: return PyLong_FromDouble(o->initial);
    case FR_OPTION_F64: return PyFloat_FromDouble(o->initial);
    case FR_OPTION_BOOL: return Py_NewRef(Py_False);
    case FR_OPTION_WORD: return PyUnicode_FromString(o->words[0].word);
    default: return Py_NewRef(Py_None);
    }
}

PyObject *lf_options_list(const fr_option_info *options, size_t n)
{
    static const char *const kinds[] = { "text", "i64", "f64", "bool", "word", "frame", "frames", "value", "bind" };
    LF_OWNED PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < n; i++) {
        LF_OWNED PyObject *initial = default_of(&options[i]), *words = words_list(&options[i]);
        if (!initial || !words) return NULL;
        const char *kind = options[i].kind < sizeof kinds / sizeof kinds[0] ? kinds[options[i].kind] : "unknown";
        LF_OWNED PyObject *one = Py_BuildValue("(ssOsO)", options[i].name, kind, initial, options[i].doc, words);
        if (!one || PyList_Append(list, one) != 0) return NULL;
    }
    return lf_take(&list);
}
