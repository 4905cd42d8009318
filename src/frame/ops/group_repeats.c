/* group_repeats.c — which rows repeat a key, their groups, and columns of results put together (see group_repeats.h). */
#include "ops/group_repeats.h"

#include "base/memory.h"

#include <string.h>

/* ---- the rows ---------------------------------------------------------------------------------------------------- */
/* A bit for each row of a group with more than one; → how many rows. */
static int64_t mark_among(const fr_repeats *r, int64_t n_rows, uint64_t *among)
{
    const uint64_t *bits = r->bits->data;
    const uint32_t *first_of = r->first_of->data;
    for (int64_t row = 0; row < n_rows; row += 64)
        for (uint64_t word = ~bits[row >> 6] & fr_valid_word(NULL, row, n_rows); word; word &= word - 1) {
            const int64_t repeat = row + __builtin_ctzll(word);
            among[repeat >> 6] |= (uint64_t)1 << (repeat & 63);
            among[first_of[repeat] >> 6] |= (uint64_t)1 << (first_of[repeat] & 63);
        }
    return fr_bits_count(among, n_rows);
}

static void list_rows(const uint64_t *among, int64_t n_rows, int64_t *rows)
{
    for (int64_t row = 0; row < n_rows; row += 64)
        for (uint64_t word = fr_valid_word(among, row, n_rows); word; word &= word - 1)
            *rows++ = row + __builtin_ctzll(word);
}

/* Which of the first rows so far, which rise, is `row`. */
static uint32_t find_group(const int64_t *firsts, const int64_t *rows, uint32_t n, int64_t row)
{
    uint32_t low = 0, high = n;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (rows[firsts[middle]] <= row) low = middle;
        else high = middle;
    }
    return low;
}

/* Groups in order of their first rows, as everywhere. */
static void number_rows(const fr_repeats *r, fr_grouping *among)
{
    const fr_first_rows ranks = fr_repeats_firsts(r);
    const int64_t *rows = r->rows->data;
    const uint32_t *first_of = r->first_of->data;
    uint32_t *ids = among->ids->data, *groups = r->groups->data;
    int64_t *firsts = among->firsts->data;
    for (int64_t i = 0; i < among->n_rows; i++) {
        const uint32_t first = first_of[rows[i]];
        if (first == rows[i]) {
            groups[among->n_groups] = fr_rank_of_first(&ranks, first);
            firsts[among->n_groups++] = i;
        }
        ids[i] = find_group(firsts, rows, among->n_groups, first);
    }
}

static bool group_among(fr_call *call, fr_repeats *r, int64_t n_rows)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_zeroed(call, fr_bits_bytes(n_rows));
    if (!bits) return false;
    const int64_t n = mark_among(r, n_rows, bits->data);
    r->rows = fr_buffer_array(call, (size_t)n, sizeof(int64_t));
    r->groups = fr_buffer_array(call, (size_t)n, sizeof(uint32_t));
    r->among = fr_new(call, sizeof *r->among);
    if (!r->among) return false;
    *r->among = (fr_grouping){ .context = call->context, .n_rows = n };
    r->among->ids = fr_buffer_array(call, (size_t)n, sizeof(uint32_t));
    r->among->firsts = fr_buffer_array(call, (size_t)n, sizeof(int64_t));
    if (!r->rows || !r->groups || !r->among->ids || !r->among->firsts) return false;
    list_rows(bits->data, n_rows, r->rows->data);
    number_rows(r, r->among);
    return true;
}

fr_repeats *fr_repeats_new(fr_call *call, const fr_grouping *g, fr_buffer *bits, fr_buffer *before, fr_buffer *first_of)
{
    fr_repeats *r = fr_new(call, sizeof *r);
    if (!r) return NULL;
    *r = (fr_repeats){ .bits = fr_buffer_ref(bits), .before = fr_buffer_ref(before), .first_of = fr_buffer_ref(first_of) };
    if (group_among(call, r, g->n_rows)) return r;
    fr_repeats_free(call->context, r);
    return NULL;
}

void fr_repeats_free(fr_context *context, fr_repeats *r)
{
    if (!r) return;
    fr_buffer_unref(r->bits);
    fr_buffer_unref(r->before);
    fr_buffer_unref(r->first_of);
    fr_buffer_unref(r->rows);
    fr_buffer_unref(r->groups);
    fr_grouping_free(r->among);
    fr_free(context, r, sizeof *r);
}

fr_grouping *fr_grouping_alone(fr_call *call, int64_t n_rows)
{
    fr_grouping *g = fr_new(call, sizeof *g);
    if (g) *g = (fr_grouping){ .context = call->context, .n_rows = n_rows, .n_groups = (uint32_t)n_rows };
    return g;
}

/* ---- results ----------------------------------------------------------------------------------------------------- */
static bool fits_width(int64_t value, size_t width)
{
    const int64_t most = width < sizeof value ? ((int64_t)1 << (8 * width - 1)) - 1 : INT64_MAX;
    return value <= most && value >= -most - 1;
}

/* The values as the others lie: signed integers may be narrower there. */
static bool lay_out(const fr_column *few, fr_phys phys, char *out)
{
    const size_t width = fr_phys_width(phys);
    if (few->phys == phys) {
        memcpy(out, few->values, (size_t)few->length * width);
        return true;
    }
    if (few->phys > FR_PHYS_I64 || phys > FR_PHYS_I64 || few->phys < FR_PHYS_I8 || phys < FR_PHYS_I8) return false;
    for (int64_t i = 0; i < few->length; i++) {
        const fr_value v = fr_column_value(few, i);
        const int64_t value = v.valid ? v.as.i : 0;
        if (!fits_width(value, width)) return false;
        memcpy(out + (size_t)i * width, &value, width);        /* the low bytes */
    }
    return true;
}

/* The column's own, where nobody else has it, else a copy. */
static fr_buffer *own_values(fr_call *call, const fr_column *column, size_t bytes)
{
    fr_buffer *lies = column->values_buffer;
    const bool lent = atomic_load(&column->object.refs) > 1 || atomic_load(&lies->refs) > 1 || lies->data != column->values;
    if (!lent) return fr_buffer_ref(lies);
    fr_buffer *copy = fr_buffer_new(call, bytes);
    if (copy) memcpy(copy->data, column->values, bytes);
    return copy;
}

static fr_buffer *copy_valid(fr_call *call, const fr_column *column)
{
    const size_t bytes = fr_bits_bytes(column->length);
    fr_buffer *copy = fr_buffer_new(call, bytes);
    if (!copy) return NULL;
    if (column->valid) memcpy(copy->data, column->valid, bytes);
    else memset(copy->data, 0xff, bytes);
    return copy;
}

static void put_valid(uint64_t *bits, const uint32_t *groups, const fr_column *few)
{
    for (int64_t i = 0; i < few->length; i++) {
        const uint64_t bit = (uint64_t)1 << (groups[i] & 63);
        if (fr_is_valid(few, i)) bits[groups[i] >> 6] |= bit;
        else bits[groups[i] >> 6] &= ~bit;
    }
}

static fr_column *replace(fr_call *call, const fr_repeats *r, const fr_column *alone, const fr_column *few)
{
    const size_t width = fr_phys_width(alone->phys);
    const uint32_t *groups = r->groups->data;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *laid = fr_buffer_array(call, (size_t)few->length, width);
    if (!laid || !lay_out(few, alone->phys, laid->data)) return NULL;
    const bool nulls = alone->valid || few->valid;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = own_values(call, alone, (size_t)alone->length * width);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = nulls && values ? copy_valid(call, alone) : NULL;
    if (!values || (nulls && !valid)) return NULL;
    for (int64_t i = 0; i < few->length; i++)
        memcpy((char *)values->data + groups[i] * width, (const char *)laid->data + (size_t)i * width, width);
    if (nulls) put_valid(valid->data, groups, few);
    const int64_t n_null = nulls ? alone->length - fr_bits_count(valid->data, alone->length) : 0;
    return fr_column_new(call, &(fr_column_parts){ .type = alone->type, .phys = alone->phys, .length = alone->length,
                                                   .null_count = n_null, .values = values,
                                                   .valid = n_null ? valid : NULL });
}

fr_column *fr_repeats_replace(fr_call *call, const fr_repeats *repeats, fr_column *alone, const fr_column *few)
{
    fr_column *made = replace(call, repeats, alone, few);
    fr_column_unref(alone);
    return made;
}
