/* test_list.c — column lists: names, selectors, directions, new names, types, and what is wrong with them. */
#include "base/memory.h"
#include "expr/expr.h"
#include "support/test.h"

#include <frame/table.h>

#include <stdio.h>
#include <string.h>

static fr_frame *sample(void)
{
    static const int64_t n[] = { 1 };
    static const double x[] = { 1 };
    static const char *const s[] = { "a" };
    return fr_frame_new(1, fr_array("id", FR_I64, n), fr_array("q_one", FR_F64, x), fr_array("q_two", FR_F64, x),
                        fr_array("region", FR_STR, s), fr_array("odd name", FR_STR, s));
}

static const char *listed(const char *text, unsigned allow, char *room, size_t n)
{
    fr_call call;
    fr_list list;
    fr_auto(frame) frame = sample();
    fr_call_begin(&call, NULL, NULL, 0);
    room[0] = 0;
    if (fr_list_parse(&call, text, frame->schema, allow, true, &list)) {
        for (size_t i = 0, at = 0; i < list.n; i++) {
            const fr_list_item *item = list.items + i;
            at += (size_t)snprintf(room + at, n - at, "%s%s%s%s%s%s%s", i ? ", " : "", item->name,
                                   item->direction < 0   ? " desc"
                                   : item->direction > 0 ? " asc"
                                                         : "",
                                   item->as ? " as " : "", item->as ? item->as : "", item->type ? ": " : "",
                                   item->type ? item->type : "");
        }
        fr_list_clear(&list);
    } else {
        fr_frame *failed = fr_object_failed(&call, &fr_frame_class);
        (void)fr_error_text(failed, room, n);
        fr_frame_unref(failed);
    }
    fr_call_end(&call);
    return room;
}

#define LIST(text, allow, expected) CHECK_STR(listed(text, allow, room, sizeof room), expected)

TEST(names_and_selectors)
{
    char room[1024];
    LIST("region, id", 0, "region, id");
    LIST("", 0, "id, q_one, q_two, region, odd name");
    LIST("`odd name`, matches('^q_')", FR_LIST_SELECTORS, "odd name, q_one, q_two");
    LIST("except(id, text())", FR_LIST_SELECTORS, "q_one, q_two");
    LIST("id, numeric()", FR_LIST_SELECTORS, "id, q_one, q_two");
    LIST("starts_with('q_', 're')", FR_LIST_SELECTORS, "q_one, q_two, region");
    LIST("type('f64')", FR_LIST_SELECTORS, "q_one, q_two");
    LIST("float(), integer()", FR_LIST_SELECTORS, "q_one, q_two, id");
    LIST("boolean()", FR_LIST_SELECTORS, "");
    LIST("ends_with('o', 'me')", FR_LIST_SELECTORS, "q_two, odd name");
    LIST("contains('i', '_t')", FR_LIST_SELECTORS, "id, q_two, region");
    LIST("*", FR_LIST_SELECTORS, "expected a column, found '*' (write all())\n    *\n    ^");
}

TEST(what_may_follow)
{
    char room[1024];
    LIST("region, id desc, -q_one, q_two asc", FR_LIST_DIRECTIONS, "region, id desc, q_one desc, q_two asc");
    LIST("id as key, q_one as `a b`", FR_LIST_AS, "id as key, q_one as a b");
    LIST("id: i32, q_one:decimal(18,2), region : list[struct[a: i64, b: str]]", FR_LIST_TYPES,
         "id: i32, q_one: decimal(18,2), region: list[struct[a: i64, b: str]]");
    LIST("nothing, id", FR_LIST_UNKNOWN, "nothing, id");
}

TEST(what_is_wrong)
{
    char room[1024];
    LIST("regon", 0, "no column 'regon' (did you mean 'region'?)\n    regon\n    ^");
    LIST("id, id", 0, "column 'id' is listed twice\n    id, id\n        ^");
    LIST("id region", 0, "expected ',' between columns, found 'region'\n    id region\n       ^");
    LIST("id odd", 0, "expected ',' between columns, found 'odd' (odd names are written in backticks)\n    id odd\n       ^");
    LIST("numeric", FR_LIST_SELECTORS, "no column 'numeric' (the selector is written numeric())\n    numeric\n    ^");
    LIST("desc id", FR_LIST_DIRECTIONS, "no column 'desc' (a direction stands behind the name: x desc)\n    desc id\n    ^");
    LIST("+id", FR_LIST_DIRECTIONS, "expected a column, found '+' (ascending needs no sign)\n    +id\n    ^");
    LIST("(id)", 0, "expected a column, found '(' (columns are listed without brackets: a, b)\n    (id)\n    ^");
    LIST("*", FR_LIST_SELECTORS, "expected a column, found '*' (write all())\n    *\n    ^");
    LIST("id = i32", FR_LIST_TYPES, "expected ',' between columns, found '=' (write 'name: type')\n    id = i32\n       ^");
    LIST("“id”", 0, "no column '“id”' (quotes are straight: 'a')\n    “id”\n    ^");
    LIST("id dsc", FR_LIST_DIRECTIONS,
         "expected ',' between columns, found 'dsc' (did you mean 'desc'?)\n    id dsc\n       ^");
    LIST("sum(id)", FR_LIST_SELECTORS, "no selector 'sum'\n    sum(id)\n    ^");
    LIST("year(id)", FR_LIST_SELECTORS, "no selector 'year' (columns are named here; compute one before: with key = year(…))"
         "\n    year(id)\n    ^");
    LIST("id.year", FR_LIST_SELECTORS, "expected ',' between columns, found '.' (columns are named here; compute one "
         "before: with key = …)\n    id.year\n      ^");
    LIST("key = year(id)", FR_LIST_SELECTORS, "expected ',' between columns, found '=' (columns are named here; compute "
         "one before: with key = …)\n    key = year(id)\n        ^");
    LIST("new = id", FR_LIST_AS, "expected ',' between columns, found '=' (write 'old as new')\n    new = id\n        ^");
    LIST("id: new", FR_LIST_AS, "expected ',' between columns, found ':' (write 'old as new')\n    id: new\n      ^");
    LIST("id new", FR_LIST_AS, "expected ',' between columns, found 'new' (write 'old as new')\n    id new\n       ^");
    LIST("id as i32", FR_LIST_TYPES, "expected ',' between columns, found 'as' (write 'name: type')\n    id as i32\n       ^");
    LIST("id, id * 2", FR_LIST_SELECTORS | FR_LIST_AS, "expected ',' between columns, found '*' (columns are named here; "
         "compute one before: with y = …)\n    id, id * 2\n           ^");
    LIST("-id", FR_LIST_SELECTORS, "expected a column, found '-' (except(name) leaves columns out)\n    -id\n    ^");
    LIST("q_*", FR_LIST_SELECTORS, "no column 'q_*' (starts_with('q_'))\n    q_*\n    ^");
    LIST("rollup(id, tag)", FR_LIST_SELECTORS, "no selector 'rollup' (subtotals are an option behind the keys: "
                                               "group region, product rollup: n = size())\n    rollup(id, tag)\n    ^");
    LIST("numeri()", FR_LIST_SELECTORS, "no selector 'numeri' (did you mean 'numeric'?)\n    numeri()\n    ^");
    LIST("matches('(')", FR_LIST_SELECTORS,
         "pattern does not parse at its byte 1: missing closing parenthesis\n    matches('(')\n            ^");
}

TEST(lists_are_utf8)
{
    char room[256];
    CHECK_STR(listed("matches('\xff')", FR_LIST_SELECTORS, room, sizeof room),
              "the text is not valid UTF-8\n    matches('\\xff')\n             ^");
    CHECK_STR(listed("id as \xc3", FR_LIST_AS, room, sizeof room), "the text is not valid UTF-8\n    id as \\xc3\n          ^");
}
