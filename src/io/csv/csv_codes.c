/* csv_codes.c — the dictionaries behind text columns: texts are looked up while rows are read, the lists of all workers
 * become one at the end.
 */
#include "io/csv/csv_codes.h"

#include <string.h>

#include "base/context_state.h"
#include "base/hash.h"
#include "base/memory.h"
#include "io/csv/csv_view.h"

bool fr_csv_codes_begin(fr_call *call, fr_csv_codes *codes, size_t n_workers)
{
    fr_csv_codes_clear(codes);
    codes->workers = fr_new_array(call, n_workers, sizeof *codes->workers);
    if (!codes->workers) return false;
    codes->context = call->context;
    for (size_t i = 0; i < n_workers; i++) codes->workers[i].seed = fr_context_seed(call->context);
    codes->n_workers = n_workers;
    return true;
}

void fr_csv_codes_clear(fr_csv_codes *codes)
{
    if (!codes->context) return;
    for (size_t i = 0; i < codes->n_workers; i++) fr_csv_dictionary_clear(codes->context, &codes->workers[i]);
    fr_free_array(codes->context, codes->workers, codes->n_workers, sizeof *codes->workers);
    fr_free_array(codes->context, codes->spans, codes->span_capacity, sizeof *codes->spans);
    *codes = (fr_csv_codes){ 0 };
}

bool fr_csv_codes_expect(fr_call *call, fr_csv_codes *codes, size_t n_ranges)
{
    size_t n = codes->n_spans + n_ranges;
    if (n <= codes->span_capacity) return true;
    if (n < 2 * codes->span_capacity) n = 2 * codes->span_capacity;
    fr_csv_span *spans = fr_resize_array(call, codes->spans, codes->span_capacity, n, sizeof *spans);
    if (!spans) return false;
    codes->spans = spans;
    codes->span_capacity = n;
    return true;
}

/* ---- looking up --------------------------------------------------------------------------------------------------- */
/* A text of which the group's look-up knew nothing: new, or behind a full bucket. 0 after a failure. */
static uint32_t look_up_one(fr_call *call, const fr_csv_codes *codes, fr_csv_text *text, size_t worker, const fr_csv_field *f,
                            int64_t row)
{
    fr_csv_dictionary *d = &codes->workers[worker];
    fr_csv_key key;
    fr_csv_entry entry = { .first_row = row };
    if (!fr_csv_key_of(f->text, f->length, &key)) entry.hash = fr_hash_bytes(f->text, f->length, d->seed);
    uint32_t code = fr_csv_dictionary_find(d, f->text, f->length, entry.hash);
    if (code) return code;
    fr_view view;
    if (f->length <= FR_VIEW_INLINE) {
        view = fr_csv_short_view(f->text, f->length);
    } else {
        if (!fr_csv_text_long(call, text, worker, f->text, f->length, &view)) return 0;
        entry.text = (const char *)text->blocks[worker].buffer->data + view.out.offset;
    }
    return fr_csv_dictionary_add(call, d, &view, &entry);
}

bool fr_csv_codes_look_up(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker, fr_csv_fields *fields,
                          size_t n, uint64_t *nulls, int64_t row, uint32_t *out)
{
    const fr_csv_dictionary *d = &codes->workers[worker];
    for (size_t from = 0; from < n; from += FR_CSV_GROUP) {
        size_t m = n - from < FR_CSV_GROUP ? n - from : FR_CSV_GROUP;
        uint64_t missing = fr_csv_dictionary_find_placed(d, fields, from, m, out + from, &nulls[from / 64]);
        for (; missing; missing &= missing - 1) {
            size_t i = from + (size_t)__builtin_ctzll(missing);
            out[i] = look_up_one(call, codes, text, worker, &fields->items[i], row + (int64_t)i);
            if (!out[i]) return false;
        }
    }
    return true;
}

/* ---- one list of all ---------------------------------------------------------------------------------------------- */
void fr_csv_merged_clear(fr_csv_merged *m)
{
    if (!m->context) return;
    for (size_t i = 0; i < m->n_workers && m->maps; i++)
        fr_free_array(m->context, m->maps[i], m->map_lengths[i], sizeof **m->maps);
    fr_free_array(m->context, m->maps, m->n_workers, sizeof *m->maps);
    fr_free_array(m->context, m->map_lengths, m->n_workers, sizeof *m->map_lengths);
    fr_buffer_unref(m->views);
    *m = (fr_csv_merged){ 0 };
}

static bool make_maps(fr_call *call, const fr_csv_codes *codes, fr_csv_merged *m)
{
    *m = (fr_csv_merged){ .context = call->context, .n_workers = codes->n_workers };
    m->map_lengths = fr_new_array(call, m->n_workers, sizeof *m->map_lengths);
    m->maps = m->map_lengths ? fr_new_array(call, m->n_workers, sizeof *m->maps) : NULL;
    for (size_t i = 0; m->maps && i < m->n_workers; i++) {
        m->map_lengths[i] = codes->workers[i].n + 1;
        m->maps[i] = fr_new_array(call, m->map_lengths[i], sizeof **m->maps);
        if (!m->maps[i]) return false;
    }
    return m->maps != NULL;
}

/* Which texts of the workers are the same: those of worker 0 are numbered by their codes, those of the others by what they
 * are found as among them; what is not there is collected in `rest`, and numbered behind worker 0's.
 *
 *     worker 0   N S W   →  1 2 3
 *     worker 1   S E N   →  2 4 1        rest   E
 */
static uint32_t number_one(fr_call *call, const fr_csv_dictionary *first, fr_csv_dictionary *rest, const fr_view *view,
                           const fr_csv_entry *entry, const char *text)
{
    const uint32_t n = view->in.length;
    uint32_t code = fr_csv_dictionary_find(first, text, n, entry->hash);
    if (code) return code;
    code = fr_csv_dictionary_find(rest, text, n, entry->hash);
    if (!code && first->n + rest->n >= UINT32_MAX - 1)
        return fr_fail(call, FR_ERR_LIMIT, "a text column has more than 2^32 distinct texts"), 0;
    if (!code) code = fr_csv_dictionary_add(call, rest, view, entry);
    return code ? (uint32_t)first->n + code : 0;
}

static bool number_texts(fr_call *call, const fr_csv_dictionary *first, fr_csv_dictionary *rest, const fr_csv_dictionary *d,
                         uint32_t *numbers)
{
    for (size_t from = 0; from < d->n; from += FR_CSV_GROUP) {
        const size_t n = d->n - from < FR_CSV_GROUP ? d->n - from : FR_CSV_GROUP;
        const fr_view *views = d->views + from;
        char texts[FR_CSV_GROUP][16] = { { 0 } };                /* sixteen bytes that may be read */
        fr_csv_field fields[FR_CSV_GROUP];
        for (size_t i = 0; i < n; i++) {
            memcpy(texts[i], views[i].in.text, FR_VIEW_INLINE);
            fields[i] = (fr_csv_field){ .text = texts[i], .length = views[i].in.length, .quoted = true };
        }
        uint64_t nulls = 0, missing = fr_csv_dictionary_find_group(first, fields, n, numbers + from, &nulls);
        for (; missing; missing &= missing - 1) {
            const size_t i = (size_t)__builtin_ctzll(missing);
            const fr_csv_entry *entry = &d->entries[from + i];
            const char *text = views[i].in.length <= FR_VIEW_INLINE ? texts[i] : entry->text;
            numbers[from + i] = number_one(call, first, rest, &views[i], entry, text);
            if (!numbers[from + i]) return false;
        }
    }
    return true;
}

/* The worker whose next text appeared first; n_workers when all lists are used up. */
static size_t earliest(const fr_csv_codes *codes, const size_t *at)
{
    size_t best = codes->n_workers;
    for (size_t i = 0; i < codes->n_workers; i++) {
        const fr_csv_dictionary *d = &codes->workers[i];
        if (at[i] == d->n) continue;
        if (best == codes->n_workers || d->entries[at[i]].first_row < codes->workers[best].entries[at[best]].first_row) best = i;
    }
    return best;
}

/* Numbers become codes in the order of first rows. `codes_of`: of each number less one, all zero; `at`: as well. */
static void list_texts(const fr_csv_codes *codes, size_t *at, uint32_t *codes_of, int64_t late_from, int64_t late_to,
                       fr_csv_merged *m)
{
    fr_view *views = m->views->data;
    uint32_t n = 0;
    for (size_t w; (w = earliest(codes, at)) < codes->n_workers;) {
        const size_t i = at[w]++;
        uint32_t *code = &m->maps[w][i + 1], *final = &codes_of[(w ? *code : (uint32_t)i + 1) - 1];
        if (!*final) {
            const int64_t row = codes->workers[w].entries[i].first_row;
            m->n_late += row >= late_from && row < late_to;
            views[n] = codes->workers[w].views[i];
            *final = ++n;
        }
        *code = *final - 1;
    }
    m->n = n;
}

static bool merge(fr_call *call, const fr_csv_codes *codes, fr_csv_dictionary *rest, int64_t late_from, int64_t late_to,
                  fr_csv_merged *m)
{
    const fr_csv_dictionary *first = &codes->workers[0];
    if (!make_maps(call, codes, m)) return false;
    for (size_t w = 1; w < codes->n_workers; w++)
        if (!number_texts(call, first, rest, &codes->workers[w], m->maps[w] + 1)) return false;
    const size_t n = first->n + rest->n;
    uint32_t *codes_of = fr_new_array(call, n + 1, sizeof *codes_of);
    size_t *at = fr_new_array(call, codes->n_workers, sizeof *at);
    m->views = fr_buffer_array(call, n, sizeof(fr_view));
    const bool fine = codes_of && at && m->views;
    if (fine) list_texts(codes, at, codes_of, late_from, late_to, m);
    fr_free_array(call->context, codes_of, n + 1, sizeof *codes_of);
    fr_free_array(call->context, at, codes->n_workers, sizeof *at);
    return fine;
}

bool fr_csv_codes_merge(fr_call *call, const fr_csv_codes *codes, int64_t late_from, int64_t late_to, fr_csv_merged *m)
{
    fr_csv_dictionary rest = { .seed = codes->workers[0].seed };
    const bool fine = merge(call, codes, &rest, late_from, late_to, m);
    fr_csv_dictionary_clear(call->context, &rest);
    return fine;
}

/* Entries before the one whose first row is `row` or later. */
static size_t entries_before(const fr_csv_dictionary *d, int64_t row)
{
    size_t low = 0, high = d->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (d->entries[middle].first_row < row) low = middle + 1;
        else high = middle;
    }
    return low;
}

size_t fr_csv_codes_most_new(const fr_csv_codes *codes, int64_t from, int64_t to)
{
    size_t n = 0;
    for (size_t i = 0; i < codes->n_workers; i++)
        n += entries_before(&codes->workers[i], to) - entries_before(&codes->workers[i], from);
    return n;
}

/* Loads and stores by memcpy: the same bytes may be read with one width and written with another. */
FR_TEMPLATE_FN uint32_t load_code(const void *codes, size_t width, int64_t i)
{
    uint32_t code = 0;
    memcpy(&code, (const char *)codes + (size_t)i * width, width);
    return code;
}

FR_TEMPLATE_FN void store_code(void *codes, size_t width, int64_t i, uint32_t code)
{
    memcpy((char *)codes + (size_t)i * width, &code, width);
}

/* Codes that get narrower are written from the first one on, so what is written never overtakes what is read. */
FR_TEMPLATE_FN void map_codes(const void *from, size_t from_width, void *to, size_t to_width, int64_t begin, int64_t end,
                              const uint32_t *map)
{
    for (int64_t i = begin; i < end; i++) {
        uint32_t code = load_code(from, from_width, i);
        store_code(to, to_width, i, map[code]);
    }
}

static void map_any(const void *from, size_t from_width, void *to, size_t to_width, int64_t begin, int64_t end,
                    const uint32_t *map)
{
    switch (from_width * 8 + to_width) {
        case 8 + 1: map_codes(from, 1, to, 1, begin, end, map); break;
        case 8 + 2: map_codes(from, 1, to, 2, begin, end, map); break;
        case 8 + 4: map_codes(from, 1, to, 4, begin, end, map); break;
        case 16 + 1: map_codes(from, 2, to, 1, begin, end, map); break;
        case 16 + 2: map_codes(from, 2, to, 2, begin, end, map); break;
        case 16 + 4: map_codes(from, 2, to, 4, begin, end, map); break;
        case 32 + 1: map_codes(from, 4, to, 1, begin, end, map); break;
        case 32 + 2: map_codes(from, 4, to, 2, begin, end, map); break;
        default: map_codes(from, 4, to, 4, begin, end, map); break;
    }
}

void fr_csv_codes_settle(const fr_csv_codes *codes, const fr_csv_merged *m, const void *from, size_t from_width, void *to,
                         size_t to_width, size_t first, size_t end)
{
    for (size_t s = first; s < end; s++) {
        const fr_csv_span *span = &codes->spans[s];
        map_any(from, from_width, to, to_width, span->row, span->row + span->n, m->maps[span->worker]);
    }
}

void fr_csv_codes_expand(const fr_csv_codes *codes, const void *from, size_t from_width, fr_view *out)
{
    for (size_t s = 0; s < codes->n_spans; s++) {
        const fr_csv_span *span = &codes->spans[s];
        const fr_view *views = codes->workers[span->worker].views, null = { .words = { 0, 0 } };
        for (int64_t i = span->row; i < span->row + span->n; i++) {
            uint32_t code = 0;
            memcpy(&code, (const char *)from + (size_t)i * from_width, from_width);
            out[i] = code ? views[code - 1] : null;
        }
    }
}
