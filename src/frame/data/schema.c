/* schema.c — names and types of columns, and finding a name.
 *
 * Names are unique, not empty, valid UTF-8. A small open-addressing table from name to field number makes
 * fr_schema_find one probe on average, which matters for frames of ten thousand columns.
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
    if (schema->fields) fr_fields_free(context, schema->fields, schema->width);
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

/* The slot where the name is, or the free one where it belongs. */
static size_t probe(const fr_schema *schema, const char *name, size_t n)
{
    size_t mask = schema->index_slots - 1;
    size_t at = fr_hash_bytes(name, n, fr_context_seed(schema->object.context)) & mask;
    for (; schema->index[at]; at = (at + 1) & mask) {
        const char *known = schema->fields[schema->index[at] - 1].name;
        if (!strncmp(known, name, n) && !known[n]) break;
    }
    return at;
}

static bool fill_index(fr_call *call, fr_schema *schema)
{
    schema->index_slots = 8;
    while (schema->index_slots < 2 * schema->width) schema->index_slots *= 2;
    schema->index = fr_new_array(call, schema->index_slots, sizeof *schema->index);
    if (!schema->index) return false;
    for (size_t i = 0; i < schema->width; i++) {
        const char *name = schema->fields[i].name;
        size_t slot = probe(schema, name, strlen(name));
        if (schema->index[slot])
            return fr_fail_at(call, fr_place_at(.column = name), FR_ERR_VALUE, "two columns are called %s",
                              fr_quoted((fr_room){ 0 }.text, name, strlen(name)));
        schema->index[slot] = (uint32_t)i + 1;
    }
    return true;
}

fr_schema *fr_schema_make(fr_call *call, const fr_field *fields, size_t n)
{
    uint64_t most = fr_context_limits(call->context).columns;
    if (n > most) {
        fr_fail(call, FR_ERR_LIMIT, "%zu columns: limits.columns is %llu", n, (unsigned long long)most);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        if (!check_name(call, fields[i].name)) return NULL;
    FR_OWNED fr_schema *schema = fr_object_new(call, &fr_schema_class);
    if (!schema) return NULL;
    schema->fields = fr_fields_copy(call, fields, n);
    if (!schema->fields) return NULL;
    schema->width = n;
    return fill_index(call, schema) ? fr_steal(schema) : NULL;
}

int64_t fr_schema_find(const fr_schema *schema, const char *name, size_t n)
{
    return (int64_t)schema->index[probe(schema, name, n)] - 1;
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
