# Every outside library, found once. Their Debian packages: packaging/packages/build.txt.
find_package(Armadillo 11 REQUIRED)
# Debian's dnnl package asks for OpenCL, which the CPU engine does not use: take header and library directly.
find_path(DNNL_INCLUDE_DIR oneapi/dnnl/dnnl.hpp REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(Threads REQUIRED)

# Armadillo without its wrapper library: matrix products go straight to OpenBLAS.
add_library(layersmith_linear_algebra INTERFACE)
target_include_directories(layersmith_linear_algebra SYSTEM INTERFACE ${ARMADILLO_INCLUDE_DIRS} ${DNNL_INCLUDE_DIR})
target_compile_definitions(layersmith_linear_algebra INTERFACE ARMA_DONT_USE_WRAPPER)
target_link_libraries(layersmith_linear_algebra INTERFACE ${DNNL_LIBRARY} openblas OpenMP::OpenMP_CXX Threads::Threads)

if(LAYERSMITH_STUDIO)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Charts Svg Network Concurrent DBus)
  find_package(Qt6Keychain 0.13 REQUIRED)
  find_package(LibArchive 3.6 REQUIRED)
  find_package(OpenSSL 3 REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(ZLIB REQUIRED)
  find_package(nlohmann_json 3.11 REQUIRED)
  find_package(CLI11 2.1 REQUIRED)
  find_package(Boost 1.81 CONFIG REQUIRED)
endif()
if(LAYERSMITH_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
endif()
