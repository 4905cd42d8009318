/* recode.c — text from codes to views and back, and the same values under another type.
 *
 *     codes 0 1 0 null of { North, South }   ⇄   views North South North null
 */
#include <string.h>

#include "data/column_make.h"

fr_phys fr_codes_phys(uint32_t length)
{
    return length <= 256 ? FR_PHYS_U8 : length <= 65536 ? FR_PHYS_U16 : FR_PHYS_U32;
}

/* ---- codes to views ---------------------------------------------------------------------------------------------- */

typedef struct decode { const fr_column *column; fr_view *out; int64_t block_rows; } decode;

static bool decode_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    decode *d = state;
    if (!fr_go_on(call)) return false;
    const fr_view *texts = d->column->dictionary->values, none = { .words = { 0, 0 } };
    int64_t from = (int64_t)block * d->block_rows, to = from + fr_smaller(d->block_rows, d->column->length - from);
    for (int64_t i = from; i < to; i++)      /* the code under a null may name no text: empty dictionaries exist */
        d->out[i] = fr_is_valid(d->column, i) ? texts[fr_column_code(d->column, i)] : none;
    return true;
}

fr_column *fr_column_as_views(fr_call *call, const fr_column *column)
{
    if (!column->dictionary) return fr_column_ref(column);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *views = fr_buffer_array(call, (size_t)column->length, sizeof(fr_view));
    if (!views) return NULL;
    decode d = { column, views->data, fr_bit_block_rows(call) };
    if (!fr_for_blocks(call, fr_block_count((size_t)column->length, (size_t)d.block_rows), decode_block, &d))
        return NULL;
    fr_facts facts = { .known = column->facts.known & (FR_FACT_ASCENDING | FR_FACT_DESCENDING | FR_FACT_UNIQUE) };
    return fr_column_new(call, &(fr_column_parts){
        .type = fr_type_of(FR_STR), .phys = FR_PHYS_VIEW, .length = column->length, .null_count = column->null_count,
        .values = views, .valid = column->valid_buffer, .valid_at = column->valid, .heap = column->dictionary->heap,
        .facts = facts });
}

/* ---- views to codes ---------------------------------------------------------------------------------------------- */

static void drop_coder(fr_coder **slot)
{
    fr_coder_unref(*slot);
}

static void drop_dictionary(fr_dictionary **slot)
{
    fr_dictionary_unref(*slot);
}

static bool encode(fr_call *call, const fr_column *column, fr_coder *coder, uint32_t *out)
{
    for (int64_t i = 0; i < column->length; i++) {
        size_t n;
        const char *text = fr_column_text(column, i, &n);
        int64_t code = text ? fr_coder_code(call, coder, text, n) : 0;
        if (code < 0 || ((i & 0xffff) == 0 && !fr_go_on(call))) return false;
        out[i] = (uint32_t)code;
    }
    return true;
}

static void narrow_codes(const uint32_t *codes, int64_t n, fr_phys phys, void *out)
{
    if (phys == FR_PHYS_U8)
        for (int64_t i = 0; i < n; i++) ((uint8_t *)out)[i] = (uint8_t)codes[i];
    else if (phys == FR_PHYS_U16)
        for (int64_t i = 0; i < n; i++) ((uint16_t *)out)[i] = (uint16_t)codes[i];
    else
        memcpy(out, codes, (size_t)n * sizeof *codes);
}

fr_column *fr_column_as_codes(fr_call *call, const fr_column *column)
{
    if (column->dictionary) return fr_column_ref(column);
    FR_CLEANUP(drop_coder) fr_coder *coder = fr_coder_new(call);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = fr_buffer_array(call, (size_t)column->length, sizeof(uint32_t));
    if (!coder || !codes || !encode(call, column, coder, codes->data)) return NULL;
    FR_CLEANUP(drop_dictionary) fr_dictionary *dictionary = fr_coder_finish(call, coder);
    if (!dictionary) return NULL;

    fr_phys phys = fr_codes_phys(dictionary->length);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)column->length, fr_phys_width(phys));
    if (!values) return NULL;
    narrow_codes(codes->data, column->length, phys, values->data);
    uint32_t kept = column->facts.known & (FR_FACT_ASCENDING | FR_FACT_DESCENDING | FR_FACT_UNIQUE);
    return fr_column_new(call, &(fr_column_parts){
        .type = column->type, .phys = phys, .length = column->length, .null_count = column->null_count,
            .values = values,
        .valid = column->valid_buffer, .valid_at = column->valid, .dictionary = dictionary,
        .facts = { .known = kept | FR_FACT_CODES_IN_ORDER } });
}

/* ---- another type ------------------------------------------------------------------------------------------------ */

fr_column *fr_column_with_values(fr_call *call, const fr_column *column, const fr_type *type, fr_phys phys,
                                 fr_buffer *values, fr_dictionary *dictionary)
{
    const fr_column_parts parts = { .type = type, .phys = phys, .length = column->length, .values = values,
                                    .null_count = column->null_count, .valid = column->valid_buffer,
                                    .valid_at = column->valid, .dictionary = dictionary };
    return fr_column_new(call, &parts);
}

static bool same_layout(const fr_column *column, const fr_type *type)
{
    if (column->dictionary) return fr_kind_is_text(type->kind);
    return type->kind != FR_CAT && fr_type_phys(type) == column->phys;
}

fr_column *fr_column_retype(fr_call *call, const fr_column *column, const fr_type *type)
{
    char from[FR_TYPE_TEXT_BYTES], to[FR_TYPE_TEXT_BYTES];
    if (fr_type_equal(column->type, type)) return fr_column_ref(column);
    if (fr_is_narrow(column)) {
        FR_OWNED fr_column *wide = fr_column_wide(call, column);
        return wide ? fr_column_retype(call, wide, type) : NULL;
    }
    if (!same_layout(column, type)) {
        fr_fail(call, FR_ERR_INTERNAL, "%s is not laid out as %s", fr_type_name(column->type, from),
                fr_type_name(type, to));
        return NULL;
    }
    fr_column_parts parts = fr_parts_like(column);
    parts.type = type;
    parts.length = column->length;
    parts.null_count = column->null_count;
    parts.values = column->values_buffer;
    parts.values_at = column->values;
    parts.valid = column->valid_buffer;
    parts.valid_at = column->valid;
    parts.facts = column->facts;
    return fr_column_new(call, &parts);
}
