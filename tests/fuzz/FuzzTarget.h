#pragma once

#include <cstddef>
#include <cstdint>

/// One run of a target over any bytes, as libFuzzer calls it. Errors the product has for bad input are caught inside;
/// whatever else happens is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
