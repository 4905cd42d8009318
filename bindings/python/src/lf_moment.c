/* lf_moment.c — Python's dates and times as numbers.
 *
 * The C interface of datetime is not part of the stable ABI, so fields are asked for by name: about 0.3 µs a value, which
 * only values that come one by one (lists, bind parameters) pay.
 */
#include "lf_shape.h"

static bool number_of(PyObject *object, const char *name, long long *out)
{
    LF_OWNED PyObject *value = PyObject_GetAttrString(object, name);
    if (value) *out = PyLong_AsLongLong(value);
    return value && !PyErr_Occurred();
}

bool lf_call_number(PyObject *object, const char *name, long long *out)
{
    LF_OWNED PyObject *value = PyObject_CallMethod(object, name, NULL);
    if (value) *out = PyLong_AsLongLong(value);
    return value && !PyErr_Occurred();
}

bool lf_clock_us(PyObject *object, long long *out)
{
    long long hour, minute, second, micro;
    if (!number_of(object, "hour", &hour) || !number_of(object, "minute", &minute) || !number_of(object, "second", &second) ||
        !number_of(object, "microsecond", &micro)) return false;
    *out = ((hour * 60 + minute) * 60 + second) * 1000000 + micro;
    return true;
}

/* At most 999,999,999 days, so 64 bits hold ±2.7 million years of microseconds, but a subclass may say anything. */
bool lf_delta_us(PyObject *object, long long *out)
{
    long long days, seconds, micro;
    if (!number_of(object, "days", &days) || !number_of(object, "seconds", &seconds) ||
        !number_of(object, "microseconds", &micro)) return false;
    if (!__builtin_mul_overflow(days, 86400000000, &days) && !__builtin_mul_overflow(seconds, 1000000, &seconds) &&
        !__builtin_add_overflow(days, seconds, &days) && !__builtin_add_overflow(days, micro, out)) return true;
    PyErr_SetString(PyExc_OverflowError, "a duration beyond 64 bits of microseconds");
    return false;
}

bool lf_datetime_us(PyObject *object, long long *out)
{
    long long day, clock, shift = 0;
    LF_OWNED PyObject *offset = PyObject_CallMethod(object, "utcoffset", NULL);
    if (!offset || (offset != Py_None && !lf_delta_us(offset, &shift))) return false;
    if (!lf_call_number(object, "toordinal", &day) || !lf_clock_us(object, &clock)) return false;
    if (!__builtin_sub_overflow(day, ORDINAL_OF_1970, &day) && !__builtin_mul_overflow(day, 86400000000, &day) &&
        !__builtin_add_overflow(day, clock, &day) && !__builtin_sub_overflow(day, shift, out)) return true;
    PyErr_SetString(PyExc_OverflowError, "a datetime beyond 64 bits of microseconds");
    return false;
}

bool lf_has_zone(PyObject *object)
{
    LF_OWNED PyObject *zone = PyObject_GetAttrString(object, "tzinfo");
    return zone && zone != Py_None;
}

long long lf_extra_nanos(PyObject *object, const char *name)
{
    long long nanos = 0;
    if (PyObject_HasAttrString(object, name) && !number_of(object, name, &nanos)) PyErr_Clear();
    return nanos >= 0 && nanos < 1000 ? nanos : 0;
}
