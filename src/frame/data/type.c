/* type.c — making, sharing and comparing types.
 *
 * Types without parameters are immortal constants, one per kind, and so are time, datetime and duration in
 * microseconds; the others are small counted trees. Two types are the same when every part is: kind, unit, zone,
 * precision, scale, and for structs the fields' names and types in order. Whether a field may hold nulls, and its
 * metadata, are no part of it.
 */
#include "data/type.h"

#include <string.h>

#include "base/memory.h"
#include "base/problem.h"

static void clear(void *object)
{
    fr_type *type = object;
    fr_free_text(type->object.context, type->zone);
    if (type->fields) fr_fields_free(type->object.context, type->fields, type->n_fields);
}

static const fr_type no_memory;
const fr_class fr_type_class = { .name = "type", .size_bytes = sizeof(fr_type), .clear = clear,
                                 .out_of_memory = &no_memory };
static const fr_type no_memory = { .object = FR_IMMORTAL(&fr_type_class, &fr_no_memory) };

#define PLAIN(kind_) [kind_] = { .object = FR_IMMORTAL(&fr_type_class, NULL), .kind = (kind_), .unit = FR_US }
static const fr_type plain[FR_KIND_COUNT] = {
    PLAIN(FR_NULL), PLAIN(FR_BOOL), PLAIN(FR_I8),  PLAIN(FR_I16), PLAIN(FR_I32),    PLAIN(FR_I64),      PLAIN(FR_U8),
    PLAIN(FR_U16),  PLAIN(FR_U32),  PLAIN(FR_U64), PLAIN(FR_F32), PLAIN(FR_F64),    PLAIN(FR_STR),      PLAIN(FR_CAT),
    PLAIN(FR_BINARY), PLAIN(FR_DATE), PLAIN(FR_TIME), PLAIN(FR_DATETIME), PLAIN(FR_DURATION),
};
#undef PLAIN

const fr_type *fr_type_of(fr_kind kind)
{
    return &plain[kind >= FR_NULL && kind <= FR_DURATION ? kind : FR_NULL];
}

static fr_type *make(fr_call *call, fr_kind kind, fr_unit unit)
{
    fr_type *type = fr_object_new(call, &fr_type_class);
    if (!type) return NULL;
    type->kind = kind;
    type->unit = unit;
    return type;
}

const fr_type *fr_type_time(fr_call *call, fr_unit unit)
{
    return unit == FR_US ? fr_type_of(FR_TIME) : make(call, FR_TIME, unit);
}

const fr_type *fr_type_duration(fr_call *call, fr_unit unit)
{
    return unit == FR_US ? fr_type_of(FR_DURATION) : make(call, FR_DURATION, unit);
}

const fr_type *fr_type_datetime(fr_call *call, fr_unit unit, const char *zone)
{
    if (zone && !*zone) zone = NULL;
    if (unit == FR_US && !zone) return fr_type_of(FR_DATETIME);
    FR_OWNED fr_type *type = make(call, FR_DATETIME, unit);
    if (!type) return NULL;
    type->zone = fr_copy_text(call, zone);
    if (zone && !type->zone) return NULL;
    return fr_steal(type);
}

const fr_type *fr_type_decimal(fr_call *call, int precision, int scale)
{
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
        fr_fail(call, FR_ERR_TYPE, "decimal(%d,%d): the precision is 1 to 38, the scale 0 to the precision", precision,
                scale);
        return NULL;
    }
    fr_type *type = make(call, FR_DECIMAL, FR_US);
    if (!type) return NULL;
    type->precision = (uint8_t)precision;
    type->scale = (int8_t)scale;
    return type;
}

static const fr_type *nested(fr_call *call, fr_kind kind, const fr_field *fields, size_t n)
{
    FR_OWNED fr_type *type = make(call, kind, FR_US);
    if (!type) return NULL;
    type->fields = fr_fields_copy(call, fields, n, n);
    if (!type->fields) return NULL;
    type->n_fields = n;
    return fr_steal(type);
}

const fr_type *fr_type_list(fr_call *call, const fr_type *item)
{
    return nested(call, FR_LIST, &(fr_field){ .name = "item", .type = item, .nullable = true }, 1);
}

const fr_type *fr_type_struct(fr_call *call, const fr_field *fields, size_t n)
{
    return nested(call, FR_STRUCT, fields, n);
}

const fr_type *fr_type_ref(const fr_type *type)
{
    return fr_object_ref(type);
}

void fr_type_unref(const fr_type *type)
{
    fr_object_unref(type);
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

static bool copy_field(fr_call *call, fr_field *out, const fr_field *field)
{
    out->type = fr_type_ref(field->type);
    out->nullable = field->nullable;
    out->name = fr_copy_text(call, field->name);
    if (!out->name) return false;
    if (!field->metadata || !field->metadata_bytes) return true;

    char *metadata = fr_new(call, field->metadata_bytes);
    if (!metadata) return false;
    memcpy(metadata, field->metadata, field->metadata_bytes);
    out->metadata = metadata;
    out->metadata_bytes = field->metadata_bytes;
    return true;
}

bool fr_field_copy(fr_call *call, fr_field *out, const fr_field *field)
{
    *out = (fr_field){ 0 };
    if (copy_field(call, out, field)) return true;
    fr_field_clear(call->context, out);
    return false;
}

void fr_field_clear(fr_context *context, fr_field *field)
{
    fr_free_text(context, (char *)(uintptr_t)field->name);
    fr_type_unref(field->type);
    fr_free(context, (char *)(uintptr_t)field->metadata, field->metadata_bytes);
    *field = (fr_field){ 0 };
}

fr_field *fr_fields_copy(fr_call *call, const fr_field *fields, size_t n, size_t room)
{
    fr_field *copies = fr_new_array(call, room, sizeof *copies);
    if (!copies) return NULL;
    for (size_t i = 0; i < n; i++)
        if (!fr_field_copy(call, &copies[i], &fields[i])) {
            fr_fields_free(call->context, copies, room);
            return NULL;
        }
    return copies;
}

void fr_fields_free(fr_context *context, fr_field *fields, size_t n)
{
    if (!fields) return;
    for (size_t i = 0; i < n; i++) fr_field_clear(context, &fields[i]);
    fr_free_array(context, fields, n, sizeof *fields);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

fr_kind fr_type_kind(const fr_type *type)
{
    return type ? type->kind : FR_NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

bool fr_type_equal(const fr_type *a, const fr_type *b)
{
    if (a == b) return true;
    if (!fr_ok(a) || !fr_ok(b) || a->kind != b->kind) return false;
    if (a->kind >= FR_TIME && a->kind <= FR_DURATION && a->unit != b->unit) return false;
    if (a->precision != b->precision || a->scale != b->scale || a->n_fields != b->n_fields) return false;
    if (!same_text(a->zone, b->zone)) return false;
    for (size_t i = 0; i < a->n_fields; i++) {
        if (a->kind == FR_STRUCT && strcmp(a->fields[i].name, b->fields[i].name) != 0) return false;
        if (!fr_type_equal(a->fields[i].type, b->fields[i].type)) return false;
    }
    return true;
}

fr_phys fr_type_phys(const fr_type *type)
{
    static const fr_phys layouts[FR_KIND_COUNT] = {
        [FR_NULL] = FR_PHYS_NONE,     [FR_BOOL] = FR_PHYS_BOOL,   [FR_I8] = FR_PHYS_I8,         [FR_I16] = FR_PHYS_I16,
        [FR_I32] = FR_PHYS_I32,       [FR_I64] = FR_PHYS_I64,     [FR_U8] = FR_PHYS_U8,         [FR_U16] = FR_PHYS_U16,
        [FR_U32] = FR_PHYS_U32,       [FR_U64] = FR_PHYS_U64,     [FR_F32] = FR_PHYS_F32,       [FR_F64] = FR_PHYS_F64,
        [FR_STR] = FR_PHYS_VIEW,      [FR_CAT] = FR_PHYS_U32,     [FR_BINARY] = FR_PHYS_VIEW,   [FR_DATE] = FR_PHYS_I32,
        [FR_TIME] = FR_PHYS_I64,      [FR_DATETIME] = FR_PHYS_I64, [FR_DURATION] = FR_PHYS_I64,
            [FR_LIST] = FR_PHYS_LIST,
        [FR_STRUCT] = FR_PHYS_STRUCT,
    };
    if (type->kind == FR_DECIMAL) return type->precision <= 18 ? FR_PHYS_I64 : FR_PHYS_I128;
    return layouts[type->kind];
}

size_t fr_phys_width(fr_phys phys)
{
    static const uint8_t widths[FR_PHYS_COUNT] = {
        [FR_PHYS_I8] = 1,  [FR_PHYS_U8] = 1,  [FR_PHYS_I16] = 2, [FR_PHYS_U16] = 2, [FR_PHYS_I32] = 4,
            [FR_PHYS_U32] = 4,
        [FR_PHYS_F32] = 4, [FR_PHYS_I64] = 8, [FR_PHYS_U64] = 8, [FR_PHYS_F64] = 8, [FR_PHYS_I128] = 16,
            [FR_PHYS_VIEW] = 16,
    };
    return widths[phys];
}
