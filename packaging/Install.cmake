# cmake --install, and the Debian package (cpack, in the build folder).
set(share ${CMAKE_INSTALL_DATAROOTDIR})
set(doc ${share}/doc/layersmith)

foreach(program layersmith layersmith-cli layersmith-server)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME)
  endif()
  set(completion ${CMAKE_CURRENT_LIST_DIR}/completions/${program})
  if(EXISTS ${completion})
    install(FILES ${completion} DESTINATION ${share}/bash-completion/completions)
  endif()
  set(page ${CMAKE_CURRENT_LIST_DIR}/man/${program}.1)
  if(EXISTS ${page})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
    set(packed ${CMAKE_BINARY_DIR}/man/${program}.1.gz)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/man)
    execute_process(COMMAND gzip -9nc ${page} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
    install(FILES ${packed} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
endforeach()

install(FILES ${CMAKE_CURRENT_LIST_DIR}/layersmith.desktop DESTINATION ${share}/applications)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/org.layersmith.Layersmith.metainfo.xml DESTINATION ${share}/metainfo)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/layersmith-mime.xml DESTINATION ${share}/mime/packages RENAME layersmith.xml)
set(icons ${PROJECT_SOURCE_DIR}/resources/icons/app)
install(FILES ${icons}/layersmith.svg DESTINATION ${share}/icons/hicolor/scalable/apps)
foreach(size 16 32 64 256)
  install(FILES ${icons}/layersmith-${size}.svg DESTINATION ${share}/icons/hicolor/${size}x${size}/apps
    RENAME layersmith.svg)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${doc})
install(FILES ${CMAKE_CURRENT_LIST_DIR}/deb/copyright DESTINATION ${doc})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${doc})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME layersmith)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The Layersmith authors <authors@layersmith.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "desktop studio for TensorFlow.js Layers models")
set(CPACK_PACKAGE_DESCRIPTION
"Composes neural networks by drag and drop, trains them on the person's own
data, and keeps models in one catalog over folders, browser-like stores and
HTTP servers. What it saves, TensorFlow.js loads unchanged.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What is loaded when the program runs, which SHLIBDEPS cannot see.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "libqt6svg6, qt6-qpa-plugins, qt6-wayland, fonts-inter, fonts-jetbrains-mono, fonts-dejavu-core")
include(CPack)
