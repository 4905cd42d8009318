/* lf_assemble.c — a frame of columns given one by one: tuples of Python values, buffers of numbers, Arrow arrays.
 *
 *     build([("a", (1, None), None, 0, False), ("b", (buffer, "l", 2, mask), None, 1, False)], context)
 *
 * Buffers (of NumPy, of pandas) are copied: their owner may change them, and a frame never changes.
 */
#include "lf_shape.h"

#include <stdlib.h>
#include <string.h>

/* What a frame is made of: the children of one struct array and of its schema. They are handed over together, so each
 * family lives in a block of its own that goes when it is released. */
typedef struct arrays {
    size_t              n;
    struct ArrowArray  *items, **list;
    const void         *buffers[1];
} arrays;

typedef struct schemas {
    size_t               n;
    struct ArrowSchema  *items, **list;
} schemas;

typedef struct parts {
    size_t   n;
    int64_t  length;
    arrays  *arrays;      /* owned until handed over */
    schemas *schemas;     /* owned until handed over */
} parts;

static void free_arrays(arrays *a)
{
    for (size_t i = 0; a && i < a->n && a->items; i++)
        if (a->items[i].release) a->items[i].release(&a->items[i]);
    if (a) free(a->items), free(a->list);
    free(a);
}

static void free_schemas(schemas *s)
{
    for (size_t i = 0; s && i < s->n && s->items; i++)
        if (s->items[i].release) s->items[i].release(&s->items[i]);
    if (s) free(s->items), free(s->list);
    free(s);
}

static void release_arrays(struct ArrowArray *array)
{
    free_arrays(array->private_data);
    array->release = NULL;
}

static void release_schemas(struct ArrowSchema *schema)
{
    free_schemas(schema->private_data);
    schema->release = NULL;
}

static void clear_parts(parts *p)
{
    free_arrays(p->arrays);
    free_schemas(p->schemas);
}

static bool begin(parts *p, size_t n)
{
    *p = (parts){ .n = n, .length = -1 };
    p->arrays = calloc(1, sizeof *p->arrays);
    p->schemas = calloc(1, sizeof *p->schemas);
    if (!p->arrays || !p->schemas) return PyErr_NoMemory(), false;
    p->arrays->n = p->schemas->n = n;
    p->arrays->items = calloc(n + 1, sizeof *p->arrays->items);
    p->arrays->list = calloc(n + 1, sizeof *p->arrays->list);
    p->schemas->items = calloc(n + 1, sizeof *p->schemas->items);
    p->schemas->list = calloc(n + 1, sizeof *p->schemas->list);
    if (!p->arrays->items || !p->arrays->list || !p->schemas->items || !p->schemas->list) return PyErr_NoMemory(), false;
    for (size_t i = 0; i < n; i++) {
        p->arrays->list[i] = &p->arrays->items[i];
        p->schemas->list[i] = &p->schemas->items[i];
    }
    return true;
}

/* ---- a column from a buffer -------------------------------------------------------------------------------------------- */
typedef struct copied { const void *buffers[2]; } copied;

static void release_copied(struct ArrowArray *array)
{
    copied *c = array->private_data;
    free((void *)(uintptr_t)c->buffers[0]);
    free((void *)(uintptr_t)c->buffers[1]);
    free(c);
    array->release = NULL;
}

/* One bit an item from one byte an item; set where the byte is zero when `where_zero`, else where it is not. */
static unsigned char *pack_bits(const unsigned char *from, int64_t n, bool where_zero, int64_t *n_clear)
{
    unsigned char *bits = calloc((size_t)n / 8 + 16, 1);
    if (!bits) return PyErr_NoMemory(), NULL;
    *n_clear = 0;
    for (int64_t i = 0; i < n; i++) {
        bool set = (from[i] == 0) == where_zero;
        if (set) bits[i / 8] |= (unsigned char)(1u << (i % 8));
        else ++*n_clear;
    }
    return bits;
}

static size_t width_of(const char *format)
{
    switch (format[0]) {
    case 'c': case 'C': return 1;
    case 's': case 'S': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 't': return format[1] == 'd' ? 4 : 8;
    default: return 8;
    }
}

static bool copy_values(copied *c, const Py_buffer *values, const char *format, int64_t n)
{
    int64_t n_false;
    size_t bytes = format[0] == 'b' ? (size_t)n : (size_t)n * width_of(format);
    if ((size_t)values->len != bytes) {
        PyErr_Format(PyExc_ValueError, "a buffer of %zd bytes for %lld values", values->len, (long long)n);
        return false;
    }
    if (format[0] == 'b') return (c->buffers[1] = pack_bits(values->buf, n, false, &n_false)) != NULL;
    void *copy = malloc(bytes + 16);
    if (!copy) return PyErr_NoMemory(), false;
    if (bytes) memcpy(copy, values->buf, bytes);
    c->buffers[1] = copy;
    return true;
}

static bool copy_mask(copied *c, PyObject *mask, int64_t n, int64_t *n_nulls)
{
    Py_buffer bytes;
    if (mask == Py_None) return true;
    if (PyObject_GetBuffer(mask, &bytes, PyBUF_SIMPLE) != 0) return false;
    bool fits = bytes.len == n;
    if (fits) c->buffers[0] = pack_bits(bytes.buf, n, true, n_nulls);
    else PyErr_SetString(PyExc_ValueError, "a mask of another length than its values");
    PyBuffer_Release(&bytes);
    return fits && c->buffers[0];
}

static bool from_buffer(PyObject *values, const char *format, int64_t n, PyObject *mask, struct ArrowArray *out)
{
    copied *c = calloc(1, sizeof *c);
    if (!c) return PyErr_NoMemory(), false;
    *out = (struct ArrowArray){ .length = n, .n_buffers = 2, .buffers = c->buffers, .release = release_copied, .private_data = c };
    Py_buffer bytes;
    if (PyObject_GetBuffer(values, &bytes, PyBUF_SIMPLE) != 0) return false;
    bool ok = copy_values(c, &bytes, format, n) && copy_mask(c, mask, n, &out->null_count);
    PyBuffer_Release(&bytes);
    return ok;
}

/* (buffer, format, n, mask or None) */
static bool buffer_column(PyObject *name, PyObject *spec, struct ArrowArray *array, struct ArrowSchema *schema)
{
    PyObject *values, *mask;
    const char *format;
    long long n;
    if (!PyArg_ParseTuple(spec, "OsLO", &values, &format, &n, &mask)) return false;
    lf_shape *shape = lf_shape_new();
    struct ArrowSchema described = { .format = format };
    bool ok = shape && lf_shape_read(&described, shape) && lf_shape_write(shape, name, schema) &&
              from_buffer(values, format, n, mask, array);
    lf_shape_free(shape);
    return ok;
}

/* ---- a column from values ------------------------------------------------------------------------------------------------ */
static bool value_column(lf_source *from, PyObject *name, PyObject *items, PyObject *given, struct ArrowArray *array,
                         struct ArrowSchema *schema)
{
    lf_shape *shape = lf_shape_new();
    bool ok = shape && lf_text(name, "a column's name", &from->column);
    if (ok && given != Py_None) {
        struct ArrowSchema *known = PyCapsule_GetPointer(given, "arrow_schema");
        ok = known && known->release && known->n_children == 1 && lf_shape_read(known->children[0], shape);
        if (!ok && !PyErr_Occurred()) PyErr_SetString(PyExc_SystemError, "a schema of one column expected");
    } else if (ok) {
        ok = lf_infer(from, items, shape);
    }
    ok = ok && lf_build(from, items, shape, array) && lf_shape_write(shape, name, schema);
    lf_shape_free(shape);
    return ok;
}

/* ---- a column that is an Arrow array already ------------------------------------------------------------------------- */
/* The schema's name becomes ours; its owner finds the schema as it was when it is released. */
typedef struct renamed { struct ArrowSchema original; char *name; } renamed;

static void release_renamed(struct ArrowSchema *schema)
{
    renamed *r = schema->private_data;
    r->original.release(&r->original);
    free(r->name);
    free(r);
    schema->release = NULL;
}

/* (schema capsule, array capsule) */
static bool arrow_column(PyObject *name, PyObject *pair, struct ArrowArray *array, struct ArrowSchema *schema)
{
    PyObject *described, *given;
    const char *text;
    if (!PyArg_ParseTuple(pair, "OO", &described, &given) || !lf_text(name, "a column's name", &text)) return false;
    struct ArrowSchema *theirs = PyCapsule_GetPointer(described, "arrow_schema");
    struct ArrowArray *values = theirs ? PyCapsule_GetPointer(given, "arrow_array") : NULL;
    if (!values) return false;
    if (!theirs->release || !values->release) {
        PyErr_SetString(PyExc_ValueError, "this Arrow capsule has been used or released already");
        return false;
    }
    renamed *r = calloc(1, sizeof *r);
    if (!r || !(r->name = strdup(text))) {
        free(r);
        return PyErr_NoMemory(), false;
    }
    r->original = *theirs;
    *schema = *theirs;
    *array = *values;
    theirs->release = NULL;
    values->release = NULL;
    schema->name = r->name;
    schema->release = release_renamed;
    schema->private_data = r;
    return true;
}

/* ---- all of them ---------------------------------------------------------------------------------------------------------- */
static bool same_length(parts *p, PyObject *name, int64_t n)
{
    if (p->length < 0) p->length = n;
    if (p->length == n) return true;
    PyErr_Format(PyExc_ValueError, "column %R has %lld rows, the ones before it have %lld", name, (long long)n,
                 (long long)p->length);
    return false;
}

enum { FROM_VALUES, FROM_BUFFER, FROM_ARROW };

/* One (name, what it is made of, known schema or None, kind, whether NaN is null). */
static bool add_column(parts *p, size_t i, lf_source *from, PyObject *one)
{
    PyObject *name, *data, *given;
    int kind, nan_is_null;
    if (!PyArg_ParseTuple(one, "UO!Oip", &name, &PyTuple_Type, &data, &given, &kind, &nan_is_null)) return false;
    struct ArrowArray *array = p->arrays->list[i];
    struct ArrowSchema *schema = p->schemas->list[i];
    from->nan_is_null = nan_is_null;
    bool ok = kind == FROM_BUFFER ? buffer_column(name, data, array, schema)
            : kind == FROM_ARROW  ? arrow_column(name, data, array, schema)
                                  : value_column(from, name, data, given, array, schema);
    return ok && same_length(p, name, array->length);
}

static void *import_parts(void *state, fr_context *context)
{
    parts *p = state;
    struct ArrowArray array = { .length = p->length < 0 ? 0 : p->length, .n_buffers = 1, .buffers = p->arrays->buffers,
                                .n_children = (int64_t)p->n, .children = p->arrays->list, .release = release_arrays,
                                .private_data = fr_steal(p->arrays) };
    struct ArrowSchema schema = { .format = "+s", .name = "", .n_children = (int64_t)p->n, .children = p->schemas->list,
                                  .release = release_schemas, .private_data = fr_steal(p->schemas) };
    return fr_frame_import_arrow_array(&array, &schema, context);
}

static PyObject *build(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *columns, *context;
    if (!PyArg_ParseTuple(args, "O!O:build", &PyList_Type, &columns, &context)) return NULL;
    lf_context *under = lf_context_of(m, context);
    LF_OWNED PyObject *held = under ? PyList_AsTuple(columns) : NULL;
    LF_CLEANUP(clear_parts) parts p = { .n = 0 };
    if (!held || !begin(&p, (size_t)PyTuple_Size(held))) return NULL;
    lf_source from = { .m = m };
    for (size_t i = 0; i < p.n; i++)
        if (!add_column(&p, i, &from, PyTuple_GetItem(held, (Py_ssize_t)i))) return NULL;
    return lf_run_frame(m, under, &(lf_work){ .run = import_parts, .state = &p, .once = true });
}

PyMethodDef lf_build_functions[] = {
    { "build", build, METH_VARARGS, "build([(name, data, schema or None, kind, nan_is_null), …], context)" },
    { NULL, NULL, 0, NULL },
};
