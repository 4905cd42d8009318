#include "kernel/isa.h"

#include "support/test.h"

TEST(the_level_is_asked_once_and_has_a_name)
{
    fr_isa isa = fr_isa_best();
    CHECK_INT(fr_isa_best(), isa);
    CHECK(isa <= FR_ISA_V4);
    CHECK_STR(fr_isa_name(FR_ISA_PORTABLE), "portable");
    CHECK_STR(fr_isa_name(FR_ISA_V4), "v4");
}
