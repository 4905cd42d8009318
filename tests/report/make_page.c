/* make_page.c — writes a page with one of every block, for tests that look at pages from outside (browser, validators).
 *
 *     frame-report-page OUT.html                  harmless texts
 *     frame-report-page OUT.html STRINGS          one section for each text of the file (they end in NUL), in every slot
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <frame/frame.h>

#include "report/page.h"

static const double spark[] = { 3, 4, 2, 6, 5, 8 };
static const char drawing[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"d\" viewBox=\"0 0 400 200\" role=\"img\" aria-labelledby=\"t s\">"
    "<title id=\"t\">Bars</title><desc id=\"s\">Two bars, the second one higher.</desc>"
    "<rect x=\"40\" y=\"100\" width=\"120\" height=\"90\" fill=\"var(--blue)\"/>"
    "<rect x=\"220\" y=\"40\" width=\"120\" height=\"150\" fill=\"var(--blue)\"/>"
    "<text x=\"100\" y=\"92\" text-anchor=\"middle\" fill=\"var(--ink)\">90</text></svg>";

static fr_frame *frame_of(const char *text)
{
    const char *names[] = { text, "North", NULL };
    double revenue[] = { 1234567.5, -250000, 0 }, share[] = { 0.834, 0.166, 0 };
    int64_t orders[] = { 19432, 8069, 15 };
    fr_array_spec arrays[] = { fr_array("name", FR_STR, names), fr_array("revenue", FR_F64, revenue),
                               fr_array("share", FR_F64, share), fr_array("orders", FR_I64, orders) };
    return fr_frame_from_arrays(3, arrays, 4, NULL);
}

static void figures(fr_page *page, const char *x)
{
    fr_tile tiles[] = {
        { .label = x, .value = x, .note = x, .changed = true, .change = 0.083, .against = x, .good = FR_GOOD_UP, .spark = spark,
          .n_spark = 6 },
        { .label = "Returns", .value = "1.9\xc2\xa0%", .changed = true, .change = 0.2, .against = "2023", .good = FR_GOOD_DOWN },
        { .label = "Orders", .value = "27,516", .changed = true, .change = 0, .note = "all shops" },
    };
    fr_page_tiles(page, tiles, 3);
    fr_page_facts(page, (fr_fact[]){ { x, x }, { "median", "12.5" } }, 2);
}

static void texts(fr_page *page, const char *x)
{
    fr_page_paragraph(page, x);
    fr_page_list(page, (const char *const[]){ x, "another" }, 2);
    for (int severity = 0; severity < 4; severity++) fr_page_note(page, (fr_severity)severity, x, x);
    fr_page_alerts(page, (fr_alert[]){ { FR_SEVERITY_WARNING, x, x, x, x }, { FR_SEVERITY_BAD, "missing", x, x, NULL },
                                       { FR_SEVERITY_GOOD, "complete", NULL, x, NULL },
                                       { FR_SEVERITY_INFO, "constant", x, NULL, NULL } }, 4);
    fr_page_code(page, x);
}

static void tables(fr_page *page, const char *x)
{
    fr_table_column columns[] = {
        { .column = "name", .label = x },
        { .column = "revenue", .label = x, .format = { .kind = FR_NUMERAL_MONEY, .unit = x }, .bar = true },
        { .column = "share", .format = { .kind = FR_NUMERAL_PERCENT }, .no_total = true },
        { .column = "orders" },
    };
    fr_auto(frame) frame = frame_of(x);
    fr_table_args args = { .columns = columns, .n_columns = 4, .caption = x, .totals = true, .rank = true, .most_rows = 2 };
    fr_page_table(page, frame, &args);
    fr_page_grid(page);
    for (int i = 0; i < 2; i++)
        fr_page_chart(page, &(fr_chart_args){ .svg = fr_page_svg(page, drawing, 0), .title = x, .caption = x, .data = frame });
    fr_page_grid_end(page);
}

static void explanations(fr_page *page, const char *x)
{
    fr_page_subsection(page, x);
    fr_page_fold(page, x);
    fr_page_dictionary(page, (fr_dictionary_entry[]){ { x, x, x, x, x, x }, { .name = "id", .type = "i64" } }, 2);
    fr_page_fold_end(page);
    fr_page_definitions(page, (fr_definition[]){ { x, x, x } }, 1);
}

static void everything(fr_page *page, const char *x)
{
    fr_page_section(page, x);
    figures(page, x);
    texts(page, x);
    tables(page, x);
    explanations(page, x);
}

static char *slurp(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    char *bytes = file ? malloc(1 << 24) : NULL;
    *n = bytes ? fread(bytes, 1, (1 << 24) - 1, file) : 0;
    if (bytes) bytes[*n] = 0;
    if (file) fclose(file);
    return bytes;
}

static int finish(fr_page *page, const char *path)
{
    fr_unref(fr_page_write(page, path));
    const fr_trouble *trouble = fr_page_trouble(page);
    if (trouble) fprintf(stderr, "%s\n", trouble->text);
    int code = trouble != NULL;
    fr_page_free(page);
    return code;
}

int main(int argc, char **argv)
{
    size_t n = 0;
    if (argc < 2) return 2;
    char *strings = argc > 2 ? slurp(argv[2], &n) : NULL;
    const char *title = strings ? strings : "Everything a page can hold";
    fr_page *page = fr_page_new(&(fr_page_args){ .title = title, .subtitle = title, .made = title,
                                                 .most_bytes = strings ? 64000000 : 0 });
    if (!page) return 1;
    if (!strings) {
        static const char *const titles[] = { "Figures", "Findings", "Method" };
        for (int i = 0; i < 3; i++) everything(page, titles[i]);
    }
    for (const char *x = strings; x && x < strings + n; x += strlen(x) + 1) everything(page, x);
    int code = finish(page, argv[1]);
    free(strings);
    return code;
}
