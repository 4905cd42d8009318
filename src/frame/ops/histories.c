/* histories.c — rejects, warnings and accounts of further frames (see histories.h). */
#include "ops/histories.h"

#include <string.h>

static bool warns(const fr_frame *frame, const char *text)
{
    for (size_t i = 0; i < fr_warning_count(frame); i++)
        if (!strcmp(fr_warning(frame, i), text)) return true;
    return false;
}

void fr_warn_of_others(fr_call *call, const fr_frame *first, const fr_others *others)
{
    for (size_t f = 0; f < others->n; f++)
        for (size_t i = 0; i < fr_warning_count(others->frames[f]); i++) {
            const char *text = fr_warning(others->frames[f], i);
            if (!warns(first, text)) fr_warn(call, "%s", text);
        }
}

/* Frames that were made of one read have its rejects in common. */
static bool add_rejects(fr_call *call, fr_frame *made, const fr_frame *first, const fr_others *others)
{
    const fr_frame *before = first->rejects;
    for (size_t f = 0; f < others->n; f++) {
        fr_frame *rejects = others->frames[f]->rejects;
        if (!rejects || rejects == before) continue;
        if (!fr_frame_add_rejects(call, made, rejects)) return false;
        before = rejects;
    }
    return true;
}

fr_frame *fr_with_histories(fr_call *call, fr_frame *made, const fr_frame *first, const fr_others *others,
                            const fr_account_entry *entry)
{
    if (!made) return NULL;
    if (add_rejects(call, made, first, others) && fr_frame_unite_accounts(call, made, others, entry)) return made;
    fr_frame_unref(made);
    return NULL;
}
