/* csv_codes.c — the dictionaries behind text columns.
 *
 * A slot of the table is 8 bytes: half a hash and a code. Most look-ups end with one comparison of two words: a text of up to
 * 12 bytes is its view, and two such texts are equal when their views are.
 */
#include "io/csv/csv_codes.h"

#include <string.h>

#include "base/context_state.h"
#include "base/hash.h"
#include "base/memory.h"
#include "io/csv/csv_view.h"

#define FIRST_SLOTS   64
#define FIRST_ENTRIES 32

bool fr_csv_codes_begin(fr_call *call, fr_csv_codes *codes, size_t n_workers)
{
    fr_csv_codes_clear(codes);
    codes->workers = fr_new_array(call, n_workers, sizeof *codes->workers);
    if (!codes->workers) return false;
    codes->context = call->context;
    codes->seed = fr_context_seed(call->context);
    codes->n_workers = n_workers;
    return true;
}

static void clear_dictionary(fr_context *context, fr_csv_dictionary *d)
{
    fr_free_array(context, d->slots, d->n_slots, sizeof *d->slots);
    fr_free_array(context, d->views, d->view_capacity, sizeof *d->views);
    fr_free_array(context, d->entries, d->capacity, sizeof *d->entries);
    *d = (fr_csv_dictionary){ 0 };
}

void fr_csv_codes_clear(fr_csv_codes *codes)
{
    if (!codes->context) return;
    for (size_t i = 0; i < codes->n_workers; i++) clear_dictionary(codes->context, &codes->workers[i]);
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

/* ---- one dictionary ----------------------------------------------------------------------------------------------- */
static uint64_t hash_view(const fr_view *view, uint64_t seed)
{
    return fr_hash_fold(view->words.first ^ seed ^ FR_HASH_K0, view->words.second ^ FR_HASH_K1);
}

static bool grow_slots(fr_call *call, fr_context *context, fr_csv_dictionary *d)
{
    size_t n = d->n_slots ? 4 * d->n_slots : FIRST_SLOTS;
    uint64_t *slots = fr_new_array(call, n, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < d->n; i++) {
        uint64_t hash = d->entries[i].hash;
        size_t slot = hash & (n - 1);
        while (slots[slot]) slot = (slot + 1) & (n - 1);
        slots[slot] = (hash & 0xffffffff00000000u) | (i + 1);
    }
    fr_free_array(context, d->slots, d->n_slots, sizeof *d->slots);
    d->slots = slots;
    d->n_slots = n;
    return true;
}

static bool grow_entries(fr_call *call, fr_csv_dictionary *d)
{
    size_t n = d->capacity ? 2 * d->capacity : FIRST_ENTRIES;
    if (d->view_capacity < n) {
        fr_view *views = fr_resize_array(call, d->views, d->view_capacity, n, sizeof *views);
        if (!views) return false;
        d->views = views;
        d->view_capacity = n;
    }
    fr_csv_entry *entries = fr_resize_array(call, d->entries, d->capacity, n, sizeof *entries);
    if (!entries) return false;
    d->entries = entries;
    d->capacity = n;
    return true;
}

/* A new text; its slot is searched again, since the table may have grown. → its code, 0 after a failure. */
static FR_COLD uint32_t add_entry(fr_call *call, fr_context *context, fr_csv_dictionary *d, const fr_view *view,
                                  const fr_csv_entry *entry)
{
    if (d->n >= UINT32_MAX - 1) return fr_fail(call, FR_ERR_LIMIT, "a text column has more than 2^32 distinct texts"), 0;
    if (d->n == d->capacity && !grow_entries(call, d)) return 0;
    if (2 * (d->n + 1) > d->n_slots && !grow_slots(call, context, d)) return 0;
    size_t slot = entry->hash & (d->n_slots - 1);
    while (d->slots[slot]) slot = (slot + 1) & (d->n_slots - 1);
    d->views[d->n] = *view;
    d->entries[d->n] = *entry;
    d->slots[slot] = (entry->hash & 0xffffffff00000000u) | ++d->n;
    return (uint32_t)d->n;
}

/* Code of a text of at most 12 bytes, 0 when it is new. */
FR_TEMPLATE_FN uint32_t find_short(const fr_csv_dictionary *d, const fr_view *view, uint64_t hash)
{
    if (!d->n_slots) return 0;
    for (size_t slot = hash & (d->n_slots - 1); d->slots[slot]; slot = (slot + 1) & (d->n_slots - 1)) {
        uint32_t code = (uint32_t)d->slots[slot];
        const fr_view *known = &d->views[code - 1];
        if ((d->slots[slot] ^ hash) >> 32) continue;
        if (known->words.first == view->words.first && known->words.second == view->words.second) return code;
    }
    return 0;
}

static uint32_t find_long(const fr_csv_dictionary *d, const char *text, size_t n, uint64_t hash)
{
    if (!d->n_slots) return 0;
    for (size_t slot = hash & (d->n_slots - 1); d->slots[slot]; slot = (slot + 1) & (d->n_slots - 1)) {
        uint32_t code = (uint32_t)d->slots[slot];
        if ((d->slots[slot] ^ hash) >> 32 == 0 && d->views[code - 1].in.length == n &&
            !memcmp(d->entries[code - 1].text, text, n)) return code;
    }
    return 0;
}

static FR_COLD uint32_t add_long(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker,
                                 const fr_csv_field *f, uint64_t hash, int64_t row)
{
    fr_view view;
    if (!fr_csv_text_long(call, text, worker, f->text, f->length, &view)) return 0;
    const fr_csv_text_block *block = &text->blocks[worker];
    const fr_csv_entry entry = { .text = (const char *)block->buffer->data + view.out.offset, .first_row = row, .hash = hash };
    return add_entry(call, codes->context, &codes->workers[worker], &view, &entry);
}

/* The code of one field by the long way: found behind other slots, or new. 0 after a failure. */
static uint32_t look_up_one(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker, const fr_csv_field *f,
                            int64_t row)
{
    fr_csv_dictionary *d = &codes->workers[worker];
    if (f->length > FR_VIEW_INLINE) {
        uint64_t hash = fr_hash_bytes(f->text, f->length, codes->seed);
        uint32_t code = find_long(d, f->text, f->length, hash);
        return code ? code : add_long(call, codes, text, worker, f, hash, row);
    }
    fr_view view = fr_csv_short_view(f->text, f->length);
    uint64_t hash = hash_view(&view, codes->seed);
    uint32_t code = find_short(d, &view, hash);
    if (code) return code;
    return add_entry(call, codes->context, d, &view, &(fr_csv_entry){ .first_row = row, .hash = hash });
}

/* A group of fields goes through three short loops, so that the cache misses of all its slots, then of all its views, are
 * under way together. What they do not settle (a new text, a long one, two texts with one half hash) is looked up singly. */
#define GROUP 32
typedef struct look_up_group { fr_view views[GROUP]; uint64_t hashes[GROUP]; uint32_t codes[GROUP]; } look_up_group;

static void find_group(const fr_csv_dictionary *d, uint64_t seed, const fr_csv_field *fields, size_t n, look_up_group *g)
{
    const uint64_t mask = d->n_slots - 1;
    for (size_t i = 0; i < n; i++) {
        g->views[i] = fr_csv_short_view(fields[i].text, fields[i].length <= FR_VIEW_INLINE ? fields[i].length : 0);
        g->hashes[i] = hash_view(&g->views[i], seed);
        __builtin_prefetch(&d->slots[g->hashes[i] & mask]);
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t at = g->hashes[i] & mask;
        while (d->slots[at] && (d->slots[at] ^ g->hashes[i]) >> 32) at = (at + 1) & mask;
        g->codes[i] = (uint32_t)d->slots[at];
        __builtin_prefetch(&d->views[g->codes[i] ? g->codes[i] - 1 : 0]);
    }
    for (size_t i = 0; i < n; i++) {
        const fr_view *known = &d->views[g->codes[i] ? g->codes[i] - 1 : 0];
        bool same = ((known->words.first ^ g->views[i].words.first) | (known->words.second ^ g->views[i].words.second)) == 0;
        g->codes[i] = same && fields[i].length <= FR_VIEW_INLINE ? g->codes[i] : 0;
    }
}

bool fr_csv_codes_look_up(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker, const fr_csv_field *fields,
                          size_t n, const uint64_t *nulls, int64_t row, uint32_t *out)
{
    const fr_csv_dictionary *d = &codes->workers[worker];
    look_up_group g;
    for (size_t from = 0; from < n; from += GROUP) {
        size_t m = n - from < GROUP ? n - from : GROUP;
        uint64_t null = nulls[from / 64] >> (from % 64);
        if (d->n) find_group(d, codes->seed, fields + from, m, &g);
        else memset(g.codes, 0, sizeof g.codes);
        for (size_t i = 0; i < m; i++) {
            uint32_t code = null >> i & 1 ? 0 : g.codes[i];
            if (!code && !(null >> i & 1)) {
                code = look_up_one(call, codes, text, worker, &fields[from + i], row + (int64_t)(from + i));
                if (!code) return false;
            }
            out[from + i] = code;
        }
    }
    return true;
}

/* ---- all of them -------------------------------------------------------------------------------------------------- */
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

static bool merge_into(fr_call *call, const fr_csv_codes *codes, fr_csv_dictionary *all, size_t *at, fr_csv_merged *m)
{
    for (size_t w; (w = earliest(codes, at)) < codes->n_workers;) {
        size_t i = at[w]++;
        const fr_view *view = &codes->workers[w].views[i];
        const fr_csv_entry *entry = &codes->workers[w].entries[i];
        size_t n = view->in.length;
        uint32_t code = n <= FR_VIEW_INLINE ? find_short(all, view, entry->hash) : find_long(all, entry->text, n, entry->hash);
        if (!code) code = add_entry(call, codes->context, all, view, entry);
        if (!code) return false;
        m->maps[w][i + 1] = code - 1;
    }
    return true;
}

bool fr_csv_codes_merge(fr_call *call, const fr_csv_codes *codes, int64_t late_from, int64_t late_to, fr_csv_merged *m)
{
    fr_csv_dictionary all = { 0 };
    size_t *at = fr_new_array(call, codes->n_workers, sizeof *at);
    bool fine = at && make_maps(call, codes, m) && merge_into(call, codes, &all, at, m);
    if (fine) fine = (m->views = fr_buffer_array(call, all.n, sizeof(fr_view))) != NULL;
    if (fine) {
        m->n = all.n;
        if (all.n) memcpy(m->views->data, all.views, all.n * sizeof(fr_view));
        for (size_t i = 0; i < all.n; i++)
            m->n_late += all.entries[i].first_row >= late_from && all.entries[i].first_row < late_to;
    }
    clear_dictionary(codes->context, &all);
    fr_free_array(call->context, at, codes->n_workers, sizeof *at);
    return fine;
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
        store_code(to, to_width, i, map ? map[code] : code);
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

void fr_csv_codes_copy(const void *from, size_t from_width, void *to, size_t to_width, int64_t n)
{
    map_any(from, from_width, to, to_width, 0, n, NULL);
}

size_t fr_csv_codes_most(const fr_csv_codes *codes)
{
    size_t most = 0;
    for (size_t i = 0; i < codes->n_workers; i++) most = codes->workers[i].n > most ? codes->workers[i].n : most;
    return most;
}

void fr_csv_codes_settle(const fr_csv_codes *codes, const fr_csv_merged *m, const void *from, size_t from_width, void *to,
                         size_t to_width)
{
    for (size_t s = 0; s < codes->n_spans; s++) {
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
