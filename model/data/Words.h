#pragma once

#include "model/core/Error.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace layersmith {

/// How the values of an enum are spelled on disk.
template <class Enum, std::size_t N>
using Words = std::array<std::pair<Enum, std::string_view>, N>;

template <class Enum, std::size_t N>
std::string_view wordOf(const Words<Enum, N>& words, Enum value) {
  for (const auto& [candidate, word] : words)
    if (candidate == value) return word;
  return words.front().second;
}

/// Errors: InvalidConfig for a word that is not in the list.
template <class Enum, std::size_t N>
Enum valueOf(const Words<Enum, N>& words, std::string_view text, std::string_view key) {
  for (const auto& [value, word] : words)
    if (word == text) return value;
  throw Error(ErrorKind::InvalidConfig,
              "The recipe's " + std::string(key) + " is '" + std::string(text.substr(0, 40)) + "', which is not known.",
              "E104");
}

}  // namespace layersmith
