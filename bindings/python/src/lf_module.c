/* lf_module.c — libframe._core: making the module, its types and its state.
 *
 * Multi-phase initialisation, no static types, nothing file-scope that changes (but for the interrupt of lf_run.c, which
 * belongs to the process), so that several interpreters of one process each have a module of their own.
 */
#include "lf_module.h"

lf_module *lf_state(PyObject *module) { return PyModule_GetState(module); }

/* ---- what the module needs of Python -------------------------------------------------------------------------------- */
static PyObject *attribute(const char *module, const char *name)
{
    LF_OWNED PyObject *from = PyImport_ImportModule(module);
    return from ? PyObject_GetAttrString(from, name) : NULL;
}

static bool import_names(lf_module *m)
{
    LF_OWNED PyObject *zones = NULL;
    return (m->errors = attribute("libframe._errors", "raising")) && (m->date = attribute("datetime", "date")) &&
           (m->time = attribute("datetime", "time")) && (m->datetime = attribute("datetime", "datetime")) &&
           (m->timedelta = attribute("datetime", "timedelta")) && (zones = attribute("datetime", "timezone")) &&
           (m->utc = PyObject_GetAttrString(zones, "utc")) && (m->zone_info = attribute("libframe._zone", "zone_of")) &&
           (m->decimal = attribute("decimal", "Decimal")) && (m->from_ordinal = PyObject_GetAttrString(m->date, "fromordinal"));
}

static bool add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **out)
{
    *out = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    return *out && PyModule_AddType(module, *out) == 0;
}

static bool add_functions(PyObject *module)
{
    PyMethodDef *const functions[] = { lf_verb_functions, lf_io_functions, lf_capsule_functions, lf_build_functions,
                                       lf_dump_functions };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (PyModule_AddFunctions(module, functions[i]) != 0) return false;
    return true;
}

static int prepare(PyObject *module)
{
    lf_module *m = lf_state(module);
    bool ok = import_names(m) && add_type(module, &lf_context_spec, &m->context_type) &&
              add_type(module, &lf_frame_spec, &m->frame_type) && add_type(module, &lf_steps_spec, &m->steps_type) &&
              (m->context = PyObject_CallNoArgs((PyObject *)m->context_type)) && add_functions(module) &&
              PyModule_AddStringConstant(module, "version", fr_version()) == 0;
    return ok ? 0 : -1;
}

/* ---- its life ----------------------------------------------------------------------------------------------------- */
static int visit_state(PyObject *module, visitproc visit, void *arg)
{
    lf_module *m = lf_state(module);
    Py_VISIT(m->context_type);
    Py_VISIT(m->frame_type);
    Py_VISIT(m->steps_type);
    Py_VISIT(m->errors);
    Py_VISIT(m->context);
    return 0;
}

static int clear_state(PyObject *module)
{
    lf_module *m = lf_state(module);
    PyObject **const objects[] = { &m->errors, &m->context, &m->date, &m->time, &m->datetime, &m->timedelta, &m->utc,
                                   &m->zone_info, &m->decimal, &m->from_ordinal };
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) Py_CLEAR(*objects[i]);
    Py_CLEAR(m->context_type);
    Py_CLEAR(m->frame_type);
    Py_CLEAR(m->steps_type);
    return 0;
}

static void free_state(void *module) { clear_state(module); }

PyMODINIT_FUNC PyInit__core(void);
PyMODINIT_FUNC PyInit__core(void)
{
    static PyModuleDef_Slot slots[] = { { Py_mod_exec, (void *)prepare }, { 0, NULL } };
    static PyModuleDef definition = {
        PyModuleDef_HEAD_INIT,
        .m_name = "libframe._core",
        .m_doc = "libframe's C interface as handles; use the package libframe.",
        .m_size = sizeof(lf_module),
        .m_slots = slots,
        .m_traverse = visit_state,
        .m_clear = clear_state,
        .m_free = free_state,
    };
    return PyModuleDef_Init(&definition);
}
