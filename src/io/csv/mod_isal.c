/* mod_isal.c — the module `isal`: ISA-L's igzip behind the struct of csv_inflate.h.
 *
 * Only the raw data are left to ISA-L: its reader of gzip's header wants the whole header at once. It takes data eight bytes
 * at a time, so behind the end it gives whole bytes back. Where zlib refuses a code that leaves bit patterns without a
 * meaning, ISA-L refuses such a pattern when it comes; the check sum decides about both.
 */
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "base/module.h"
#include "io/csv/csv_inflate.h"

static bool open_state(void *state, fr_call *call)
{
    (void)call;
    isal_inflate_init(state);
    return true;
}

static fr_inflate_status run(void *state, fr_inflate_piece *piece)
{
    struct inflate_state *s = state;
    s->next_in = (uint8_t *)(uintptr_t)piece->in;
    s->avail_in = (uint32_t)piece->n_in;
    s->next_out = piece->out;
    s->avail_out = (uint32_t)piece->n_out;
    int status = isal_inflate(s);
    *piece = (fr_inflate_piece){ .in = s->next_in, .n_in = s->avail_in, .out = s->next_out, .n_out = s->avail_out };
    if (status < 0) return FR_INFLATE_DAMAGED;
    if (s->block_state != ISAL_BLOCK_FINISH) return FR_INFLATE_MORE;
    size_t back = (size_t)s->read_in_length / 8;
    piece->in -= back;
    piece->n_in += back;
    return FR_INFLATE_ENDED;
}

static void reset(void *state)
{
    isal_inflate_reset(state);
}

static uint32_t crc32(uint32_t before, const void *bytes, size_t n)
{
    return crc32_gzip_refl(before, bytes, n);
}

static void close_state(void *state)
{
    (void)state;
}

static const fr_inflate_api api = { .size_ = sizeof api, .state_bytes = sizeof(struct inflate_state), .open = open_state,
                                    .run = run, .reset = reset, .crc32 = crc32, .close = close_state };

extern const fr_module_class fr_module;
__attribute__((visibility("default"))) const fr_module_class fr_module = {
    .size_ = sizeof(fr_module_class), .abi = FR_MODULE_ABI, .name = "isal", .package = "libisal2", .api = &api,
};
