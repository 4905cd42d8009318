/* mark.c — the registry of marks, and making one by name. */
#include "plot/mark.h"

#include <string.h>

#include "base/compiler.h"

#define X(name) extern const fr_mark_class fr_mark_class_##name;
#include "plot/marks.def.h"
#undef X

static const fr_mark_class *const classes[] = {
#define X(name) &fr_mark_class_##name,
#include "plot/marks.def.h"
#undef X
};

/* Every mark begins alike, so that fr_mark_head may stand for any of them. */
#define HEAD_IS(number, name)                                                                              \
    _Static_assert(offsetof(fr_mark_##name##_args, x) == offsetof(fr_mark_head, x) &&                       \
                   offsetof(fr_mark_##name##_args, fill) == offsetof(fr_mark_head, fill) &&                 \
                   sizeof(fr_mark_##name##_args) <= sizeof(((fr_mark *)0)->args), "marks begin alike and fit");
FR_MARK_KINDS(HEAD_IS)
#undef HEAD_IS

const fr_mark_class *fr_mark_class_of(uint32_t kind)
{
    for (size_t i = 0; i < FR_COUNT_OF(classes); i++)
        if (classes[i]->kind == kind) return classes[i];
    return NULL;
}

const fr_mark_class *fr_mark_class_named(const char *name)
{
    for (size_t i = 0; name && i < FR_COUNT_OF(classes); i++)
        if (!strcmp(classes[i]->name, name)) return classes[i];
    return NULL;
}

const char *fr_mark_name(size_t index)
{
    return index < FR_COUNT_OF(classes) ? classes[index]->name : NULL;
}

bool fr_mark_init(fr_mark *mark, const char *name)
{
    const fr_mark_class *class_ = fr_mark_class_named(name);
    if (!class_) return false;
    *mark = (fr_mark){ .kind = class_->kind };
    mark->args.line.size_ = (uint32_t)class_->args_size;
    if (class_->defaults) class_->defaults(mark);
    return true;
}
