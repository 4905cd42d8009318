# frame_module(name SOURCES a.c … LIBRARIES csv …): a part that needs a library not everybody has. It becomes
# lib/frame-1/mod_<name>.so, which the library opens on first use (base/module.h); without the library it is left out of
# the build and the loader names the missing Debian package instead.
function(frame_module name)
    cmake_parse_arguments(PARSE_ARGV 1 module "" "" "SOURCES;LIBRARIES")
    set(found "")
    foreach(library ${module_LIBRARIES})
        find_library(FRAME_LIBRARY_${library} ${library})
        if(NOT FRAME_LIBRARY_${library})
            message(STATUS "module ${name} is left out: no lib${library}")
            return()
        endif()
        list(APPEND found ${FRAME_LIBRARY_${library}})
    endforeach()
    add_library(frame_module_${name} MODULE ${module_SOURCES})
    frame_flags(frame_module_${name})
    set_target_properties(frame_module_${name} PROPERTIES PREFIX "" OUTPUT_NAME mod_${name}
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/frame-1)
    target_link_options(frame_module_${name} PRIVATE ${FRAME_LINK_FLAGS})
    target_link_libraries(frame_module_${name} PRIVATE ${found})
    set_property(GLOBAL APPEND PROPERTY FRAME_MODULES frame_module_${name})
    install(TARGETS frame_module_${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/frame-1)
endfunction()
