/* frame.c — making frames out of columns, and asking a frame for its parts. */
#include "data/frame.h"

#include <string.h>

#include "base/memory.h"
#include "base/problem.h"
#include "base/warnings.h"
#include "data/account.h"
#include "data/source.h"

static void clear(void *object)
{
    fr_frame *frame = object;
    fr_context *context = frame->object.context;
    size_t width = frame->columns ? fr_frame_width(frame) : 0;
    for (size_t i = 0; i < width; i++) fr_column_unref(frame->columns[i]);
    if (frame->columns) fr_free_array(context, frame->columns, frame->room ? frame->room : width, sizeof *frame->columns);
    width = frame->late ? fr_frame_width(frame) : 0;
    for (size_t i = 0; i < width; i++) fr_late_column_unref(frame->late[i]);
    if (frame->late) fr_free_array(context, frame->late, width, sizeof(fr_late_column *));
    fr_object_unref(frame->schema);
    fr_source_unref(frame->source);
    fr_frame_unref(frame->unpicked);
    fr_account_unref(frame->account);
    fr_warnings_free(frame->warnings);
    fr_frame_unref(frame->rejects);
    fr_lines_unref(frame->lines);
}

static const fr_frame no_memory;
const fr_class fr_frame_class = { .name = "frame", .size_bytes = sizeof(fr_frame), .clear = clear, .out_of_memory = &no_memory };
static const fr_frame no_memory = { .object = FR_IMMORTAL(&fr_frame_class, &fr_no_memory) };

/* ---- making --------------------------------------------------------------------------------------------------------- */

/* The parent's warnings, then the call's. */
static fr_warnings *join_warnings(fr_call *call, const fr_frame *parent)
{
    if (!parent || !parent->warnings) return fr_call_take_warnings(call);
    fr_warnings *own = fr_call_take_warnings(call);
    for (size_t i = 0; i < parent->warnings->kept; i++) fr_warn(call, "%s", parent->warnings->texts[i]);
    fr_call_add_warnings(call, own);
    return fr_call_take_warnings(call);
}

fr_frame *fr_frame_begin(fr_call *call, const fr_frame *parent, fr_schema *schema)
{
    fr_frame *frame = fr_object_new(call, &fr_frame_class);
    if (!frame) return NULL;
    frame->schema = fr_object_ref(schema);
    frame->warnings = join_warnings(call, parent);
    if (!parent) return frame;
    frame->account = fr_account_ref(parent->account);
    frame->rejects = fr_frame_ref(parent->rejects);
    return frame;
}

fr_frame *fr_frame_next(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_column *const *columns, int64_t length)
{
    FR_OWNED fr_frame *frame = fr_frame_begin(call, parent, schema);
    if (!frame) return NULL;
    frame->length = length;
    frame->columns = fr_new_array(call, schema->width, sizeof *frame->columns);
    if (!frame->columns) return NULL;
    for (size_t i = 0; i < schema->width; i++) {
        if (columns[i]->length != length) {
            fr_fail(call, FR_ERR_INTERNAL, "column %s has %lld rows, its frame %lld", schema->fields[i].name,
                    (long long)columns[i]->length, (long long)length);
            return NULL;
        }
        frame->columns[i] = fr_column_ref(columns[i]);
    }
    return fr_steal(frame);
}

fr_frame *fr_frame_same_rows(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_column *const *columns)
{
    fr_frame *frame = fr_frame_next(call, parent, schema, columns, parent->length);
    if (frame) frame->lines = fr_lines_ref(parent->lines);
    return frame;
}

/* Room for one more. */
static bool make_room(fr_call *call, fr_frame *frame)
{
    const size_t width = fr_frame_width(frame), room = frame->room ? frame->room : width;
    if (width < room) return true;
    fr_column **columns = fr_resize_array(call, frame->columns, room, width + width / 2 + 8, sizeof *columns);
    if (!columns) return false;
    frame->columns = columns;
    frame->room = width + width / 2 + 8;
    return true;
}

bool fr_frame_put(fr_call *call, fr_frame *frame, const char *name, fr_column *column)
{
    const size_t width = fr_frame_width(frame);
    const int64_t found = fr_schema_find(frame->schema, name, strlen(name));
    if (found < 0 && !make_room(call, frame)) return false;
    fr_schema *schema = fr_schema_with(call, frame->schema, name, column->type);
    if (!schema) return false;
    if (found >= 0) fr_column_unref(frame->columns[found]);
    frame->columns[found < 0 ? width : (size_t)found] = fr_column_ref(column);
    fr_object_unref(frame->schema);
    frame->schema = schema;
    return true;
}

void fr_frame_take_warnings(fr_call *call, fr_frame *frame)
{
    fr_warnings *before = frame->warnings;
    if (!call->warnings) return;
    frame->warnings = join_warnings(call, frame);
    fr_warnings_free(before);
}

fr_frame *fr_frame_of(fr_call *call, const fr_frame *parent, const char *const *names, fr_column *const *columns, size_t n,
                      int64_t length)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_field *fields = fr_arena_array(call, &arena, n, sizeof *fields);
    if (!fields) return NULL;
    for (size_t i = 0; i < n; i++) fields[i] = (fr_field){ .name = names[i], .type = columns[i]->type, .nullable = true };
    FR_OWNED fr_schema *schema = fr_schema_make(call, fields, n);
    return schema ? fr_frame_next(call, parent, schema, columns, length) : NULL;
}

fr_frame *fr_frame_scan(fr_call *call, fr_schema *schema, fr_source *source)
{
    fr_frame *frame = fr_frame_begin(call, NULL, schema);
    if (!frame) return NULL;
    frame->length = -1;
    frame->source = fr_source_ref(source);
    return frame;
}

fr_frame *fr_frame_ref(const fr_frame *frame)
{
    return fr_object_ref(frame);
}

bool fr_frame_is_own(const fr_frame *frame)
{
    return atomic_load_explicit(&frame->object.refs, memory_order_acquire) == 1;
}

void fr_frame_unref(const fr_frame *frame)
{
    fr_object_unref(frame);
}

/* ---- asking --------------------------------------------------------------------------------------------------------- */

int64_t fr_length(const fr_frame *frame)
{
    return fr_ok(frame) ? frame->length : 0;
}

size_t fr_width(const fr_frame *frame)
{
    return fr_ok(frame) ? fr_frame_width(frame) : 0;
}

const char *fr_name(const fr_frame *frame, size_t index)
{
    return index < fr_width(frame) ? frame->schema->fields[index].name : NULL;
}

int64_t fr_find(const fr_frame *frame, const char *name)
{
    return fr_ok(frame) && name ? fr_schema_find(frame->schema, name, strlen(name)) : -1;
}

const fr_type *fr_type_at(const fr_frame *frame, size_t index)
{
    return index < fr_width(frame) ? frame->schema->fields[index].type : NULL;
}

size_t fr_warning_count(const fr_frame *frame)
{
    return fr_ok(frame) && frame->warnings ? frame->warnings->kept : 0;
}

const char *fr_warning(const fr_frame *frame, size_t index)
{
    return index < fr_warning_count(frame) ? frame->warnings->texts[index] : NULL;
}

/* ---- another context ------------------------------------------------------------------------------------------------ */

fr_frame *fr_with_context(const fr_frame *frame, fr_context *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_frame *moved = NULL;
    if (!fr_ok(frame)) fr_fail_as(&call, frame, "frame");
    else if (fr_failed(&call)) moved = NULL;
    else if (frame->length < 0) moved = fr_frame_scan(&call, frame->schema, frame->source);
    else if (fr_frame_is_late(frame)) moved = fr_frame_cut(&call, frame, 0, -1);
    else moved = fr_frame_same_rows(&call, frame, frame->schema, frame->columns);
    if (!moved) moved = fr_object_failed(&call, &fr_frame_class);
    if (fr_ok(moved)) moved->unpicked = fr_frame_ref(frame->unpicked);
    fr_call_end(&call);
    return fr_steal(moved);
}
