/* lf_context.c — Context: threads, memory, limits, deadline and cancelling, for all that is made under it.
 *
 *     small = lf.Context(threads=1, memory_bytes=100_000_000)
 *     lf.read_csv("sales.csv", context=small)
 */
#include "lf_module.h"

#include <time.h>

static bool set_timeout(fr_context_args *args, double seconds)
{
    struct timespec now;
    if (seconds == 0) return true;
    if (!(seconds > 0 && seconds < 1e9)) {
        PyErr_SetString(PyExc_ValueError, "timeout is a number of seconds, greater than 0");
        return false;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    args->deadline_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + (int64_t)(seconds * 1e9);
    return true;
}

static bool set_args(fr_context_args *a, PyObject *positional, PyObject *keywords)
{
    static char *names[] = { "threads", "memory_bytes", "seed", "timeout", "field_bytes", "columns", "rows", "expansion_ratio",
                             "expression_nodes", "nesting", "join_rows", NULL };
    double timeout = 0;
    long long n[9] = { 0 };
    int threads = 0;
    if (!PyArg_ParseTupleAndKeywords(positional, keywords, "|$iLLdLLLLLLL:Context", names, &threads, &n[0], &n[1], &timeout,
                                     &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8])) return false;
    bool negative = threads < 0;
    for (size_t i = 0; i < 9; i++) negative = negative || n[i] < 0;
    if (negative || threads > 1024) {
        PyErr_SetString(PyExc_ValueError, negative ? "a limit is not negative; 0 means the default" : "at most 1024 threads");
        return false;
    }
    fr_context_args_init(a);
    a->threads = (uint32_t)threads;
    a->seed = (uint64_t)n[1];
    a->limits = (fr_limits){ .memory_bytes = (uint64_t)n[0], .field_bytes = (uint64_t)n[2], .columns = (uint64_t)n[3],
                             .rows = (uint64_t)n[4], .expansion_ratio = (uint64_t)n[5], .expression_nodes = (uint64_t)n[6],
                             .nesting = (uint64_t)n[7], .join_rows = (uint64_t)n[8] };
    return set_timeout(a, timeout);
}

static PyObject *new_context(PyTypeObject *type, PyObject *positional, PyObject *keywords)
{
    lf_module *m = PyType_GetModuleState(type);
    fr_context_args args;
    if (!m || !set_args(&args, positional, keywords)) return NULL;
    fr_auto(context) made = fr_context_make(&args);
    if (!fr_ok(made)) return lf_raise(m, made);
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    lf_context *self = (lf_context *)allocate(type, 0);
    if (!self) return NULL;
    self->args = args;
    self->current = fr_steal(made);
    return (PyObject *)self;
}

static void free_context(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    fr_unref(((lf_context *)object)->current);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* The module holds its own Context, whose type holds the module: seen by the collector, all go when the interpreter ends. */
static int visit_context(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    return 0;
}

static PyObject *cancel(PyObject *self, PyObject *unused)
{
    (void)unused;
    ((lf_context *)self)->ended = 1;
    fr_context_cancel(((lf_context *)self)->current);
    Py_RETURN_NONE;
}

static PyObject *threads(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(fr_context_threads(((lf_context *)self)->current));
}

static PyObject *live_bytes(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLongLong(fr_context_live_bytes(((lf_context *)self)->current));
}

static PyObject *peak_bytes(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLongLong(fr_context_peak_bytes(((lf_context *)self)->current));
}

lf_context *lf_context_of(lf_module *m, PyObject *object)
{
    if (object == Py_None) return (lf_context *)m->context;
    if (Py_IS_TYPE(object, m->context_type)) return (lf_context *)object;
    PyErr_Format(PyExc_TypeError, "context is a libframe.Context, not %R", object);
    return NULL;
}

static PyMethodDef methods[] = {
    { "cancel", cancel, METH_NOARGS,
      "cancel($self, /)\n--\n\nAsk everything that runs under this context to stop within 50 ms, for good. From any thread." },
    { NULL, NULL, 0, NULL },
};
static PyGetSetDef properties[] = {
    { "threads", threads, NULL, "Number of threads that work under this context uses.", NULL },
    { "live_bytes", live_bytes, NULL, "Bytes of memory held under this context now.", NULL },
    { "peak_bytes", peak_bytes, NULL, "The most bytes of memory ever held under this context.", NULL },
    { NULL, NULL, NULL, NULL, NULL },
};
static PyType_Slot slots[] = {
    { Py_tp_new, (void *)new_context },
    { Py_tp_dealloc, (void *)free_context },
    { Py_tp_traverse, (void *)visit_context },
    { Py_tp_methods, methods },
    { Py_tp_getset, properties },
    { Py_tp_doc, "Context(*, threads=0, memory_bytes=0, seed=0, timeout=0.0, field_bytes=0, columns=0, rows=0, expansion_ratio=0, "
                 "expression_nodes=0, nesting=0, join_rows=0)\n--\n\n"
                 "What work may use: threads, memory, limits, time. 0 means the default.\n\n"
                 "A result lives under the context of its first input. `timeout` is in seconds from now." },
    { 0, NULL },
};
PyType_Spec lf_context_spec = { "libframe.Context", sizeof(lf_context), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC, slots };
