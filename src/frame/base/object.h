/* object.h — the header that every counted object begins with, and its life.
 *
 * An object is immutable once made. ref is a relaxed increment, unref an acquire-release decrement; the last unref
 * calls the class's clear, gives up the context and frees the memory. Immortal objects (one "out of memory" per class,
 * the primitive types) have a negative count that never moves. With FRAME_LEAKS=1 every object is listed with the
 * source line that made it until it dies.
 */
#ifndef FR_BASE_OBJECT_H
#define FR_BASE_OBJECT_H

#include "base/call.h"

typedef struct fr_object fr_object;

typedef struct fr_class {
    const char *name;                       /* "frame"                                                         */
    size_t      size_bytes;                 /* of the whole struct                                             */
    void      (*clear)(void *object);       /* release what it owns; not the memory of the object itself        */
    const void *out_of_memory;             /* the immortal instance in error state, returned when nothing else can be */
} fr_class;

struct fr_object {
    const fr_class    *class_;
    _Atomic(int64_t)   refs;                /* < 0: immortal                                                    */
    fr_context        *context;             /* owned reference; NULL for immortals                              */
    fr_problem        *problem;             /* owned; NULL when the object is fine                              */
    const char        *file;                /* who made it: static text                                         */
    int64_t            line;
    fr_object         *previous, *next;     /* leak list, used only under FRAME_LEAKS                           */
};

#define FR_IMMORTAL(class_pointer, problem_pointer) \
    { .class_ = (class_pointer), .refs = INT64_MIN / 2, .problem = (fr_problem *)(uintptr_t)(problem_pointer) }

/* The problem of every class's out-of-memory instance:
 *     static const fr_frame no_memory = { .object = FR_IMMORTAL(&fr_frame_class, &fr_no_memory) }; */
FR_PRIVATE extern const fr_problem fr_no_memory;

/* A zeroed object of the class with one reference; NULL with MEMORY recorded. */
FR_PRIVATE void *fr_object_new(fr_call *call, const fr_class *class_) FR_MUST_USE;

/* An object in error state holding the call's problem (taken over); the class's immortal when even that fails. */
FR_PRIVATE void *fr_object_failed(fr_call *call, const fr_class *class_);

FR_PRIVATE void fr_drop_object(void *slot);
#define FR_OWNED             __attribute__((cleanup(fr_drop_object)))   /* FR_OWNED fr_column *c = fr_column_new(…); */

#endif
