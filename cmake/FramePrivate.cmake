# frame_private_map(path) writes the linker's version script of libframe-1: what is public (node LIBFRAME_1), and what our
# own other libraries may call (marked FR_PRIVATE in internal headers), in a node named after the exact version. A
# libframe-plot-1 of another version then fails to load with the linker's own message instead of misbehaving.
function(frame_private_map path)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/frame/*.h)
    set(names "")
    foreach(header ${headers})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
        file(STRINGS ${header} lines REGEX "^FR_PRIVATE ")
        foreach(line ${lines})
            if(NOT line MATCHES "^FR_PRIVATE .*[ *](fr_[a-z0-9_]+)(\\(|;|\\[)")
                message(FATAL_ERROR "${header}: no name after FR_PRIVATE: ${line}")
            endif()
            string(APPEND names "        ${CMAKE_MATCH_1};\n")
        endforeach()
    endforeach()
    string(REPLACE "." "_" node "LIBFRAME_PRIVATE_${PROJECT_VERSION}")
    file(CONFIGURE OUTPUT ${path} @ONLY CONTENT
"/* Everything is compiled with hidden visibility, so of the names that match fr_* only those marked FR_API leave. */
LIBFRAME_1 {
    global:
        fr_*;
    local:
        *;
};
@node@ {
    global:
@names@};
")
endfunction()
