/* lf_error.c — an error of libframe as a Python exception.
 *
 * The class is chosen by the code (and errno) in libframe/_errors.py; the text is the library's own, with its place, hint
 * (in Python's words) and caret; what is known about the error apart from the text becomes attributes: code, message, hint,
 * step, column, path, source, row, line, byte, position. What does not apply is None.
 */
#include "lf_module.h"

#include <stdlib.h>

static PyObject *text_or_none(const char *text)
{
    return text ? PyUnicode_DecodeUTF8(text, (Py_ssize_t)__builtin_strlen(text), "backslashreplace") : Py_NewRef(Py_None);
}

static PyObject *number_or_none(int64_t number)
{
    return number >= 0 ? PyLong_FromLongLong(number) : Py_NewRef(Py_None);
}

/* Sets and takes over `value`. */
static bool put(PyObject *error, const char *name, PyObject *value)
{
    LF_OWNED PyObject *owned = value;
    return owned && PyObject_SetAttrString(error, name, owned) == 0;
}

static bool put_all(PyObject *error, const fr_error_info *info)
{
    bool ok = put(error, "code", text_or_none(fr_code_name(info->code))) && put(error, "message", text_or_none(info->message)) &&
              put(error, "step", text_or_none(info->step)) &&
              put(error, "column", text_or_none(info->column)) && put(error, "path", text_or_none(info->path)) &&
              put(error, "source", text_or_none(info->source)) && put(error, "row", number_or_none(info->row)) &&
              put(error, "line", number_or_none(info->line)) && put(error, "byte", number_or_none(info->byte)) &&
              put(error, "position", number_or_none(info->position));
    if (!ok || info->code != FR_ERR_IO) return ok;
    return put(error, "errno", PyLong_FromLongLong(info->os_error)) && put(error, "filename", text_or_none(info->path));
}

static PyObject *whole_text(const void *object)
{
    size_t n = fr_error_text(object, NULL, 0);
    char *text = malloc(n + 1);
    if (!text) return PyErr_NoMemory();
    fr_error_text(object, text, n + 1);
    PyObject *decoded = PyUnicode_DecodeUTF8(text, (Py_ssize_t)n, "backslashreplace");
    free(text);
    return decoded;
}

PyObject *lf_raise(lf_module *m, const void *object)
{
    const fr_error_info *info = fr_error(object);
    if (!info) {
        PyErr_SetString(PyExc_SystemError, "libframe: a failure without an error");
        return NULL;
    }
    LF_OWNED PyObject *text = whole_text(object), *hint = text ? text_or_none(info->hint) : NULL;
    LF_OWNED PyObject *error = hint ? PyObject_CallFunction(m->errors, "sLOO", fr_code_name(info->code),
                                                            (long long)info->os_error, text, hint) : NULL;
    if (error && put_all(error, info)) PyErr_SetObject((PyObject *)Py_TYPE(error), error);
    return NULL;
}
