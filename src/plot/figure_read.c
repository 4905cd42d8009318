/* figure_read.c — the first station: marks are copied, their columns and expressions become channels. */
#include <string.h>

#include "data/frame.h"
#include "plot/figure.h"

fr_call_place fr_call_at_mark(fr_call *call, const fr_plotted *mark)
{
    const fr_call_place before = { call->step, call->file, call->line };
    call->step = mark->class_->name;
    if (mark->mark.file) {
        call->file = mark->mark.file;
        call->line = mark->mark.line;
    }
    return before;
}

void fr_call_back(fr_call *call, fr_call_place place)
{
    call->step = place.step;
    call->file = place.file;
    call->line = place.line;
}

/* ---- copying ----------------------------------------------------------------------------------------------------- */

static const char **text_at(fr_mark *mark, size_t offset)
{
    return (const char **)(void *)((char *)&mark->args + offset);
}

static bool keep_text(fr_call *call, fr_arena *arena, const char **text)
{
    return !*text || (*text = fr_arena_text(call, arena, *text, strlen(*text)));
}

static bool keep_texts(fr_call *call, fr_arena *arena, fr_plotted *mark)
{
    static const size_t common[] = { offsetof(fr_mark_head, x), offsetof(fr_mark_head, y),
                                     offsetof(fr_mark_head, colour),
                                     offsetof(fr_mark_head, name), offsetof(fr_mark_head, fill) };
    for (size_t i = 0; i < FR_COUNT_OF(common); i++)
        if (!keep_text(call, arena, text_at(&mark->mark, common[i]))) return false;
    for (size_t role = 0; role < FR_N_READ; role++) {
        size_t at = mark->class_->role_at[role];
        if (at && !keep_text(call, arena, text_at(&mark->mark, at))) return false;
    }
    size_t at = mark->class_->label_at;
    return !at || keep_text(call, arena, text_at(&mark->mark, at));
}

/* The arguments a caller of an older header knows, and defaults for the rest. */
static bool copy_mark(fr_call *call, fr_figure *figure, const fr_mark *given, fr_plotted *mark)
{
    const fr_mark_class *class_ = fr_mark_class_of(given->kind);
    if (!class_) return fr_fail(call, FR_ERR_ARGUMENT, "there is no mark number %u", given->kind);
    size_t size = given->args.line.size_;
    if (size < sizeof(fr_mark_head) || size > sizeof given->args)
        return fr_fail(call, FR_ERR_ARGUMENT, "%s: size_ is %zu; begin with fr_mark_init", class_->name, size);
    fr_mark_init(&mark->mark, class_->name);
    mark->mark.line = given->line;
    mark->mark.file = given->file;
    memcpy(&mark->mark.args, &given->args, size < class_->args_size ? size : class_->args_size);
    mark->class_ = class_;
    mark->head = (const fr_mark_head *)(const void *)&mark->mark.args;
    return keep_texts(call, &figure->arena, mark);
}

/* ---- colours ----------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "#0072B2" or "#07b"; "1" … "8" of the palette */
static bool read_fill(fr_call *call, fr_plotted *mark)
{
    const char *text = mark->head->fill;
    if (!text) return true;
    size_t n = strlen(text);
    if (n == 1 && text[0] >= '1' && text[0] < '1' + FR_N_SERIES) {
        mark->fill = fr_paint_series((size_t)(text[0] - '1'));
        return true;
    }
    uint32_t rgb = 0;
    bool fine = (n == 7 || n == 4) && text[0] == '#';
    for (size_t i = 1; fine && i < n; i++) {
        int digit = hex_digit(text[i]);
        fine = digit >= 0;
        for (int times = n == 4 ? 2 : 1; fine && times; times--) rgb = rgb << 4 | (uint32_t)digit;
    }
    if (!fine)
        return fr_fail_at(call, fr_place_at(.hint = "a column that gives colours belongs into .colour"),
                          FR_ERR_ARGUMENT,
                          "fill %s is no colour like \"#0072B2\"", fr_quoted((fr_room){ 0 }.text, text, n));
    mark->fill = fr_paint_rgb(rgb);
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static const char *source_of(const fr_plotted *mark, size_t role)
{
    if (role == FR_ROLE_X) return mark->head->x;
    if (role == FR_ROLE_Y) return mark->head->y;
    if (role == FR_ROLE_COLOUR) return mark->head->colour;
    size_t at = mark->class_->role_at[role];
    return at ? *text_at((fr_mark *)(uintptr_t)&mark->mark, at) : NULL;
}

static bool check_kind(fr_call *call, const fr_plotted *mark, size_t role, const char *name)
{
    const fr_channel *channel = &mark->channels[role];
    if (!(mark->class_->numbers & FR_BIT(role)) || channel->kind == FR_CHANNEL_NUMBER ||
        channel->kind == FR_CHANNEL_DURATION) return true;
    return fr_fail_at(call, fr_place_at(.column = channel->source), FR_ERR_TYPE,
                      "%s = '%s' is %s, but must be a number", name,
                      channel->source, channel->kind == FR_CHANNEL_CATEGORY ? "text" : "a time");
}

static bool read_role(fr_call *call, fr_figure *figure, fr_plotted *mark, size_t role)
{
    static const char *const names[] = { "x", "y", "colour", "size", "low", "high", "text", "total" };
    const char *source = source_of(mark, role);
    if (!source) {
        if (!(mark->class_->wants & FR_BIT(role))) return true;
        return fr_fail(call, FR_ERR_ARGUMENT, "a %s mark needs %s", mark->class_->name, names[role]);
    }
    return fr_channel_read(call, &figure->arena, mark->frame, source, &mark->channels[role]) &&
           check_kind(call, mark, role, names[role]);
}

static bool read_facet(fr_call *call, fr_figure *figure, fr_plotted *mark)
{
    const char *facet = figure->args.facet;
    if (!facet) return true;
    if (mark->class_->prepare)
        return fr_fail_at(call, fr_place_at(.hint = "fr_filter the frame, and draw one for each part"), FR_ERR_ARGUMENT,
                          "a %s mark summarises the whole frame and has no facets", mark->class_->name);
    if (mark->head->data && fr_find(mark->frame, facet) < 0) return true;      /* its own data know no panels: in all */
    mark->faceted = true;
    return fr_channel_read(call, &figure->arena, mark->frame, facet, &mark->facet) &&
           fr_channel_as_categories(call, &figure->arena, &mark->facet);
}

static bool check_own_frame(fr_call *call, const fr_frame *frame)
{
    if (!fr_ok(frame)) return fr_fail_as(call, frame, "frame in .data");
    return frame->length >= 0 || fr_fail(call, FR_ERR_ARGUMENT, "the frame in .data is a scan: fr_collect it first");
}

/* What a mark would not look at is refused, so that nothing is taken and ignored. */
static bool check_options(fr_call *call, const fr_plotted *mark)
{
    const fr_mark_class *class_ = mark->class_;
    if (mark->head->y && class_->refuses & FR_BIT(FR_ROLE_Y))
        return fr_fail(call, FR_ERR_ARGUMENT, "a %s mark has no y", class_->name);
    if (mark->head->colour && class_->refuses & FR_BIT(FR_ROLE_COLOUR))
        return fr_fail(call, FR_ERR_ARGUMENT, "a %s mark has no colour", class_->name);
    return !mark->head->fill || !class_->own_paints ||
           fr_fail(call, FR_ERR_ARGUMENT, "a %s mark has no fill: its parts have colours of their own", class_->name);
}

static bool read_mark(fr_call *call, fr_figure *figure, fr_plotted *mark, const fr_frame *frame)
{
    if (!check_options(call, mark)) return false;
    if (mark->head->data && !check_own_frame(call, frame = mark->head->data)) return false;
    mark->frame = mark->class_->prepare ? mark->class_->prepare(call, mark, frame) : fr_ref(frame);
    if (!mark->frame || !read_fill(call, mark)) return false;
    mark->n = mark->frame->length;
    for (size_t role = 0; role < FR_N_READ; role++)
        if (!read_role(call, figure, mark, role)) return false;
    return read_facet(call, figure, mark);
}

bool fr_figure_read(fr_call *call, fr_figure *figure, const fr_frame *frame, const fr_mark *marks)
{
    size_t n = 0;
    while (marks[n].kind) n++;
    if (n > 64) return fr_fail(call, FR_ERR_LIMIT, "a figure has at most 64 marks, not %zu", n);
    figure->marks = fr_arena_array(call, &figure->arena, n, sizeof *figure->marks);
    if (!figure->marks) return false;
    for (bool fine = true; fine && figure->n_marks < n;) {
        fr_plotted *mark = &figure->marks[figure->n_marks];
        mark->number = figure->n_marks;
        if (!copy_mark(call, figure, &marks[figure->n_marks++], mark)) return false;
        fr_call_place before = fr_call_at_mark(call, mark);
        fine = read_mark(call, figure, mark, frame);
        fr_call_back(call, before);
    }
    return !fr_failed(call);
}
