/* text_scan.c — startswith, endswith, contains, len, bytes, hash of a column of views: by kernel/view_scan.h, which reads
 * views and texts where they lie. Of anything else they are computed like other functions. */
#include "expr/text_scan.h"

#include "expr/functions.h"
#include "kernel/view_scan.h"

typedef enum scan { NONE, STARTS, ENDS, CONTAINS, LENGTHS, BYTES, HASHES } scan;

static scan scan_of(const fr_term *term)
{
    static const struct { fr_run_fn *run; scan scan; } known[] = {
        { fr_loop_starts, STARTS }, { fr_loop_ends, ENDS },   { fr_loop_contains, CONTAINS },
        { fr_loop_len, LENGTHS },   { fr_loop_bytes, BYTES }, { fr_loop_hash, HASHES },
    };
    const fr_term *part = term->n_args == 2 ? term->args[1] : NULL;
    if (term->args[0]->kind != FR_TERM_COLUMN || term->args[0]->column->phys != FR_PHYS_VIEW) return NONE;
    if (part && (part->kind != FR_TERM_CONSTANT || !part->valid || !part->constant.text.n)) return NONE;
    for (size_t i = 0; i < FR_COUNT_OF(known); i++)
        if (known[i].run == term->run) return known[i].scan;
    return NONE;
}

bool fr_is_text_scan(const fr_term *term)
{
    return term->kind == FR_TERM_CALL && term->lazy == fr_run_text_scan && scan_of(term) != NONE;
}

bool fr_check_text_scan(fr_checker *c, fr_term *term)
{
    term->lazy = fr_run_text_scan;
    return fr_check_signature(c, term);
}

bool fr_run_text_scan(fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_view_scan_kernels *k = FR_ISA_PICK(fr_view_scan_kernels);
    const scan how = scan_of(term);
    if (how == NONE) return fr_run_strict(run, term, out);
    if (!fr_run_slot(run, out)) return false;
    if (term == run->root && run->target) out->room = run->target, out->values = run->target;
    const fr_column *c = term->args[0]->column;
    const fr_viewed texts = { (const fr_view *)c->values + run->first, c->heap ? c->heap->bases : NULL };
    const fr_piece part = term->n_args == 2 ? term->args[1]->constant.text : (fr_piece){ 0 };
    switch (how) {
    case STARTS:   k->starts(out->room, &texts, run->n, part); break;
    case ENDS:     k->ends(out->room, &texts, run->n, part); break;
    case CONTAINS: k->contain(out->room, &texts, run->n, part); break;
    case LENGTHS:  k->lengths(out->room, &texts, run->n); break;
    case BYTES:    k->bytes(out->room, &texts, run->n); break;
    default:       k->hashes(out->room, &texts, run->n); break;
    }
    if (c->valid) out->valid = c->valid + (run->first >> 6);
    return true;
}
