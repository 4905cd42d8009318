/* csv_codes.c — the dictionaries behind text columns.
 *
 * Short texts are found in buckets, a group of fields at a time (csv_lookup.isa.c). Each field that is not found there is
 * looked up singly, in the order of rows, and added when it is new. Texts without a key have a table of their own, whose
 * slots of 8 bytes are half a hash and a code.
 */
#include "io/csv/csv_codes.h"

#include <string.h>

#include "base/context_state.h"
#include "base/hash.h"
#include "base/memory.h"
#include "io/csv/csv_view.h"

#define FIRST_BUCKETS 4             /* small: there may be 100,000 columns                                              */
#define FIRST_SLOTS   16
#define FIRST_ENTRIES 8

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
    fr_free_array(context, d->buckets.buckets, d->buckets.n_buckets, sizeof *d->buckets.buckets);
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
/* Behind a full bucket comes the next one. */
static void put_key(fr_csv_buckets *b, fr_csv_key key, uint32_t code)
{
    size_t at = fr_csv_key_hash(b, key) >> b->shift, i = 0;
    while (b->buckets[at].words[i + 3]) {
        i = (i + 4) % 16;
        if (i == 0) at = (at + 1) & (b->n_buckets - 1);
    }
    memcpy(&b->buckets[at].words[i], &key, 12);
    b->buckets[at].words[i + 3] = code;
    b->n_free--;
}

/* At most half of the entries are in use: then one text of forty or so is not in its own bucket. */
static bool grow_buckets(fr_call *call, fr_csv_codes *codes, fr_csv_dictionary *d)
{
    fr_csv_buckets *old = &d->buckets, b = { .n_buckets = old->buckets ? 2 * old->n_buckets : FIRST_BUCKETS };
    b.buckets = fr_new_array(call, b.n_buckets, sizeof *b.buckets);
    if (!b.buckets) return false;
    b.shift = (uint32_t)__builtin_clzll(b.n_buckets) + 1;
    b.n_free = (uint32_t)(b.n_buckets < UINT32_MAX / 2 ? 2 * b.n_buckets : UINT32_MAX);
    b.odd_low = fr_hash_u64(codes->seed, FR_HASH_K1) | 1;
    b.odd_high = fr_hash_u64(codes->seed, FR_HASH_K2) | 1;
    for (size_t i = 0; i < d->n; i++) {
        fr_csv_key key;
        if (fr_csv_key_of_view(&d->views[i], &key)) put_key(&b, key, (uint32_t)(i + 1));
    }
    fr_free_array(codes->context, old->buckets, old->n_buckets, sizeof *old->buckets);
    *old = b;
    return true;
}

static uint32_t find_key(const fr_csv_buckets *b, fr_csv_key key)
{
    if (!b->buckets) return 0;
    for (size_t at = fr_csv_key_hash(b, key) >> b->shift;; at = (at + 1) & (b->n_buckets - 1))
        for (size_t i = 0; i < 16; i += 4) {
            const uint32_t *entry = &b->buckets[at].words[i];
            if (!entry[3] || !memcmp(entry, &key, 12)) return entry[3];
        }
}

static bool grow_slots(fr_call *call, fr_context *context, fr_csv_dictionary *d)
{
    size_t n = d->n_slots ? 4 * d->n_slots : FIRST_SLOTS;
    uint64_t *slots = fr_new_array(call, n, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < d->n_slots; i++) {
        if (!d->slots[i]) continue;
        uint64_t hash = d->entries[(uint32_t)d->slots[i] - 1].hash;
        size_t slot = hash & (n - 1);
        while (slots[slot]) slot = (slot + 1) & (n - 1);
        slots[slot] = d->slots[i];
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

static uint32_t add_entry(fr_call *call, fr_csv_dictionary *d, const fr_view *view, const fr_csv_entry *entry)
{
    if (d->n >= UINT32_MAX - 1) return fr_fail(call, FR_ERR_LIMIT, "a text column has more than 2^32 distinct texts"), 0;
    if (d->n == d->capacity && !grow_entries(call, d)) return 0;
    d->views[d->n] = *view;
    d->entries[d->n] = *entry;
    return (uint32_t)++d->n;
}

/* New texts. → the code, 0 after a failure. */
static FR_COLD uint32_t add_key(fr_call *call, fr_csv_codes *codes, fr_csv_dictionary *d, const fr_view *view, fr_csv_key key,
                                int64_t row)
{
    if (!d->buckets.n_free && !grow_buckets(call, codes, d)) return 0;
    uint32_t code = add_entry(call, d, view, &(fr_csv_entry){ .first_row = row });
    if (code) put_key(&d->buckets, key, code);
    return code;
}

static FR_COLD uint32_t add_odd(fr_call *call, fr_csv_codes *codes, fr_csv_dictionary *d, const fr_view *view,
                                const fr_csv_entry *entry)
{
    if (2 * (d->n_odd + 1) > d->n_slots && !grow_slots(call, codes->context, d)) return 0;
    uint32_t code = add_entry(call, d, view, entry);
    if (!code) return 0;
    size_t slot = entry->hash & (d->n_slots - 1);
    while (d->slots[slot]) slot = (slot + 1) & (d->n_slots - 1);
    d->slots[slot] = (entry->hash & 0xffffffff00000000u) | code;
    d->n_odd++;
    return code;
}

/* Code of a text without a key, 0 when it is new. */
static uint32_t find_odd(const fr_csv_dictionary *d, const char *text, size_t n, uint64_t hash)
{
    if (!d->n_slots) return 0;
    for (size_t slot = hash & (d->n_slots - 1); d->slots[slot]; slot = (slot + 1) & (d->n_slots - 1)) {
        uint32_t code = (uint32_t)d->slots[slot];
        const fr_view *view = &d->views[code - 1];
        if ((d->slots[slot] ^ hash) >> 32 || view->in.length != n) continue;
        if (!memcmp(n <= FR_VIEW_INLINE ? view->in.text : d->entries[code - 1].text, text, n)) return code;
    }
    return 0;
}

static uint32_t look_up_odd(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker, const fr_csv_field *f,
                            int64_t row)
{
    fr_csv_dictionary *d = &codes->workers[worker];
    fr_csv_entry entry = { .first_row = row, .hash = fr_hash_bytes(f->text, f->length, codes->seed) };
    uint32_t code = find_odd(d, f->text, f->length, entry.hash);
    if (code) return code;
    fr_view view;
    if (f->length <= FR_VIEW_INLINE) {
        view = fr_csv_short_view(f->text, f->length);
    } else {
        if (!fr_csv_text_long(call, text, worker, f->text, f->length, &view)) return 0;
        entry.text = (const char *)text->blocks[worker].buffer->data + view.out.offset;
    }
    return add_odd(call, codes, d, &view, &entry);
}

/* The code of one field by the long way: found behind a full bucket, or new. 0 after a failure. */
static uint32_t look_up_one(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker, const fr_csv_field *f,
                            int64_t row)
{
    fr_csv_key key;
    if (!fr_csv_key_of(f->text, f->length, &key)) return look_up_odd(call, codes, text, worker, f, row);
    fr_csv_dictionary *d = &codes->workers[worker];
    uint32_t code = find_key(&d->buckets, key);
    if (code) return code;
    const fr_view view = fr_csv_short_view(f->text, f->length);
    return add_key(call, codes, d, &view, key, row);
}

/* The first field of a column finds no buckets. */
static uint64_t find_group(const fr_csv_dictionary *d, const fr_csv_field *fields, size_t n, uint32_t *out, uint64_t *nulls)
{
    if (d->buckets.buckets) return FR_ISA_PICK(fr_csv_lookup_kernels)->find(&d->buckets, fields, n, out, nulls);
    for (size_t i = 0; i < n; i++) *nulls |= (uint64_t)(fields[i].length == 0 && !fields[i].quoted) << i;
    memset(out, 0, n * sizeof *out);
    return (n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX) & ~*nulls;
}

bool fr_csv_codes_look_up(fr_call *call, fr_csv_codes *codes, fr_csv_text *text, size_t worker, const fr_csv_field *fields,
                          size_t n, uint64_t *nulls, int64_t row, uint32_t *out)
{
    const fr_csv_dictionary *d = &codes->workers[worker];
    for (size_t from = 0; from < n; from += FR_CSV_GROUP) {
        size_t m = n - from < FR_CSV_GROUP ? n - from : FR_CSV_GROUP;
        uint64_t missing = find_group(d, fields + from, m, out + from, &nulls[from / 64]);
        for (; missing; missing &= missing - 1) {
            size_t i = from + (size_t)__builtin_ctzll(missing);
            out[i] = look_up_one(call, codes, text, worker, &fields[i], row + (int64_t)i);
            if (!out[i]) return false;
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

/* The code of a worker's text in the merged dictionary, where it is added if it is new. */
static uint32_t merge_one(fr_call *call, fr_csv_codes *all, const fr_view *view, const fr_csv_entry *entry)
{
    fr_csv_dictionary *d = &all->workers[0];
    fr_csv_key key;
    if (fr_csv_key_of_view(view, &key)) {
        uint32_t code = find_key(&d->buckets, key);
        return code ? code : add_key(call, all, d, view, key, entry->first_row);
    }
    const size_t n = view->in.length;
    uint32_t code = find_odd(d, n <= FR_VIEW_INLINE ? view->in.text : entry->text, n, entry->hash);
    return code ? code : add_odd(call, all, d, view, entry);
}

static bool merge_into(fr_call *call, const fr_csv_codes *codes, fr_csv_codes *all, size_t *at, fr_csv_merged *m)
{
    for (size_t w; (w = earliest(codes, at)) < codes->n_workers;) {
        size_t i = at[w]++;
        uint32_t code = merge_one(call, all, &codes->workers[w].views[i], &codes->workers[w].entries[i]);
        if (!code) return false;
        m->maps[w][i + 1] = code - 1;
    }
    return true;
}

bool fr_csv_codes_merge(fr_call *call, const fr_csv_codes *codes, int64_t late_from, int64_t late_to, fr_csv_merged *m)
{
    fr_csv_dictionary all = { 0 };
    fr_csv_codes into = { .context = codes->context, .seed = codes->seed, .n_workers = 1, .workers = &all };
    size_t *at = fr_new_array(call, codes->n_workers, sizeof *at);
    bool fine = at && make_maps(call, codes, m) && merge_into(call, codes, &into, at, m);
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
