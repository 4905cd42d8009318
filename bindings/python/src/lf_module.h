/* lf_module.h — what the files of the extension share: its state, its four types, and running work without the GIL.
 *
 * The extension libframe._core is thin: it moves values between Python and the public C interface and knows no rules of
 * its own. What a Python user sees (DataFrame, Column, Scan, Steps) is written in Python around the handles made here.
 */
#ifndef LF_MODULE_H
#define LF_MODULE_H

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <frame/frame.h>

/* ---- state of the module ------------------------------------------------------------------------------------------ */
typedef struct lf_module {
    PyTypeObject *context_type, *frame_type, *steps_type;
    PyObject *errors;                 /* libframe._errors.raising: (code, errno, text, hint) → exception             */
    PyObject *context;                /* the Context of what names none                                               */
    PyObject *date, *time, *datetime, *timedelta, *utc, *zone_info, *decimal, *from_ordinal;
} lf_module;

/* ---- handles ------------------------------------------------------------------------------------------------------ */
/* A context that outlives interrupts: fr_context_cancel is for good, so an interrupted one is replaced by its like. */
typedef struct lf_context {
    PyObject_HEAD
    fr_context     *current;          /* owned                                                                        */
    fr_context_args args;
    int             ended;            /* cancel() was called: stays cancelled                                         */
} lf_context;

typedef struct lf_frame {
    PyObject_HEAD
    fr_frame   *frame;                /* owned, never in error state                                                  */
    lf_context *context;              /* owned                                                                        */
    fr_context *home;                 /* the C context the frame lives under; kept alive by the frame                 */
} lf_frame;

typedef struct lf_steps {
    PyObject_HEAD
    fr_steps *steps;                  /* owned, never in error state                                                  */
} lf_steps;

#define LF_OWNED __attribute__((cleanup(lf_drop)))       /* LF_OWNED PyObject *name = …; */
static inline void lf_drop(PyObject **slot) { Py_XDECREF(*slot); }

/* In long loops that hold the GIL: false when a signal's handler raised. */
static inline bool lf_go_on(int64_t i) { return (i & 0xffff) != 0xffff || PyErr_CheckSignals() == 0; }

#define LF_CLEANUP(function) __attribute__((cleanup(function)))

/* Hand an owned object out of its scope. */
static inline PyObject *lf_take(PyObject **slot)
{
    PyObject *object = *slot;
    *slot = NULL;
    return object;
}

lf_module *lf_state(PyObject *module);
PyObject *lf_frame_new(lf_module *m, fr_frame *frame, lf_context *context, fr_context *home);   /* takes frame over */
lf_frame *lf_frame_of(lf_module *m, PyObject *object);                                          /* lent; TypeError  */
lf_context *lf_context_of(lf_module *m, PyObject *object);                                      /* None: the default */

/* ---- errors ------------------------------------------------------------------------------------------------------- */
/* Raise the error that an object carries. Returns NULL, for `return lf_raise(…)`. */
PyObject *lf_raise(lf_module *m, const void *object);

/* ---- work without the GIL ----------------------------------------------------------------------------------------- */
/* One piece of work: called without the GIL, perhaps again under a new context when somebody else's interrupt ended it. */
typedef struct lf_work {
    void *(*run)(void *state, fr_context *context);       /* an owned object of libframe                              */
    void *state;
    bool  once;                                           /* cannot be run twice: what it reads is used up            */
} lf_work;

/* Run it; an interrupt stops it within 50 ms. Returns an object without error and the context it ran under, or NULL with
 * an exception set. */
void *lf_run(lf_module *m, lf_context *context, const lf_work *work, fr_context **home);

/* The same for work whose result is a frame. */
PyObject *lf_run_frame(lf_module *m, lf_context *context, const lf_work *work);

/* The frame as it lives under `context`, owned. */
fr_frame *lf_at_home(const lf_frame *frame, fr_context *context);

/* ---- values and options (lf_option.c) ----------------------------------------------------------------------------- */
bool lf_value(lf_module *m, PyObject *object, fr_value *out);                 /* texts are lent by `object`           */
bool lf_text(PyObject *object, const char *what, const char **out);           /* no NUL, no lone surrogates           */
bool lf_options(lf_module *m, const fr_option_info *options, size_t n, PyObject *values, void *args);
void lf_options_clear(const fr_option_info *options, size_t n, void *args);
PyObject *lf_options_list(const fr_option_info *options, size_t n);           /* as Python data                       */

/* ---- arrow (lf_capsule.c, lf_shape.c, lf_infer.c, lf_build.c, lf_read.c) ------------------------------------------- */
void lf_release_array(struct ArrowArray *array);
void lf_release_schema(struct ArrowSchema *schema);
bool lf_stream_of_column(const struct ArrowArrayStream *stream, struct ArrowArrayStream *out);   /* false: no memory  */

/* ---- functions and types of the module ------------------------------------------------------------------------------ */
extern PyType_Spec lf_context_spec, lf_frame_spec, lf_steps_spec;
extern PyMethodDef lf_verb_functions[], lf_io_functions[], lf_capsule_functions[], lf_build_functions[],
    lf_dump_functions[];

#endif
