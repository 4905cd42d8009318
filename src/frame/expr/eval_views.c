/* eval_views.c — which answers are made of the views of a column.
 *
 *     strip(slice(code, 0, 20))     parts of code: computed like any term, but the views of the answer point into the
 *                                   heap of code, and no text is copied
 *     slice(code, 0, 20)            so is this, and nothing else is needed than the views: one loop over a block of them
 *     lower(code)                   another text for each, one loop as well; of short texts of one form, too, whose views
 *                                   are made some at a time (data/text_form.h)
 *
 * A heap that is shared so is left again where the answer uses little of it (fr_heap_compact), as after a filter.
 */
#include "expr/eval_views.h"

#include "data/text_form.h"
#include "expr/functions.h"

static bool is_views(const fr_term *term)
{
    return term->kind == FR_TERM_COLUMN && term->column && term->column->phys == FR_PHYS_VIEW;
}

static bool is_short_formed(const fr_term *term)
{
    const fr_form *form = term->kind == FR_TERM_COLUMN && term->column ? term->column->form : NULL;
    return form && form->bits.length <= FR_VIEW_INLINE;
}

const fr_column *fr_whole_of_parts(const fr_term *term)
{
    bool part = false;
    for (; term->kind == FR_TERM_CALL && term->function && term->function->flags & FR_FUNCTION_PART; part = true)
        term = term->args[0];
    return part && is_views(term) ? term->column : NULL;
}

fr_views_fn *fr_views_of(const fr_term *term)
{
    static const struct { fr_run_fn *run; fr_views_fn *views; } known[] = {
        { fr_loop_lower, fr_views_lower }, { fr_loop_upper, fr_views_upper }, { fr_loop_slice, fr_views_slice },
        { fr_loop_left, fr_views_left },   { fr_loop_right, fr_views_right },
    };
    if (term->kind != FR_TERM_CALL || !term->run) return NULL;
    if (!is_views(term->args[0]) && !is_short_formed(term->args[0])) return NULL;
    for (size_t i = 1; i < term->n_args; i++)
        if (term->args[i]->kind != FR_TERM_CONSTANT || !term->args[i]->valid) return NULL;
    for (size_t i = 0; i < FR_COUNT_OF(known); i++)
        if (known[i].run == term->run) return known[i].views;
    return NULL;
}
