/* eval_mapped.c — what reads one dictionary column only is computed once per entry, and once for null, and looked up.
 *
 *     id3 == 'b'      entries a b c null  →  0 1 0 null      rows: one comparison of codes with 1
 *     upper(id3)      entries a b c null  →  A B C null      rows: the same codes, another dictionary
 *     length(id3)     entries a b c null  →  1 1 1 null      rows: a value per code
 *
 * Should that fail on some entry, the part stays as it was: perhaps no row needs that entry.
 */
#include "expr/eval_mapped.h"

#include "base/threads.h"
#include "expr/eval_run.h"
#include "kernel/bits.h"
#include "kernel/codes.h"
#include "kernel/select.h"

#include <string.h>

struct fr_mapped {
    fr_column *table;        /* values per code, and behind them, where rows are null, the one for null;      */
                             /* owned by the typed tree                                                        */
    uint64_t *valid, *truth; /* bits per code and for null; truth of bools only                                */
    void *lanes;             /* the values as vectors hold them; NULL for bools, and for texts that are the     */
                             /* whole answer (fr_mapped_texts)                                                 */
    size_t width;            /* of a lane                                                                      */
    uint32_t n_entries;
    uint32_t n_true, a_true; /* codes that are true, and the last of them                                      */
    fr_code_sieve *sieve;    /* of few that are; else NULL                                                     */
    bool entries_valid;      /* every entry has a value                                                        */
    bool null_valid;         /* and so has null                                                                */
};

static size_t code_width(const fr_column *codes) { return fr_select_width(fr_phys_width(codes->phys)); }

static const void *codes_from(const fr_column *codes, int64_t first)
{
    return (const char *)codes->values + (size_t)first * fr_phys_width(codes->phys);
}

/* ---- making ------------------------------------------------------------------------------------------------------ */
/* The one coded column below; false when there is another column, or none. */
static bool find_coded(const fr_term *term, const fr_column **found)
{
    if (term->kind == FR_TERM_MAPPED) return false;
    if (term->kind == FR_TERM_COLUMN) {
        if (!term->column || !term->column->dictionary || (*found && *found != term->column)) return false;
        *found = term->column;
    }
    for (size_t i = 0; i < term->n_args; i++)
        if (!find_coded(term->args[i], found)) return false;
    return true;
}

static void rebind(fr_term *term, const fr_column *from, const fr_column *to)
{
    if (term->kind == FR_TERM_COLUMN && term->column == from) term->column = to;
    for (size_t i = 0; i < term->n_args; i++) rebind(term->args[i], from, to);
}

/* The entries as a column of texts, and one null behind them where rows are null. */
static fr_column *entries_of(fr_call *call, const fr_column *coded)
{
    const fr_dictionary *d = coded->dictionary;
    size_t n = d->length;
    if (!coded->valid)
        return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_STR), .phys = FR_PHYS_VIEW, .length = (int64_t)n,
                                                       .values = d->values_buffer, .values_at = d->values, .heap = d->heap });
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, n + 1, sizeof(fr_view));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = values ? fr_buffer_zeroed(call, fr_words(n + 1) * 8) : NULL;
    if (!valid) return NULL;
    if (n) memcpy(values->data, d->values, n * sizeof(fr_view));
    ((fr_view *)values->data)[n] = (fr_view){ .words = { 0, 0 } };
    memset(valid->data, 0xFF, n / 8);
    if (n % 8) ((uint8_t *)valid->data)[n / 8] = (uint8_t)((1 << n % 8) - 1);
    return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_STR),
                                                   .phys = FR_PHYS_VIEW,
                                                   .length = (int64_t)n + 1,
                                                   .null_count = 1,
                                                   .values = values,
                                                   .valid = valid,
                                                   .heap = d->heap });
}

static void drop_column(void *column) { fr_column_unref(column); }

/* How many of the entries are true, and which is the last of them. */
static void count_truth(fr_mapped *m)
{
    const size_t n = m->n_entries;
    for (size_t i = 0; i < n; i += 64) {
        uint64_t truth = m->truth[i / 64];
        if (n - i < 64) truth &= ((uint64_t)1 << (n - i)) - 1;
        if (!truth) continue;
        m->n_true += (uint32_t)__builtin_popcountll(truth);
        m->a_true = (uint32_t)(i + 63 - (size_t)__builtin_clzll(truth));
    }
}

/* Where true codes are few, and so most likely their rows. */
static bool make_sieve(fr_call *call, fr_typed *typed, fr_mapped *m)
{
    enum { RARE = 16 };
    if (m->n_true > FR_SIEVE_CODES || m->n_true > m->n_entries / RARE) return true;
    m->sieve = fr_arena_new(call, &typed->arena, sizeof *m->sieve);
    if (!m->sieve) return false;
    m->sieve->bits = m->truth;
    for (uint32_t i = 0; i < m->n_entries; i += 64)
        for (uint64_t word = m->truth[i / 64]; word; word &= word - 1) {
            const uint32_t code = i + (uint32_t)__builtin_ctzll(word);
            if (code < m->n_entries) fr_sieve_add(m->sieve, code);
        }
    return true;
}

static bool bit_at(const uint64_t *bits, size_t i) { return bits[i / 64] >> (i & 63) & 1; }

static bool note_known(fr_call *call, fr_typed *typed, fr_mapped *m, bool bools)
{
    const size_t n = m->n_entries, words = fr_words(n + 1);
    m->valid = fr_arena_array(call, &typed->arena, words, sizeof *m->valid);
    if (bools && m->valid) m->truth = fr_arena_array(call, &typed->arena, words, sizeof *m->truth);
    if (!m->valid || (bools && !m->truth)) return false;
    m->valid[words - 1] = 0;
    if (bools) m->truth[words - 1] = 0;
    for (size_t w = 0; w < fr_words((size_t)m->table->length); w++) {
        m->valid[w] = fr_valid_word(m->table->valid, (int64_t)w * 64, m->table->length);
        if (bools) m->truth[w] = ((const uint64_t *)m->table->values)[w] & m->valid[w];
    }
    if (bools) count_truth(m);
    if (bools && !make_sieve(call, typed, m)) return false;
    m->null_valid = bit_at(m->valid, n);
    m->entries_valid = m->table->null_count == (m->table->length > (int64_t)n && !m->null_valid);
    return true;
}

static bool note_lanes(fr_call *call, fr_typed *typed, fr_mapped *m, fr_phys lane)
{
    size_t n = (size_t)m->table->length, width = fr_phys_width(m->table->phys);
    m->width = lane == FR_PHYS_VIEW || lane == FR_PHYS_I128 ? 16 : width;
    m->lanes = fr_arena_array(call, &typed->arena, (size_t)m->n_entries + 1, m->width);
    if (!m->lanes) return false;
    const char *const *bases = m->table->heap ? m->table->heap->bases : NULL;
    const fr_view *views = m->table->values;
    if (lane == FR_PHYS_VIEW)
        for (size_t i = 0; i < n; i++)
            ((fr_piece *)m->lanes)[i] = (fr_piece){ fr_view_text(views + i, bases), views[i].in.length };
    else if (lane == FR_PHYS_I128 && width == 8)
        for (size_t i = 0; i < n; i++) ((fr_i128 *)m->lanes)[i] = ((const int64_t *)m->table->values)[i];
    else memcpy(m->lanes, m->table->values, n * m->width);
    return true;
}

static bool map_term(fr_call *call, fr_typed *typed, fr_term *term, const fr_column *coded)
{
    FR_OWNED fr_column *entries = entries_of(call, coded);
    fr_mapped *m = entries ? fr_arena_new(call, &typed->arena, sizeof *m) : NULL;
    if (!m) return false;
    rebind(term, coded, entries);
    m->table = fr_run_column(call, typed, term, fr_type_phys(term->type), entries->length, 0);
    rebind(term, entries, coded);
    if (!m->table) {
        if (!fr_failed(call) || !fr_go_on(call)) return false;
        fr_call_forgive(call);
        return true;
    }
    m->n_entries = coded->dictionary->length;
    if (!fr_typed_own(call, typed, m->table, drop_column)) return false;
    if (!note_known(call, typed, m, term->phys == FR_PHYS_BOOL)) return false;
    term->kind = FR_TERM_MAPPED;
    term->column = coded;
    term->mapped = m;
    term->n_args = 0;
    if (term->phys == FR_PHYS_BOOL || (term == typed->root && fr_mapped_is_text(term))) return true;
    return note_lanes(call, typed, m, term->phys);
}

bool fr_map_codes(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows)
{
    const fr_column *coded = NULL;
    if (term->kind != FR_TERM_CALL) return true;
    if (find_coded(term, &coded) && coded && (int64_t)coded->dictionary->length * 2 < n_rows)
        return map_term(call, typed, term, coded);
    for (size_t i = 0; i < term->n_args; i++)
        if (!fr_map_codes(call, typed, term->args[i], n_rows)) return false;
    return true;
}

/* ---- one vector -------------------------------------------------------------------------------------------------- */
/* Null rows have code 0: give them what null has. */
static void patch_nulls(const fr_run *run, const fr_column *codes, bool null_bit, uint64_t *bits)
{
    if (!codes->valid) return;
    const uint64_t *valid = codes->valid + (run->first >> 6);
    for (size_t w = 0; w < fr_words(run->n); w++) bits[w] = (bits[w] & valid[w]) | (null_bit ? ~valid[w] : 0);
}

static void load_valid(const fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_mapped *m = term->mapped;
    const fr_column *codes = term->column;
    if (m->entries_valid) {
        if (!m->null_valid && codes->valid) out->valid = codes->valid + (run->first >> 6);
        return;
    }
    const void *first = codes_from(codes, run->first);
    uint64_t *valid = out->slot->valid;
    FR_ISA_PICK(fr_codes_kernels)->test[code_width(codes)](valid, first, m->valid, (int64_t)run->n);
    patch_nulls(run, codes, m->null_valid, valid);
    out->valid = valid;
}

static void load_bools(const fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_codes_kernels *k = FR_ISA_PICK(fr_codes_kernels);
    const fr_mapped *m = term->mapped;
    const void *codes = codes_from(term->column, run->first);
    size_t w = code_width(term->column);
    if (m->n_true == 0) memset(out->room, 0, fr_words(run->n) * 8);
    else if (m->n_true == m->n_entries) memset(out->room, 0xFF, fr_words(run->n) * 8);
    else if (m->n_true == 1) k->equal[w](out->room, codes, m->a_true, (int64_t)run->n);
    else if (m->sieve) k->sift[w](out->room, codes, m->sieve, (int64_t)run->n);
    else k->test[w](out->room, codes, m->truth, (int64_t)run->n);
    patch_nulls(run, term->column, bit_at(m->truth, m->n_entries), out->room);
}

/* Every row's code as 32 bits, null rows' the one behind the entries. */
static const uint32_t *codes_of_rows(const fr_run *run, const fr_term *term, uint32_t *room)
{
    const fr_column *codes = term->column;
    const void *first = codes_from(codes, run->first);
    if (!codes->valid && codes->phys == FR_PHYS_U32) return first;
    FR_ISA_PICK(fr_codes_kernels)->widen[code_width(codes)](room, first, (int64_t)run->n);
    if (!codes->valid) return room;
    const uint64_t *valid = codes->valid + (run->first >> 6);
    for (size_t w = 0; w < fr_words(run->n); w++)
        for (uint64_t nulls = ~valid[w]; nulls; nulls &= nulls - 1) {
            size_t i = w * 64 + (size_t)__builtin_ctzll(nulls);
            if (i < run->n) room[i] = term->mapped->n_entries;
        }
    return room;
}

static bool load_lanes(fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_mapped *m = term->mapped;
    fr_vector scratch;
    if (!fr_run_slot(run, &scratch)) return false;
    const uint32_t *rows = codes_of_rows(run, term, scratch.room);
    FR_ISA_PICK(fr_select_kernels)->narrow_all[fr_select_width(m->width)](out->room, m->lanes, rows, (int64_t)run->n);
    fr_run_release(run, &scratch);
    return true;
}

bool fr_run_mapped(fr_run *run, const fr_term *term, fr_vector *out)
{
    if (!fr_run_slot(run, out)) return false;
    if (term == run->root && run->target) out->room = run->target, out->values = run->target;
    load_valid(run, term, out);
    if (term->phys == FR_PHYS_BOOL) return load_bools(run, term, out), true;
    if (load_lanes(run, term, out)) return true;
    fr_run_release(run, out);
    return false;
}

bool fr_mapped_is_scan(const fr_term *term)
{
    return term->kind == FR_TERM_MAPPED && term->phys == FR_PHYS_BOOL && term->mapped->entries_valid;
}

/* ---- whole columns of text --------------------------------------------------------------------------------------- */
/* The results of the entries numbered: new code of an old one; that of null comes last. */
typedef struct numbering {
    const fr_mapped *m;
    const fr_column *rows, *entries;       /* the old codes; the new ones, one per entry                      */
    fr_phys          phys;                 /* of the new codes                                                */
    const void      *map;
    char            *values;
    uint64_t        *valid;                /* NULL: no nulls                                                  */
    int64_t          block_rows;
} numbering;

bool fr_mapped_is_text(const fr_term *term)
{
    return term->kind == FR_TERM_MAPPED && term->phys == FR_PHYS_VIEW && term->mapped->table->type->kind == FR_STR;
}

/* Did every entry become another text? Then the rows keep their codes, and the texts are the dictionary. */
static bool stay_as_they_are(fr_call *call, const fr_mapped *m, const fr_column *rows, fr_dictionary **texts)
{
    *texts = NULL;
    if (!m->entries_valid || (m->null_valid && rows->valid)) return true;
    return fr_dictionary_of_different(call, m->table->values_buffer, m->n_entries, m->table->heap, texts);
}

static fr_column *share_codes(fr_call *call, const fr_column *rows, fr_dictionary *texts)
{
    return fr_column_new(call, &(fr_column_parts){
        .type = fr_type_of(FR_STR), .phys = rows->phys, .length = rows->length, .null_count = rows->null_count,
        .values = rows->values_buffer, .values_at = rows->values, .valid = rows->valid_buffer, .valid_at = rows->valid,
        .dictionary = texts, .facts = { .known = rows->facts.known & FR_FACT_CODES_IN_ORDER } });
}

static void fill_nulls(const numbering *n, int64_t from, int64_t until)
{
    size_t width = fr_phys_width(n->phys);
    const char *null_code = (const char *)n->map + n->m->n_entries * width;
    for (int64_t i = from; i < until; i += 64)
        for (uint64_t nulls = ~n->rows->valid[i >> 6]; nulls; nulls &= nulls - 1) {
            int64_t row = i + __builtin_ctzll(nulls);
            if (row < until) memcpy(n->values + (size_t)row * width, null_code, width);
        }
}

static bool number_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const numbering *n = state;
    const fr_codes_kernels *k = FR_ISA_PICK(fr_codes_kernels);
    if (!fr_go_on(call)) return false;
    int64_t from = (int64_t)block * n->block_rows, left = n->rows->length - from;
    int64_t count = left < n->block_rows ? left : n->block_rows;
    const void *codes = codes_from(n->rows, from);
    size_t w = code_width(n->rows), width = fr_phys_width(n->phys);
    k->recode[w][fr_select_width(width)](n->values + (size_t)from * width, codes, n->map, count);
    if (n->rows->valid) fill_nulls(n, from, from + count);
    if (!n->valid) return true;
    uint64_t *valid = n->valid + from / 64;
    fr_run here = { .first = from, .n = (size_t)count };
    k->test[w](valid, codes, n->m->valid, count);
    patch_nulls(&here, n->rows, n->m->null_valid, valid);
    return true;
}

static fr_column *number_rows(fr_call *call, numbering *n)
{
    int64_t length = n->rows->length;
    bool nulls = !n->m->entries_valid || (n->rows->valid && !n->m->null_valid);
    n->block_rows = (int64_t)((fr_block_rows(call) + 63) / 64 * 64);
    n->phys = n->entries->phys;
    n->map = n->entries->values;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)length, fr_phys_width(n->phys));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = nulls ? fr_buffer_new(call, fr_words((size_t)length) * 8) : NULL;
    if (!values || (nulls && !valid)) return NULL;
    n->values = values->data;
    n->valid = valid ? valid->data : NULL;
    if (!fr_for_blocks(call, fr_block_count((size_t)length, (size_t)n->block_rows), number_block, n)) return NULL;
    return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_STR), .phys = n->phys, .length = length,
                                                   .null_count = nulls ? -1 : 0, .values = values, .valid = valid,
                                                   .dictionary = n->entries->dictionary });
}

static void drop_dictionary(fr_dictionary **slot) { fr_dictionary_unref(*slot); }

fr_column *fr_mapped_texts(fr_call *call, const fr_term *term)
{
    const fr_mapped *m = term->mapped;
    FR_CLEANUP(drop_dictionary) fr_dictionary *texts;
    if (!stay_as_they_are(call, m, term->column, &texts)) return NULL;
    if (texts) return share_codes(call, term->column, texts);
    FR_OWNED fr_column *entries = fr_column_as_codes(call, m->table);
    if (!entries) return NULL;
    return number_rows(call, &(numbering){ .m = m, .rows = term->column, .entries = entries });
}
