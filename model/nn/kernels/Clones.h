#pragma once

/// A loop compiled for several processors; the fitting one is chosen when the program starts. Sanitizers start too late
/// for that choice, so they get the plain loop.
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LAYERSMITH_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define LAYERSMITH_CLONES
#endif

#define LAYERSMITH_INLINE inline __attribute__((always_inline))
