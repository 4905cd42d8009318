/* meter.c — counting what is taken and given back (see meter.h). */
#include "support/meter.h"

#include "base/context_state.h"

static void note(fr_meter *meter, size_t taken, size_t given)
{
    meter->live_bytes += taken - given;
    meter->taken_bytes += taken;
    if (meter->live_bytes > meter->peak_bytes) meter->peak_bytes = meter->live_bytes;
}

static void *take(void *user, size_t size, size_t align)
{
    void *block = fr_libc_alloc(NULL, size, align);
    if (block) note(user, size, 0);
    return block;
}

static void *change_size(void *user, void *block, size_t old_size, size_t new_size, size_t align)
{
    void *moved = fr_libc_resize(NULL, block, old_size, new_size, align);
    if (moved) note(user, new_size, old_size);
    return moved;
}

static void give_back(void *user, void *block, size_t size, size_t align)
{
    if (block) note(user, 0, size);
    fr_libc_free(NULL, block, size, align);
}

fr_context *fr_meter_context(fr_meter *meter)
{
    *meter = (fr_meter){ .allocator = { .size_ = sizeof meter->allocator, .user = meter, .alloc = take,
                                        .resize = change_size, .free = give_back } };
    return fr_context_new(.allocator = &meter->allocator, .threads = 1, .seed = 1);
}

void fr_meter_begin(fr_meter *meter)
{
    meter->peak_bytes = meter->live_bytes;
    meter->taken_bytes = 0;
}
