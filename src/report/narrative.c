/* narrative.c — the four stages, one after the other, and what they share. */
#include "narrative_inside.h"

#include <frame/file.h>

#include <string.h>

/* ---- shared ------------------------------------------------------------------------------------------------------ */
fr_query *fr_narrative_add(fr_narrative *n)
{
    void *queries = n->queries;
    if (n->n_queries == FR_NARRATIVE_FRAMES) return fr_troubled(n->trouble, FR_ERR_LIMIT, "more than 1,000 queries"), NULL;
    bool room = fr_store_grow(&n->store, &queries, &n->query_space, n->n_queries, sizeof *n->queries);
    n->queries = queries;
    if (!room) return fr_out_of_memory(n->trouble), NULL;
    fr_query *query = &n->queries[n->n_queries++];
    *query = (fr_query){ .name = NULL };
    return query;
}

/* The last of that name: a later query may use the name again. */
const fr_query *fr_narrative_query(const fr_narrative *n, const char *name, size_t n_name)
{
    for (size_t i = n->n_queries; i-- > 0;) {
        const char *own = n->queries[i].name;
        if (own && n->queries[i].frame && strlen(own) == n_name && !memcmp(own, name, n_name)) return &n->queries[i];
    }
    return NULL;
}

bool fr_narrative_keep(fr_narrative *n, fr_frame *frame)
{
    void *kept = n->kept;
    bool room = fr_store_grow(&n->store, &kept, &n->kept_space, n->n_kept, sizeof(fr_frame *));
    n->kept = kept;
    if (room) n->kept[n->n_kept++] = frame;
    else fr_unref(frame);
    return room || fr_out_of_memory(n->trouble);
}

const char *fr_narrative_path(fr_narrative *n, const char *name)
{
    const char *slash = strrchr(n->args->file, '/');
    if (name[0] == '/' || !slash) return name;
    return fr_store_format(&n->store, "%.*s/%s", (int)(slash - n->args->file), n->args->file, name);
}

fr_frame *fr_narrative_read(fr_narrative *n, const char *name, bool scan)
{
    fr_csv_args args;
    fr_csv_args_init(&args);
    if (n->args->read) args = *n->args->read;
    args.context = n->args->context;
    const char *path = fr_narrative_path(n, name);
    if (!path) return fr_out_of_memory(n->trouble), NULL;
    if (fr_is_file(path, n->args->page_file, n->args->context))
        return fr_troubled(n->trouble, FR_ERR_ARGUMENT,
                           "the page would replace %s, which it is made of; --output names another file", path), NULL;
    return scan ? fr_csv_scan(path, &args) : fr_csv_read(path, &args);
}

/* ---- from beginning to end --------------------------------------------------------------------------------------- */
/* The marks must be ours alone. */
static void replace_marks(char *text, size_t n)
{
    for (size_t i = 0; i + 3 <= n; i++)
        if (!memcmp(text + i, FR_MARK_BLOCK, 3) || !memcmp(text + i, FR_MARK_END, 3) || !memcmp(text + i, FR_MARK_VALUE, 3))
            memcpy(text + i, "\xef\xbf\xbd", 3);
}

static bool copy_source(fr_narrative *n)
{
    const fr_narrative_args *a = n->args;
    size_t bom = a->n >= 3 && !memcmp(a->text, "\xef\xbb\xbf", 3) ? 3 : 0;
    n->n = a->n - bom;
    n->text = fr_store_text(&n->store, a->text + bom, n->n);
    if (n->text) replace_marks(n->text, n->n);
    n->source = n->text ? fr_store_text(&n->store, n->text, n->n) : NULL;
    return n->source || fr_out_of_memory(n->trouble);
}

static bool make_page(fr_narrative *n)
{
    const fr_narrative_args *a = n->args;
    n->page = fr_page_new(&(fr_page_args){ .title = n->title, .subtitle = n->subtitle, .lang = n->lang, .made = n->made,
                                           .context = a->context, .allocator = a->allocator, .most_bytes = a->most_bytes,
                                           .template_ = a->template_, .template_file = a->template_file });
    return n->page || fr_out_of_memory(n->trouble);
}

static bool add_account(fr_narrative *n)
{
    const fr_query *query = n->account ? fr_narrative_query(n, n->account, strlen(n->account)) : NULL;
    if (!n->account) return true;
    if (!query)
        return fr_troubled_at(n->trouble, fr_narrative_spot(n, n->account_at), FR_ERR_NOT_FOUND, "there is no query '%s'",
                              n->account);
    fr_auto(frame) account = fr_account(query->frame);
    if (!fr_ok(account)) return fr_troubled_by(n->trouble, account);
    fr_page_account(n->page, account);
    return true;
}

static bool build(fr_narrative *n)
{
    fr_ink markdown = { .room = &n->store };
    bool fine = copy_source(n) && fr_narrative_matter(n) && fr_narrative_fences(n) && make_page(n) && add_account(n) &&
                fr_narrative_values(n, &markdown) && fr_narrative_prose(n, markdown.bytes, markdown.n);
    fr_ink_free(&markdown);
    const fr_trouble *trouble = n->page ? fr_page_trouble(n->page) : NULL;
    if (fine && trouble) fine = fr_troubled(n->trouble, trouble->code, "%s: %s", n->args->file, trouble->text);
    return fine;
}

fr_page *fr_narrative_page(const fr_narrative_args *args, fr_trouble *trouble)
{
    fr_narrative n = { .args = args, .trouble = trouble, .store = { .allocator = args->allocator } };
    bool fine = build(&n);
    for (size_t i = 0; i < n.n_queries; i++) fr_unref(n.queries[i].frame);
    for (size_t i = 0; i < n.n_kept; i++) fr_unref(n.kept[i]);
    fr_store_empty(&n.store);
    if (fine) return n.page;
    fr_page_free(n.page);
    return NULL;
}
