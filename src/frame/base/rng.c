/* rng.c — Philox4x32-10: a number for every counter, and the walks along it.
 *
 * Ten rounds of two 32 × 32-bit multiplications scramble a 128-bit counter under a 64-bit key. There is no state to
 * share: block b of stream s under seed k is philox({b, s}, k), whoever asks and when.
 */
#include "base/rng.h"

#include <math.h>

void fr_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static void block_words(uint64_t seed, uint64_t stream, uint64_t block, uint64_t word[2])
{
    const uint32_t counter[4] = { (uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream,
                                  (uint32_t)(stream >> 32) };
    const uint32_t key[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };
    uint32_t out[4];
    fr_philox(counter, key, out);
    word[0] = out[0] | (uint64_t)out[1] << 32;
    word[1] = out[2] | (uint64_t)out[3] << 32;
}

void fr_rng_init(fr_rng *rng, uint64_t seed, uint64_t stream)
{
    *rng = (fr_rng){ .key = { (uint32_t)seed, (uint32_t)(seed >> 32) }, .stream = stream };
}

uint64_t fr_rng_u64(fr_rng *rng)
{
    if (rng->left == 0) {
        block_words(rng->key[0] | (uint64_t)rng->key[1] << 32, rng->stream, rng->block++, rng->word);
        rng->left = 2;
    }
    return rng->word[2 - rng->left--];
}

uint64_t fr_rng_at(uint64_t seed, uint64_t stream, uint64_t i)
{
    uint64_t word[2];
    block_words(seed, stream, i / 2, word);
    return word[i % 2];
}

void fr_rng_words(uint64_t seed, uint64_t stream, uint64_t i, size_t n, uint64_t *out)
{
    size_t done = 0;
    if (n && i % 2) out[done++] = fr_rng_at(seed, stream, i);
    for (; done + 2 <= n; done += 2) block_words(seed, stream, (i + done) / 2, out + done);
    if (done < n) out[done] = fr_rng_at(seed, stream, i + done);
}

double fr_rng_f64(fr_rng *rng) { return fr_rng_unit(fr_rng_u64(rng)); }

/* The upper half of word × n; words whose lower half is among the 2^64 mod n first would make some results likelier.
 * Source: D. Lemire, ACM TOMACS 29 (2019). */
uint64_t fr_rng_below(fr_rng *rng, uint64_t n)
{
    if (n == 0) return 0;
    fr_u128 product = (fr_u128)fr_rng_u64(rng) * n;
    if ((uint64_t)product < n) {
        uint64_t refused = (0 - n) % n;
        while ((uint64_t)product < refused) product = (fr_u128)fr_rng_u64(rng) * n;
    }
    return (uint64_t)(product >> 64);
}

double fr_rng_normal(fr_rng *rng)
{
    if (rng->has_normal) {
        rng->has_normal = false;
        return rng->normal;
    }
    double u = 1 - fr_rng_f64(rng), angle = fr_rng_f64(rng) * 6.283185307179586477;     /* 0 < u ≤ 1: log is finite */
    double radius = sqrt(-2 * log(u));
    rng->has_normal = true;
    rng->normal = radius * sin(angle);
    return radius * cos(angle);
}
