/* Counted objects: birth, sharing, death, error state, leaks. */
#include "base/object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/leaks.h"
#include "base/memory.h"
#include "base/problem.h"
#include "support/test.h"
#include "support/torture.h"

typedef struct thing {
    fr_object object;
    char     *text;
    int      *deaths;
} thing;

static void clear_thing(void *object)
{
    thing *t = object;
    fr_free_text(t->object.context, t->text);
    if (t->deaths) ++*t->deaths;
}

extern const fr_class thing_class;
static const thing no_memory = { .object = FR_IMMORTAL(&thing_class, &fr_no_memory) };
const fr_class thing_class = { .name = "thing", .size_bytes = sizeof(thing), .clear = clear_thing,
                               .out_of_memory = &no_memory };

static thing *new_thing(fr_call *call, int *deaths)
{
    FR_OWNED thing *t = fr_object_new(call, &thing_class);
    if (!t) return NULL;
    t->deaths = deaths;
    t->text = fr_copy_text(call, "text");
    return t->text ? fr_steal(t) : NULL;
}

TEST(the_last_reference_clears_an_object)
{
    int deaths = 0;
    fr_auto(context) context = fr_context_new(.threads = 1);
    fr_call call;
    fr_call_begin(&call, context, "main.c", 7);
    thing *t = new_thing(&call, &deaths);
    REQUIRE(t);
    CHECK(fr_ok(t));
    CHECK(fr_ref(t) == t);
    fr_unref(t);
    CHECK_INT(deaths, 0);
    fr_unref(t);
    CHECK_INT(deaths, 1);
    CHECK_INT(fr_context_live_bytes(context), 0);
    fr_call_end(&call);
}

TEST(null_may_be_shared_and_released)
{
    CHECK(fr_object_ref(NULL) == NULL);
    fr_object_unref(NULL);
}

TEST(an_object_keeps_its_context_alive)
{
    int deaths = 0;
    fr_context *context = fr_context_new(.threads = 1);
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    thing *t = new_thing(&call, &deaths);
    fr_call_end(&call);
    fr_unref(context);
    REQUIRE(t);
    CHECK_INT(fr_context_threads(t->object.context), 1);
    fr_unref(t);
    CHECK_INT(deaths, 1);
}

TEST(a_failed_object_carries_the_calls_problem)
{
    fr_call call;
    fr_call_begin(&call, NULL, "main.c", 7);
    CHECK(!fr_fail(&call, FR_ERR_TYPE, "no"));
    thing *t = fr_object_failed(&call, &thing_class);
    CHECK(!fr_failed(&call));
    CHECK_INT(fr_error_code(t), FR_ERR_TYPE);
    CHECK_STR(fr_error(t)->message, "no");
    fr_unref(t);

    t = fr_object_failed(&call, &thing_class);
    CHECK_INT(fr_error_code(t), FR_ERR_INTERNAL);
    fr_unref(t);
    fr_call_end(&call);
}

TEST(without_memory_the_immortal_stands_in)
{
    fr_faulty f;
    fr_faulty_init(&f);
    fr_context *context = fr_faulty_context(&f, 1);
    f.allocations = FR_FAULT_STICKY;
    f.fail_at = 0;
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    CHECK(!fr_object_new(&call, &thing_class));
    thing *t = fr_object_failed(&call, &thing_class);
    CHECK(t == &no_memory);
    CHECK_INT(fr_error_code(t), FR_ERR_MEMORY);
    CHECK_STR(fr_error(t)->message, "out of memory");
    CHECK(fr_ref(t) == t);
    for (int i = 0; i < 5; i++) fr_unref(t);
    CHECK_INT(fr_error_code(t), FR_ERR_MEMORY);
    fr_call_end(&call);
    fr_unref(context);
    CHECK_INT(f.live_blocks, 0);
}

TEST(stealing_and_setting_move_ownership)
{
    int deaths = 0;
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    {
        FR_OWNED thing *kept = new_thing(&call, &deaths);
        fr_set(kept, new_thing(&call, &deaths));
        CHECK_INT(deaths, 1);
        thing *stolen = fr_steal(kept);
        CHECK(kept == NULL);
        fr_unref(stolen);
        CHECK_INT(deaths, 2);
    }
    CHECK_INT(deaths, 2);
    fr_call_end(&call);
}

static fr_outcome make_and_share(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, "main.c", 7);
    thing *t = new_thing(&call, NULL);
    uint64_t digest = t ? fr_digest(0, t->text, 4) : 0;
    fr_unref(t);
    return fr_outcome_of_call(&call, digest);
}

TEST(making_an_object_survives_every_failure)
{
    TORTURE(make_and_share, NULL);
}

static fr_outcome fail_with_much_to_say(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, "main.c", 7);
    fr_warn(&call, "a warning");
    CHECK(!fr_fail_at(&call, fr_place_at(.column = "c", .row = 5), FR_ERR_MEMORY, "a failure"));
    CHECK(!fr_fail_at(&call, fr_place_at(.column = "c", .row = 4), FR_ERR_MEMORY, "a failure"));
    FR_OWNED thing *t = fr_object_failed(&call, &thing_class);
    CHECK_INT(fr_error_code(t), FR_ERR_MEMORY);
    fr_call_end(&call);
    return (fr_outcome){ .code = FR_ERR_OK };
}

TEST(failing_survives_every_failure)
{
    TORTURE(fail_with_much_to_say, NULL);
}

/* The list is asked for in the environment before the first object, so a process of its own is needed: the runner
 * itself, told to run the test below. */
TEST(leaks_are_told_at_exit)
{
    char command[4400], line[300], all[2000] = "";
    char self[4096] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) SKIP("no /proc");
    snprintf(command, sizeof command, "FRAME_LEAKS=1 FRAME_TEST_LEAK=1 '%s' leak_for_the_test_above 2>&1 >/dev/null",
             self);
    FILE *f = popen(command, "r");
    REQUIRE(f);
    while (fgets(line, sizeof line, f) && strlen(all) + strlen(line) < sizeof all) strcat(all, line);
    pclose(f);
    const char *told = strstr(all, "frame: ");
    CHECK_STR(told ? told : all, "frame: 2 objects were not released\n"
                                 "frame:   context made at (unknown):0\n"
                                 "frame:   thing made at main.c:7\n");
}

static void leak(void)
{
    size_t before = fr_leaks_count();
    fr_context *context = fr_context_new(.threads = 1);
    fr_call call;
    fr_call_begin(&call, context, "main.c", 7);
    thing *lost = new_thing(&call, NULL), *kept = new_thing(&call, NULL);
    fr_unref(kept);
    CHECK_INT(fr_leaks_count(), before + 2);
    CHECK(lost != NULL);                        /* the leak list keeps it reachable: a leak sanitizer says nothing */
    fr_call_end(&call);
    fr_unref(context);
}

__attribute__((constructor)) static void register_leak(void)
{
    static fr_test test = { .name = "leak_for_the_test_above", .file = __FILE__, .run = leak };
    if (getenv("FRAME_TEST_LEAK")) fr_test_register(&test);
}
