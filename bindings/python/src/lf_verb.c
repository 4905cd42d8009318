/* lf_verb.c — running verbs and stored steps.
 *
 * A verb is named by its place in the table and its options come as one tuple in the table's order, so that the method a
 * user calls (libframe/_verbs.py) costs one call of this module.
 */
#include "lf_module.h"

#include <stdlib.h>
#include <string.h>

static const fr_verb_info *verb_at(Py_ssize_t index)
{
    size_t n;
    const fr_verb_info *verbs = fr_verb_infos(&n);
    if (index >= 0 && (size_t)index < n) return &verbs[index];
    PyErr_SetString(PyExc_SystemError, "no such verb");
    return NULL;
}

static bool make_step(lf_module *m, const fr_verb_info *verb, PyObject *options, fr_step *step)
{
    return fr_step_init(step, verb->name) && lf_options(m, verb->options, verb->n_options, options, &step->args);
}

/* ---- on frames ------------------------------------------------------------------------------------------------------ */
typedef struct piping { const lf_frame *frame; fr_step steps[2]; } piping;
typedef struct stepping { const lf_frame *frame; const fr_steps *steps; bool explain; } stepping;

static void *run_pipe(void *state, fr_context *context)
{
    piping *p = state;
    fr_auto(frame) frame = lf_at_home(p->frame, context);
    return fr_pipe_steps(frame, p->steps, sizeof(fr_step), NULL, 0);
}

static PyObject *run(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *frame, *options;
    Py_ssize_t index;
    if (!PyArg_ParseTuple(args, "OnO:run", &frame, &index, &options)) return NULL;
    piping p = { .frame = lf_frame_of(m, frame) };
    const fr_verb_info *verb = p.frame ? verb_at(index) : NULL;
    if (!verb) return NULL;
    PyObject *result = NULL;
    if (make_step(m, verb, options, &p.steps[0]))
        result = lf_run_frame(m, p.frame->context, &(lf_work){ .run = run_pipe, .state = &p });
    lf_options_clear(verb->options, verb->n_options, &p.steps[0].args);
    return result;
}

/* All steps of a list as an array that ends with a zero step. */
static fr_step *array_of(const fr_steps *steps)
{
    size_t n = fr_steps_count(steps);
    fr_step *array = calloc(n + 2, sizeof *array);
    for (size_t i = 0; array && i < n; i++) array[i] = *fr_steps_at(steps, i);
    return array;
}

static void *run_stored(void *state, fr_context *context)
{
    stepping *s = state;
    fr_auto(frame) frame = s->frame ? lf_at_home(s->frame, context) : NULL;
    if (!s->explain) return fr_run(frame, s->steps);
    fr_step *array = array_of(s->steps);
    fr_frame *plan = fr_explain_steps(frame, array, sizeof *array, NULL, 0);
    free(array);
    return plan;
}

static lf_steps *steps_of(lf_module *m, PyObject *object)
{
    if (Py_IS_TYPE(object, m->steps_type)) return (lf_steps *)object;
    PyErr_Format(PyExc_TypeError, "steps expected, not %R", object);
    return NULL;
}

/* run_steps(frame or None, steps, explain): None stands for the input that a job names. */
static PyObject *run_steps(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *frame, *steps;
    int explain = 0;
    if (!PyArg_ParseTuple(args, "OO|p:run_steps", &frame, &steps, &explain)) return NULL;
    const lf_frame *given = frame == Py_None ? NULL : lf_frame_of(m, frame);
    lf_steps *stored = given || frame == Py_None ? steps_of(m, steps) : NULL;
    if (!stored) return NULL;
    stepping s = { .frame = given, .steps = stored->steps, .explain = explain };
    return lf_run_frame(m, given ? given->context : (lf_context *)m->context, &(lf_work){ .run = run_stored, .state = &s });
}

static void *run_collect(void *state, fr_context *context)
{
    fr_auto(frame) frame = lf_at_home(state, context);
    return fr_collect(frame);
}

static PyObject *collect(PyObject *module, PyObject *object)
{
    lf_module *m = lf_state(module);
    lf_frame *frame = lf_frame_of(m, object);
    return frame ? lf_run_frame(m, frame->context, &(lf_work){ .run = run_collect, .state = frame }) : NULL;
}

/* ---- stored steps --------------------------------------------------------------------------------------------------- */
/* Takes steps over. */
static PyObject *steps_new(lf_module *m, fr_steps *steps)
{
    fr_auto(steps) owned = steps;
    if (!fr_ok(owned)) return lf_raise(m, owned);
    allocfunc allocate = (allocfunc)PyType_GetSlot(m->steps_type, Py_tp_alloc);
    lf_steps *self = (lf_steps *)allocate(m->steps_type, 0);
    if (self) self->steps = fr_steal(owned);
    return (PyObject *)self;
}

static void free_steps(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    fr_unref(((lf_steps *)object)->steps);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* steps_with(steps or None, verb, options): one more step; with no verb (-1) the empty list. */
static PyObject *steps_with(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *before, *options;
    Py_ssize_t index;
    if (!PyArg_ParseTuple(args, "OnO:steps_with", &before, &index, &options)) return NULL;
    lf_steps *given = before == Py_None ? NULL : steps_of(m, before);
    if (!given && before != Py_None) return NULL;
    const fr_verb_info *verb = index < 0 ? NULL : verb_at(index);
    if (index >= 0 && !verb) return NULL;
    size_t n = given ? fr_steps_count(given->steps) : 0;
    fr_step *array = array_of(given ? given->steps : NULL), *last = array ? &array[n] : NULL;
    if (!array) return PyErr_NoMemory();
    bool ok = !verb || make_step(m, verb, options, last);
    PyObject *result = ok ? steps_new(m, fr_steps_make(array, sizeof *array, NULL, 0)) : NULL;
    if (verb) lf_options_clear(verb->options, verb->n_options, &last->args);
    free(array);
    return result;
}

/* steps_join(a, b): the steps of both. */
static PyObject *steps_join(PyObject *module, PyObject *args)
{
    lf_module *m = lf_state(module);
    PyObject *one, *other;
    if (!PyArg_ParseTuple(args, "OO:steps_join", &one, &other)) return NULL;
    lf_steps *a = steps_of(m, one), *b = a ? steps_of(m, other) : NULL;
    if (!b) return NULL;
    size_t n = fr_steps_count(a->steps), more = fr_steps_count(b->steps);
    fr_step *array = calloc(n + more + 1, sizeof *array);
    if (!array) return PyErr_NoMemory();
    for (size_t i = 0; i < n + more; i++) array[i] = *(i < n ? fr_steps_at(a->steps, i) : fr_steps_at(b->steps, i - n));
    PyObject *result = steps_new(m, fr_steps_make(array, sizeof *array, NULL, 0));
    free(array);
    return result;
}

static PyObject *parse(PyObject *module, PyObject *args, fr_steps *(*reader)(const char *, fr_context *))
{
    lf_module *m = lf_state(module);
    PyObject *object, *context = Py_None;
    const char *text;
    if (!PyArg_ParseTuple(args, "O|O", &object, &context) || !lf_text(object, "steps", &text)) return NULL;
    lf_context *under = lf_context_of(m, context);
    return under ? steps_new(m, reader(text, under->current)) : NULL;
}

static PyObject *parse_chain(PyObject *module, PyObject *args) { return parse(module, args, fr_steps_parse_chain); }
static PyObject *parse_job(PyObject *module, PyObject *args) { return parse(module, args, fr_steps_parse); }

static PyObject *steps_text(PyObject *self, PyObject *unused)
{
    (void)unused;
    const fr_steps *steps = ((lf_steps *)self)->steps;
    size_t n = fr_steps_text(steps, NULL, 0);
    if (!n) {
        PyErr_SetString(PyExc_ValueError, "a frame among the options cannot be written as text: it has lists or structs, or "
                                          "more than a million cells");
        return NULL;
    }
    char *text = malloc(n + 1);
    if (!text) return PyErr_NoMemory();
    fr_steps_text(steps, text, n + 1);
    PyObject *result = PyUnicode_FromStringAndSize(text, (Py_ssize_t)n);
    free(text);
    return result;
}

static PyObject *steps_count(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromSize_t(fr_steps_count(((lf_steps *)self)->steps));
}

/* ---- the table ------------------------------------------------------------------------------------------------------ */
static PyObject *verbs(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    size_t n;
    const fr_verb_info *infos = fr_verb_infos(&n);
    LF_OWNED PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < n; i++) {
        LF_OWNED PyObject *options = lf_options_list(infos[i].options, infos[i].n_options);
        LF_OWNED PyObject *one = options ? Py_BuildValue("(ssO)", infos[i].name, infos[i].doc, options) : NULL;
        if (!one || PyList_Append(list, one) != 0) return NULL;
    }
    return lf_take(&list);
}

PyMethodDef lf_verb_functions[] = {
    { "run", run, METH_VARARGS, "run(frame, verb, options): one verb on a frame." },
    { "run_steps", run_steps, METH_VARARGS, "run_steps(frame or None, steps, explain=False)" },
    { "collect", collect, METH_O, "collect(scan): its rows." },
    { "steps_with", steps_with, METH_VARARGS, "steps_with(steps or None, verb or -1, options): one more step." },
    { "steps_join", steps_join, METH_VARARGS, "steps_join(a, b): the steps of both." },
    { "parse_chain", parse_chain, METH_VARARGS, "parse_chain(text, context=None)" },
    { "parse_job", parse_job, METH_VARARGS, "parse_job(text, context=None)" },
    { "verbs", verbs, METH_NOARGS, "The table of verbs: [(name, doc, [(option, kind, default, doc, words), …]), …]." },
    { NULL, NULL, 0, NULL },
};

static PyMethodDef methods[] = {
    { "text", steps_text, METH_NOARGS, "The steps as the text of a job file." },
    { "count", steps_count, METH_NOARGS, "How many." },
    { NULL, NULL, 0, NULL },
};
static PyType_Slot slots[] = {
    { Py_tp_dealloc, (void *)free_steps },
    { Py_tp_methods, methods },
    { 0, NULL },
};
PyType_Spec lf_steps_spec = { "libframe._core.Steps", sizeof(lf_steps), 0,
                              Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots };
