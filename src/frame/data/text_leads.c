/* text_leads.c — which bytes occur at which place, and from that numbers (see text_leads.h).
 *
 * A sample says at how many places it is worth looking: where those of its bytes alone do not fit, those of all do not.
 */
#include "data/text_leads.h"

#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/rows.h"

enum { BLOCK_ROWS = 1 << 16, MOST_PLACES = 32, SYMBOLS = 257,               /* the end, and each byte */
       SAMPLES = 64 };                     /* stretches of FR_TEXTS_AT_ONCE */

typedef struct symbols {
    uint8_t  has[MOST_PLACES][SYMBOLS];
    uint32_t shortest;
} symbols;

typedef struct digits {
    uint64_t worth[MOST_PLACES][SYMBOLS];
    uint32_t varies[MOST_PLACES];          /* places at which not all agree */
    size_t   n_varying;
    uint32_t n_places;
    uint64_t span;
} digits;

typedef struct leads_job {
    fr_text_set   *set;
    uint32_t       n_places;               /* that are looked at */
    uint32_t      *agree;                  /* by block */
    const uint8_t *first;                  /* tail of the first text */
    uint32_t       first_left;
    symbols       *by_worker;
    const digits  *digits;
    uint64_t      *leads;
} leads_job;

static size_t block_end(const leads_job *job, size_t begin)
{
    return job->set->n - begin < BLOCK_ROWS ? job->set->n : begin + BLOCK_ROWS;
}

/* ---- tails ------------------------------------------------------------------------------------------------------- */
void fr_text_tails_at(const fr_text_set *set, size_t at, fr_text_tails *out)
{
    const fr_view *views[FR_TEXTS_AT_ONCE];
    out->n = set->n - at < FR_TEXTS_AT_ONCE ? set->n - at : FR_TEXTS_AT_ONCE;
    for (size_t i = 0; i < out->n; i++) {
        views[i] = set->views + fr_row_get(set->rows, set->wide, at + i);
        __builtin_prefetch(views[i]);
    }
    for (size_t i = 0; i < out->n; i++) {
        out->text[i] = (const uint8_t *)fr_view_text(views[i], set->bases) + set->depth;
        out->left[i] = views[i]->in.length - set->depth;
        __builtin_prefetch(out->text[i]);
    }
}

static uint32_t agreement(const uint8_t *a, const uint8_t *b, uint32_t most)
{
    uint32_t n = 0;
    for (; n + 8 <= most; n += 8) {
        uint64_t x, y;
        memcpy(&x, a + n, 8);
        memcpy(&y, b + n, 8);
        if (x != y) return n + (uint32_t)__builtin_ctzll(x ^ y) / 8;
    }
    while (n < most && a[n] == b[n]) n++;
    return n;
}

uint32_t fr_text_tails_agree(const fr_text_tails *tails, const uint8_t *text, uint32_t most)
{
    for (size_t i = 0; i < tails->n && most; i++)
        most = agreement(tails->text[i], text, tails->left[i] < most ? tails->left[i] : most);
    return most;
}

/* ---- what all agree in ------------------------------------------------------------------------------------------- */
static bool agree_in_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    leads_job *job = state;
    uint32_t most = job->first_left;
    fr_text_tails tails;
    const size_t begin = block * BLOCK_ROWS, end = block_end(job, begin);
    for (size_t at = begin; at < end && most; at += FR_TEXTS_AT_ONCE) {
        fr_text_tails_at(job->set, at, &tails);
        most = fr_text_tails_agree(&tails, job->first, most);
    }
    job->agree[block] = most;
    return fr_go_on(call);
}

static bool skip_agreement(fr_call *call, leads_job *job)
{
    const size_t n_blocks = fr_block_count(job->set->n, BLOCK_ROWS);
    fr_text_tails tails = { .n = 0 };
    fr_text_tails_at(job->set, 0, &tails);
    job->first = tails.text[0];
    job->first_left = tails.left[0];
    if (!fr_for_blocks(call, n_blocks, agree_in_block, job)) return false;
    uint32_t least = job->first_left;
    for (size_t block = 0; block < n_blocks; block++) least = job->agree[block] < least ? job->agree[block] : least;
    job->set->depth += least;
    return true;
}

/* ---- which bytes occur ------------------------------------------------------------------------------------------- */
static void look_at(const fr_text_tails *tails, uint32_t n_places, symbols *seen)
{
    for (size_t i = 0; i < tails->n; i++) {
        const uint32_t n = tails->left[i] < n_places ? tails->left[i] : n_places;
        const uint8_t *text = tails->text[i];
        for (uint32_t p = 0; p < n; p++) seen->has[p][text[p] + 1] = 1;
        seen->shortest = n < seen->shortest ? n : seen->shortest;
    }
}

static bool look_at_block(fr_call *call, void *state, size_t block, size_t worker)
{
    const leads_job *job = state;
    fr_text_tails tails;
    const size_t begin = block * BLOCK_ROWS, end = block_end(job, begin);
    for (size_t at = begin; at < end; at += FR_TEXTS_AT_ONCE) {
        fr_text_tails_at(job->set, at, &tails);
        look_at(&tails, job->n_places, &job->by_worker[worker]);
    }
    return fr_go_on(call);
}

/* A text that ended has ended at all later places. */
static uint64_t radix_at(const symbols *seen, uint32_t place)
{
    uint64_t radix = place >= seen->shortest;
    for (size_t s = 1; s < SYMBOLS; s++) radix += seen->has[place][s];
    return radix;
}

/* How many of the first places fit one number. */
static uint32_t places_that_fit(const symbols *seen, uint32_t n_places, uint64_t *span)
{
    *span = 1;
    for (uint32_t p = 0; p < n_places; p++) {
        uint64_t product;
        if (__builtin_mul_overflow(*span, radix_at(seen, p), &product) || product >> 63) return p;
        *span = product;
    }
    return n_places;
}

static symbols nothing_seen(void)
{
    return (symbols){ .shortest = UINT32_MAX };
}

/* Those that fit by a sample: by all texts no more do. */
static uint32_t places_of_sample(const fr_text_set *set)
{
    symbols seen = nothing_seen();
    fr_text_tails tails;
    uint64_t span;
    const size_t step = set->n / SAMPLES / FR_TEXTS_AT_ONCE * FR_TEXTS_AT_ONCE + FR_TEXTS_AT_ONCE;
    for (size_t at = 0; at < set->n; at += step) {
        fr_text_tails_at(set, at, &tails);
        look_at(&tails, MOST_PLACES, &seen);
    }
    return places_that_fit(&seen, MOST_PLACES, &span);
}

static void unite(symbols *all, const symbols *more)
{
    for (size_t p = 0; p < MOST_PLACES; p++)
        for (size_t s = 0; s < SYMBOLS; s++) all->has[p][s] |= more->has[p][s];
    all->shortest = more->shortest < all->shortest ? more->shortest : all->shortest;
}

/* Into the first worker's. */
static bool look(fr_call *call, leads_job *job, size_t n_workers)
{
    for (size_t w = 0; w < n_workers; w++) job->by_worker[w] = nothing_seen();
    if (!fr_for_blocks(call, fr_block_count(job->set->n, BLOCK_ROWS), look_at_block, job)) return false;
    for (size_t w = 1; w < n_workers; w++) unite(&job->by_worker[0], &job->by_worker[w]);
    return true;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
static void weigh(const symbols *seen, digits *d)
{
    uint64_t value = 1;
    d->n_varying = 0;
    for (uint32_t p = d->n_places; p-- > 0;) {
        uint64_t radix = 0;
        if (p >= seen->shortest) d->worth[p][0] = radix++ * value;
        for (size_t s = 1; s < SYMBOLS; s++)
            if (seen->has[p][s]) d->worth[p][s] = radix++ * value;
        if (radix > 1) d->varies[d->n_varying++] = p;
        value *= radix;
    }
}

static uint64_t lead_of(const digits *d, const uint8_t *text, uint32_t left)
{
    uint64_t lead = 0;
    if (left >= d->n_places)
        for (size_t k = 0; k < d->n_varying; k++) lead += d->worth[d->varies[k]][text[d->varies[k]] + 1];
    else
        for (size_t k = 0; k < d->n_varying; k++) {
            const uint32_t p = d->varies[k];
            lead += d->worth[p][p < left ? text[p] + 1 : 0];
        }
    return lead;
}

static bool number_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const leads_job *job = state;
    fr_text_tails tails;
    const size_t begin = block * BLOCK_ROWS, end = block_end(job, begin);
    for (size_t at = begin; at < end; at += FR_TEXTS_AT_ONCE) {
        fr_text_tails_at(job->set, at, &tails);
        for (size_t i = 0; i < tails.n; i++) job->leads[at + i] = lead_of(job->digits, tails.text[i], tails.left[i]);
    }
    return fr_go_on(call);
}

bool fr_text_leads(fr_call *call, fr_text_set *set, uint64_t *leads, uint64_t *top, uint32_t *places)
{
    const size_t n_blocks = fr_block_count(set->n, BLOCK_ROWS), n_workers = fr_worker_count(call);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *agree = fr_buffer_array(call, n_blocks, sizeof(uint32_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *seen = fr_buffer_array(call, n_workers, sizeof(symbols));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_zeroed(call, sizeof(digits));
    if (!agree || !seen || !room) return false;
    digits *d = room->data;
    leads_job job = { .set = set, .agree = agree->data, .by_worker = seen->data, .digits = d, .leads = leads };
    if (!skip_agreement(call, &job)) return false;
    job.n_places = places_of_sample(set);
    if (!look(call, &job, n_workers)) return false;
    d->n_places = places_that_fit(&job.by_worker[0], job.n_places, &d->span);
    weigh(&job.by_worker[0], d);
    *top = d->span - 1;
    *places = d->n_places;
    return fr_for_blocks(call, n_blocks, number_block, &job);
}
