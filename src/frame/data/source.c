/* source.c — the life of a source. What it reads is its class's business. */
#include "data/source.h"

#include "base/memory.h"

void *fr_source_new(fr_call *call, const fr_source_class *class_, size_t size_bytes)
{
    fr_source *source = fr_new(call, size_bytes);
    if (!source) return NULL;
    source->class_ = class_;
    atomic_init(&source->refs, 1);
    source->context = fr_object_ref(call->context);
    source->size_bytes = size_bytes;
    return source;
}

fr_source *fr_source_ref(fr_source *source)
{
    if (source) atomic_fetch_add_explicit(&source->refs, 1, memory_order_relaxed);
    return source;
}

void fr_source_unref(fr_source *source)
{
    if (!source || atomic_fetch_sub_explicit(&source->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = source->context;
    if (source->class_->clear) source->class_->clear(source);
    fr_free_text(context, source->path);
    fr_free(context, source, source->size_bytes);
    fr_object_unref(context);
}
