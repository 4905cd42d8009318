/* arrow_stream.c — frames from Arrow streams and arrays, and frames as them. */
#include <string.h>

#include "base/memory.h"
#include "data/arrow_abi.h"
#include "data/column_make.h"
#include "data/zone_file.h"

/* errno values that the interface asks for; the reason itself is in get_last_error */
enum { STREAM_ENOMEM = 12, STREAM_EINVAL = 22 };

/* ---- in: batches to columns -------------------------------------------------------------------------------------- */

static void release_given_schema(struct ArrowSchema *schema)
{
    if (schema->release) schema->release(schema);
}

static void release_given_array(struct ArrowArray *array)
{
    if (array->release) array->release(array);
}

typedef struct incoming {
    const struct ArrowSchema *schema;
    bool         is_struct;
    fr_field    *fields;              /* in the arena; types owned */
    size_t       width;
    fr_arena     arena;
    fr_column ***batches;             /* batches[b][column] */
    size_t       n_batches, room;
    int64_t      length;
} incoming;

static void clear_incoming(incoming *in)
{
    for (size_t b = 0; b < in->n_batches; b++)
        for (size_t i = 0; i < in->width; i++) fr_column_unref(in->batches[b][i]);
    for (size_t i = 0; i < in->width && in->fields; i++) fr_type_unref(in->fields[i].type);
    fr_arena_clear(&in->arena);
}

static bool is_taken(const incoming *in, const char *name)
{
    for (size_t i = 0; i < in->width; i++)
        if (in->fields[i].name && !strcmp(in->fields[i].name, name)) return true;
    return false;
}

/* A name for a field that has none; that of a table's column is told. */
static bool name_field(fr_call *call, incoming *in, size_t i)
{
    if (in->fields[i].name && *in->fields[i].name) return true;
    const char *name = fr_arena_format(call, &in->arena, "column_%zu", i);
    for (size_t k = 1; name && is_taken(in, name); k++) name = fr_arena_format(call, &in->arena, "column_%zu_%zu", i, k);
    if (in->is_struct && name) fr_warn(call, "column %zu has no name; it is called '%s' now", i, name);
    in->fields[i].name = name;
    return name != NULL;
}

static bool read_schema(fr_call *call, incoming *in, const struct ArrowSchema *schema)
{
    FR_OWNED const fr_type *whole = fr_arrow_type(call, schema, 0);
    if (!whole) return false;
    in->schema = schema;
    in->is_struct = whole->kind == FR_STRUCT && !schema->dictionary;
    in->width = in->is_struct ? whole->n_fields : 1;
    in->fields = fr_arena_array(call, &in->arena, in->width, sizeof *in->fields);
    if (!in->fields) return false;
    if (in->is_struct) {
        if (!fr_arrow_fields(call, schema, 0, in->fields)) return false;
    } else {
        in->fields[0] = (fr_field){ .name = schema->name, .type = fr_type_ref(whole), .nullable = true };
    }
    for (size_t i = 0; i < in->width; i++)
        if (!name_field(call, in, i) || !fr_type_zones_known(call, in->fields[i].type, in->fields[i].name)) return false;
    return true;
}

static bool more_batches(fr_call *call, incoming *in)
{
    if (in->n_batches < in->room) return true;
    size_t room = in->room ? 2 * in->room : 16;
    fr_column ***batches = fr_arena_array(call, &in->arena, room, sizeof *batches);
    if (!batches) return false;
    if (in->n_batches) memcpy(batches, in->batches, in->n_batches * sizeof *batches);
    in->batches = batches;
    in->room = room;
    return true;
}

static fr_column *read_field(fr_call *call, const incoming *in, fr_arrow_owner *owner, size_t i, const fr_column *whole)
{
    if (in->is_struct) return fr_column_ref(whole->children[i]);
    return fr_arrow_column(call, &(fr_arrow_from){ .owner = owner, .schema = in->schema, .array = &owner->array,
                                                   .type = in->fields[0].type, .offset = owner->array.offset,
                                                   .length = owner->array.length, .column = in->fields[0].name,
                                                   .row = in->length });
}

/* The struct of a batch as a column, whose children become columns of the frame. */
static fr_column *read_struct(fr_call *call, const incoming *in, fr_arrow_owner *owner)
{
    FR_OWNED const fr_type *type = fr_arrow_type(call, in->schema, 0);
    if (!type) return NULL;
    return fr_arrow_column(call, &(fr_arrow_from){ .owner = owner, .schema = in->schema, .array = &owner->array,
                                                   .type = type,
                                                   .offset = owner->array.offset, .length = owner->array.length,
                                                   .column = "record batch", .row = in->length, .is_batch = true });
}

static void drop_owner(fr_arrow_owner **slot)
{
    fr_arrow_owner_unref(*slot);
}

static bool read_batch(fr_call *call, incoming *in, struct ArrowArray *array)
{
    FR_CLEANUP(drop_owner) fr_arrow_owner *owner = fr_arrow_take_over(call, array);
    if (!owner || !more_batches(call, in)) return false;
    FR_OWNED fr_column *whole = in->is_struct ? read_struct(call, in, owner) : NULL;
    if (in->is_struct && !whole) return false;
    fr_column **columns = fr_arena_array(call, &in->arena, in->width, sizeof *columns);
    if (!columns) return false;
    in->batches[in->n_batches++] = columns;
    for (size_t i = 0; i < in->width; i++) {
        columns[i] = read_field(call, in, owner, i, whole);
        if (!columns[i]) return false;
    }
    return !__builtin_add_overflow(in->length, whole ? whole->length : columns[0]->length, &in->length) ||
           fr_fail(call, FR_ERR_LIMIT, "more than 2^63 rows");
}

static fr_column *join_batches(fr_call *call, incoming *in, size_t i)
{
    if (!in->n_batches) return fr_column_null(call, in->fields[i].type, 0);
    const fr_column **parts = fr_arena_array(call, &in->arena, in->n_batches, sizeof *parts);
    if (!parts) return NULL;
    for (size_t b = 0; b < in->n_batches; b++) parts[b] = in->batches[b][i];
    return fr_column_concat(call, parts, in->n_batches);
}

static fr_frame *join_frame(fr_call *call, incoming *in)
{
    FR_OWNED fr_schema *schema = fr_schema_make(call, in->fields, in->width);
    fr_column **columns = schema ? fr_arena_array(call, &in->arena, in->width, sizeof *columns) : NULL;
    bool ok = columns != NULL;
    for (size_t i = 0; ok && i < in->width; i++) ok = (columns[i] = join_batches(call, in, i)) != NULL;
    fr_frame *frame = ok ? fr_frame_next(call, NULL, schema, columns, in->length) : NULL;
    for (size_t i = 0; columns && i < in->width; i++) fr_column_unref(columns[i]);
    return frame;
}

/* ---- in: streams ------------------------------------------------------------------------------------------------- */

static bool stream_failed(fr_call *call, struct ArrowArrayStream *stream, int error)
{
    const char *text = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    return fr_fail_at(call, fr_place_at(.os_error = error), FR_ERR_IO, "the Arrow stream failed (error %d): %s", error,
                      text ? text : "it does not say why");
}

static bool read_batches(fr_call *call, incoming *in, struct ArrowArrayStream *stream)
{
    for (;;) {
        struct ArrowArray array = { .release = NULL };
        if (!fr_go_on(call)) return false;
        int error = stream->get_next(stream, &array);
        if (error) return stream_failed(call, stream, error);
        if (!array.release) return true;      /* the end */
        if (!read_batch(call, in, &array)) return false;
    }
}

static fr_frame *read_stream(fr_call *call, struct ArrowArrayStream *stream)
{
    FR_CLEANUP(release_given_schema) struct ArrowSchema schema = { .release = NULL };
    FR_CLEANUP(clear_incoming) incoming in = { .width = 0 };
    fr_arena_init(&in.arena, call->context);
    int error = stream->get_schema(stream, &schema);
    if (error) {
        schema.release = NULL;
        stream_failed(call, stream, error);
        return NULL;
    }
    if (!read_schema(call, &in, &schema) || !read_batches(call, &in, stream)) return NULL;
    return join_frame(call, &in);
}

fr_frame *fr_frame_import_arrow(struct ArrowArrayStream *stream, fr_context *context)
{
    fr_call call;
    fr_frame *frame = NULL;
    fr_call_begin(&call, context, NULL, -1);
    if (!stream || !stream->release) fr_fail(&call, FR_ERR_ARGUMENT, "no Arrow stream, or one that was released");
    else if (!fr_failed(&call)) frame = read_stream(&call, stream);
    if (stream && stream->release) stream->release(stream);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}

static fr_frame *read_array(fr_call *call, struct ArrowArray *array, const struct ArrowSchema *schema)
{
    FR_CLEANUP(clear_incoming) incoming in = { .width = 0 };
    fr_arena_init(&in.arena, call->context);
    return read_schema(call, &in, schema) && read_batch(call, &in, array) ? join_frame(call, &in) : NULL;
}

fr_frame *fr_frame_import_arrow_array(struct ArrowArray *array, struct ArrowSchema *schema, fr_context *context)
{
    fr_call call;
    fr_frame *frame = NULL;
    fr_call_begin(&call, context, NULL, -1);
    if (!array || !schema || !array->release || !schema->release)
        fr_fail(&call, FR_ERR_ARGUMENT, "no Arrow array or schema, or one that was released");
    else if (!fr_failed(&call)) frame = read_array(&call, array, schema);
    if (array) release_given_array(array);
    if (schema) release_given_schema(schema);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}

/* ---- out: streams ------------------------------------------------------------------------------------------------ */

typedef struct outgoing {
    fr_context *context;          /* owned reference */
    fr_frame   *frame;            /* owned reference; may be in error state */
    char        error[1024];
    int64_t     batch_rows, next_row;
    bool        large_text;
} outgoing;

/* Remember why, and say how the interface says it. */
static int stop(outgoing *o, fr_call *call)
{
    fr_auto(frame) failed = fr_object_failed(call, &fr_frame_class);
    fr_error_text(failed, o->error, sizeof o->error);
    return fr_error_code(failed) == FR_ERR_MEMORY ? STREAM_ENOMEM : STREAM_EINVAL;
}

static void begin_export(fr_call *call, const fr_frame *frame)
{
    fr_call_begin(call, fr_ok(frame) ? frame->object.context : NULL, NULL, -1);
    if (!fr_ok(frame)) fr_fail_as(call, frame, "frame");
    else if (frame->length < 0)
        fr_fail(call, FR_ERR_ARGUMENT, "a scan must be collected before it is exported (fr_collect)");
}

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    outgoing *o = stream->private_data;
    fr_call call;
    begin_export(&call, o->frame);
    bool ok = !fr_failed(&call) && fr_arrow_export_fields(&call, o->frame->schema, o->large_text, out);
    int error = ok ? 0 : stop(o, &call);
    fr_call_end(&call);
    return error;
}

static bool export_batch(fr_call *call, outgoing *o, struct ArrowArray *out)
{
    int64_t n = fr_smaller(o->batch_rows, o->frame->length - o->next_row);
    FR_OWNED fr_frame *batch = fr_frame_cut(call, o->frame, o->next_row, n);
    if (!batch || !fr_arrow_export_rows(call, batch, o->large_text, out)) return false;
    o->next_row += n;
    return true;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    outgoing *o = stream->private_data;
    fr_call call;
    begin_export(&call, o->frame);
    int error = 0;
    out->release = NULL;
    if (fr_failed(&call)) error = stop(o, &call);
    else if (o->next_row < o->frame->length && !export_batch(&call, o, out)) error = stop(o, &call);
    fr_call_end(&call);
    return error;
}

static const char *stream_error(struct ArrowArrayStream *stream)
{
    outgoing *o = stream->private_data;
    return o->error[0] ? o->error : NULL;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    outgoing *o = stream->private_data;
    fr_context *context = o->context;
    fr_frame_unref(o->frame);
    fr_free(context, o, sizeof *o);
    fr_object_unref(context);
    stream->release = NULL;
}

static fr_arrow_args complete(const fr_arrow_args *args)
{
    fr_arrow_args full = { .size_ = sizeof full };
    if (args) memcpy(&full, args, args->size_ && args->size_ < sizeof full ? args->size_ : sizeof full);
    return full;
}

fr_code fr_frame_export_arrow(const fr_frame *frame, struct ArrowArrayStream *out, const fr_arrow_args *args)
{
    if (!out) return FR_ERR_ARGUMENT;
    *out = (struct ArrowArrayStream){ .release = NULL };
    fr_arrow_args full = complete(args);
    fr_call call;
    fr_call_begin(&call, fr_ok(frame) ? frame->object.context : NULL, NULL, -1);
    outgoing *o = fr_new(&call, sizeof *o);
    fr_frame *shared = frame ? fr_frame_ref(frame) : NULL;
    if (o) {
        o->context = fr_object_ref(call.context);
        o->frame = shared;
        o->batch_rows = full.batch_rows > 0 ? full.batch_rows : INT64_MAX;
        o->large_text = full.large_text;
        *out = (struct ArrowArrayStream){ stream_schema, stream_next, stream_error, stream_release, o };
    } else {
        fr_frame_unref(shared);
    }
    fr_call_end(&call);
    return o ? FR_ERR_OK : FR_ERR_MEMORY;
}

/* ---- out: one array ---------------------------------------------------------------------------------------------- */

static fr_code code_of(fr_call *call, bool ok)
{
    if (ok) return FR_ERR_OK;
    fr_auto(frame) failed = fr_object_failed(call, &fr_frame_class);
    return fr_error_code(failed);
}

fr_code fr_frame_export_arrow_array(const fr_frame *frame, struct ArrowArray *array, struct ArrowSchema *schema,
                                    const fr_arrow_args *args)
{
    fr_arrow_args full = complete(args);
    struct ArrowSchema type = { .release = NULL };
    fr_call call;
    begin_export(&call, frame);
    bool ok = !fr_failed(&call);
    if (ok && schema) ok = fr_arrow_export_fields(&call, frame->schema, full.large_text, &type);
    if (ok && array) ok = fr_arrow_export_rows(&call, frame, full.large_text, array);
    if (ok && schema) *schema = type;
    else if (type.release) type.release(&type);
    fr_code code = code_of(&call, ok);
    fr_call_end(&call);
    return code;
}

fr_code fr_schema_export_arrow(const fr_schema *schema, struct ArrowSchema *out, const fr_arrow_args *args)
{
    fr_arrow_args full = complete(args);
    struct ArrowSchema type = { .release = NULL };
    fr_call call;
    fr_call_begin(&call, fr_ok(schema) ? schema->object.context : NULL, NULL, -1);
    if (!fr_ok(schema)) fr_fail_as(&call, schema, "schema");
    else if (!out) fr_fail(&call, FR_ERR_ARGUMENT, "no schema to write to");
    bool ok = !fr_failed(&call) && fr_arrow_export_fields(&call, schema, full.large_text, &type);
    if (ok) *out = type;
    fr_code code = code_of(&call, ok);
    fr_call_end(&call);
    return code;
}
