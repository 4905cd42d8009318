/* make_g1.c — writes the table of the db-benchmark's group-by task: make-g1 ROWS > G1.csv
 *
 * Nine columns: id1, id2 one of 100 texts, id3 one of ROWS/100 texts of 12 bytes, id4 … id6 the same as integers, v1 1 … 5,
 * v2 1 … 15, v3 a float of up to six decimals below 100. The values are drawn by splitmix64, so they are not those of the
 * original, which R draws; sizes and numbers of distinct values are. 10,000,000 rows are about 500 MB.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 108;

static uint64_t random_u64(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned from_1_to(uint64_t n)
{
    return 1 + (unsigned)((random_u64() >> 32) * n >> 32);
}

int main(int argc, char **argv)
{
    long rows = argc > 1 ? atol(argv[1]) : 0;
    if (rows < 100) return fprintf(stderr, "usage: make-g1 ROWS > FILE\n"), 2;
    uint64_t few = 100, many = (uint64_t)rows / few;
    puts("id1,id2,id3,id4,id5,id6,v1,v2,v3");
    for (long i = 0; i < rows; i++) {
        unsigned a = from_1_to(few), b = from_1_to(few), c = from_1_to(many), d = from_1_to(few), e = from_1_to(few);
        unsigned f = from_1_to(many), v1 = from_1_to(5), v2 = from_1_to(15), v3 = (unsigned)(random_u64() % 100000000);
        printf("id%03u,id%03u,id%010u,%u,%u,%u,%u,%u,%.6g\n", a, b, c, d, e, f, v1, v2, v3 / 1e6);
    }
    return ferror(stdout) ? 1 : 0;
}
