/* arrow_export_type.c — types as Arrow schemas. */
#include <string.h>

#include "base/memory.h"
#include "data/arrow_abi.h"

typedef struct described {
    fr_context          *context;       /* owned reference */
    char                *format, *name; /* owned */
    char                *metadata;      /* owned */
    size_t               metadata_bytes;
    struct ArrowSchema  *children;      /* owned */
    struct ArrowSchema **child_list;    /* owned */
    size_t               n_children;
    struct ArrowSchema   dictionary;
    bool                 has_dictionary;
} described;

static void release_schema(struct ArrowSchema *schema)
{
    described *d = schema->private_data;
    fr_context *context = d->context;
    for (size_t i = 0; i < d->n_children && d->children; i++)
        if (d->children[i].release) d->children[i].release(&d->children[i]);
    if (d->has_dictionary && d->dictionary.release) d->dictionary.release(&d->dictionary);
    fr_free_text(context, d->format);
    fr_free_text(context, d->name);
    if (d->metadata) fr_free(context, d->metadata, d->metadata_bytes);
    if (d->children) fr_free_array(context, d->children, d->n_children, sizeof *d->children);
    if (d->child_list) fr_free_array(context, d->child_list, d->n_children, sizeof *d->child_list);
    fr_free(context, d, sizeof *d);
    fr_object_unref(context);
    schema->release = NULL;
}

static bool give_up(struct ArrowSchema *out)
{
    if (out->release) out->release(out);
    return false;
}

/* ---- format strings ---------------------------------------------------------------------------------------------- */

static bool write_format(fr_call *call, const fr_type *type, bool large_text, fr_text *out)
{
    static const char *const plain[FR_KIND_COUNT] = {
        [FR_NULL] = "n", [FR_BOOL] = "b", [FR_I8] = "c",  [FR_I16] = "s", [FR_I32] = "i",  [FR_I64] = "l",
            [FR_U8] = "C",
        [FR_U16] = "S",  [FR_U32] = "I",  [FR_U64] = "L", [FR_F32] = "f", [FR_F64] = "g",  [FR_STR] = "vu",
            [FR_CAT] = "i",
        [FR_BINARY] = "vz", [FR_DATE] = "tdD", [FR_TIME] = "tt", [FR_DATETIME] = "ts", [FR_DURATION] = "tD",
        [FR_LIST] = "+L", [FR_STRUCT] = "+s",
    };
    static const char units[] = { [FR_US] = 'u', [FR_S] = 's', [FR_MS] = 'm', [FR_NS] = 'n' };
    if (large_text && type->kind == FR_STR) return fr_text_add(call, out, "U");
    if (large_text && type->kind == FR_BINARY) return fr_text_add(call, out, "Z");
    if (type->kind == FR_DECIMAL) return fr_text_format(call, out, "d:%d,%d", type->precision, type->scale);
    if (!fr_text_add(call, out, plain[type->kind])) return false;
    if (type->kind < FR_TIME || type->kind > FR_DURATION) return true;
    if (!fr_text_append(call, out, &units[type->unit], 1)) return false;
    return type->kind != FR_DATETIME || (fr_text_add(call, out, ":") &&
                                         fr_text_add(call, out, type->zone ? type->zone : ""));
}

/* ---- the tree ---------------------------------------------------------------------------------------------------- */

static bool put_field(fr_call *call, described *d, const fr_field *field)
{
    d->name = fr_copy_text(call, field && field->name ? field->name : "");
    if (!d->name) return false;
    if (!field || !field->metadata || !field->metadata_bytes) return true;
    d->metadata = fr_new(call, field->metadata_bytes);
    if (!d->metadata) return false;
    d->metadata_bytes = field->metadata_bytes;
    memcpy(d->metadata, field->metadata, field->metadata_bytes);
    return true;
}

static bool put_children(fr_call *call, described *d, const fr_field *fields, size_t n, bool large_text)
{
    d->children = fr_new_array(call, n, sizeof *d->children);
    if (!d->children) return false;
    d->n_children = n;
    d->child_list = fr_new_array(call, n, sizeof *d->child_list);
    if (!d->child_list) return false;
    for (size_t i = 0; i < n; i++) {
        d->child_list[i] = &d->children[i];
        if (!fr_arrow_export_type(call, fields[i].type, &fields[i], large_text, &d->children[i])) return false;
    }
    return true;
}

static bool put_dictionary(fr_call *call, described *d, bool large_text)
{
    d->has_dictionary = fr_arrow_export_type(call, fr_type_of(FR_STR), NULL, large_text, &d->dictionary);
    return d->has_dictionary;
}

static described *begin(fr_call *call, const fr_field *field, const char *format, struct ArrowSchema *out)
{
    out->release = NULL;
    described *d = fr_new(call, sizeof *d);
    if (!d) return NULL;
    *out = (struct ArrowSchema){ .release = release_schema, .private_data = d };
    d->context = fr_object_ref(call->context);
    d->format = fr_copy_text(call, format);
    if (d->format && put_field(call, d, field)) return d;
    give_up(out);
    return NULL;
}

static void join(struct ArrowSchema *out, described *d, bool nullable)
{
    out->format = d->format;
    out->name = d->name;
    out->metadata = d->metadata;
    out->flags = nullable ? ARROW_FLAG_NULLABLE : 0;
    out->n_children = (int64_t)d->n_children;
    out->children = d->n_children ? d->child_list : NULL;
    out->dictionary = d->has_dictionary ? &d->dictionary : NULL;
}

bool fr_arrow_export_type(fr_call *call, const fr_type *type, const fr_field *field, bool large_text,
                          struct ArrowSchema *out)
{
    out->release = NULL;
    FR_CLEANUP(fr_text_clear) fr_text format = FR_TEXT_INIT(call);
    if (!write_format(call, type, large_text, &format)) return false;
    described *d = begin(call, field, format.bytes, out);
    if (!d) return false;
    if (type->n_fields && !put_children(call, d, type->fields, type->n_fields, large_text)) return give_up(out);
    if (type->kind == FR_CAT && !put_dictionary(call, d, large_text)) return give_up(out);
    join(out, d, !field || field->nullable);
    return true;
}

bool fr_arrow_export_fields(fr_call *call, const fr_schema *schema, bool large_text, struct ArrowSchema *out)
{
    described *d = begin(call, NULL, "+s", out);
    if (!d) return false;
    if (!put_children(call, d, schema->fields, schema->width, large_text)) return give_up(out);
    join(out, d, false);
    return true;
}
