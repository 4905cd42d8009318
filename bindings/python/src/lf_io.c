/* lf_io.c — readers and writers. Their options come as one tuple in the order of tables that the build writes from the
 * public headers (tools/gen_options.py). */
#include "lf_module.h"

#include <stddef.h>

#include <lf_options.inc.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* ---- reading CSV ---------------------------------------------------------------------------------------------------- */
typedef enum reading { READ_FILE, READ_SCAN, READ_SNIFF, READ_BYTES, READ_FILES } reading;

typedef struct csv_reading {
    reading     how;
    const char *path;
    const char **paths;                 /* borrowed texts, NULL at the end; freed with PyMem_Free */
    Py_buffer   bytes;
    fr_csv_args args;
} csv_reading;

static void *read_csv_work(void *state, fr_context *context)
{
    csv_reading *r = state;
    r->args.context = context;
    switch (r->how) {
    case READ_FILE: return fr_csv_read(r->path, &r->args);
    case READ_SCAN: return fr_csv_scan(r->path, &r->args);
    case READ_SNIFF: return fr_csv_sniff(r->path, &r->args);
    case READ_FILES: return fr_csv_read_files(r->paths, &r->args);
    case READ_BYTES: break;
    }
    return fr_csv_read_bytes(r->bytes.buf, (size_t)r->bytes.len, &r->args);
}

/* A tuple of bytes, which the caller holds. */
static bool take_paths(PyObject *source, csv_reading *r)
{
    const Py_ssize_t n = PyTuple_Size(source);
    r->paths = n < 0 ? NULL : PyMem_Calloc((size_t)n + 1, sizeof *r->paths);
    if (!r->paths) return n < 0 ? false : (PyErr_NoMemory(), false);
    for (Py_ssize_t i = 0; i < n; i++) {
        char *path;
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(source, i), &path, NULL) != 0) return false;
        r->paths[i] = path;
    }
    return true;
}

/* A path as bytes without NUL, several of them, or a buffer. */
static bool take_source(PyObject *source, csv_reading *r)
{
    if (r->how == READ_FILES) return take_paths(source, r);
    if (r->how == READ_BYTES) return PyObject_GetBuffer(source, &r->bytes, PyBUF_SIMPLE) == 0;
    char *path;
    if (PyBytes_AsStringAndSize(source, &path, NULL) != 0) return false;
    r->path = path;
    return true;
}

static bool take_schema(lf_module *m, PyObject *object, fr_schema **out)
{
    if (object == Py_None) return true;
    lf_frame *frame = lf_frame_of(m, object);
    *out = frame ? fr_schema_of(frame->frame) : NULL;
    if (*out && !fr_ok(*out)) lf_raise(m, *out);
    return *out && fr_ok(*out);
}

/* read_csv(how, source, options, schema frame or None, context or None) */
static PyObject *read_csv(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *source, *options, *schema, *context;
    int how;
    if (!PyArg_ParseTuple(args, "iOOOO:read_csv", &how, &source, &options, &schema, &context)) return NULL;
    csv_reading r = { .how = (reading)how };
    fr_csv_args_init(&r.args);
    fr_auto(schema) given = NULL;
    lf_context *under = lf_context_of(m, context);
    if (!under || !take_schema(m, schema, &given)) return NULL;
    if (!lf_options(m, csv_read_options, COUNT_OF(csv_read_options), options, &r.args)) return NULL;
    r.args.schema = given;
    PyObject *result = NULL;
    if (take_source(source, &r)) {
        result = lf_run_frame(m, under, &(lf_work){ .run = read_csv_work, .state = &r });
        if (how == READ_BYTES) PyBuffer_Release(&r.bytes);
    }
    PyMem_Free(r.paths);
    return result;
}

/* ---- writing CSV ---------------------------------------------------------------------------------------------------- */
typedef struct csv_writing {
    const lf_frame   *frame;
    const char       *path;
    bool              rejects;
    fr_csv_write_args args;
} csv_writing;

static void *write_csv_work(void *state, fr_context *context)
{
    csv_writing *w = state;
    fr_auto(frame) frame = lf_at_home(w->frame, context);
    return w->rejects ? fr_csv_write_rejects(frame, w->path) : fr_csv_write(frame, w->path, &w->args);
}

/* write_csv(frame, path as bytes, options or None for the rejects) → receipt */
static PyObject *write_csv(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *frame, *path, *options;
    if (!PyArg_ParseTuple(args, "OSO:write_csv", &frame, &path, &options)) return NULL;
    csv_writing w = { .frame = lf_frame_of(m, frame), .rejects = options == Py_None };
    char *text;
    fr_csv_write_args_init(&w.args);
    if (!w.frame || PyBytes_AsStringAndSize(path, &text, NULL) != 0) return NULL;
    if (!w.rejects && !lf_options(m, csv_write_options, COUNT_OF(csv_write_options), options, &w.args)) return NULL;
    w.path = text;
    return lf_run_frame(m, w.frame->context, &(lf_work){ .run = write_csv_work, .state = &w });
}

/* ---- their tables, and quoting -------------------------------------------------------------------------------------- */
static PyObject *options_with_defaults(const fr_option_info *options, size_t n, const void *args)
{
    fr_option_info shown[COUNT_OF(csv_read_options)];
    for (size_t i = 0; i < n && i < COUNT_OF(shown); i++) {
        const void *at = (const char *)args + options[i].offset;
        shown[i] = options[i];
        if (options[i].kind == FR_OPTION_I64) shown[i].initial = (double)*(const int64_t *)at;
    }
    return lf_options_list(shown, n);
}

static PyObject *csv_options(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    fr_csv_args read;
    fr_csv_write_args write;
    fr_csv_args_init(&read);
    fr_csv_write_args_init(&write);
    _Static_assert(COUNT_OF(csv_write_options) <= COUNT_OF(csv_read_options), "room for the shorter table");
    LF_OWNED PyObject *how_to_read = options_with_defaults(csv_read_options, COUNT_OF(csv_read_options), &read);
    LF_OWNED PyObject *how_to_write = options_with_defaults(csv_write_options, COUNT_OF(csv_write_options), &write);
    return how_to_read && how_to_write ? Py_BuildValue("(OO)", how_to_read, how_to_write) : NULL;
}

static PyObject *quoted(PyObject *object, size_t (*quote)(const char *, char *, size_t))
{
    const char *text;
    if (!lf_text(object, "a name", &text)) return NULL;
    size_t n = quote(text, NULL, 0);
    char *room = PyMem_Malloc(n + 1);
    if (!room) return PyErr_NoMemory();
    quote(text, room, n + 1);
    PyObject *result = PyUnicode_FromStringAndSize(room, (Py_ssize_t)n);
    PyMem_Free(room);
    return result;
}

static PyObject *quote(PyObject *module, PyObject *name) { return (void)module, quoted(name, fr_quote); }
static PyObject *quote_text(PyObject *module, PyObject *text) { return (void)module, quoted(text, fr_quote_text); }

PyMethodDef lf_io_functions[] = {
    { "read_csv", read_csv, METH_VARARGS, "read_csv(how, source, options, schema, context)" },
    { "write_csv", write_csv, METH_VARARGS, "write_csv(frame, path, options)" },
    { "csv_options", csv_options, METH_NOARGS, "The tables of options: (reading, writing)." },
    { "quote", quote, METH_O,
      "quote($module, name, /)\n--\n\nA column's name as it must stand in an expression or a list of columns." },
    { "quote_text", quote_text, METH_O, "quote_text($module, text, /)\n--\n\nA text as a literal of the expression language." },
    { NULL, NULL, 0, NULL },
};
