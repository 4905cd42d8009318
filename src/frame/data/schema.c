/* schema.c — names and types of columns, and finding a name.
 *
 * Names are unique, not empty, valid UTF-8. A small open-addressing table from name to field number makes
 * fr_schema_find one probe on average, which matters for frames of ten thousand columns.
 *
 * A schema with a column more is the same fields and the same table, one further: thousands of steps that each add a
 * column keep one list of names, not one for each.
 *
 *     fields   a  b  c  d  e                 held by the schema that was made with room for them
 *     width       2  3     5                 of three schemas
 *
 * Of a shared table a schema sees what is below its width. What came later took slots that were free then, so for it they
 * still are. Only the longest schema can go on in place, and of two that do so at once one; the other is copied.
 */
#include <string.h>

#include "base/context_state.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/problem.h"
#include "base/suggest.h"
#include "data/frame.h"

static void clear(void *object)
{
    fr_schema *schema = object;
    fr_context *context = schema->object.context;
    fr_object_unref(schema->holder);
    if (schema->holder) return;
    if (schema->fields) fr_fields_free(context, schema->fields, schema->room);
    if (schema->index) fr_free_array(context, schema->index, schema->index_slots, sizeof *schema->index);
}

static const fr_schema no_memory;
const fr_class fr_schema_class = { .name = "schema", .size_bytes = sizeof(fr_schema), .clear = clear,
                                   .out_of_memory = &no_memory };
static const fr_schema no_memory = { .object = FR_IMMORTAL(&fr_schema_class, &fr_no_memory) };

static bool check_name(fr_call *call, const char *name)
{
    size_t n = name ? strlen(name) : 0;
    if (!n) return fr_fail(call, FR_ERR_VALUE, "a column needs a name");
    for (size_t i = 0, step; i < n; i += step) {
        step = fr_character_length(name + i, n - i);
        if (!step)
            return fr_fail(call, FR_ERR_ENCODING, "column name %s is not UTF-8",
                           fr_quoted((fr_room){ 0 }.text, name, n));
    }
    return true;
}

/* The number + 1 of the field in a slot; 0: free, or taken when this schema was there already. */
static size_t field_in(const fr_schema *schema, size_t slot)
{
    const size_t number = atomic_load_explicit(&schema->index[slot], memory_order_relaxed);
    return number <= schema->width ? number : 0;
}

/* The slot where the name is, or the free one where it belongs. */
static size_t probe(const fr_schema *schema, const char *name, size_t n)
{
    const size_t mask = schema->index_slots - 1;
    size_t at = fr_hash_bytes(name, n, fr_context_seed(schema->object.context)) & mask;
    for (size_t number; (number = field_in(schema, at)); at = (at + 1) & mask) {
        const char *known = schema->fields[number - 1].name;
        if (!strncmp(known, name, n) && !known[n]) break;
    }
    return at;
}

static bool fill_index(fr_call *call, fr_schema *schema)
{
    schema->index_slots = 8;
    while (schema->index_slots < 2 * schema->room) schema->index_slots *= 2;
    schema->index = fr_new_array(call, schema->index_slots, sizeof *schema->index);
    if (!schema->index) return false;
    for (size_t i = 0; i < schema->width; i++) {
        const char *name = schema->fields[i].name;
        const size_t slot = probe(schema, name, strlen(name));
        if (field_in(schema, slot))
            return fr_fail_at(call, fr_place_at(.column = name), FR_ERR_VALUE, "two columns are called %s",
                              fr_quoted((fr_room){ 0 }.text, name, strlen(name)));
        atomic_store_explicit(&schema->index[slot], (uint32_t)i + 1, memory_order_relaxed);
    }
    return true;
}

static bool check_width(fr_call *call, size_t n)
{
    const uint64_t most = fr_context_limits(call->context).columns;
    return n <= most || fr_fail(call, FR_ERR_LIMIT, "%zu columns: limits.columns is %llu", n, (unsigned long long)most);
}

/* Of names that were checked. */
static fr_schema *make(fr_call *call, const fr_field *fields, size_t n, size_t room)
{
    FR_OWNED fr_schema *schema = fr_object_new(call, &fr_schema_class);
    if (!schema) return NULL;
    schema->fields = fr_fields_copy(call, fields, n, room);
    if (!schema->fields) return NULL;
    atomic_init(&schema->n_held, n);
    schema->width = n;
    schema->room = room;
    return fill_index(call, schema) ? fr_steal(schema) : NULL;
}

fr_schema *fr_schema_make(fr_call *call, const fr_field *fields, size_t n)
{
    if (!check_width(call, n)) return NULL;
    for (size_t i = 0; i < n; i++)
        if (!check_name(call, fields[i].name)) return NULL;
    return make(call, fields, n, n);
}

int64_t fr_schema_find(const fr_schema *schema, const char *name, size_t n)
{
    return (int64_t)field_in(schema, probe(schema, name, n)) - 1;
}

/* ---- one column more, or another type ------------------------------------------------------------------------------- */
/* A schema that is this one and has room to go on. Owned. */
static fr_schema *with_room(fr_call *call, const fr_schema *schema)
{
    const fr_schema *holder = schema->holder ? schema->holder : schema;
    const size_t width = schema->width;
    const bool can_go_on = width < holder->room && atomic_load(&holder->n_held) == width;
    if (can_go_on && holder->object.context == call->context) return fr_object_ref(schema);
    return make(call, schema->fields, width, width + width / 2 + 8);
}

/* False, with nothing recorded, where another schema went on before. */
static bool claim(fr_schema *holder, size_t width)
{
    return atomic_compare_exchange_strong(&holder->n_held, &width, width + 1);
}

static fr_schema *one_more(fr_call *call, const fr_schema *schema, const fr_field *field, bool *again)
{
    FR_OWNED fr_schema *before = with_room(call, schema);
    FR_OWNED fr_schema *next = before ? fr_object_new(call, &fr_schema_class) : NULL;
    fr_schema *holder = before && before->holder ? before->holder : before;
    fr_field copy;
    if (!next || !fr_field_copy(call, &copy, field)) return NULL;
    *again = !claim(holder, before->width);
    if (*again) return fr_field_clear(call->context, &copy), NULL;
    const size_t n = strlen(copy.name);
    holder->fields[before->width] = copy;
    atomic_store_explicit(&holder->index[probe(before, copy.name, n)], (uint32_t)before->width + 1, memory_order_relaxed);
    next->holder = fr_object_ref(holder);
    next->width = before->width + 1;
    next->fields = holder->fields;
    next->index = holder->index;
    next->index_slots = holder->index_slots;
    return fr_steal(next);
}

static fr_schema *retyped(fr_call *call, const fr_schema *schema, size_t at, const fr_field *field)
{
    FR_OWNED fr_schema *made = make(call, schema->fields, schema->width, schema->width);
    fr_field copy;
    if (!made || !fr_field_copy(call, &copy, field)) return NULL;
    fr_field_clear(call->context, &made->fields[at]);
    made->fields[at] = copy;
    return fr_steal(made);
}

fr_schema *fr_schema_with(fr_call *call, const fr_schema *schema, const char *name, const fr_type *type)
{
    const fr_field field = { .name = name, .type = type, .nullable = true };
    if (!check_name(call, name)) return NULL;
    const int64_t found = fr_schema_find(schema, name, strlen(name));
    const fr_field *before = found < 0 ? NULL : &schema->fields[found];
    if (before && fr_type_equal(before->type, type) && before->nullable && !before->metadata) return fr_object_ref(schema);
    if (before) return retyped(call, schema, (size_t)found, &field);
    if (!check_width(call, schema->width + 1)) return NULL;
    bool again = true;
    fr_schema *made = NULL;
    while (again && !fr_failed(call)) {
        again = false;
        made = one_more(call, schema, &field, &again);
    }
    return made;
}

const char *fr_schema_hint(const fr_schema *schema, const char *wanted, char *room)
{
    fr_suggestion near;
    fr_suggestion_begin(&near, wanted);
    for (size_t i = 0; i < schema->width; i++) fr_suggestion_consider(&near, schema->fields[i].name);
    return fr_suggestion_hint(&near, room);
}

fr_schema *fr_schema_of(const fr_frame *frame)
{
    if (fr_ok(frame)) return fr_object_ref(frame->schema);
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    fr_fail_as(&call, frame, "frame");
    fr_schema *failed = fr_object_failed(&call, &fr_schema_class);
    fr_call_end(&call);
    return failed;
}
