/* lf_dump.c — columns as plain bytes, for pickling and for NumPy.
 *
 * A frame is dumped as the tree of its Arrow arrays: (format, name, metadata, flags, length, nulls, buffers, children,
 * dictionary), buffers as bytes of exactly the size that format and length ask for. Loading checks these sizes and hands
 * the arrays to the library's importer, which checks what is in them: a damaged pickle is an exception.
 */
#include "lf_module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- sizes ---------------------------------------------------------------------------------------------------------- */
/* Bits of one value in buffer 1; 0 where there is none. Formats are those that libframe exports with large_text. */
static int64_t value_bits(const char *format)
{
    switch (format[0]) {
    case 'b': return 1;
    case 'c': case 'C': return 8;
    case 's': case 'S': return 16;
    case 'i': case 'I': case 'f': return 32;
    case 'l': case 'L': case 'g': return 64;
    case 'd': return 128;
    case 't': return format[1] == 'd' || (format[1] == 't' && (format[2] == 's' || format[2] == 'm')) ? 32 : 64;
    default: return 0;
    }
}

static bool has_offsets(const char *format) { return !strcmp(format, "U") || !strcmp(format, "Z") || !strcmp(format, "+L"); }

static int64_t n_buffers(const char *format)
{
    if (!strcmp(format, "n")) return 0;
    if (!strcmp(format, "+s")) return 1;
    return !strcmp(format, "U") || !strcmp(format, "Z") ? 3 : 2;
}

/* The formats above and no others: for them the sizes below are exact. */
static bool is_known(const char *format)
{
    static const char *const plain[] = { "n", "b", "c", "C", "s", "S", "i", "I", "l", "L", "f", "g", "U", "Z", "+s", "+L",
                                         "tdD" };
    int precision, scale, end = 0;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (!strcmp(format, plain[i])) return true;
    if (sscanf(format, "d:%d,%d%n", &precision, &scale, &end) == 2) return !format[end];      /* 128 bits             */
    if (format[0] != 't' || !format[1] || !strchr("tsD", format[1]) || !format[2] || !strchr("smun", format[2])) return false;
    return format[1] == 's' ? format[3] == ':' : !format[3];
}

static int64_t bits_bytes(int64_t n) { return n / 8 + (n % 8 != 0); }

/* Bytes of buffer `i` of an array whose first value is at `first`; -1 when the offsets that say so are missing. */
static int64_t buffer_bytes(const char *format, int64_t i, int64_t n, const void *offsets)
{
    if (i == 0) return bits_bytes(n);
    if (i == 1 && has_offsets(format)) return (n + 1) * 8;
    if (i == 1) return value_bits(format) == 1 ? bits_bytes(n) : n * value_bits(format) / 8;
    return offsets ? ((const int64_t *)offsets)[n] : -1;
}

/* ---- dumping -------------------------------------------------------------------------------------------------------- */
static PyObject *dump_array(const struct ArrowSchema *schema, const struct ArrowArray *array);

static PyObject *dump_buffer(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t i)
{
    static const char zeros[8];
    bool offsets = i == 1 && has_offsets(schema->format);
    const void *at = array->buffers[i];
    if (i == 0 && (!array->null_count || !at)) return Py_NewRef(Py_None);
    if (!array->length) return PyBytes_FromStringAndSize(zeros, offsets ? 8 : 0);      /* none need be there          */
    int64_t n = buffer_bytes(schema->format, i, array->offset + array->length, i == 2 ? array->buffers[1] : NULL);
    return PyBytes_FromStringAndSize(n ? at : zeros, (Py_ssize_t)n);
}

static PyObject *dump_buffers(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    LF_OWNED PyObject *list = PyList_New(0);
    for (int64_t i = 0; list && i < n_buffers(schema->format); i++) {
        LF_OWNED PyObject *bytes = dump_buffer(schema, array, i);
        if (!bytes || PyList_Append(list, bytes) != 0) return NULL;
    }
    return list ? PyList_AsTuple(list) : NULL;
}

static PyObject *dump_children(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    LF_OWNED PyObject *list = PyList_New(0);
    for (int64_t i = 0; list && i < schema->n_children; i++) {
        LF_OWNED PyObject *child = dump_array(schema->children[i], array->children[i]);
        if (!child || PyList_Append(list, child) != 0) return NULL;
    }
    return list ? PyList_AsTuple(list) : NULL;
}

/* Metadata as Arrow lays it out: a count, then key and value with their lengths. */
static PyObject *dump_metadata(const char *metadata)
{
    if (!metadata) return Py_NewRef(Py_None);
    int32_t pairs, length;
    size_t at = sizeof pairs;
    memcpy(&pairs, metadata, sizeof pairs);
    for (int64_t i = 0; i < 2 * (int64_t)pairs; i++) {
        memcpy(&length, metadata + at, sizeof length);
        at += sizeof length + (size_t)length;
    }
    return PyBytes_FromStringAndSize(metadata, (Py_ssize_t)at);
}

static PyObject *dump_array(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    LF_OWNED PyObject *buffers = dump_buffers(schema, array), *children = buffers ? dump_children(schema, array) : NULL;
    LF_OWNED PyObject *metadata = children ? dump_metadata(schema->metadata) : NULL, *words = NULL;
    if (!metadata) return NULL;
    words = schema->dictionary ? dump_array(schema->dictionary, array->dictionary) : Py_NewRef(Py_None);
    if (!words) return NULL;
    long long offset = array->length ? array->offset : 0, length = array->length, nulls = array->null_count;
    return Py_BuildValue("(ssOLLLLOOO)", schema->format, schema->name ? schema->name : "", metadata, (long long)schema->flags,
                         offset, length, nulls, buffers, children, words);
}

typedef struct exported { struct ArrowArray array; struct ArrowSchema schema; } exported;

static void drop_exported(exported *e)
{
    if (e->array.release) e->array.release(&e->array);
    if (e->schema.release) e->schema.release(&e->schema);
}

static bool export_frame(lf_module *m, PyObject *object, exported *out)
{
    lf_frame *frame = lf_frame_of(m, object);
    fr_arrow_args how = { .size_ = sizeof how, .large_text = true };
    if (!frame) return false;
    if (fr_length(frame->frame) < 0) return PyErr_SetString(PyExc_ValueError, "a scan has no rows yet: collect() it"), false;
    if (fr_frame_export_arrow_array(frame->frame, &out->array, &out->schema, &how) == FR_ERR_OK) return true;
    *out = (exported){ .array = { .release = NULL } };
    return PyErr_NoMemory(), false;
}

static PyObject *dump(PyObject *module, PyObject *object)
{
    LF_CLEANUP(drop_exported) exported e = { .array = { .release = NULL } };
    return export_frame(lf_state(module), object, &e) ? dump_array(&e.schema, &e.array) : NULL;
}

/* ---- loading -------------------------------------------------------------------------------------------------------- */
typedef struct loaded {
    PyObject            *dumped;          /* owned: the texts and buffers lie in it                                   */
    const void          *buffers[3];
    struct ArrowArray   *arrays, **array_list, *array_words;
    struct ArrowSchema  *schemas, **schema_list, *schema_words;
} loaded;

static void free_loaded(loaded *l)
{
    free(l->arrays), free(l->array_list), free(l->array_words);
    free(l->schemas), free(l->schema_list), free(l->schema_words);
    Py_XDECREF(l->dumped);
    free(l);
}

/* The last column that uses the memory may go in a thread of the library. */
static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release) array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release) array->dictionary->release(array->dictionary);
    PyGILState_STATE held = PyGILState_Ensure();
    free_loaded(array->private_data);
    PyGILState_Release(held);
    array->release = NULL;
}

/* Schemas share the block of their arrays' Python objects, so they are only emptied; the arrays keep all alive. */
static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static bool damaged(const char *what)
{
    PyErr_Format(PyExc_ValueError, "a damaged pickle: %s", what);
    return false;
}

static bool load_buffer(loaded *l, const char *format, int64_t i, int64_t n, PyObject *bytes)
{
    if (bytes == Py_None) return i == 0 || damaged("a buffer is missing");
    char *at;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(bytes, &at, &size) != 0) return false;
    if (size < buffer_bytes(format, i, n, l->buffers[1])) return damaged("a buffer is too short");
    if (i == 1 && n == 0 && has_offsets(format) && size < 8) return damaged("a buffer is too short");
    l->buffers[i] = at;
    return true;
}

static bool load_array(PyObject *dumped, struct ArrowSchema *schema, struct ArrowArray *array, int depth);

static bool load_children(loaded *l, PyObject *children, struct ArrowSchema *schema, struct ArrowArray *array, int depth)
{
    size_t n = (size_t)PyTuple_Size(children);
    l->arrays = calloc(n + 1, sizeof *l->arrays), l->array_list = calloc(n + 1, sizeof *l->array_list);
    l->schemas = calloc(n + 1, sizeof *l->schemas), l->schema_list = calloc(n + 1, sizeof *l->schema_list);
    if (!l->arrays || !l->array_list || !l->schemas || !l->schema_list) return PyErr_NoMemory(), false;
    array->children = l->array_list, schema->children = l->schema_list;
    for (size_t i = 0; i < n; i++) {
        l->array_list[i] = &l->arrays[i], l->schema_list[i] = &l->schemas[i];
        array->n_children = schema->n_children = (int64_t)i + 1;
        if (!load_array(PyTuple_GetItem(children, (Py_ssize_t)i), &l->schemas[i], &l->arrays[i], depth)) return false;
    }
    return true;
}

static bool load_words(loaded *l, PyObject *words, struct ArrowSchema *schema, struct ArrowArray *array, int depth)
{
    if (words == Py_None) return true;
    l->array_words = calloc(1, sizeof *l->array_words), l->schema_words = calloc(1, sizeof *l->schema_words);
    if (!l->array_words || !l->schema_words) return PyErr_NoMemory(), false;
    array->dictionary = l->array_words, schema->dictionary = l->schema_words;
    return load_array(words, l->schema_words, l->array_words, depth);
}

/* Metadata says how long it is in its own words: walk it within its bytes. */
static bool load_metadata(PyObject *metadata, struct ArrowSchema *schema)
{
    char *at;
    Py_ssize_t size, used = 4;
    int32_t pairs, length;
    if (metadata == Py_None) return true;
    if (PyBytes_AsStringAndSize(metadata, &at, &size) != 0) return false;
    if (size < 4) return damaged("metadata");
    memcpy(&pairs, at, sizeof pairs);
    for (int64_t i = 0; i < 2 * (int64_t)pairs; i++) {
        if (used + 4 > size) return damaged("metadata");
        memcpy(&length, at + used, sizeof length);
        used += 4 + (Py_ssize_t)length;
        if (length < 0 || used > size) return damaged("metadata");
    }
    schema->metadata = at;
    return pairs >= 0 || damaged("metadata");
}

static bool load_array(PyObject *dumped, struct ArrowSchema *schema, struct ArrowArray *array, int depth)
{
    const char *format, *name;
    PyObject *metadata, *buffers, *children, *words;
    long long flags, offset, length, nulls;
    if (!PyTuple_Check(dumped) || depth > 256) return damaged("a tree of columns");
    if (!PyArg_ParseTuple(dumped, "ssOLLLLO!O!O", &format, &name, &metadata, &flags, &offset, &length, &nulls, &PyTuple_Type,
                          &buffers, &PyTuple_Type, &children, &words)) return false;
    if (offset < 0 || length < 0 || length > INT64_MAX / 512 || offset > INT64_MAX / 512) return damaged("lengths");
    if (!is_known(format) || PyTuple_Size(buffers) != n_buffers(format)) return damaged("types");
    loaded *l = calloc(1, sizeof *l);
    if (!l) return PyErr_NoMemory(), false;
    l->dumped = Py_NewRef(dumped);
    *schema = (struct ArrowSchema){ .format = format, .name = name, .flags = flags, .release = release_schema };
    *array = (struct ArrowArray){ .length = length, .null_count = nulls, .offset = offset, .n_buffers = PyTuple_Size(buffers),
                                  .buffers = l->buffers, .release = release_array, .private_data = l };
    for (Py_ssize_t i = 0; i < PyTuple_Size(buffers); i++)
        if (!load_buffer(l, format, i, offset + length, PyTuple_GetItem(buffers, i))) return false;
    return load_metadata(metadata, schema) && load_children(l, children, schema, array, depth + 1) &&
           load_words(l, words, schema, array, depth + 1);
}

static void *import_work(void *state, fr_context *context)
{
    exported *e = state;
    return fr_frame_import_arrow_array(&e->array, &e->schema, context);
}

static PyObject *load(PyObject *module, PyObject *dumped)
{
    lf_module *m = lf_state(module);
    LF_CLEANUP(drop_exported) exported e = { .array = { .release = NULL } };
    if (!load_array(dumped, &e.schema, &e.array, 0)) return NULL;
    return lf_run_frame(m, (lf_context *)m->context, &(lf_work){ .run = import_work, .state = &e, .once = true });
}

/* ---- bits as bytes, for NumPy: of the only column of a frame ------------------------------------------------------------ */
static PyObject *unpacked(const unsigned char *bits, int64_t first, int64_t n)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)n);
    char *at = bytes ? PyBytes_AsString(bytes) : NULL;
    if (!at) return NULL;
    for (int64_t i = 0; i < n; i++) at[i] = !bits || (bits[(first + i) / 8] >> ((first + i) % 8) & 1);
    return bytes;
}

static PyObject *bits_of(PyObject *module, PyObject *object, int64_t buffer)
{
    LF_CLEANUP(drop_exported) exported e = { .array = { .release = NULL } };
    if (!export_frame(lf_state(module), object, &e)) return NULL;
    const struct ArrowArray *array = e.array.n_children == 1 ? e.array.children[0] : NULL;
    if (array && array->n_buffers > buffer) return unpacked(array->buffers[buffer], array->offset, array->length);
    PyErr_SetString(PyExc_ValueError, "a frame of one column expected");
    return NULL;
}

static PyObject *valid_bytes(PyObject *module, PyObject *object) { return bits_of(module, object, 0); }
static PyObject *bool_bytes(PyObject *module, PyObject *object) { return bits_of(module, object, 1); }

PyMethodDef lf_dump_functions[] = {
    { "dump", dump, METH_O, "dump(frame): its columns as a tree of bytes." },
    { "load", load, METH_O, "load(tree): the frame that was dumped." },
    { "valid_bytes", valid_bytes, METH_O, "valid_bytes(frame): one byte a row of its only column, 0 for null." },
    { "bool_bytes", bool_bytes, METH_O, "bool_bytes(frame): one byte a row of its only column, which is bool." },
    { NULL, NULL, 0, NULL },
};
