/* make_datasets.c — writes the sample data: make-datasets DIRECTORY
 *
 * Everything comes from one seeded generator and integer arithmetic where it decides a value, so the files are the same
 * bytes on every machine. sales_data.csv looks like two years of a small retailer: few products, regions and customers
 * make most of the sales, weekends are quiet, November and December are not, and the business grows. Into its 50,000
 * rows go faults of known number, for a cleaning tool to find:
 *
 *     127 rows that repeat an earlier row exactly, none of them faulty
 *      30 rows without a unit price and 15 without a region
 *      16 rows that cannot be read: 8 dates that are none, 8 quantities that are no number
 *
 * products.csv and regions.csv are small tables to join with it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    N_ROWS = 50000,
    N_DUPLICATES = 127,
    N_WITHOUT_PRICE = 30,
    N_WITHOUT_REGION = 15,
    N_BAD_DATES = 8,
    N_BAD_QUANTITIES = 8,
    N_ORIGINALS = N_ROWS - N_DUPLICATES,
    N_CUSTOMERS = 4200,
    N_DAYS = 731,                /* 2023-01-01, a Sunday, to 2024-12-31 */
    LINE_BYTES = 200,
};

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static uint64_t random_state = 20240229;

/* splitmix64: Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static uint64_t random_u64(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned random_below(unsigned n)
{
    return (unsigned)((random_u64() >> 32) * n >> 32);
}

/* An index drawn in proportion to its weight. */
static unsigned draw(const unsigned *weights, unsigned n)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < n; i++) sum += weights[i];
    unsigned at = random_below(sum), i = 0;
    while (at >= weights[i]) at -= weights[i++];
    return i;
}

/* ---- the shop ---------------------------------------------------------------------------------------------------- */

typedef struct product {
    const char *name, *category;
    unsigned    cents;           /* list price */
    unsigned    weight;          /* how often it sells */
    unsigned    bulk;            /* 1: one at a time … 9: by the dozen */
    const char *supplier;
} product;

static const product products[] = {
    { "Notebook A5",           "Stationery",   349, 1000, 9, "Papyrus" },
    { "Gel pen, blue",         "Stationery",   129,  700, 9, "Papyrus" },
    { "USB-C cable 2 m",       "Electronics", 1290,  520, 4, "Voltline" },
    { "Coffee beans 1 kg",     "Grocery",     1649,  430, 4, "Harbour & Sons" },
    { "Desk lamp",             "Furniture",   4995,  360, 2, "Lumen" },
    { "Wireless mouse",        "Electronics", 2490,  310, 2, "Voltline" },
    { "Green tea, 50 bags",    "Grocery",      495,  270, 6, "Harbour & Sons" },
    { "Office chair",          "Furniture",  18900,  240, 1, "Nordsitz" },
    { "27\" monitor",          "Electronics", 24900,  210, 1, "Voltline" },
    { "Backpack 20 l",         "Accessories", 5990,  190, 1, "Trailhead" },
    { "Water bottle",          "Accessories", 1795,  175, 3, "Trailhead" },
    { "Mechanical keyboard",   "Electronics", 8990,  160, 1, "Voltline" },
    { "Sticky notes",          "Stationery",   275,  150, 9, "Papyrus" },
    { "Dark chocolate 85 %",   "Grocery",      289,  140, 7, "Harbour & Sons" },
    { "Standing desk",         "Furniture",  42900,  120, 1, "Nordsitz" },
    { "Headphones",            "Electronics", 12900, 115, 1, "Voltline" },
    { "Umbrella",              "Accessories", 2250,  100, 1, "Trailhead" },
    { "Whiteboard",            "Furniture",   7490,   80, 1, "Nordsitz" },
    { "Webcam",                "Electronics", 5490,   75, 1, "Voltline" },
    { "Caf\xc3\xa9 mug \"Lisboa\"", "Accessories", 1190, 70, 3, "Lumen" },
    { "Fountain pen",          "Stationery",  3900,   45, 1, "Papyrus" },
    { "Bookshelf",             "Furniture",  11900,   40, 1, "Nordsitz" },
    { "Travel adapter",        "Electronics", 1990,   35, 2, "Voltline" },
    { "Leather wallet",        "Accessories", 6450,   25, 1, "Trailhead" },
};
enum { N_PRODUCTS = sizeof products / sizeof *products };

typedef struct region {
    const char *name, *country, *manager;
    unsigned    weight;
} region;

static const region regions[] = {
    { "North", "Norway",   "Astrid Lund",    1000 }, { "West", "Ireland", "Conor Walsh",  610 },
    { "South", "Portugal", "Marta Oliveira",  430 }, { "East", "Poland",  "Piotr Zielinski", 290 },
    { "Central", "Austria", "Eva Gruber",     180 }, { "Islands", "Malta", "Luca Borg",     60 },
};
enum { N_REGIONS = sizeof regions / sizeof *regions };

static const char *const channels[] = { "web", "store", "phone", "partner" };
static const unsigned channel_weights[] = { 55, 30, 10, 5 };

/* ---- days -------------------------------------------------------------------------------------------------------- */

typedef struct date {
    unsigned year, month, day;
} date;

static date date_of(unsigned index)
{
    static const unsigned lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    date d = { 2023, 1, index + 1 };
    if (index >= 365) d = (date){ 2024, 1, index - 365 + 1 };
    for (;;) {
        unsigned length = lengths[d.month - 1] + (d.year == 2024 && d.month == 2);
        if (d.day <= length) return d;
        d.day -= length;
        d.month++;
    }
}

static void weigh_days(unsigned weights[static N_DAYS])
{
    static const unsigned by_weekday[] = { 45, 105, 110, 108, 112, 120, 70 };                       /* from Sunday */
    static const unsigned by_month[]   = { 82, 80, 92, 96, 99, 95, 88, 85, 102, 106, 135, 160 };
    for (unsigned i = 0; i < N_DAYS; i++)
        weights[i] = by_weekday[i % 7] * by_month[date_of(i).month - 1] * (1000 + i / 2) / 1000;    /* grows 36 % */
}

/* Three hands wrote this column: ISO (most), DD/MM/YYYY and "Mar 5, 2024", which needs quotes. */
static void write_date(char out[static 24], date d)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    unsigned hand = random_below(100);
    if (hand < 60)      snprintf(out, 24, "%04u-%02u-%02u", d.year, d.month, d.day);
    else if (hand < 85) snprintf(out, 24, "%02u/%02u/%04u", d.day, d.month, d.year);
    else                snprintf(out, 24, "\"%s %u, %u\"", months[d.month - 1], d.day, d.year);
}

/* ---- one order --------------------------------------------------------------------------------------------------- */

static unsigned draw_customer(void)
{
    /* the square of a uniform number leans to small ids: a tenth of the customers place a third of the orders */
    uint64_t u = random_u64() >> 32;
    return 1 + (unsigned)((u * u >> 32) * N_CUSTOMERS >> 32);
}

static unsigned draw_quantity(const product *p)
{
    unsigned quantity = 1;
    while (quantity < 60 && random_below(10) < p->bulk) quantity++;
    return quantity;
}

/* The list price, 3 % dearer in the second year, sometimes 5, 10 or 15 % off. */
static unsigned draw_cents(const product *p, unsigned day)
{
    unsigned cents = day >= 365 ? p->cents * 103 / 100 : p->cents;
    unsigned off = random_below(100);
    return off < 70 ? cents : off < 85 ? cents * 95 / 100 : off < 95 ? cents * 90 / 100 : cents * 85 / 100;
}

static void write_quoted(char *out, size_t room, const char *text)
{
    if (!strpbrk(text, ",\"")) {
        snprintf(out, room, "%s", text);
        return;
    }
    size_t n = 0;
    out[n++] = '"';
    for (; *text && n + 4 < room; text++) {
        if (*text == '"') out[n++] = '"';
        out[n++] = *text;
    }
    out[n++] = '"';
    out[n] = 0;
}

typedef enum fault { NO_FAULT, NO_PRICE, NO_REGION, BAD_DATE, BAD_QUANTITY } fault;

static const char *const bad_dates[N_BAD_DATES] = { "2023-02-30", "31/11/2023", "not recorded", "2024-13-05",
                                                    "00/00/0000", "yesterday", "2023-06-31", "Smarch 7" };
static const char *const bad_quantities[N_BAD_QUANTITIES] = { "three", "12x", "1O", "two dozen",
                                                              "4 pcs", "?", "~6", "1.2.3" };

static void write_order(char line[static LINE_BYTES], unsigned id, unsigned day, fault kind, unsigned which)
{
    unsigned product_weights[N_PRODUCTS], region_weights[N_REGIONS];
    for (unsigned i = 0; i < N_PRODUCTS; i++) product_weights[i] = products[i].weight;
    for (unsigned i = 0; i < N_REGIONS; i++) region_weights[i] = regions[i].weight;
    const product *p = &products[draw(product_weights, N_PRODUCTS)];
    const region *r = &regions[draw(region_weights, N_REGIONS)];

    char when[24], name[64], quantity[16], price[16];
    write_date(when, date_of(day));
    write_quoted(name, sizeof name, p->name);
    snprintf(quantity, sizeof quantity, "%u", draw_quantity(p));
    unsigned cents = draw_cents(p, day);
    snprintf(price, sizeof price, "%u.%02u", cents / 100, cents % 100);
    unsigned customer = draw_customer();
    const char *channel = channels[draw(channel_weights, sizeof channel_weights / sizeof *channel_weights)];

    snprintf(line, LINE_BYTES, "%u,%s,%s,%s,%s,C%05u,%s,%s,%s", 100001 + id, kind == BAD_DATE ? bad_dates[which] : when,
             kind == NO_REGION ? "" : r->name, name, p->category, customer,
             kind == BAD_QUANTITY ? bad_quantities[which] : quantity, kind == NO_PRICE ? "" : price, channel);
}

/* ---- the files --------------------------------------------------------------------------------------------------- */

static int ascending(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    return (a > b) - (a < b);
}

/* Give `n` rows that are still sound the fault, numbered 0 … n-1 in `which`. */
static void spread(unsigned char *faults, unsigned char *which, fault kind, unsigned n)
{
    while (n) {
        unsigned row = random_below(N_ORIGINALS);
        if (faults[row] != NO_FAULT) continue;
        faults[row] = (unsigned char)kind;
        which[row] = (unsigned char)--n;
    }
}

static void write_sales(FILE *out)
{
    static char lines[N_ORIGINALS][LINE_BYTES];
    static unsigned char faults[N_ORIGINALS], which[N_ORIGINALS], repeats[N_ORIGINALS];
    static unsigned days[N_ORIGINALS], day_weights[N_DAYS];

    weigh_days(day_weights);
    for (unsigned i = 0; i < N_ORIGINALS; i++) days[i] = draw(day_weights, N_DAYS);
    qsort(days, N_ORIGINALS, sizeof *days, ascending);
    spread(faults, which, NO_PRICE, N_WITHOUT_PRICE);
    spread(faults, which, NO_REGION, N_WITHOUT_REGION);
    spread(faults, which, BAD_DATE, N_BAD_DATES);
    spread(faults, which, BAD_QUANTITY, N_BAD_QUANTITIES);
    for (unsigned i = 0; i < N_ORIGINALS; i++) write_order(lines[i], i, days[i], (fault)faults[i], which[i]);

    /* A repeated row comes up to 40 rows after its original, as when a form is sent twice. */
    static unsigned owed[N_ORIGINALS + 64];
    for (unsigned n = N_DUPLICATES; n;) {
        unsigned row = random_below(N_ORIGINALS - 64);
        unsigned at = row + 1 + random_below(40);
        if (faults[row] != NO_FAULT || repeats[row] || owed[at]) continue;
        repeats[row] = 1;
        owed[at] = row + 1;
        n--;
    }
    fprintf(out, "order_id,order_date,region,product,category,customer_id,quantity,unit_price,channel\n");
    for (unsigned i = 0; i < N_ORIGINALS; i++) {
        fprintf(out, "%s\n", lines[i]);
        if (owed[i]) fprintf(out, "%s\n", lines[owed[i] - 1]);
    }
}

static void write_products(FILE *out)
{
    fprintf(out, "product,category,list_price,supplier\n");
    for (unsigned i = 0; i < N_PRODUCTS; i++) {
        char name[64];
        write_quoted(name, sizeof name, products[i].name);
        fprintf(out, "%s,%s,%u.%02u,%s\n", name, products[i].category, products[i].cents / 100, products[i].cents % 100,
                products[i].supplier);
    }
}

static void write_regions(FILE *out)
{
    fprintf(out, "region,country,manager\n");
    for (unsigned i = 0; i < N_REGIONS; i++)
        fprintf(out, "%s,%s,%s\n", regions[i].name, regions[i].country, regions[i].manager);
}

static bool make(const char *directory, const char *name, void (*write)(FILE *))
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *out = fopen(path, "w");
    if (out) write(out);
    if (!out || ferror(out) || fclose(out)) {
        fprintf(stderr, "make-datasets: %s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 2) return fprintf(stderr, "usage: make-datasets DIRECTORY\n"), 2;
    bool ok = make(argv[1], "sales_data.csv", write_sales) && make(argv[1], "products.csv", write_products) &&
              make(argv[1], "regions.csv", write_regions);
    return ok ? 0 : 1;
}
