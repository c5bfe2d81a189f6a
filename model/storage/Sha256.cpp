#include "model/storage/Sha256.h"

#include "model/core/Error.h"

#include <openssl/evp.h>

namespace layersmith {

namespace {

void require(int code) {
  if (code != 1) throw Error(ErrorKind::Internal, "OpenSSL refused a SHA-256 hash.");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : m_context(EVP_MD_CTX_new()) {
  start();
}

void Sha256::start() {
  require(EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr));
}

Sha256& Sha256::add(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()));
  return *this;
}

Sha256& Sha256::add(const QByteArray& bytes) {
  return add(std::as_bytes(std::span(bytes.constData(), std::size_t(bytes.size()))));
}

Sha256& Sha256::add(const WeightBytes& bytes) {
  for (const SharedBytes& piece : bytes.pieces()) add(piece.span());
  return *this;
}

QByteArray Sha256::result() {
  QByteArray digest(32, Qt::Uninitialized);
  require(EVP_DigestFinal_ex(m_context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr));
  start();
  return digest;
}

}  // namespace layersmith
