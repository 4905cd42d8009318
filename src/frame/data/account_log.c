/* account_log.c — what happened to the rows, as a chain of steps that frames share (see account.h).
 *
 * A log is its last entry and the logs before it: of the frame the step was run on, and of those it appended. Nothing is
 * copied, so a step costs one entry however long the past is. Where pasts meet again, as when a table is cut in two and the
 * halves are put together, each entry is listed once: what it counts happened once.
 *
 *     read ← filter ←─┐
 *       ↖─── filter ←── concat          listed: read, filter, filter, concat
 */
#include "data/account.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "kernel/id_table.h"

struct fr_account_log {
    _Atomic(int64_t)  refs;
    fr_context       *context;       /* owned reference                                      */
    fr_account_entry  entry;         /* owns its note                                        */
    fr_account_log   *past;          /* owned reference; NULL: nothing happened before       */
    fr_account_log  **others;        /* owned references: of the frames that were added …    */
    bool              joins;         /* … beside these, not below                            */
    size_t            n_others, room;
    fr_account_log   *next;          /* while it is being given up                           */
};

fr_account_log *fr_account_ref(fr_account_log *log)
{
    if (log) atomic_fetch_add_explicit(&log->refs, 1, memory_order_relaxed);
    return log;
}

/* A log whose last reference is given up comes before those that are to be freed. */
static fr_account_log *give_up(fr_account_log *log, fr_account_log *dying)
{
    if (!log || atomic_fetch_sub_explicit(&log->refs, 1, memory_order_acq_rel) > 1) return dying;
    log->next = dying;
    return log;
}

static void free_log(fr_account_log *log)
{
    fr_context *context = log->context;
    fr_free_text(context, (char *)(uintptr_t)log->entry.note);
    if (log->others) fr_free_array(context, log->others, log->room, sizeof(fr_account_log *));
    fr_free(context, log, sizeof *log);
    fr_object_unref(context);
}

/* One after the other: a past may be longer than the stack is deep. */
void fr_account_unref(fr_account_log *log)
{
    fr_account_log *dying = give_up(log, NULL);
    while (dying) {
        fr_account_log *const one = dying;
        dying = give_up(one->past, one->next);
        for (size_t i = 0; i < one->n_others; i++) dying = give_up(one->others[i], dying);
        free_log(one);
    }
}

static void drop_log(fr_account_log **slot)
{
    fr_account_unref(*slot);
}

/* Frames of the same past add it once; the others find each other when they are listed. */
static void add_others(fr_account_log *log, const fr_others *others)
{
    const fr_account_log *before = log->past;
    log->joins = others->joined;
    for (size_t i = 0; i < others->n; i++) {
        fr_account_log *other = others->frames[i]->account;
        if (!other || other == before) continue;
        log->others[log->n_others++] = fr_account_ref(other);
        before = other;
    }
}

bool fr_frame_unite_accounts(fr_call *call, fr_frame *frame, const fr_others *others, const fr_account_entry *entry)
{
    FR_CLEANUP(drop_log) fr_account_log *log = fr_new(call, sizeof *log);
    if (!log) return false;
    atomic_init(&log->refs, 1);
    log->context = fr_object_ref(call->context);
    log->entry = *entry;
    log->entry.note = fr_copy_text(call, entry->note);
    if (entry->note && !log->entry.note) return false;
    log->others = others->n ? fr_new_array(call, others->n, sizeof(fr_account_log *)) : NULL;
    if (others->n && !log->others) return false;
    log->room = others->n;
    log->past = frame->account;
    add_others(log, others);
    frame->account = fr_steal(log);
    return true;
}

bool fr_frame_add_account(fr_call *call, fr_frame *frame, const fr_account_entry *entry)
{
    return fr_frame_unite_accounts(call, frame, &(fr_others){ .n = 0 }, entry);
}

const fr_account_entry *fr_account_last(const fr_account_log *log)
{
    return &log->entry;
}

const fr_account_log *fr_account_past(const fr_account_log *log)
{
    return log->past;
}

/* ---- listing ----------------------------------------------------------------------------------------------------- */
typedef struct visit { const fr_account_log *log; bool past_is_listed, joined; } visit;

typedef struct walk {
    fr_id_table table;               /* logs that were met                                   */
    visit      *visits;              /* what is still to be done, the next one last; owned   */
    size_t      n, room;
} walk;

static void clear_walk(walk *w)
{
    if (w->visits) fr_free_array(w->table.context, w->visits, w->room, sizeof *w->visits);
    fr_id_table_clear(&w->table);
}

static bool push(fr_call *call, walk *w, visit next)
{
    if (!next.log) return true;
    if (w->n == w->room) {
        const size_t room = w->room * 2 + 16;
        visit *visits = fr_resize_array(call, w->visits, w->room, room, sizeof *visits);
        if (!visits) return false;
        w->visits = visits;
        w->room = room;
    }
    w->visits[w->n++] = next;
    return true;
}

/* The log itself comes behind all that happened before it: first the frame's own past, then the others', in order. */
static bool push_past(fr_call *call, walk *w, visit now)
{
    const fr_account_log *log = now.log;
    uint32_t id;
    const uint32_t met = w->table.n;
    if (!fr_id_table_add(call, &w->table, (uint64_t)(uintptr_t)log, &id)) return false;
    if (id < met) return true;
    if (!push(call, w, (visit){ log, true, now.joined })) return false;
    for (size_t i = log->n_others; i-- > 0;)
        if (!push(call, w, (visit){ log->others[i], false, now.joined || log->joins })) return false;
    return push(call, w, (visit){ log->past, false, now.joined });
}

static bool list_entry(fr_call *call, fr_account_list *list, visit now)
{
    if (list->n == list->room) {
        const size_t room = list->room * 2 + 16;
        fr_account_item *items = fr_resize_array(call, list->items, list->room, room, sizeof *items);
        if (!items) return false;
        list->items = items;
        list->room = room;
    }
    list->items[list->n++] = (fr_account_item){ &now.log->entry, now.joined };
    return true;
}

bool fr_account_list_make(fr_call *call, const fr_account_log *log, fr_account_list *list)
{
    FR_CLEANUP(clear_walk) walk w = { .table = FR_ID_TABLE_INIT(call, fr_context_seed(call->context)) };
    *list = (fr_account_list){ .context = call->context };
    if (!push(call, &w, (visit){ .log = log })) return false;
    while (w.n) {
        const visit now = w.visits[--w.n];
        if (!(now.past_is_listed ? list_entry(call, list, now) : push_past(call, &w, now))) return false;
    }
    return true;
}

void fr_account_list_clear(fr_account_list *list)
{
    if (list->items) fr_free_array(list->context, list->items, list->room, sizeof *list->items);
    *list = (fr_account_list){ .context = list->context };
}
