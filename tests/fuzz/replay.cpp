// Runs a fuzz target over its corpus and over mutants of it, where there is no libFuzzer.
// usage: fuzz_NAME FOLDER [MUTANTS]. FUZZ_KEEP=FILE keeps the input at work there, for what ends the program.
#include "tests/fuzz/FuzzTarget.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> corpusIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Bytes> corpus;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

/// Bytes changed, cut out, doubled, or taken from another input.
void mutate(Bytes& bytes, const std::vector<Bytes>& corpus, std::mt19937& random) {
  const auto below = [&](std::size_t end) { return end == 0 ? 0 : random() % end; };
  const std::size_t at = below(bytes.size()), count = below(std::min<std::size_t>(bytes.size() - at, 40) + 1);
  const auto place = bytes.begin() + std::ptrdiff_t(at);
  const Bytes piece(place, place + std::ptrdiff_t(count));
  switch (below(5)) {
    case 0:
      if (!bytes.empty()) bytes[at] = std::uint8_t(random());
      break;
    case 1:
      if (!bytes.empty()) bytes[at] ^= std::uint8_t(1U << below(8));
      break;
    case 2: bytes.erase(place, place + std::ptrdiff_t(count)); break;
    case 3: bytes.insert(place, piece.begin(), piece.end()); break;
    default: {
      const Bytes& other = corpus[below(corpus.size())];
      const std::size_t from = below(other.size()), length = below(std::min<std::size_t>(other.size() - from, 60) + 1);
      bytes.insert(place, other.begin() + std::ptrdiff_t(from), other.begin() + std::ptrdiff_t(from + length));
    }
  }
}

void run(const Bytes& bytes) {
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::vector<Bytes> corpus = corpusIn(argv[1]);
  const int mutants = argc > 2 ? std::atoi(argv[2]) : 0;
  if (corpus.empty()) {
    std::fprintf(stderr, "%s holds no inputs\n", argv[1]);
    return 1;
  }
  for (const Bytes& bytes : corpus) run(bytes);
  std::mt19937 random(20);
  for (int i = 0; i < mutants; ++i) {
    Bytes bytes = corpus[random() % corpus.size()];
    for (unsigned steps = 1 + random() % 6; steps > 0; --steps) mutate(bytes, corpus, random);
    if (const char* keep = std::getenv("FUZZ_KEEP")) {
      std::ofstream stream(keep, std::ios::binary | std::ios::trunc);
      stream.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
    }
    run(bytes);
  }
  std::printf("%zu inputs, %d mutants, no finding\n", corpus.size(), mutants);
  return 0;
}
