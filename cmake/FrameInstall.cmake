# cmake --install: library, headers, pkg-config file, CMake package, command, manual page, completion, modules.
# Installed names avoid Debian's unrelated libframe: libframe-1.so.0, libframe-1.pc, include/libframe-1/.
include(CMakePackageConfigHelpers)

# The prefix is found from where the file lies, so an installed tree may be moved.
file(RELATIVE_PATH FRAME_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(FRAME_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/libframe)

set_target_properties(frame PROPERTIES EXPORT_NAME libframe)
set_target_properties(frame_static PROPERTIES EXPORT_NAME libframe_static)
install(TARGETS frame frame_static EXPORT libframe
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET frame_plot)
    set_target_properties(frame_plot PROPERTIES EXPORT_NAME libframe-plot)
    set_target_properties(frame_plot_static PROPERTIES EXPORT_NAME libframe-plot_static)
    install(TARGETS frame_plot frame_plot_static EXPORT libframe
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    configure_file(${CMAKE_SOURCE_DIR}/cmake/libframe-plot-1.pc.in ${CMAKE_BINARY_DIR}/libframe-plot-1.pc @ONLY)
    install(FILES ${CMAKE_BINARY_DIR}/libframe-plot-1.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
install(TARGETS frame_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/frame DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/libframe-1
    FILES_MATCHING PATTERN "*.h")

# find_package(libframe) → libframe::libframe, libframe::libframe_static
install(EXPORT libframe NAMESPACE libframe:: DESTINATION ${FRAME_PACKAGE_DIR} FILE libframe-targets.cmake)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/libframe-config.cmake.in
    ${CMAKE_BINARY_DIR}/libframe-config.cmake INSTALL_DESTINATION ${FRAME_PACKAGE_DIR})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/libframe-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/libframe-config.cmake ${CMAKE_BINARY_DIR}/libframe-config-version.cmake
    DESTINATION ${FRAME_PACKAGE_DIR})

configure_file(${CMAKE_SOURCE_DIR}/cmake/libframe-1.pc.in ${CMAKE_BINARY_DIR}/libframe-1.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/libframe-1.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES ${CMAKE_SOURCE_DIR}/docs/frame.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
install(FILES ${CMAKE_SOURCE_DIR}/src/cli/frame.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    RENAME frame OPTIONAL)
