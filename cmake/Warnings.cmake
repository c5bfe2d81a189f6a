# Warnings and hardening for every target of ours, as one interface target.
add_library(layersmith_warnings INTERFACE)
add_library(Layersmith::Warnings ALIAS layersmith_warnings)
target_compile_options(layersmith_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>  # g++ 12 sees it falsely in every std::variant
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # and this one where strings are joined (GCC bug 105651)
  $<$<BOOL:${LAYERSMITH_WERROR}>:-Werror>
  -fstack-protector-strong)
target_compile_definitions(layersmith_warnings INTERFACE
  _GLIBCXX_ASSERTIONS
  LAYERSMITH_VERSION="${PROJECT_VERSION}")
