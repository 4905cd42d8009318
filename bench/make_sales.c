/* make_sales.c — writes a table of sales: make-sales ROWS > sales.csv
 *
 * order_id, order_date (ISO, two years), region (6), product (24), customer_id (90,000), quantity 1 … 20, unit_price with two
 * decimals. Drawn by splitmix64 from one seed, the same bytes everywhere. 10,000,000 rows are 528 MB.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 7;

static uint64_t random_u64(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned below(unsigned n) { return (unsigned)((random_u64() >> 32) * n >> 32); }

int main(int argc, char **argv)
{
    static const char *const regions[] = { "North", "West", "South", "East", "Central", "Islands" };
    long rows = argc > 1 ? atol(argv[1]) : 0;
    if (rows < 1) return fprintf(stderr, "usage: make-sales ROWS > FILE\n"), 2;
    puts("order_id,order_date,region,product,customer_id,quantity,unit_price");
    for (long i = 0; i < rows; i++) {
        unsigned day = below(28) + 1, month = below(12) + 1, year = 2023 + below(2), product = below(24);
        printf("%ld,%u-%02u-%02u,%s,Product %u,C%05u,%u,%u.%02u\n", 10000001 + i, year, month, day, regions[below(6)], product,
               below(90000), below(20) + 1, 1 + product * 7, below(100));
    }
    return ferror(stdout) ? 1 : 0;
}
