/* roofline_access.c — random reads, random updates, and rows added to the records of groups; roofline.c says what they are.
 *
 * Of tables beyond the second-level cache lines are asked for AHEAD accesses early, into that cache: a core waits for more
 * lines there than on their way to the first, and the floor is what the hardware can do.
 *
 * Eight updates are one turn of their loop. Some processors learn that a load followed a store to the same word and then let it
 * wait for the loop's newest store, wherever that went (src/frame/kernel/together.h). Of a loop of one update a turn they have
 * one load to learn it of, and a table of 16 KiB took 0.5 ns an update in one run and 3.0 in the next.
 */
#include "roofline.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_INDEX = 1 << 16, MOST_INDEX = 1 << 22, ACCESSES = 1 << 21, BLOCK = 256, AHEAD = 128 };
static const size_t near_bytes = MIB;                                       /* what a second-level cache may hold         */

typedef union word { uint64_t i; double f; } word;

struct accesses { word *words; size_t bytes, n_index; uint32_t *index[MAX_THREADS]; int repeat; };
struct access_kind { job *near, *far; size_t n_words; };

static inline __attribute__((always_inline)) void ask_for(const word *at, bool far)
{
    if (far) __builtin_prefetch(at, 0, 2);
}

static word *own_table(const accesses *a, int thread) { return a->words + (size_t)thread * (a->bytes / sizeof(word)); }

/* ---- kernels: n is a multiple of BLOCK ----------------------------------------------------------------------------------- */
static inline __attribute__((always_inline)) uint64_t read_words(const word *table, const uint32_t *index, size_t n, bool far)
{
    uint64_t sum[4] = { 0 };
    for (size_t i = 0; i < n; i += 4)
        for (size_t j = i; j < i + 4; j++) {
            ask_for(table + index[j + AHEAD], far);
            sum[j % 4] += table[index[j]].i;
        }
    return sum[0] + sum[1] + sum[2] + sum[3];
}

static inline __attribute__((always_inline)) void update_words(word *table, const uint32_t *index, size_t n, bool far)
{
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) {
        ask_for(table + index[i + AHEAD], far);
        table[index[i]].i += i;
    }
}

static uint8_t small_values[BLOCK];
static double first_floats[BLOCK], second_floats[BLOCK];

static inline __attribute__((always_inline)) void add_rows(word *restrict table, const uint32_t *restrict code, size_t n,
                                                           size_t n_words, bool far)
{
    for (; n; n -= BLOCK, code += BLOCK)
#pragma GCC unroll 8
        for (size_t i = 0; i < BLOCK; i++) {
            ask_for(table + code[i + AHEAD] * n_words, far);
            if (LINE / sizeof(word) % n_words) ask_for(table + code[i + AHEAD] * n_words + n_words - 1, far);   /* over two lines */
            word *record = table + code[i] * n_words;
            record[0].i += ((uint64_t)1 << 32) + small_values[i];
            if (n_words > 1) record[1].f += first_floats[i];
            if (n_words > 2) record[2].f += second_floats[i];
        }
}

/* ---- the same for all threads, near and far ------------------------------------------------------------------------------ */
static inline __attribute__((always_inline)) void read_all(const share *s, bool far)
{
    const accesses *a = s->arg;
    for (int round = 0; round < a->repeat; round++) sink += read_words(a->words, a->index[s->thread], a->n_index, far);
}

static inline __attribute__((always_inline)) void update_all(const share *s, bool far)
{
    const accesses *a = s->arg;
    for (int round = 0; round < a->repeat; round++) update_words(own_table(a, s->thread), a->index[s->thread], a->n_index, far);
}

static inline __attribute__((always_inline)) void add_all(const share *s, size_t n_words, bool far)
{
    const accesses *a = s->arg;
    for (int round = 0; round < a->repeat; round++)
        add_rows(own_table(a, s->thread), a->index[s->thread], a->n_index, n_words, far);
}

FOR_EACH_ISA static void read_near(const share *s) { read_all(s, false); }
FOR_EACH_ISA static void read_far(const share *s) { read_all(s, true); }
FOR_EACH_ISA static void update_near(const share *s) { update_all(s, false); }
FOR_EACH_ISA static void update_far(const share *s) { update_all(s, true); }
FOR_EACH_ISA static void add_1_near(const share *s) { add_all(s, 1, false); }
FOR_EACH_ISA static void add_1_far(const share *s) { add_all(s, 1, true); }
FOR_EACH_ISA static void add_2_near(const share *s) { add_all(s, 2, false); }
FOR_EACH_ISA static void add_2_far(const share *s) { add_all(s, 2, true); }
FOR_EACH_ISA static void add_3_near(const share *s) { add_all(s, 3, false); }
FOR_EACH_ISA static void add_3_far(const share *s) { add_all(s, 3, true); }

const access_kind access_random_read = { read_near, read_far, 1 };
const access_kind access_random_update = { update_near, update_far, 1 };
const access_kind access_record_1 = { add_1_near, add_1_far, 1 };
const access_kind access_record_2 = { add_2_near, add_2_far, 2 };
const access_kind access_record_3 = { add_3_near, add_3_far, 3 };

/* ---- accesses of a table --------------------------------------------------------------------------------------------------- */
accesses *new_accesses(int most_threads, size_t most_bytes)
{
    static accesses a;
    a.words = pages(most_bytes * (size_t)most_threads, true);
    memset(a.words, 0, most_bytes * (size_t)most_threads);
    for (int i = 0; i < most_threads; i++) a.index[i] = pages((MOST_INDEX + AHEAD) * sizeof *a.index[i], true);
    for (int i = 0; i < BLOCK; i++) small_values[i] = (uint8_t)(1 + i % 15), first_floats[i] = i * 0.5, second_floats[i] = i * 0.25;
    return &a;
}

/* Four for each line of the table, within bounds. */
static size_t indexes_of(size_t bytes)
{
    size_t n = bytes / LINE * 4;
    return n < LEAST_INDEX ? LEAST_INDEX : n > MOST_INDEX ? MOST_INDEX : n;
}

static void draw_indexes(accesses *a, int n_threads, size_t places)
{
    for (int i = 0; i < n_threads; i++) {
        uint64_t state = 108 + (uint64_t)i;
        for (size_t j = 0; j < a->n_index + AHEAD; j++) a->index[i][j] = (uint32_t)((next_random(&state) >> 32) * places >> 32);
    }
}

double access_cost(const access_kind *kind, accesses *a, int n_threads, size_t bytes)
{
    a->bytes = bytes;
    a->n_index = indexes_of(bytes);
    a->repeat = a->n_index < ACCESSES ? (int)(ACCESSES / a->n_index) : 1;
    draw_indexes(a, n_threads, bytes / sizeof(word) / kind->n_words);
    return best_of(bytes > near_bytes ? kind->far : kind->near, a, n_threads) / ((double)a->n_index * a->repeat * n_threads);
}
