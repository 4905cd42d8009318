/* lf_shape.c — shapes: a small tree of types, from and to Arrow schemas. */
#include "lf_shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

lf_shape *lf_shape_new(void)
{
    lf_shape *shape = calloc(1, sizeof *shape);
    if (!shape) PyErr_NoMemory();
    return shape;
}

void lf_shape_free(lf_shape *shape)
{
    if (!shape) return;
    for (size_t i = 0; i < shape->n_fields; i++) {
        lf_shape_free(shape->fields[i]);
        Py_XDECREF(shape->names[i]);
    }
    free(shape->fields);
    free(shape->names);
    free(shape);
}

static bool more_fields(lf_shape *shape)
{
    if (shape->n_fields < shape->room) return true;
    size_t room = shape->room ? 2 * shape->room : 4;
    lf_shape **fields = realloc(shape->fields, room * sizeof *fields);
    if (fields) shape->fields = fields;
    PyObject **names = realloc(shape->names, room * sizeof *names);
    if (names) shape->names = names;
    if (!fields || !names) return PyErr_NoMemory(), false;
    shape->room = room;
    return true;
}

lf_shape *lf_shape_add(lf_shape *shape, PyObject *name)
{
    lf_shape *field = more_fields(shape) ? lf_shape_new() : NULL;
    if (!field) return NULL;
    shape->fields[shape->n_fields] = field;
    shape->names[shape->n_fields++] = Py_XNewRef(name);
    return field;
}

lf_shape *lf_shape_field(const lf_shape *shape, PyObject *name)
{
    for (size_t i = 0; i < shape->n_fields; i++)
        if (shape->names[i] == name || PyUnicode_Compare(shape->names[i], name) == 0) return shape->fields[i];
    return NULL;
}

/* ---- from Arrow: the formats that libframe exports ------------------------------------------------------------------- */
static const struct { const char *format; fr_kind kind; } plain[] = {
    { "n", FR_NULL }, { "b", FR_BOOL }, { "c", FR_I8 },   { "s", FR_I16 },  { "i", FR_I32 },    { "l", FR_I64 },
    { "C", FR_U8 },   { "S", FR_U16 },  { "I", FR_U32 },  { "L", FR_U64 },  { "f", FR_F32 },    { "g", FR_F64 },
    { "U", FR_STR },  { "Z", FR_BINARY }, { "vu", FR_STR }, { "vz", FR_BINARY }, { "u", FR_STR }, { "z", FR_BINARY },
    { "tdD", FR_DATE }, { "+L", FR_LIST }, { "+s", FR_STRUCT },
};

static fr_unit unit_of(char letter) { return letter == 's' ? FR_S : letter == 'm' ? FR_MS : letter == 'n' ? FR_NS : FR_US; }

static bool read_format(const char *format, lf_shape *out)
{
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (!strcmp(format, plain[i].format)) return out->kind = plain[i].kind, true;
    if (format[0] == 'd' && sscanf(format, "d:%d,%d", &out->precision, &out->scale) == 2) return out->kind = FR_DECIMAL, true;
    if (format[0] != 't' || strlen(format) < 3) return false;
    out->kind = format[1] == 't' ? FR_TIME : format[1] == 's' ? FR_DATETIME : FR_DURATION;
    out->unit = unit_of(format[2]);
    if (out->kind == FR_DATETIME && format[3] == ':') snprintf(out->zone, sizeof out->zone, "%s", format + 4);
    return true;
}

bool lf_shape_read(const struct ArrowSchema *schema, lf_shape *out)
{
    if (schema->dictionary) return out->kind = FR_CAT, true;
    if (!read_format(schema->format, out)) {
        PyErr_Format(PyExc_TypeError, "no column can be made of the Arrow type '%s'", schema->format);
        return false;
    }
    for (int64_t i = 0; i < schema->n_children; i++) {
        LF_OWNED PyObject *name = PyUnicode_FromString(schema->children[i]->name ? schema->children[i]->name : "");
        lf_shape *field = name ? lf_shape_add(out, name) : NULL;
        if (!field || !lf_shape_read(schema->children[i], field)) return false;
    }
    return true;
}

/* ---- to Arrow ------------------------------------------------------------------------------------------------------- */
typedef struct written {
    char                 format[96];
    char                *name;
    struct ArrowSchema  *children;
    struct ArrowSchema **list;
} written;

void lf_release_schema(struct ArrowSchema *schema)
{
    written *w = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (w->children[i].release) w->children[i].release(&w->children[i]);
    free(w->name);
    free(w->children);
    free(w->list);
    free(w);
    schema->release = NULL;
}

static void write_format(const lf_shape *shape, char *out, size_t n)
{
    static const char units[] = { [FR_US] = 'u', [FR_S] = 's', [FR_MS] = 'm', [FR_NS] = 'n' };
    const char *format = "n";
    switch (shape->kind) {
    case FR_DECIMAL: snprintf(out, n, "d:%d,%d", shape->precision, shape->scale); return;
    case FR_TIME: snprintf(out, n, "tt%c", units[shape->unit]); return;
    case FR_DURATION: snprintf(out, n, "tD%c", units[shape->unit]); return;
    case FR_DATETIME: snprintf(out, n, "ts%c:%s", units[shape->unit], shape->zone); return;
    default: break;
    }
    fr_kind kind = shape->kind == FR_CAT ? FR_STR : shape->kind;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (plain[i].kind == kind) {
            format = plain[i].format;
            break;
        }
    snprintf(out, n, "%s", format);
}

static bool write_children(const lf_shape *shape, written *w, struct ArrowSchema *out)
{
    if (!shape->n_fields) return true;
    w->children = calloc(shape->n_fields, sizeof *w->children);
    w->list = calloc(shape->n_fields, sizeof *w->list);
    if (!w->children || !w->list) return PyErr_NoMemory(), false;
    out->children = w->list;
    for (size_t i = 0; i < shape->n_fields; i++) {
        w->list[i] = &w->children[i];
        if (!lf_shape_write(shape->fields[i], shape->names[i], &w->children[i])) return false;
        out->n_children = (int64_t)i + 1;
    }
    return true;
}

bool lf_shape_write(const lf_shape *shape, PyObject *name, struct ArrowSchema *out)
{
    const char *text = "item";
    *out = (struct ArrowSchema){ .release = NULL };
    if (name && !lf_text(name, "a column's name", &text)) return false;
    written *w = calloc(1, sizeof *w);
    if (!w || !(w->name = strdup(text))) {
        free(w);
        return PyErr_NoMemory(), false;
    }
    write_format(shape, w->format, sizeof w->format);
    *out = (struct ArrowSchema){ .format = w->format, .name = w->name, .flags = ARROW_FLAG_NULLABLE,
                                 .release = lf_release_schema, .private_data = w };
    if (write_children(shape, w, out)) return true;
    lf_release_schema(out);
    return false;
}
