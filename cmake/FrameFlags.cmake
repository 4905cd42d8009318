# The flags of the house, in one place. frame_flags() is for the library and its tests (internals visible),
# frame_application_flags() for everything that may see public headers only.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Build types are ours: CMake's own Release is -O3, and asserts have no place in a library that never aborts.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()

# Clones and build trees share what ccache keeps: it sees paths below the source tree as relative ones, whatever the
# environment says of a base, and names in the objects are the same either way. A build tree elsewhere keeps absolute
# paths, since relative ones would name the way to it.
find_program(FRAME_CCACHE ccache)
cmake_path(IS_PREFIX CMAKE_SOURCE_DIR ${CMAKE_BINARY_DIR} NORMALIZE FRAME_INSIDE)
set(FRAME_CCACHE_BASE "")
set(FRAME_PREFIX_MAPS -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(FRAME_INSIDE)
    set(FRAME_CCACHE_BASE ${CMAKE_SOURCE_DIR})
    file(RELATIVE_PATH FRAME_TO_SOURCES ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
    list(APPEND FRAME_PREFIX_MAPS -ffile-prefix-map=${FRAME_TO_SOURCES}= -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
endif()
if(FRAME_CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${FRAME_CCACHE_BASE} ${FRAME_CCACHE})
endif()

option(FRAME_WERROR "warnings are errors" OFF)
set(FRAME_SANITIZE "" CACHE STRING "sanitizers to build with, e.g. address,undefined")
option(FRAME_SHORT_IDS "32-bit row numbers end at 60 rows, text buffers at 4 KiB: tests run as on huge tables" OFF)
option(FRAME_TORN "every frame that a step makes is in two parts, so that tests meet late frames everywhere" OFF)
option(FRAME_COVERAGE "instrument for gcov" OFF)

set(FRAME_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes
    -Wvla -Wformat=2 $<$<BOOL:${FRAME_WERROR}>:-Werror>)
set(FRAME_CODEGEN -ffp-contract=off -fno-math-errno -fvisibility=hidden -fno-omit-frame-pointer
    ${FRAME_PREFIX_MAPS})
set(FRAME_LINK_FLAGS -Wl,-z,relro,-z,now,-z,noexecstack)
set(FRAME_NO_UNDEFINED -Wl,--no-undefined)

if(FRAME_SANITIZE)
    # float-cast-overflow is not part of clang's "undefined"; a recovered report would be a passing test.
    list(APPEND FRAME_CODEGEN -fsanitize=${FRAME_SANITIZE} -fno-sanitize-recover=all -g1)   # lines are what reports need
    list(APPEND FRAME_LINK_FLAGS -fsanitize=${FRAME_SANITIZE})
    set(FRAME_NO_UNDEFINED "")                      # clang leaves the sanitizer's runtime to the executable
elseif(CMAKE_BUILD_TYPE STREQUAL Release)
    list(APPEND FRAME_CODEGEN -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection)
endif()
if(FRAME_COVERAGE)
    list(APPEND FRAME_CODEGEN --coverage)
    list(APPEND FRAME_LINK_FLAGS --coverage)
endif()
if(FRAME_SHORT_IDS)
    list(APPEND FRAME_CODEGEN -DFR_NARROW_ROWS=60 -DFR_NARROW_PLACES=60 -DFR_TEXT_HASH_BITS=12 -DFR_LARGEST_TEXT_BLOCK=4096)
endif()
if(FRAME_TORN)
    list(APPEND FRAME_CODEGEN -DFR_TOGETHER_ROWS=0 -DFR_STREAM_MIN_BYTES=1000 -DFR_DEALT_ROWS=100000
         -DFR_CSV_DECIDE_ROWS=2048)
endif()
if(FRAME_FUZZ)
    list(APPEND FRAME_CODEGEN -fsanitize=fuzzer-no-link)
endif()

function(frame_application_flags target)
    target_compile_definitions(${target} PRIVATE _GNU_SOURCE FRAME_VERSION="${PROJECT_VERSION}")
    target_compile_options(${target} PRIVATE ${FRAME_WARNINGS} ${FRAME_CODEGEN})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/include)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL EXECUTABLE)
        target_link_options(${target} PRIVATE ${FRAME_LINK_FLAGS} -Wl,--as-needed)
    endif()
endfunction()

function(frame_flags target)
    frame_application_flags(${target})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src/frame ${CMAKE_SOURCE_DIR}/src)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# Loops over arrays earn their -O3; everything else reads and debugs better without it.
function(frame_kernels_at_o3 target)
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources INCLUDE REGEX "/kernel/.*\\.c$")
    if(sources AND CMAKE_BUILD_TYPE STREQUAL Release)
        set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS -O3)
    endif()
endfunction()
