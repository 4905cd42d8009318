/* report_files.c — summary.html, charts, cleaned.csv, rejects.csv, analysis.json and analysis.toml, in one folder.
 *
 * Everything is written beside the old files first and renamed at the end, the page last (report/folder.h): a run that
 * fails half-way leaves the old report as it was. Pictures that the folder's old analysis.toml names and that are not
 * drawn any more are removed after that: a chart of last month's columns must not lie beside this month's page. Nothing
 * else in the folder is touched.
 */
#include "report_files.h"

#include <frame/file.h>

#include <string.h>
#include <unistd.h>

#include "report/folder.h"

#include "analysis_job.h"
#include "charts.h"
#include "json.h"
#include "pages.h"

typedef struct output {
    analysis  *a;
    fr_folder *folder;
    growing   *written;
} output;

static bool take_trouble(analysis *a, const fr_trouble *trouble)
{
    return fail_run(a, trouble->code, "%s", trouble->text);
}

static const char *place(output *o, const char *name)
{
    fr_trouble trouble = { .code = FR_ERR_OK };
    const char *path = fr_folder_file(o->folder, name, &trouble);
    if (!path) take_trouble(o->a, &trouble);
    else grow_format(o->written, "%s%s", o->written->n ? " · " : "", name);
    return path;
}

static bool take_receipt(analysis *a, fr_frame *receipt)
{
    fr_auto(frame) owned = receipt;
    if (fr_ok(owned)) return true;
    return take_frame(a, &a->failure, fr_steal(owned));
}

static bool write_page(output *o)
{
    const char *path = place(o, "summary.html");
    fr_page *page = path ? make_page(o->a) : NULL;
    if (path && !page) return fail_run(o->a, FR_ERR_MEMORY, "out of memory");
    if (!page) return false;
    fr_auto(frame) receipt = fr_page_write(page, path);
    const fr_trouble *trouble = fr_page_trouble(page);
    const bool good = !trouble && fr_ok(receipt);
    if (trouble) take_trouble(o->a, trouble);
    else if (!good) take_frame(o->a, &o->a->failure, fr_steal(receipt));
    fr_page_free(page);
    return good;
}

static bool write_rows(output *o)
{
    const char *path = place(o, "cleaned.csv");
    if (!path || !take_receipt(o->a, fr_write_csv(o->a->clean, path,
                                                  .escape_formulas = o->a->asked.escape_formulas))) return false;
    path = place(o, "rejects.csv");
    return path && take_receipt(o->a, fr_csv_write_rejects(o->a->clean, path));
}

static bool write_text(output *o, const char *name, bool (*make)(analysis *a, growing *out))
{
    growing text = { .bytes = NULL };
    const char *path = place(o, name);
    const bool good = path && make(o->a, &text)
                   && (!text.out_of_memory || fail_run(o->a, FR_ERR_MEMORY, "out of memory"))
                   && take_receipt(o->a, fr_write_text(path, text.bytes, text.n, o->a->context));
    growing_clear(&text);
    return good;
}

static bool make_json(analysis *a, growing *out)
{
    write_json(a, out);
    return true;
}

static bool write_charts(output *o)
{
    const char *name;
    for (size_t i = 0; (name = chart_file(o->a, i)); i++) {
        const char *path = place(o, name);
        if (!path || !take_receipt(o->a, write_chart(o->a, i, path))) return false;
    }
    return true;
}

/* ---- pictures of the run before ---------------------------------------------------------------------------------- */
enum { MOST_JOB_BYTES = 16 << 20 };

/* The names that the folder's analysis.toml gives to its charts; NULL: there is none, or it is not ours. */
static const char *old_charts(analysis *a, const char *folder)
{
    fr_auto(frame) text = fr_read_text(keep_format(&a->store, "%s/analysis.toml", folder), MOST_JOB_BYTES, a->context);
    const char *job = fr_ok(text) ? keep(&a->store, fr_get(text, 0, "text").as.s) : "";
    const char *line = is_analysis_job(job) ? strstr(job, "\ncharts = \"") : NULL;
    return line ? line + strlen("\ncharts = \"") : NULL;
}

static bool is_drawn(const analysis *a, const char *name)
{
    const char *drawn;
    for (size_t i = 0; (drawn = chart_file(a, i)); i++)
        if (!strcmp(drawn, name)) return true;
    return false;
}

/* Only names as file_name makes them: the line may have been edited. A courtesy: failing at it fails nothing. */
static void remove_old_charts(analysis *a, const char *folder, const char *names)
{
    while (names && *names && *names != '"' && *names != '\n') {
        const size_t n = strspn(names, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (!n || strncmp(names + n, ".png", 4) != 0) return;
        const char *name = keep_bytes(&a->store, names, n + 4);
        if (!is_drawn(a, name)) unlink(keep_format(&a->store, "%s/%s", folder, name));
        names += n + 4;
        names += strspn(names, ", ");
    }
}

bool write_report(analysis *a, const char *folder, growing *written)
{
    fr_trouble trouble = { .code = FR_ERR_OK };
    output o = { a, fr_folder_open(folder, &trouble), written };
    if (!o.folder) return take_trouble(a, &trouble);
    const char *charts_before = old_charts(a, folder);
    bool good = write_page(&o) && write_charts(&o) && write_rows(&o) && write_text(&o, "analysis.json", make_json)
        && write_text(&o, "analysis.toml", write_job);
    if (good && !fr_folder_commit(o.folder, "summary.html", &trouble)) good = take_trouble(a, &trouble);
    if (good) remove_old_charts(a, folder, charts_before);
    fr_folder_close(o.folder);
    return good;
}
