// The same from C++: the headers are valid C++, options start from their defaults, plain functions take them.
#include <frame/frame.h>

#include <cstdio>
#include <memory>

struct release {
    void operator()(const fr_frame *frame) const { fr_unref(frame); }
};
using frame = std::unique_ptr<fr_frame, release>;

static fr_array_spec array(const char *name, fr_kind kind, const void *values)
{
    fr_array_spec spec = {};
    spec.name = name;
    spec.kind = kind;
    spec.values = values;
    return spec;
}

int main()
{
    const int64_t quantity[] = { 3, 1, 2 };
    const char *region[] = { "North", "South", nullptr };
    const fr_array_spec arrays[] = { array("quantity", FR_I64, quantity), array("region", FR_STR, region) };
    frame sales(fr_frame_from_arrays(3, arrays, 2, nullptr));

    fr_sort_args by_quantity;
    fr_sort_args_init(&by_quantity);
    by_quantity.by = "quantity";
    frame sorted(fr_frame_sort(sales.get(), &by_quantity));

    fr_filter_args more;
    fr_filter_args_init(&more);
    more.where = "quantity > $1";
    more.bind[0] = fr_v_i64(1);
    frame kept(fr_frame_filter(sorted.get(), &more));

    if (!fr_ok(kept.get()) || fr_length(kept.get()) != 2 || fr_get(kept.get(), 0, "quantity").as.i != 2 ||
        fr_get(kept.get(), 0, "region").valid) {
        char text[512];
        fr_error_text(kept.get(), text, sizeof text);
        std::printf("wrong answer: %s\n", text);
        return 1;
    }
    std::printf("libframe %s\n", fr_version());
}
