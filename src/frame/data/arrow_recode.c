/* arrow_recode.c — Arrow's dictionaries and decimals, which are always made anew.
 *
 * A dictionary may hold an entry twice or a null; ours may not, so its texts go through a coder, and codes are mapped:
 *
 *     entries { a, null, a, b }, codes 0 1 2 3    →    { a, b }, 0 null 0 1
 *
 * Decimals come in 32, 64, 128 or 256 bits and become 64 or 128, whichever the precision asks for.
 */
#include <string.h>

#include "base/decimal.h"
#include "data/arrow_abi.h"
#include "data/column_make.h"

/* ---- dictionaries ------------------------------------------------------------------------------------------------ */

static void drop_coder(fr_coder **slot)
{
    fr_coder_unref(*slot);
}

static void drop_dictionary(fr_dictionary **slot)
{
    fr_dictionary_unref(*slot);
}

static fr_column *entries_column(fr_call *call, const fr_arrow_from *from)
{
    const struct ArrowArray *d = from->array->dictionary;
    FR_OWNED const fr_type *type = fr_arrow_type(call, from->schema->dictionary, 0);
    if (!type) return NULL;
    return fr_arrow_column(call, &(fr_arrow_from){ .owner = from->owner, .schema = from->schema->dictionary, .array = d,
                                                   .type = type, .offset = d->offset, .length = d->length,
                                                   .column = from->column, .row = -1 });
}

/* The row of the dictionary that each row names, -1 for a null. */
static bool read_codes(fr_call *call, const fr_arrow_from *from, int64_t n_entries, const fr_buffer *valid,
                       int64_t *out)
{
    static const char formats[] = "cCsSiIlL";
    size_t which = (size_t)(strchr(formats, from->schema->format[0]) - formats), width = (size_t)1 << which / 2;
    bool is_unsigned = which & 1;
    const void *data;
    if (!fr_arrow_data(call, from, 1, &data)) return false;
    for (int64_t i = 0; i < from->length; i++) {
        out[i] = FR_ROW_MISSING64;
        if (valid && !fr_bit(valid->data, i)) continue;
        int64_t code = fr_arrow_integer(data, from->offset + i, width);
        if (is_unsigned && width < 8) code &= ((int64_t)1 << 8 * width) - 1;
        if (code < 0 || code >= n_entries)
            return fr_arrow_wrong(call, from, "row %lld has code %lld, the dictionary %lld entries", (long long)i,
                                  (long long)code, (long long)n_entries);
        out[i] = code;
    }
    return true;
}

/* Texts of the entries as a dictionary of ours; map[entry] = code, or -1 for a null entry. */
static fr_dictionary *encode(fr_call *call, const fr_column *entries, int64_t *map)
{
    FR_CLEANUP(drop_coder) fr_coder *coder = fr_coder_new(call);
    if (!coder) return NULL;
    for (int64_t i = 0; i < entries->length; i++) {
        size_t n;
        const char *text = fr_column_text(entries, i, &n);
        map[i] = text ? fr_coder_code(call, coder, text, n) : -1;
        if (text && map[i] < 0) return NULL;
    }
    return fr_coder_finish(call, coder);
}

static void put_code(void *out, fr_phys phys, int64_t i, int64_t code)
{
    if (phys == FR_PHYS_U8) ((uint8_t *)out)[i] = (uint8_t)code;
    else if (phys == FR_PHYS_U16) ((uint16_t *)out)[i] = (uint16_t)code;
    else ((uint32_t *)out)[i] = (uint32_t)code;
}

static fr_column *coded(fr_call *call, const fr_arrow_from *from, const fr_column *entries, const int64_t *rows)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *map_buffer = fr_buffer_array(call, (size_t)entries->length, sizeof(int64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_bits_new(call, from->length);
    if (!map_buffer || !valid) return NULL;
    const int64_t *map = map_buffer->data;
    FR_CLEANUP(drop_dictionary) fr_dictionary *dictionary = encode(call, entries, map_buffer->data);
    if (!dictionary) return NULL;
    fr_phys phys = fr_codes_phys(dictionary->length);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_array(call, (size_t)from->length, fr_phys_width(phys));
    if (!codes) return NULL;
    uint64_t *bits = valid->data;
    for (int64_t i = 0; i < from->length; i++) {
        int64_t code = rows[i] < 0 ? -1 : map[rows[i]];
        put_code(codes->data, phys, i, code < 0 ? 0 : code);
        bits[i >> 6] |= (uint64_t)(code >= 0) << (i & 63);
    }
    return fr_column_new(call, &(fr_column_parts){ .type = from->type, .phys = phys, .length = from->length,
                                                   .values = codes,
                                                   .valid = valid, .null_count = -1, .dictionary = dictionary });
}

fr_column *fr_arrow_dictionary_column(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    int64_t nulls;
    if (!fr_arrow_needs_buffers(call, from, 2) || !fr_arrow_valid(call, from, &valid, &nulls)) return NULL;
    FR_OWNED fr_column *entries = entries_column(call, from);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = entries ? fr_buffer_array(call, (size_t)from->length, sizeof(int64_t))
        : NULL;
    if (!rows || !read_codes(call, from, entries->length, valid, rows->data)) return NULL;
    if (from->type->kind == FR_CAT) return coded(call, from, entries, rows->data);
    return fr_column_take(call, entries, &(fr_rows){ .wide = rows->data, .n = from->length, .may_miss = true });
}

/* ---- decimals ---------------------------------------------------------------------------------------------------- */

static size_t decimal_bytes(const char *format)
{
    const char *comma = strchr(format, ',');
    comma = comma ? strchr(comma + 1, ',') : NULL;
    if (!comma) return 16;
    return comma[1] == '3' ? 4 : comma[1] == '6' ? 8 : comma[1] == '1' ? 16 : 32;
}

/* The number in 128 bits; false when 256 bits hold more. */
static bool read_decimal(const char *at, size_t width, fr_i128 *out)
{
    if (width <= 8) {
        *out = fr_arrow_integer(at, 0, width);
        return true;
    }
    memcpy(out, at, 16);
    if (width == 16) return true;
    int64_t high[2], sign = *out < 0 ? -1 : 0;
    memcpy(high, at + 16, 16);
    return high[0] == sign && high[1] == sign;
}

fr_column *fr_arrow_decimal_column(fr_call *call, const fr_arrow_from *from)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    const void *data;
    int64_t nulls;
    fr_phys phys = fr_type_phys(from->type);
    size_t width = decimal_bytes(from->schema->format), out_width = fr_phys_width(phys);
    if (!fr_arrow_needs_buffers(call, from, 2) || !fr_arrow_valid(call, from, &valid, &nulls)) return NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)from->length, out_width);
    if (!values || !fr_arrow_data(call, from, 1, &data)) return NULL;
    for (int64_t i = 0; i < from->length; i++) {
        fr_i128 number = 0;
        bool is_null = valid && !fr_bit(valid->data, i);
        bool ok = is_null || read_decimal((const char *)data + (size_t)(from->offset + i) * width, width, &number);
        if (!ok || !fr_decimal_fits(number, from->type->precision)) {
            fr_fail_at(call, fr_place_at(.column = from->column, .row = fr_arrow_row(from, i)), FR_ERR_OVERFLOW,
                       "Arrow decimal has more than %d digits", from->type->precision);
            return NULL;
        }
        memcpy((char *)values->data + (size_t)i * out_width, &number, out_width);
    }
    return fr_column_new(call, &(fr_column_parts){ .type = from->type, .phys = phys, .length = from->length,
                                                   .values = values, .valid = valid, .null_count = nulls });
}
