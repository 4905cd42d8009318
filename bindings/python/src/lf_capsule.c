/* lf_capsule.c — frames to and from other libraries by the Arrow PyCapsule interface.
 *
 * A capsule holds one C struct; whoever takes it moves the struct out and leaves a released one behind, so a capsule can
 * be used once. A capsule that nobody took releases what it holds when it dies.
 */
#include "lf_module.h"

#include <stdlib.h>
#include <string.h>

static const char *const stream_name = "arrow_array_stream", *const array_name = "arrow_array", *const schema_name = "arrow_schema";

/* ---- capsules ------------------------------------------------------------------------------------------------------- */
static void drop_stream(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, stream_name);
    if (stream && stream->release) stream->release(stream);
    free(stream);
}

static void drop_array(PyObject *capsule)
{
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, array_name);
    if (array && array->release) array->release(array);
    free(array);
}

static void drop_schema(PyObject *capsule)
{
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, schema_name);
    if (schema && schema->release) schema->release(schema);
    free(schema);
}

static PyObject *array_capsule(struct ArrowArray *array)
{
    PyObject *capsule = PyCapsule_New(array, array_name, drop_array);
    if (!capsule && array->release) array->release(array);
    if (!capsule) free(array);
    return capsule;
}

static PyObject *schema_capsule(struct ArrowSchema *schema)
{
    PyObject *capsule = PyCapsule_New(schema, schema_name, drop_schema);
    if (!capsule && schema->release) schema->release(schema);
    if (!capsule) free(schema);
    return capsule;
}

static PyObject *failed(lf_module *m, const lf_frame *frame)
{
    if (fr_length(frame->frame) < 0) PyErr_SetString(PyExc_ValueError, "a scan has no rows yet: collect() it");
    else if (fr_ok(frame->frame)) PyErr_NoMemory();
    else lf_raise(m, frame->frame);
    return NULL;
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */
/* export_stream(frame, large_text, batch_rows) */
static PyObject *export_stream(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *object;
    int large;
    long long rows;
    if (!PyArg_ParseTuple(args, "OpL:export_stream", &object, &large, &rows)) return NULL;
    lf_frame *frame = lf_frame_of(m, object);
    struct ArrowArrayStream *stream = frame ? calloc(1, sizeof *stream) : NULL;
    if (!stream) return frame ? PyErr_NoMemory() : NULL;
    fr_arrow_args how = { .size_ = sizeof how, .batch_rows = rows, .large_text = large };
    if (fr_length(frame->frame) < 0 || fr_frame_export_arrow(frame->frame, stream, &how) != FR_ERR_OK) {
        free(stream);
        return failed(m, frame);
    }
    PyObject *capsule = PyCapsule_New(stream, stream_name, drop_stream);
    if (!capsule) {
        stream->release(stream);
        free(stream);
    }
    return capsule;
}

typedef struct exporting {
    const lf_frame     *frame;
    struct ArrowArray  *array;
    struct ArrowSchema *schema;
} exporting;

/* The only child of a struct array, with the rest released: children may be moved out, says the interface. */
static void keep_only_child(exporting *e)
{
    struct ArrowArray array = *e->array->children[0];
    struct ArrowSchema schema = *e->schema->children[0];
    e->array->children[0]->release = NULL;
    e->schema->children[0]->release = NULL;
    e->array->release(e->array);
    e->schema->release(e->schema);
    *e->array = array;
    *e->schema = schema;
}

/* export_array(frame, large_text, column) → (schema capsule, array capsule); column: of a frame of one column only that */
static PyObject *export_array(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *object;
    int large, column;
    if (!PyArg_ParseTuple(args, "Opp:export_array", &object, &large, &column)) return NULL;
    exporting e = { .frame = lf_frame_of(m, object) };
    if (!e.frame) return NULL;
    e.array = calloc(1, sizeof *e.array);
    e.schema = calloc(1, sizeof *e.schema);
    fr_arrow_args how = { .size_ = sizeof how, .large_text = large };
    fr_code code = FR_ERR_MEMORY;
    Py_BEGIN_ALLOW_THREADS                  /* text that is held as codes is written out */
    if (e.array && e.schema) code = fr_frame_export_arrow_array(e.frame->frame, e.array, e.schema, &how);
    Py_END_ALLOW_THREADS
    if (code != FR_ERR_OK) {
        free(e.array);
        free(e.schema);
        return failed(m, e.frame);
    }
    if (column && e.array->n_children == 1) keep_only_child(&e);
    LF_OWNED PyObject *array = array_capsule(e.array), *schema = schema_capsule(e.schema);
    return array && schema ? PyTuple_Pack(2, schema, array) : NULL;
}

/* export_schema(frame, large_text) */
static PyObject *export_schema(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *object;
    int large;
    if (!PyArg_ParseTuple(args, "Op:export_schema", &object, &large)) return NULL;
    lf_frame *frame = lf_frame_of(m, object);
    fr_auto(schema) schema = frame ? fr_schema_of(frame->frame) : NULL;
    if (!schema) return NULL;
    if (!fr_ok(schema)) return lf_raise(m, schema);
    struct ArrowSchema *out = calloc(1, sizeof *out);
    if (!out) return PyErr_NoMemory();
    fr_arrow_args how = { .size_ = sizeof how, .large_text = large };
    if (fr_schema_export_arrow(schema, out, &how) == FR_ERR_OK) return schema_capsule(out);
    free(out);
    return PyErr_NoMemory();
}

/* Whether a consumer asks for text without views: any u, U, z, Z among the formats of its schema. */
static bool asks_for_plain_text(const struct ArrowSchema *schema, int depth)
{
    if (!schema || !schema->format || depth > 64) return false;
    if (strlen(schema->format) == 1 && strchr("uUzZ", schema->format[0])) return true;
    for (int64_t i = 0; schema->children && i < schema->n_children; i++)
        if (asks_for_plain_text(schema->children[i], depth + 1)) return true;
    return false;
}

static PyObject *wants_plain_text(PyObject *module, PyObject *capsule)
{
    (void)module;
    if (capsule == Py_None) Py_RETURN_FALSE;
    const struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, schema_name);
    if (!schema) return NULL;
    return PyBool_FromLong(schema->release && asks_for_plain_text(schema, 0));
}

/* ---- in ------------------------------------------------------------------------------------------------------------- */
static void *import_stream_work(void *state, fr_context *context) { return fr_frame_import_arrow(state, context); }

static PyObject *used_up(void)
{
    PyErr_SetString(PyExc_ValueError, "this Arrow capsule has been used or released already");
    return NULL;
}

/* import_stream(capsule, context, as_column): a stream of structs is a table, or one column when it is to be a column */
static PyObject *import_stream(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *capsule, *context;
    int as_column = 0;
    if (!PyArg_ParseTuple(args, "OO|p:import_stream", &capsule, &context, &as_column)) return NULL;
    lf_context *under = lf_context_of(m, context);
    struct ArrowArrayStream *stream = under ? PyCapsule_GetPointer(capsule, stream_name) : NULL;
    if (!stream) return NULL;
    if (!stream->release) return used_up();
    if (!stream->get_schema || !stream->get_next || !stream->get_last_error) {
        PyErr_SetString(PyExc_ValueError, "an Arrow stream without its functions");
        return NULL;
    }
    struct ArrowArrayStream moved;
    if (!as_column) moved = *stream;
    else if (!lf_stream_of_column(stream, &moved)) return PyErr_NoMemory();
    stream->release = NULL;
    return lf_run_frame(m, under, &(lf_work){ .run = import_stream_work, .state = &moved, .once = true });
}

typedef struct pair { struct ArrowArray array; struct ArrowSchema schema; } pair;

static void *import_array_work(void *state, fr_context *context)
{
    pair *p = state;
    return fr_frame_import_arrow_array(&p->array, &p->schema, context);
}

/* import_array(schema capsule, array capsule, context) */
static PyObject *import_array(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *described, *given, *context;
    if (!PyArg_ParseTuple(args, "OOO:import_array", &described, &given, &context)) return NULL;
    lf_context *under = lf_context_of(m, context);
    struct ArrowSchema *schema = under ? PyCapsule_GetPointer(described, schema_name) : NULL;
    struct ArrowArray *array = schema ? PyCapsule_GetPointer(given, array_name) : NULL;
    if (!array) return NULL;
    if (!schema->release || !array->release) return used_up();
    pair p = { .array = *array, .schema = *schema };
    array->release = NULL;
    schema->release = NULL;
    return lf_run_frame(m, under, &(lf_work){ .run = import_array_work, .state = &p, .once = true });
}

extern PyObject *lf_pylist(PyObject *module, PyObject *args);

PyMethodDef lf_capsule_functions[] = {
    { "export_stream", export_stream, METH_VARARGS, "export_stream(frame, large_text, batch_rows)" },
    { "export_array", export_array, METH_VARARGS, "export_array(frame, large_text, only child)" },
    { "export_schema", export_schema, METH_VARARGS, "export_schema(frame, large_text)" },
    { "wants_plain_text", wants_plain_text, METH_O, "Whether a requested schema asks for text without views." },
    { "import_stream", import_stream, METH_VARARGS, "import_stream(capsule, context, as_column=False)" },
    { "import_array", import_array, METH_VARARGS, "import_array(schema, array, context)" },
    { "pylist", lf_pylist, METH_VARARGS, "pylist(array capsules, first, n)" },
    { NULL, NULL, 0, NULL },
};
