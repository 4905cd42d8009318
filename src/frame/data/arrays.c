/* arrays.c — a frame from its user's C arrays.
 *
 * Fixed-width arrays are copied, or used in place when the spec carries a `release`. Text becomes views into one heap;
 * bools become bits. Where `valid` says null, the value must be zero: an array used in place that has nulls with values
 * under them is therefore copied after all, and released at once.
 *
 * Nothing is taken over before everything has succeeded: the buffers of arrays in place are made without a release
 * function, and get theirs when the frame stands.
 */
#include <string.h>

#include "base/problem.h"
#include "data/column_make.h"
#include "data/frame.h"
#include "data/zone_file.h"

typedef struct array {
    const fr_array_spec *spec;
    int64_t              n;
    const fr_type       *type;            /* owned */
    fr_buffer           *values, *valid;  /* owned */
    int64_t              null_count;
    bool                 in_place;
} array;

static bool no_type(fr_call *call, const fr_array_spec *spec)
{
    static const char *const others[] = {
        [FR_NULL] = "only nulls", [FR_DECIMAL] = "decimals", [FR_LIST] = "lists", [FR_STRUCT] = "structs" };
    const char *noun = spec->kind < FR_COUNT_OF(others) ? others[spec->kind] : NULL;
    const bool known = spec->kind < FR_KIND_COUNT;
    if (!noun)
        return fr_fail_at(call, fr_place_at(.column = spec->name), FR_ERR_ARGUMENT, "array '%s': %u is no %s", spec->name,
                          known ? spec->unit : spec->kind, known ? "fr_unit" : "fr_kind");
    const char *hint = spec->kind == FR_DECIMAL ? "fr_cast makes them of text, whole numbers or doubles"
                     : spec->kind == FR_NULL ? NULL : "fr_frame_import_arrow_array takes them";
    return fr_fail_at(call, fr_place_at(.column = spec->name, .hint = hint), FR_ERR_ARGUMENT, "array '%s': an array cannot hold %s",
                      spec->name, noun);
}

static const fr_type *datetime_of(fr_call *call, const fr_array_spec *spec)
{
    const fr_type *type = fr_type_datetime(call, (fr_unit)spec->unit, spec->zone);
    if (!type || fr_type_zones_known(call, type, spec->name)) return type;
    fr_type_unref(type);
    return NULL;
}

static const fr_type *type_of(fr_call *call, const fr_array_spec *spec)
{
    fr_kind kind = (fr_kind)spec->kind;
    fr_unit unit = (fr_unit)spec->unit;
    if (spec->unit <= FR_NS) {
        if (kind == FR_DATETIME) return datetime_of(call, spec);
        if (kind == FR_DURATION) return fr_type_duration(call, unit);
        if (kind == FR_TIME) return fr_type_time(call, unit);
        if (kind > FR_NULL && kind <= FR_DATE && kind != FR_CAT) return fr_type_of(kind);
    }
    if (kind == FR_CAT) return fr_type_of(FR_CAT);
    return no_type(call, spec), NULL;
}

static bool check(fr_call *call, const fr_array_spec *spec, int64_t n)
{
    if (!spec->name) return fr_fail(call, FR_ERR_ARGUMENT, "an array has no name");
    if (spec->values || n == 0) return true;
    return fr_fail_at(call, fr_place_at(.column = spec->name), FR_ERR_ARGUMENT, "array '%s' has no values", spec->name);
}

/* ---- nulls ------------------------------------------------------------------------------------------------------- */

/* Bytes, one a row, to bits; texts that are NULL are nulls as well. */
static bool make_valid(fr_call *call, array *a, bool texts)
{
    const uint8_t *flags = a->spec->valid;
    const char *const *text = texts ? a->spec->values : NULL;
    if (!flags && !text) return true;
    a->valid = fr_bits_new(call, a->n);
    if (!a->valid) return false;
    uint64_t *bits = a->valid->data;
    for (int64_t i = 0; i < a->n; i++) {
        bool valid = (!flags || flags[i]) && (!text || text[i]);
        bits[i >> 6] |= (uint64_t)valid << (i & 63);
        a->null_count += !valid;
    }
    return true;
}

static bool is_null(const array *a, int64_t row)
{
    return a->null_count && !fr_bit(a->valid->data, row);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static bool all_zero(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i]) return false;
    return true;
}

static bool zero_under_nulls(const array *a, size_t width)
{
    for (int64_t i = 0; a->null_count && i < a->n; i++)
        if (is_null(a, i) && !all_zero((const char *)a->spec->values + (size_t)i * width, width)) return false;
    return true;
}

static bool use_in_place(fr_call *call, array *a, size_t width)
{
    size_t bytes;
    if (!fr_size_mul((size_t)a->n, width, &bytes)) return fr_fail_memory(call, SIZE_MAX);
    a->in_place = true;
    a->values = fr_buffer_foreign(call, a->spec->values, bytes, NULL, NULL);
    return a->values != NULL;
}

static bool copy_fixed(fr_call *call, array *a, size_t width)
{
    bool aligned = (uintptr_t)a->spec->values % width == 0;
    if (a->spec->release && aligned && a->n && zero_under_nulls(a, width)) return use_in_place(call, a, width);
    a->values = fr_buffer_array(call, (size_t)a->n, width);
    if (!a->values) return false;
    if (a->n) memcpy(a->values->data, a->spec->values, (size_t)a->n * width);
    for (int64_t i = 0; a->null_count && i < a->n; i++)
        if (is_null(a, i)) memset((char *)a->values->data + (size_t)i * width, 0, width);
    return true;
}

static bool copy_bools(fr_call *call, array *a)
{
    const unsigned char *in = a->spec->values; /* bytes rather than bools: another value than 0 and 1 is no trap here */
    a->values = fr_bits_new(call, a->n);
    if (!a->values) return false;
    uint64_t *bits = a->values->data;
    for (int64_t i = 0; i < a->n; i++)
        if (in[i] && !is_null(a, i)) bits[i >> 6] |= (uint64_t)1 << (i & 63);
    return true;
}

static bool check_utf8(fr_call *call, const array *a, int64_t row, const char *text, size_t n)
{
    for (size_t i = 0, step; i < n; i += step) {
        step = fr_character_length(text + i, n - i);
        if (!step)
            return fr_fail_at(call, fr_place_at(.column = a->spec->name, .row = row, .byte = (int64_t)i),
                              FR_ERR_ENCODING,
                              "array '%s': %s is not UTF-8", a->spec->name, fr_quoted((fr_room){ 0 }.text, text, n));
    }
    return true;
}

static fr_column *copy_texts(fr_call *call, array *a)
{
    FR_CLEANUP(fr_texts_clear) fr_texts texts = FR_TEXTS_INIT(call);
    const char *const *in = a->spec->values;
    a->values = fr_buffer_array(call, (size_t)a->n, sizeof(fr_view));
    if (!a->values) return NULL;
    fr_view *views = memset(a->values->data, 0, (size_t)a->n * sizeof(fr_view));
    for (int64_t i = 0; i < a->n; i++) {
        if (is_null(a, i)) continue;
        size_t n = strlen(in[i]);
        if (a->type->kind != FR_BINARY && !check_utf8(call, a, i, in[i], n)) return NULL;
        if (!fr_texts_add(call, &texts, in[i], n, &views[i])) return NULL;
    }
    FR_CLEANUP(fr_drop_heap) fr_heap *heap = fr_texts_finish(call, &texts);
    if (!heap) return NULL;
    const fr_type *type = a->type->kind == FR_CAT ? fr_type_of(FR_STR) : a->type;
    FR_OWNED fr_column *column = fr_column_new(call, &(fr_column_parts){
        .type = type, .phys = FR_PHYS_VIEW, .length = a->n, .null_count = a->null_count, .values = a->values,
        .valid = a->valid, .heap = heap->n_buffers ? heap : NULL });
    if (!column || type == a->type) return fr_steal(column);
    FR_OWNED fr_column *codes = fr_column_as_codes(call, column);
    return codes ? fr_column_retype(call, codes, a->type) : NULL;
}

static bool check_times(fr_call *call, const array *a)
{
    const int64_t *ticks = a->values->data;
    const int64_t row = fr_find_beyond_day(a->type->unit, ticks, a->null_count ? a->valid->data : NULL, a->n);
    return row < 0 || fr_fail_at(call, fr_place_at(.column = a->spec->name, .row = row), FR_ERR_VALUE,
                                 "array '%s': %lld is no time of day", a->spec->name, (long long)ticks[row]);
}

static fr_column *make_column(fr_call *call, array *a)
{
    if (!check(call, a->spec, a->n)) return NULL;
    a->type = type_of(call, a->spec);
    if (!a->type) return NULL;
    bool texts = fr_kind_is_text(a->type->kind) || a->type->kind == FR_BINARY;
    if (!make_valid(call, a, texts)) return NULL;
    if (texts) return copy_texts(call, a);
    fr_phys phys = fr_type_phys(a->type);
    if (!(phys == FR_PHYS_BOOL ? copy_bools(call, a) : copy_fixed(call, a, fr_phys_width(phys)))) return NULL;
    if (a->type->kind == FR_TIME && !check_times(call, a)) return NULL;
    return fr_column_new(call, &(fr_column_parts){ .type = a->type, .phys = phys, .length = a->n,
                                                   .null_count = a->null_count, .values = a->values,
                                                       .valid = a->valid });
}

/* ---- the frame --------------------------------------------------------------------------------------------------- */

/* The frame stands: from now on the arrays are the library's to release. */
static void take_over(array *arrays, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const fr_array_spec *spec = arrays[i].spec;
        if (!spec->release) continue;
        if (arrays[i].in_place) {
            arrays[i].values->owner = spec->owner;
            arrays[i].values->release = spec->release;
        } else {
            spec->release(spec->owner);
        }
    }
}

static fr_frame *make_frame(fr_call *call, int64_t n_rows, const fr_array_spec *specs, size_t n)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    array *arrays = fr_arena_array(call, &arena, n, sizeof *arrays);
    fr_column **columns = fr_arena_array(call, &arena, n, sizeof *columns);
    const char **names = fr_arena_array(call, &arena, n, sizeof *names);
    bool ok = arrays && columns && names;
    for (size_t i = 0; ok && i < n; i++) {
        arrays[i] = (array){ .spec = &specs[i], .n = n_rows };
        names[i] = specs[i].name;
        columns[i] = make_column(call, &arrays[i]);
        ok = columns[i] != NULL;
    }
    fr_frame *frame = ok ? fr_frame_of(call, NULL, names, columns, n, n_rows) : NULL;
    if (frame) take_over(arrays, n);
    for (size_t i = 0; i < n && arrays && columns; i++) {
        fr_column_unref(columns[i]);
        fr_type_unref(arrays[i].type);
        fr_buffer_unref(arrays[i].values);
        fr_buffer_unref(arrays[i].valid);
    }
    return frame;
}

fr_frame *fr_frame_from_arrays(int64_t n_rows, const fr_array_spec *arrays, size_t n_arrays, fr_context *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    fr_frame *frame = NULL;
    if (n_rows < 0) fr_fail(&call, FR_ERR_ARGUMENT, "%lld rows", (long long)n_rows);
    else if (n_arrays && !arrays) fr_fail(&call, FR_ERR_ARGUMENT, "the arrays are NULL");
    else if (!fr_failed(&call)) frame = make_frame(&call, n_rows, arrays, n_arrays);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}
