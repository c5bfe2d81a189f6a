#pragma once

#include "model/core/Scalar.h"
#include "model/nn/Plan.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)  // oneDNN 2.6 has no double

#include <oneapi/dnnl/dnnl.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace layersmith {
inline namespace f32 {
namespace kernels {

using DnnlTag = dnnl::memory::format_tag;

const dnnl::engine& dnnlEngine();
dnnl::stream& dnnlStream();  ///< of the calling thread; nothing runs in the background

dnnl::memory::desc floatsAs(const dnnl::memory::dims& dims, DnnlTag tag);
/// A memory whose place is set in each run.
dnnl::memory placeless(const dnnl::memory::desc& desc);
void place(dnnl::memory& memory, const void* data);

/// Attributes with the scratchpad left to us.
dnnl::primitive_attr scratchAttributes();

/// How good an implementation is by its name: 0 plain loops, 1 windows copied into a matrix and a product, 2 vector
/// code, 3 made for the widest vectors.
int implementationRank(const std::string& name);

/// A primitive with its arguments, held over all steps. It runs on the number of threads it was made for.
class Primitive {
 public:
  Primitive() = default;
  /// `scratchBytes`: what its descriptor asks for.
  Primitive(const dnnl::primitive& primitive, const dnnl::memory::desc& scratch);

  explicit operator bool() const { return bool(m_primitive); }
  std::size_t scratchBytes() const { return m_scratchBytes; }
  void add(int argument, dnnl::memory memory);  ///< keeps a handle: place() on it later has effect
  void run(std::byte* scratch);

 private:
  dnnl::primitive m_primitive;
  std::size_t m_scratchBytes = 0;
  dnnl::memory m_scratch;
  std::vector<dnnl::memory> m_memories;
  std::vector<dnnl_exec_arg_t> m_arguments;
};

/// An operand of a primitive: the caller's array, and, where the primitive wants another layout, a copy in it, which
/// lies in the scratchpad or, for weights, in memory of its own.
class Operand {
 public:
  enum class Use { Read, Write, ReadAndWrite };
  enum class Copy { InScratch, Kept };

  Operand() = default;
  Operand(const dnnl::memory::desc& plain, const dnnl::memory::desc& wanted, Use use, Copy copy = Copy::InScratch);

  bool isCopied() const { return m_isCopied; }
  std::size_t scratchBytes() const { return m_isKept || !m_isCopied ? 0 : m_wanted.get_desc().get_size(); }
  const dnnl::memory& wanted() const { return m_wanted; }

  void at(const void* data, std::byte* copy);  ///< where the array lies, and where its copy goes
  void read();                                 ///< fills the copy
  void write();                                ///< fills the array from the copy

 private:
  bool m_isCopied = false;
  bool m_isKept = false;
  dnnl::memory m_plain;
  dnnl::memory m_wanted;
  Primitive m_toWanted;
  Primitive m_toPlain;
};

/// Shares out one scratchpad among the operands and primitives of a step.
class ScratchPlan {
 public:
  std::size_t take(std::size_t bytes) {
    const std::size_t at = m_bytes;
    m_bytes += (bytes + 63) / 64 * 64;
    return at;
  }
  std::size_t bytes() const { return m_bytes; }

 private:
  std::size_t m_bytes = 0;
};

}  // namespace kernels
}  // namespace f32
}  // namespace layersmith

#endif
