/* radix_sort.inc.h — the passes of radix_sort.h over row numbers of type ROW (uint32_t, int64_t); COUNT holds as many
 * rows. Defines, with FN(name) making the names of this width:
 *
 *     bool FN(sort_rows)(fr_call *call, uint64_t *keys, ROW *rows, size_t n, unsigned bits)
 *
 * The bits above the low `bits` ones are the same in all keys.
 */
typedef struct FN(pass) {
    const uint64_t *keys;
    const ROW      *rows;
    uint64_t       *keys_out;
    ROW            *rows_out;
    COUNT          *counts;          /* [block][digit]: counts, then the next place */
    size_t          n, block_rows;
    unsigned        shift;
    size_t          n_digits;
} FN(pass);

static bool FN(count_block)(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const FN(pass) *p = state;
    COUNT *counts = p->counts + block * p->n_digits;
    const size_t end = (block + 1) * p->block_rows < p->n ? (block + 1) * p->block_rows : p->n;
    memset(counts, 0, p->n_digits * sizeof *counts);
    for (size_t i = block * p->block_rows; i < end; i++) counts[p->keys[i] >> p->shift & (p->n_digits - 1)]++;
    return true;
}

/* The places of all n before any is written (kernel/together.h). */
FR_TEMPLATE_FN void FN(scatter_some)(const FN(pass) *p, COUNT *places, size_t first, size_t n)
{
    COUNT place[FR_TOGETHER];
    for (size_t k = 0; k < n; k++) place[k] = places[p->keys[first + k] >> p->shift & (p->n_digits - 1)]++;
    for (size_t k = 0; k < n; k++) {
        p->keys_out[place[k]] = p->keys[first + k];
        p->rows_out[place[k]] = p->rows[first + k];
    }
}

static bool FN(scatter_block)(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const FN(pass) *p = state;
    COUNT *places = p->counts + block * p->n_digits;
    const size_t end = (block + 1) * p->block_rows < p->n ? (block + 1) * p->block_rows : p->n;
    size_t i = block * p->block_rows;
    for (; i + FR_TOGETHER <= end; i += FR_TOGETHER) FN(scatter_some)(p, places, i, FR_TOGETHER);
    for (; i < end; i++) FN(scatter_some)(p, places, i, 1);
    return true;
}

/* Counts to first places; false when one digit holds all rows, so that the pass would move nothing. */
static bool FN(place_digits)(const FN(pass) *p, size_t n_blocks)
{
    COUNT at = 0;
    for (size_t digit = 0; digit < p->n_digits; digit++) {
        COUNT before = at;
        for (size_t block = 0; block < n_blocks; block++) {
            COUNT *count = p->counts + block * p->n_digits + digit;
            COUNT n = *count;
            *count = at;
            at += n;
        }
        if (at - before == p->n) return false;
    }
    return true;
}

static void FN(insertion_sort)(uint64_t *keys, ROW *rows, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        ROW row = rows[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--) keys[at] = keys[at - 1], rows[at] = rows[at - 1];
        keys[at] = key, rows[at] = row;
    }
}

static bool FN(sort_rows)(fr_call *call, uint64_t *keys, ROW *rows, size_t n, unsigned bits)
{
    if (n <= SMALL) {
        FN(insertion_sort)(keys, rows, n);
        return true;
    }
    const unsigned n_passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
    const unsigned digit_bits = (bits + n_passes - 1) / n_passes;
    const size_t block_rows = n / MOST_BLOCKS + 1 > LEAST_BLOCK ? n / MOST_BLOCKS + 1 : LEAST_BLOCK;
    const size_t n_blocks = fr_block_count(n, block_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys2 = fr_buffer_array(call, n, sizeof *keys);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows2 = fr_buffer_array(call, n, sizeof *rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_array(call, n_blocks << digit_bits, sizeof(COUNT));
    if (!keys2 || !rows2 || !counts) return false;

    FN(pass) p = { .keys = keys, .rows = rows, .keys_out = keys2->data, .rows_out = rows2->data,
                   .counts = counts->data, .n = n, .block_rows = block_rows, .n_digits = (size_t)1 << digit_bits };
    for (unsigned i = 0; i < n_passes; i++) {
        p.shift = i * digit_bits;
        if (!fr_go_on(call) || !fr_for_blocks(call, n_blocks, FN(count_block), &p)) return false;
        if (!FN(place_digits)(&p, n_blocks)) continue;
        if (!fr_for_blocks(call, n_blocks, FN(scatter_block), &p)) return false;
        uint64_t *sorted_keys = p.keys_out;
        ROW *sorted_rows = p.rows_out;
        p.keys_out = (uint64_t *)p.keys, p.rows_out = (ROW *)p.rows;
        p.keys = sorted_keys, p.rows = sorted_rows;
    }
    if (p.keys != keys) {
        memcpy(keys, p.keys, n * sizeof *keys);
        memcpy(rows, p.rows, n * sizeof *rows);
    }
    return true;
}

#undef ROW
#undef COUNT
#undef FN
