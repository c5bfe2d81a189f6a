#include "model/nn/kernels/Primitive.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)

#include "model/core/Error.h"
#include "model/nn/kernels/KernelName.h"

#include <cstring>

namespace layersmith {
inline namespace f32 {
namespace kernels {

using dnnl::memory;

const dnnl::engine& dnnlEngine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

dnnl::stream& dnnlStream() {
  thread_local dnnl::stream stream(dnnlEngine());
  return stream;
}

memory::desc floatsAs(const memory::dims& dims, DnnlTag tag) {
  return {dims, memory::data_type::f32, tag};
}

memory placeless(const memory::desc& desc) {
  return memory(desc, dnnlEngine(), nullptr);
}

void place(memory& at, const void* data) {
  if (at.get_data_handle() != data) at.set_data_handle(const_cast<void*>(data));
}

dnnl::primitive_attr scratchAttributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

int implementationRank(const std::string& name) {
  if (isReferenceKernel(name)) return 0;
  if (name.find("gemm") != std::string::npos) return 1;
  return name.find("avx512") != std::string::npos ? 3 : 2;
}

Primitive::Primitive(const dnnl::primitive& primitive, const memory::desc& scratch)
    : m_primitive(primitive), m_scratchBytes(scratch.get_size()) {
  if (m_scratchBytes == 0) return;
  m_scratch = placeless(scratch);
  add(DNNL_ARG_SCRATCHPAD, m_scratch);
}

void Primitive::add(int argument, memory memory) {
  m_arguments.push_back({argument, memory.get()});
  m_memories.push_back(std::move(memory));
}

void Primitive::run(std::byte* scratch) {
  if (m_scratchBytes > 0) place(m_scratch, scratch);
  // The C++ form would build a map and a list for each call.
  if (dnnl_primitive_execute(m_primitive.get(), dnnlStream().get(), int(m_arguments.size()), m_arguments.data()) !=
      dnnl_success)
    throw Error(ErrorKind::Internal, "oneDNN could not run a primitive.");
}

namespace {

Primitive copying(const memory& from, const memory& to) {
  const dnnl::reorder::primitive_desc descriptor(dnnlEngine(), from.get_desc(), dnnlEngine(), to.get_desc());
  Primitive copy(dnnl::reorder(descriptor), {});
  copy.add(DNNL_ARG_FROM, from);
  copy.add(DNNL_ARG_TO, to);
  return copy;
}

}  // namespace

Operand::Operand(const memory::desc& plain, const memory::desc& wanted, Use use, Copy copy)
    : m_isCopied(plain != wanted), m_isKept(copy == Copy::Kept), m_plain(placeless(plain)) {
  if (!m_isCopied) {
    m_wanted = m_plain;
    return;
  }
  m_wanted = m_isKept ? memory(wanted, dnnlEngine()) : placeless(wanted);
  if (use != Use::Write) m_toWanted = copying(m_plain, m_wanted);
  if (use != Use::Read) m_toPlain = copying(m_wanted, m_plain);
}

void Operand::at(const void* data, std::byte* copy) {
  place(m_plain, data);
  if (m_isCopied && !m_isKept) place(m_wanted, copy);
}

void Operand::read() {
  if (m_isCopied) m_toWanted.run(nullptr);
}

void Operand::write() {
  if (m_isCopied) m_toPlain.run(nullptr);
}

}  // namespace kernels
}  // namespace f32
}  // namespace layersmith

#endif
