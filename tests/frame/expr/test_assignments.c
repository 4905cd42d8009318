/* test_assignments.c — statements, their names, errors that point into the whole text. */
#include "base/memory.h"
#include "expr/expr.h"
#include "support/test.h"

#include <frame/table.h>

#include <stdio.h>
#include <string.h>

static const char *parsed(const char *text, char *room, size_t n)
{
    fr_call call;
    fr_assignments a;
    fr_call_begin(&call, NULL, NULL, 0);
    room[0] = 0;
    if (fr_assignments_parse(&call, text, NULL, 0, &a)) {
        for (size_t i = 0, at = 0; i < a.n; i++) {
            char *out = NULL;
            CHECK(fr_expr_text(&call, a.exprs[i], &out));
            at += (size_t)snprintf(room + at, n - at, "%s[%s] %s", i ? "; " : "", a.names[i], out);
            fr_free_text(call.context, out);
        }
        fr_assignments_clear(&a);
    } else {
        fr_frame *failed = fr_object_failed(&call, &fr_frame_class);
        (void)fr_error_text(failed, room, n);
        fr_frame_unref(failed);
    }
    fr_call_end(&call);
    return room;
}

TEST(statements)
{
    char room[1024];
    CHECK_STR(parsed("a = x + 1; b=y", room, sizeof room), "[a] x + 1; [b] y");
    CHECK_STR(parsed("a = x + 1\nb = f(y,\n  z)\n\n;c = 1;", room, sizeof room), "[a] x + 1; [b] f(y, z); [c] 1");
    CHECK_STR(parsed("`odd name` = x == 1", room, sizeof room), "[odd name] x == 1");
    CHECK_STR(parsed("a = x + 1, b = f(y, z),\n c = [1, 2]", room, sizeof room), "[a] x + 1; [b] f(y, z); [c] [1, 2]");
    CHECK_STR(parsed("", room, sizeof room), "");
    CHECK_STR(parsed("sum(x); size(); y; mean(`a b`)", room, sizeof room),
              "[sum_x] sum(x); [size] size(); [y] y; [mean_a b] mean(`a b`)");
    CHECK_STR(parsed("home.city; home.`odd name`; field(home, 'zip'); d.year; x.sum()", room, sizeof room),
              "[city] home.city; [odd name] field(home, 'odd name'); [zip] field(home, 'zip'); [year_d] d.year; [sum_x] sum(x)");
    CHECK_STR(parsed("s = 'a;b\nc'", room, sizeof room), "[s] 'a;b\\nc'");
}

TEST(statement_errors)
{
    char room[1024];
    CHECK_STR(parsed("a = 1; x + 1", room, sizeof room),
              "the result needs a name (write 'name = …')\n    a = 1; x + 1\n           ^");
    CHECK_STR(parsed("a = 1; b = ", room, sizeof room), "the expression is empty\n    a = 1; b = \n              ^");
    CHECK_STR(parsed("if = 1", room, sizeof room),
              "'if' is a word of the language (write it in backticks)\n    if = 1\n    ^");
}
