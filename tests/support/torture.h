/* torture.h — every allocation and every file operation of a scenario fails in turn.
 *
 * A scenario is a small use of the library under a context it is handed; it says what came out: an error code, or a
 * digest of the result. It runs once undisturbed, which gives the expected digest and the number of allocations and
 * file operations. Then it runs again for each of them with that one failing, once and from there on, and each time
 * exactly one of two things may happen: a clean error of the right kind, or the identical result. Whatever happened, no
 * block and no file may be left open.
 *
 *     static fr_outcome read_small(fr_context *context, void *path)
 *     {
 *         fr_auto(frame) frame = fr_read_csv(path, .context = context);
 *         return fr_outcome_of(frame);
 *     }
 *     TEST(reading_survives_every_failure) { TORTURE(read_small, (void *)fr_test_path("datasets/regions.csv")); }
 *
 * An internal scenario makes its own call: fr_call_begin(&call, context, …) … fr_outcome_of_call(&call, digest).
 */
#ifndef FR_TEST_SUPPORT_TORTURE_H
#define FR_TEST_SUPPORT_TORTURE_H

#include <frame/context.h>
#include <frame/error.h>
#include <frame/table.h>

#include "base/call.h"

typedef struct fr_outcome {
    fr_code  code;          /* FR_ERR_OK, or why it failed */
    uint64_t digest;        /* of the result, when it is fine */
    char     message[200];  /* of the error */
} fr_outcome;

typedef fr_outcome fr_scenario(fr_context *context, void *state);

/* The outcome a frame stands for: its error, or a digest of names, types, nulls and values. */
fr_outcome fr_outcome_of(const fr_frame *frame);

/* The outcome of an internal call; ends the call. */
fr_outcome fr_outcome_of_call(fr_call *call, uint64_t digest);

/* Digest of bytes, to be chained: start from 0. */
uint64_t fr_digest(uint64_t digest, const void *bytes, size_t n);

void fr_torture(fr_scenario *scenario, void *state, const char *name, const char *file, int line);
#define TORTURE(scenario, state) fr_torture((scenario), (state), #scenario, __FILE__, __LINE__)

/* ---- the faulty surroundings, for tests that want them singly ---------------------------------------------------- */
typedef enum fr_fault { FR_FAULT_NONE, FR_FAULT_ONCE, FR_FAULT_STICKY } fr_fault;

typedef struct fr_faulty {
    fr_allocator     allocator;
    fr_vfs           vfs;
    fr_fault         allocations, operations;   /* what fails, and whether it recovers */
    int64_t          fail_at;                   /* number of the first that fails, from 0 */
    int64_t          os_error;              /* what a failing operation reports: ENOSPC …; 0: it is cut short instead */
    _Atomic(int64_t) n_allocations, n_operations, n_failures;
    _Atomic(int64_t) live_blocks, open_files;
} fr_faulty;

void fr_faulty_init(fr_faulty *faulty);
/* A context (owned) that allocates and reads through it. */
fr_context *fr_faulty_context(fr_faulty *faulty, uint32_t threads);

#endif
