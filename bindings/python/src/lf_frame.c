/* lf_frame.c — the handle of a frame: what can be asked of it without running anything. */
#include "lf_module.h"

#include <stdlib.h>

PyObject *lf_frame_new(lf_module *m, fr_frame *frame, lf_context *context, fr_context *home)
{
    fr_auto(frame) owned = frame;
    if (!fr_ok(owned)) return lf_raise(m, owned);
    allocfunc allocate = (allocfunc)PyType_GetSlot(m->frame_type, Py_tp_alloc);
    lf_frame *self = (lf_frame *)allocate(m->frame_type, 0);
    if (!self) return NULL;
    self->frame = fr_steal(owned);
    self->context = (lf_context *)Py_NewRef((PyObject *)context);
    self->home = home;
    return (PyObject *)self;
}

lf_frame *lf_frame_of(lf_module *m, PyObject *object)
{
    if (Py_IS_TYPE(object, m->frame_type)) return (lf_frame *)object;
    PyErr_Format(PyExc_TypeError, "a frame expected, not %R", object);
    return NULL;
}

static void free_frame(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    lf_frame *self = (lf_frame *)object;
    fr_unref(self->frame);
    Py_XDECREF((PyObject *)self->context);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

static fr_frame *frame_of(PyObject *self) { return ((lf_frame *)self)->frame; }
static lf_module *module_of(PyObject *self) { return PyType_GetModuleState(Py_TYPE(self)); }

/* ---- shape and schema ----------------------------------------------------------------------------------------------- */
static PyObject *length(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLongLong(fr_length(frame_of(self)));
}

static PyObject *width(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromSize_t(fr_width(frame_of(self)));
}

static PyObject *names(PyObject *self, PyObject *unused)
{
    (void)unused;
    size_t n = fr_width(frame_of(self));
    LF_OWNED PyObject *list = PyList_New((Py_ssize_t)n);
    for (size_t i = 0; list && i < n; i++) {
        PyObject *name = PyUnicode_FromString(fr_name(frame_of(self), i));
        if (!name || PyList_SetItem(list, (Py_ssize_t)i, name) != 0) return NULL;
    }
    return lf_take(&list);
}

static PyObject *type_text(const fr_type *type)
{
    size_t n = fr_type_text(type, NULL, 0);
    char *text = malloc(n + 1);
    if (!text) return PyErr_NoMemory();
    fr_type_text(type, text, n + 1);
    PyObject *result = PyUnicode_FromStringAndSize(text, (Py_ssize_t)n);
    free(text);
    return result;
}

static PyObject *types(PyObject *self, PyObject *unused)
{
    (void)unused;
    size_t n = fr_width(frame_of(self));
    LF_OWNED PyObject *list = PyList_New((Py_ssize_t)n);
    for (size_t i = 0; list && i < n; i++) {
        PyObject *type = type_text(fr_type_at(frame_of(self), i));
        if (!type || PyList_SetItem(list, (Py_ssize_t)i, type) != 0) return NULL;
    }
    return lf_take(&list);
}

static PyObject *find(PyObject *self, PyObject *name)
{
    const char *text;
    return lf_text(name, "a column's name", &text) ? PyLong_FromLongLong(fr_find(frame_of(self), text)) : NULL;
}

static PyObject *null_count(PyObject *self, PyObject *index)
{
    size_t column = PyLong_AsSize_t(index);
    return PyErr_Occurred() ? NULL : PyLong_FromLongLong(fr_null_count(frame_of(self), column));
}

/* ---- text ----------------------------------------------------------------------------------------------------------- */
static PyObject *text(PyObject *self, PyObject *args)
{
    fr_print_args a = { .size_ = sizeof a };
    long long rows, columns, wide;
    if (!PyArg_ParseTuple(args, "LLL:text", &rows, &columns, &wide)) return NULL;
    a.max_rows = rows, a.max_cols = columns, a.max_width = wide;
    size_t n = fr_frame_text(frame_of(self), &a, NULL, 0);
    char *room = malloc(n + 1);
    if (!room) return PyErr_NoMemory();
    fr_frame_text(frame_of(self), &a, room, n + 1);
    PyObject *result = PyUnicode_DecodeUTF8(room, (Py_ssize_t)n, "backslashreplace");
    free(room);
    return result;
}

static PyObject *cell(PyObject *self, PyObject *args)
{
    long long row;
    Py_ssize_t column;
    if (!PyArg_ParseTuple(args, "Ln:cell", &row, &column)) return NULL;
    fr_frame *frame = frame_of(self);
    if (column < 0 || row < 0 || row >= fr_length(frame) || (size_t)column >= fr_width(frame)) {
        PyErr_SetString(PyExc_IndexError, "no such cell");
        return NULL;
    }
    if (!fr_get_at(frame, row, (size_t)column).valid) Py_RETURN_NONE;
    size_t n = fr_cell_text(frame, row, (size_t)column, NULL, 0);
    char *room = malloc(n + 1);
    if (!room) return PyErr_NoMemory();
    fr_cell_text(frame, row, (size_t)column, room, n + 1);
    PyObject *result = PyUnicode_DecodeUTF8(room, (Py_ssize_t)n, "backslashreplace");
    free(room);
    return result;
}

/* ---- other frames that ride along ----------------------------------------------------------------------------------- */
static void *account_work(void *state, fr_context *context)
{
    fr_auto(frame) frame = lf_at_home(state, context);
    return fr_account(frame);
}

static void *rejects_work(void *state, fr_context *context)
{
    fr_auto(frame) frame = lf_at_home(state, context);
    return fr_rejects(frame);
}

static PyObject *account(PyObject *self, PyObject *unused)
{
    (void)unused;
    return lf_run_frame(module_of(self), ((lf_frame *)self)->context, &(lf_work){ .run = account_work, .state = self });
}

static PyObject *rejects(PyObject *self, PyObject *unused)
{
    (void)unused;
    return lf_run_frame(module_of(self), ((lf_frame *)self)->context, &(lf_work){ .run = rejects_work, .state = self });
}

static PyObject *warnings(PyObject *self, PyObject *unused)
{
    (void)unused;
    size_t n = fr_warning_count(frame_of(self));
    LF_OWNED PyObject *list = PyList_New((Py_ssize_t)n);
    for (size_t i = 0; list && i < n; i++) {
        const char *warning = fr_warning(frame_of(self), i);
        PyObject *one = PyUnicode_DecodeUTF8(warning, (Py_ssize_t)__builtin_strlen(warning), "backslashreplace");
        if (!one || PyList_SetItem(list, (Py_ssize_t)i, one) != 0) return NULL;
    }
    return lf_take(&list);
}

/* ---- whole frames --------------------------------------------------------------------------------------------------- */
static PyObject *equal(PyObject *self, PyObject *object)
{
    lf_frame *other = lf_frame_of(module_of(self), object);
    if (!other) return NULL;
    bool same;
    Py_BEGIN_ALLOW_THREADS
    same = fr_equal(frame_of(self), other->frame);
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(same);
}

static PyObject *context(PyObject *self, void *unused)
{
    (void)unused;
    return Py_NewRef((PyObject *)((lf_frame *)self)->context);
}

static PyObject *with_context(PyObject *self, PyObject *object)
{
    lf_module *m = module_of(self);
    lf_context *under = lf_context_of(m, object);
    return under ? lf_frame_new(m, fr_with_context(frame_of(self), under->current), under, under->current) : NULL;
}

/* ---- where the values lie: (address of the values, address of the validity bits or 0), or None -------------------------- */
static PyObject *values(PyObject *self, PyObject *index)
{
    fr_frame *frame = frame_of(self);
    size_t column = PyLong_AsSize_t(index);
    if (PyErr_Occurred()) return NULL;
    const fr_type *type = fr_type_at(frame, column);
    const uint64_t *valid = NULL;
    const void *at = type ? fr_values(frame, fr_name(frame, column), fr_type_kind(type), &valid) : NULL;
    if (!at) Py_RETURN_NONE;
    return Py_BuildValue("(KK)", (unsigned long long)(uintptr_t)at, (unsigned long long)(uintptr_t)valid);
}

static PyMethodDef methods[] = {
    { "length", length, METH_NOARGS, "Rows; -1 for a scan." },
    { "width", width, METH_NOARGS, "Columns." },
    { "names", names, METH_NOARGS, "Names of the columns." },
    { "types", types, METH_NOARGS, "Types of the columns, as text." },
    { "find", find, METH_O, "Index of a column, or -1." },
    { "null_count", null_count, METH_O, "Nulls in a column." },
    { "text", text, METH_VARARGS, "text(rows, columns, width): the frame as a table." },
    { "cell", cell, METH_VARARGS, "cell(row, column): one cell as plain text, None for null." },
    { "account", account, METH_NOARGS, "What happened to the rows so far." },
    { "rejects", rejects, METH_NOARGS, "Rows that were put aside." },
    { "warnings", warnings, METH_NOARGS, "Warnings, as texts." },
    { "equal", equal, METH_O, "The same names, types, nulls and values." },
    { "with_context", with_context, METH_O, "The same data under another context." },
    { "values", values, METH_O, "values(column): addresses of values and validity." },
    { NULL, NULL, 0, NULL },
};
static PyGetSetDef properties[] = {
    { "context", context, NULL, "The Context the frame lives under.", NULL },
    { NULL, NULL, NULL, NULL, NULL },
};
static PyType_Slot slots[] = {
    { Py_tp_dealloc, (void *)free_frame },
    { Py_tp_methods, methods },
    { Py_tp_getset, properties },
    { 0, NULL },
};
PyType_Spec lf_frame_spec = { "libframe._core.Frame", sizeof(lf_frame), 0,
                              Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots };
