/* csv_dictionary.c — one worker's texts: where each is found depends on what it looks like.
 *
 *     id007                           a prefix and a number, as most others    → by the number (csv_serial.isa.c)
 *     north, n/a, id7                 up to twelve bytes, which are its key    → by a bucket (csv_lookup.isa.c)
 *     "", twelve bytes and more       no key                                   → by a slot: half a hash and a code
 *
 * Fields are looked up in groups; each that is not found then is looked up singly, in the order of rows, and added when it is
 * new. When the buckets are full, the texts so far say what form numbered ones have, and all texts with a key are arranged
 * anew.
 */
#include "io/csv/csv_dictionary.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

#define FIRST_BUCKETS 4             /* small: there may be 100,000 columns                                              */
#define FIRST_SLOTS   16
#define FIRST_ENTRIES 8
#define ROOM_A_TEXT   16            /* numbers a text: with four bytes each they take as much as buckets half full      */
#define MOST_NUMBERS  (UINT32_C(1) << 26)

void fr_csv_dictionary_clear(fr_context *context, fr_csv_dictionary *d)
{
    fr_free_array(context, d->serial.codes, (size_t)d->serial.size + 1, sizeof *d->serial.codes);
    fr_free_array(context, d->buckets.buckets, d->buckets.n_buckets, sizeof *d->buckets.buckets);
    fr_free_array(context, d->slots, d->n_slots, sizeof *d->slots);
    fr_free_array(context, d->views, d->view_capacity, sizeof *d->views);
    fr_free_array(context, d->entries, d->capacity, sizeof *d->entries);
    *d = (fr_csv_dictionary){ .seed = d->seed };
}

/* ---- numbered texts ----------------------------------------------------------------------------------------------- */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The form of one text; false when it does not end with a digit. */
static bool form_of(const fr_view *view, fr_csv_serial *out)
{
    const uint32_t n = view->in.length;
    uint32_t prefix = n;
    while (prefix > 0 && is_digit(view->in.text[prefix - 1])) prefix--;
    if (prefix == n) return false;
    *out = (fr_csv_serial){ .length = (uint8_t)n, .n_prefix = (uint8_t)prefix };
    memcpy(&out->prefix, view->in.text, prefix);
    memset(&out->mask, 0xff, prefix);
    for (uint32_t i = 0; i < 16; i++) {
        const int from = (int)n - (i < 8 ? 8 : 24) + (int)i;
        out->order[i] = from >= (int)prefix ? (uint8_t)from : 128;
    }
    return true;
}

/* The form of the last text, if nearly all that have a key share it and their numbers lie close together: then its size is
 * set. */
static void choose_form(const fr_csv_dictionary *d, fr_csv_serial *form)
{
    const uint64_t most = ROOM_A_TEXT * (uint64_t)d->n;
    uint32_t last = 0;
    size_t n_keys = 0, n_serial = 0;
    fr_csv_key key;
    if (!d->n || !fr_csv_key_of_view(&d->views[d->n - 1], &key) || !form_of(&d->views[d->n - 1], form)) return;
    form->size = most < MOST_NUMBERS ? (uint32_t)most : MOST_NUMBERS;
    for (size_t i = 0; i < d->n; i++) {
        if (!fr_csv_key_of_view(&d->views[i], &key)) continue;
        const uint32_t number = fr_csv_serial_number(form, key, d->views[i].in.length);
        n_keys++;
        if (number == form->size) continue;
        n_serial++;
        if (number > last) last = number;
    }
    uint32_t size = 16;
    while (size <= last) size *= 2;
    form->size = 4 * n_serial >= 3 * n_keys ? size : 0;
}

/* ---- buckets ------------------------------------------------------------------------------------------------------ */
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

static uint32_t find_key(const fr_csv_buckets *b, fr_csv_key key)
{
    if (!b->buckets) return 0;
    for (size_t at = fr_csv_key_hash(b, key) >> b->shift;; at = (at + 1) & (b->n_buckets - 1))
        for (size_t i = 0; i < 16; i += 4) {
            const uint32_t *entry = &b->buckets[at].words[i];
            if (!entry[3] || !memcmp(entry, &key, 12)) return entry[3];
        }
}

/* At most half of the entries will be in use: then one text of forty or so is not in its own bucket. */
static bool make_buckets(fr_call *call, uint64_t seed, size_t n_texts, fr_csv_buckets *b)
{
    *b = (fr_csv_buckets){ .n_buckets = FIRST_BUCKETS };
    while (b->n_buckets < n_texts) b->n_buckets *= 2;
    b->buckets = fr_new_array(call, b->n_buckets, sizeof *b->buckets);
    b->shift = (uint32_t)__builtin_clzll(b->n_buckets) + 1;
    b->n_free = (uint32_t)(b->n_buckets < UINT32_MAX / 2 ? 2 * b->n_buckets : UINT32_MAX);
    b->odd_low = fr_hash_u64(seed, FR_HASH_K1) | 1;
    b->odd_high = fr_hash_u64(seed, FR_HASH_K2) | 1;
    return b->buckets != NULL;
}

/* The room of one arrangement. */
static bool make_room(fr_call *call, const fr_csv_dictionary *d, fr_csv_serial *serial, fr_csv_buckets *b)
{
    choose_form(d, serial);
    size_t n_others = 0;
    for (size_t i = 0; i < d->n; i++) {
        fr_csv_key key;
        if (!fr_csv_key_of_view(&d->views[i], &key)) continue;
        n_others += fr_csv_serial_number(serial, key, d->views[i].in.length) == serial->size;
    }
    if (serial->size && !(serial->codes = fr_new_array(call, (size_t)serial->size + 1, sizeof *serial->codes))) return false;
    /* twice as many as there are, and some for each arrangement that looks at all texts */
    const size_t room = n_others + (d->n / 16 > n_others ? d->n / 16 : n_others);
    if (make_buckets(call, d->seed, (room + 1) / 2, b)) return true;
    fr_free_array(call->context, serial->codes, (size_t)serial->size + 1, sizeof *serial->codes);
    return false;
}

static bool arrange(fr_call *call, fr_csv_dictionary *d)
{
    fr_csv_serial serial = { 0 };
    fr_csv_buckets buckets;
    if (!make_room(call, d, &serial, &buckets)) return false;
    for (size_t i = 0; i < d->n; i++) {
        fr_csv_key key;
        if (!fr_csv_key_of_view(&d->views[i], &key)) continue;
        const uint32_t number = fr_csv_serial_number(&serial, key, d->views[i].in.length);
        if (number < serial.size) serial.codes[number] = (uint32_t)(i + 1);
        else put_key(&buckets, key, (uint32_t)(i + 1));
    }
    fr_free_array(call->context, d->serial.codes, (size_t)d->serial.size + 1, sizeof *d->serial.codes);
    fr_free_array(call->context, d->buckets.buckets, d->buckets.n_buckets, sizeof *d->buckets.buckets);
    d->serial = serial;
    d->buckets = buckets;
    return true;
}

/* ---- slots -------------------------------------------------------------------------------------------------------- */
static bool grow_slots(fr_call *call, fr_csv_dictionary *d)
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
    fr_free_array(call->context, d->slots, d->n_slots, sizeof *d->slots);
    d->slots = slots;
    d->n_slots = n;
    return true;
}

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

/* ---- all of them -------------------------------------------------------------------------------------------------- */
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

static uint32_t add_key(fr_call *call, fr_csv_dictionary *d, const fr_view *view, fr_csv_key key, const fr_csv_entry *entry)
{
    uint32_t number = fr_csv_serial_number(&d->serial, key, view->in.length);
    if (number == d->serial.size && !d->buckets.n_free) {
        if (!arrange(call, d)) return 0;
        number = fr_csv_serial_number(&d->serial, key, view->in.length);
    }
    uint32_t code = add_entry(call, d, view, entry);
    if (code && number < d->serial.size) d->serial.codes[number] = code;
    else if (code) put_key(&d->buckets, key, code);
    return code;
}

static uint32_t add_odd(fr_call *call, fr_csv_dictionary *d, const fr_view *view, const fr_csv_entry *entry)
{
    if (2 * (d->n_odd + 1) > d->n_slots && !grow_slots(call, d)) return 0;
    uint32_t code = add_entry(call, d, view, entry);
    if (!code) return 0;
    size_t slot = entry->hash & (d->n_slots - 1);
    while (d->slots[slot]) slot = (slot + 1) & (d->n_slots - 1);
    d->slots[slot] = (entry->hash & 0xffffffff00000000u) | code;
    d->n_odd++;
    return code;
}

FR_COLD uint32_t fr_csv_dictionary_add(fr_call *call, fr_csv_dictionary *d, const fr_view *view, const fr_csv_entry *entry)
{
    fr_csv_key key;
    return fr_csv_key_of_view(view, &key) ? add_key(call, d, view, key, entry) : add_odd(call, d, view, entry);
}

uint32_t fr_csv_dictionary_find(const fr_csv_dictionary *d, const char *text, uint32_t n, uint64_t hash)
{
    fr_csv_key key;
    if (!fr_csv_key_of(text, n, &key)) return find_odd(d, text, n, hash);
    const uint32_t number = fr_csv_serial_number(&d->serial, key, n);
    return number < d->serial.size ? d->serial.codes[number] : find_key(&d->buckets, key);
}

/* ---- groups ------------------------------------------------------------------------------------------------------- */
/* The first field of a column finds no buckets. */
static uint64_t find_in_buckets(const fr_csv_dictionary *d, const fr_csv_field *fields, size_t n, uint32_t *codes,
                                uint64_t *nulls)
{
    if (d->buckets.buckets) return FR_ISA_PICK(fr_csv_lookup_kernels)->find(&d->buckets, fields, n, codes, nulls);
    for (size_t i = 0; i < n; i++) *nulls |= (uint64_t)(fields[i].length == 0 && !fields[i].quoted) << i;
    memset(codes, 0, n * sizeof *codes);
    return (n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX) & ~*nulls;
}

/* Those of the group whose bit of `which` is set. */
static FR_COLD uint64_t find_some(const fr_csv_dictionary *d, const fr_csv_field *fields, uint64_t which, uint32_t *codes,
                                  uint64_t *nulls)
{
    fr_csv_field some[FR_CSV_GROUP];
    uint32_t found[FR_CSV_GROUP];
    size_t n = 0;
    for (uint64_t left = which; left; left &= left - 1) some[n++] = fields[__builtin_ctzll(left)];
    uint64_t null = 0, missing = find_in_buckets(d, some, n, found, &null), still = 0;
    for (size_t i = 0; i < n; i++, which &= which - 1) {
        const uint32_t at = (uint32_t)__builtin_ctzll(which);
        codes[at] = found[i];
        *nulls |= (null >> i & 1) << at;
        still |= (missing >> i & 1) << at;
    }
    return still;
}

uint64_t fr_csv_dictionary_find_group(const fr_csv_dictionary *d, const fr_csv_field *fields, size_t n, uint32_t *codes,
                                      uint64_t *nulls)
{
    if (!d->serial.size) return find_in_buckets(d, fields, n, codes, nulls);
    const uint64_t others = FR_ISA_PICK(fr_csv_serial_kernels)->find(&d->serial, fields, n, codes, *nulls);
    return others ? find_some(d, fields, others, codes, nulls) : 0;
}

uint64_t fr_csv_dictionary_find_placed(const fr_csv_dictionary *d, fr_csv_fields *fields, size_t from, size_t n,
                                       uint32_t *codes, uint64_t *nulls)
{
    const fr_csv_serial_kernels *kernels = FR_ISA_PICK(fr_csv_serial_kernels);
    if (fields->cut || !d->serial.size || !kernels->find_placed)
        return fr_csv_dictionary_find_group(d, fr_csv_fields_cut(fields) + from, n, codes, nulls);
    const uint64_t others = kernels->find_placed(&d->serial, &fields->places, from, n, codes, *nulls);
    return others ? find_some(d, fr_csv_fields_cut(fields) + from, others, codes, nulls) : 0;
}
