# frame_isa_sources(a.isa.c …) builds a file once per instruction-set level; each build defines its symbols through
# FR_ISA_NAME(x) = x_portable, x_v2, x_v3, x_v4 (kernel/isa.h), and isa.c picks the level once at run time.
# A level is one object library, made when its first source arrives, so a tree without such files still configures.

set(FRAME_ISA_LEVELS portable)
set(FRAME_ISA_FLAGS_portable -DFR_ISA_LEVEL=1)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    list(APPEND FRAME_ISA_LEVELS v2 v3 v4)
    set(FRAME_ISA_FLAGS_v2 -DFR_ISA_LEVEL=2 -march=x86-64-v2)
    set(FRAME_ISA_FLAGS_v3 -DFR_ISA_LEVEL=3 -march=x86-64-v3 -mpclmul)
    set(FRAME_ISA_FLAGS_v4 -DFR_ISA_LEVEL=4 -march=x86-64-v4 -mpclmul -mavx512vbmi -mavx512vbmi2)
    set(FRAME_ISA_FLAGS_emulated -DFR_ISA_LEVEL=4 -march=x86-64-v3 -mpclmul -Wno-psabi      # v4 for tests/emulated
        -include ${CMAKE_SOURCE_DIR}/tests/emulated/avx512.h)
endif()

function(frame_isa_sources)
    foreach(level ${FRAME_ISA_LEVELS})
        set(target frame_isa_${level})
        if(NOT TARGET ${target})
            add_library(${target} OBJECT)
            frame_flags(${target})
            target_compile_options(${target} PRIVATE -DFR_ISA=${level} ${FRAME_ISA_FLAGS_${level}}
                # the second: a loop is as quick wherever others put it
                $<$<CONFIG:Release>:-O3> $<$<CONFIG:Release>:-falign-functions=64>)
        endif()
        target_sources(${target} PRIVATE ${ARGN})
    endforeach()
endfunction()

function(frame_isa_objects variable)
    set(objects "")
    foreach(level ${FRAME_ISA_LEVELS})
        if(TARGET frame_isa_${level})
            list(APPEND objects $<TARGET_OBJECTS:frame_isa_${level}>)
        endif()
    endforeach()
    set(${variable} "${objects}" PARENT_SCOPE)
endfunction()
