/* arrow_import.c — Arrow arrays to columns: ownership, checks, fixed-width values.
 *
 * The interface gives pointers without lengths, so what can be checked is checked before it is used: that counts of
 * buffers and children are those of the type, that lengths are not negative, that offsets rise and stay inside the
 * child, that codes name an entry, that stated null counts are true. No byte beyond the announced rows is read: bitmaps
 * are copied bit by bit into words of our own, because ours may be read a word at a time.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "data/arrow_abi.h"
#include "data/column_make.h"

/* ---- ownership --------------------------------------------------------------------------------------------------- */

fr_arrow_owner *fr_arrow_take_over(fr_call *call, struct ArrowArray *array)
{
    fr_arrow_owner *owner = fr_new(call, sizeof *owner);
    if (!owner) {
        array->release(array);
        return NULL;
    }
    atomic_init(&owner->refs, 1);
    owner->context = fr_object_ref(call->context);
    owner->array = *array;
    array->release = NULL;
    return owner;
}

void fr_arrow_owner_unref(fr_arrow_owner *owner)
{
    if (!owner || atomic_fetch_sub_explicit(&owner->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = owner->context;
    owner->array.release(&owner->array);
    fr_free(context, owner, sizeof *owner);
    fr_object_unref(context);
}

static void let_go(void *owner)
{
    fr_arrow_owner_unref(owner);
}

fr_buffer *fr_arrow_buffer(fr_call *call, fr_arrow_owner *owner, const void *data, size_t bytes)
{
    fr_buffer *buffer = fr_buffer_foreign(call, data, bytes, let_go, owner);
    if (buffer) atomic_fetch_add_explicit(&owner->refs, 1, memory_order_relaxed);
    return buffer;
}

/* ---- checks ------------------------------------------------------------------------------------------------------ */

bool fr_arrow_wrong(fr_call *call, const fr_arrow_from *from, const char *format, ...)
{
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return fr_fail_at(call, fr_place_at(.column = from->column), FR_ERR_FORMAT, "Arrow array of column %s: %s",
                      fr_quoted((fr_room){ 0 }.text, from->column, strlen(from->column)), text);
}

bool fr_arrow_needs_buffers(fr_call *call, const fr_arrow_from *from, int64_t n)
{
    const struct ArrowArray *a = from->array;
    if (a->n_buffers == n && a->buffers) return true;
    return fr_arrow_wrong(call, from, "%lld buffers, a type %s has %lld", (long long)a->n_buffers, from->schema->format,
                          (long long)n);
}

bool fr_arrow_data(fr_call *call, const fr_arrow_from *from, int64_t i, const void **data)
{
    *data = from->array->buffers[i];
    return *data || from->length == 0 || fr_arrow_wrong(call, from, "buffer %lld is missing", (long long)i);
}

int64_t fr_arrow_integer(const void *data, int64_t i, size_t width)
{
    int64_t value = 0;
    memcpy(&value, (const char *)data + (size_t)i * width, width);
    int shift = (int)(64 - 8 * width);
    return (int64_t)((uint64_t)value << shift) >> shift;
}

static bool check_array(fr_call *call, const fr_arrow_from *from)
{
    const struct ArrowArray *a = from->array;
    int64_t end, rows = 0;
    if (!a->release) return fr_arrow_wrong(call, from, "it was released");
    if (a->length < 0 || a->offset < 0 || a->null_count < -1 || a->n_buffers < 0 || a->n_children < 0)
        return fr_arrow_wrong(call, from, "a negative length, offset or count");
    if (__builtin_add_overflow(a->offset, a->length, &end) || end > INT64_MAX / 32)
        return fr_arrow_wrong(call, from, "its length is beyond any memory");
    if (from->offset < 0 || __builtin_add_overflow(from->offset, from->length, &rows) || rows > end)
        return fr_arrow_wrong(call, from, "%lld rows, its parent has %lld", (long long)end, (long long)rows);
    if (a->null_count > a->length) return fr_arrow_wrong(call, from, "more nulls than rows");
    if (!a->dictionary != !from->schema->dictionary) return fr_arrow_wrong(call, from, "a dictionary on one side only");
    if (a->n_children != from->schema->n_children)
        return fr_arrow_wrong(call, from, "another number of children than its type");
    if (a->n_buffers > 0 && !a->buffers) return fr_arrow_wrong(call, from, "no buffers");
    for (int64_t i = 0; i < a->n_children; i++)
        if (!a->children || !a->children[i]) return fr_arrow_wrong(call, from, "a child is missing");
    return true;
}

bool fr_arrow_valid(fr_call *call, const fr_arrow_from *from, fr_buffer **valid, int64_t *null_count)
{
    const struct ArrowArray *a = from->array;
    *valid = NULL;
    *null_count = 0;
    if (!a->buffers[0])
        return a->null_count <= 0 || fr_arrow_wrong(call, from, "%lld nulls but no validity", (long long)a->null_count);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_bits_new(call, from->length);
    if (!bits) return false;
    FR_ISA_PICK(fr_bits_kernels)->cut(bits->data, a->buffers[0], from->offset, from->length);
    *null_count = from->length - fr_bits_count(bits->data, from->length);
    bool whole = from->offset == a->offset && from->length == a->length;
    if (whole && a->null_count >= 0 && a->null_count != *null_count)
        return fr_arrow_wrong(call, from, "%lld nulls, %lld were announced", (long long)*null_count,
                              (long long)a->null_count);
    if (*null_count) *valid = fr_steal(bits);
    return true;
}

/* ---- fixed width ------------------------------------------------------------------------------------------------- */

static bool is_zero(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i]) return false;
    return true;
}

/* Is every value under a null zero? Words without nulls are passed over. */
static bool zero_under_nulls(const char *values, size_t width, const fr_buffer *valid, int64_t n)
{
    const uint64_t *bits = valid ? valid->data : NULL;
    for (int64_t i = 0; bits && i < n; i += 64)
        for (uint64_t word = ~bits[i / 64] & fr_valid_word(NULL, i, n); word; word &= word - 1)
            if (!is_zero(values + (size_t)(i + __builtin_ctzll(word)) * width, width)) return false;
    return true;
}

static void clear_nulls(char *values, size_t width, const fr_buffer *valid, int64_t n)
{
    const uint64_t *bits = valid ? valid->data : NULL;
    for (int64_t i = 0; bits && i < n; i += 64)
        for (uint64_t word = ~bits[i / 64] & fr_valid_word(NULL, i, n); word; word &= word - 1)
            memset(values + (size_t)(i + __builtin_ctzll(word)) * width, 0, width);
}

/* The values in place, or a copy where they lie misaligned or something lies under a null. */
static fr_buffer *fixed_values(fr_call *call, const fr_arrow_from *from, size_t width, const fr_buffer *valid)
{
    const void *data;
    if (!fr_arrow_data(call, from, 1, &data)) return NULL;
    const char *first = from->length ? (const char *)data + (size_t)from->offset * width : NULL;
    size_t bytes = (size_t)from->length * width;
    bool fits = first && (uintptr_t)first % width == 0;
    if (fits && zero_under_nulls(first, width, valid, from->length))
        return fr_arrow_buffer(call, from->owner, first, bytes);
    fr_buffer *copy = fr_buffer_new(call, bytes);
    if (!copy || !bytes) return copy;
    memcpy(copy->data, first, bytes);
    clear_nulls(copy->data, width, valid, from->length);
    return copy;
}

static fr_column *finish(fr_call *call, const fr_arrow_from *from, fr_buffer *values, fr_buffer *valid, int64_t nulls)
{
    return fr_column_new(call, &(fr_column_parts){ .type = from->type, .phys = fr_type_phys(from->type),
                                                   .values = values,
                                                   .length = from->length, .valid = valid, .null_count = nulls });
}

/* Times of day lie within the day, as Arrow's rules say; others would be printed as times they are not. */
static bool check_times(fr_call *call, const fr_arrow_from *from, const fr_buffer *values, const fr_buffer *valid)
{
    const int64_t *ticks = values->data;
    const int64_t row = fr_find_beyond_day(from->type->unit, ticks, valid ? valid->data : NULL, from->length);
    return row < 0 || fr_fail_at(call, fr_place_at(.column = from->column, .row = fr_arrow_row(from, row)), FR_ERR_VALUE,
                                 "%lld is no time of day", (long long)ticks[row]);
}

static fr_column *fixed(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    int64_t nulls;
    if (!fr_arrow_needs_buffers(call, from, 2) || !fr_arrow_valid(call, from, &valid, &nulls)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fixed_values(call, from, fr_phys_width(fr_type_phys(from->type)),
                                                                valid);
    if (!values || (from->type->kind == FR_TIME && !check_times(call, from, values, valid))) return NULL;
    return finish(call, from, values, valid, nulls);
}

static fr_column *bools(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    const void *data;
    int64_t nulls;
    if (!fr_arrow_needs_buffers(call, from, 2) || !fr_arrow_valid(call, from, &valid, &nulls)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_bits_new(call, from->length);
    if (!values || !fr_arrow_data(call, from, 1, &data)) return NULL;
    const fr_bits_kernels *kernels = FR_ISA_PICK(fr_bits_kernels);
    if (from->length) kernels->cut(values->data, data, from->offset, from->length);
    if (valid) kernels->both(values->data, values->data, valid->data, from->length);
    return finish(call, from, values, valid, nulls);
}

/* ---- values of another width ------------------------------------------------------------------------------------- */

/* 32-bit times of day become 64-bit ones. */
static fr_column *times32(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    const void *data;
    int64_t nulls;
    if (!fr_arrow_needs_buffers(call, from, 2) || !fr_arrow_valid(call, from, &valid, &nulls)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)from->length, sizeof(int64_t));
    if (!values || !fr_arrow_data(call, from, 1, &data)) return NULL;
    for (int64_t i = 0; i < from->length; i++)
        ((int64_t *)values->data)[i] = fr_arrow_integer(data, from->offset + i, sizeof(int32_t));
    clear_nulls(values->data, sizeof(int64_t), valid, from->length);
    return check_times(call, from, values, valid) ? finish(call, from, values, valid, nulls) : NULL;
}

/* Days counted in milliseconds become days; a time of day inside would be lost, so it is an error. */
static fr_column *dates64(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    const void *data;
    int64_t nulls, day_ms = INT64_C(86400000);
    if (!fr_arrow_needs_buffers(call, from, 2) || !fr_arrow_valid(call, from, &valid, &nulls)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)from->length, sizeof(int32_t));
    if (!values || !fr_arrow_data(call, from, 1, &data)) return NULL;
    for (int64_t i = 0; i < from->length; i++) {
        int64_t ms = fr_arrow_integer(data, from->offset + i, sizeof ms), day = fr_floor_div(ms, day_ms);
        bool is_null = valid && !fr_bit(valid->data, i);
        if (!is_null && (ms != day * day_ms || day < INT32_MIN || day > INT32_MAX)) {
            fr_fail_at(call, fr_place_at(.column = from->column, .row = fr_arrow_row(from, i)), FR_ERR_VALUE,
                       "date64 value %lld is no whole day within range", (long long)ms);
            return NULL;
        }
        ((int32_t *)values->data)[i] = is_null ? 0 : (int32_t)day;
    }
    return finish(call, from, values, valid, nulls);
}

static fr_column *nothing(fr_call *call, const fr_arrow_from *from)
{
    if (from->array->n_buffers != 0 && from->array->n_buffers != 1) {      /* older writers announce one */
        fr_arrow_wrong(call, from, "a null array has no buffers");
        return NULL;
    }
    return fr_column_null(call, from->type, from->length);
}

fr_column *fr_arrow_column(fr_call *call, const fr_arrow_from *from)
{
    if (!check_array(call, from)) return NULL;
    if (from->schema->dictionary) return fr_arrow_dictionary_column(call, from);
    const char *format = from->schema->format;
    switch (from->type->kind) {
    case FR_NULL:    return nothing(call, from);
    case FR_BOOL:    return bools(call, from);
    case FR_STR:
    case FR_BINARY:  return fr_arrow_text_column(call, from);
    case FR_DECIMAL: return fr_arrow_decimal_column(call, from);
    case FR_LIST:
    case FR_STRUCT:  return fr_arrow_nested_column(call, from);
    case FR_DATE:    return !strcmp(format, "tdm") ? dates64(call, from) : fixed(call, from);
    case FR_TIME:    return !strcmp(format, "tts") || !strcmp(format, "ttm") ? times32(call, from) : fixed(call, from);
    default:         return fixed(call, from);
    }
}
