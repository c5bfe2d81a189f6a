#pragma once

#include "model/format/WeightBytes.h"

#include <QByteArray>

#include <memory>
#include <span>

struct evp_md_ctx_st;

namespace layersmith {

/// SHA-256 by OpenSSL, which uses the processor's own instructions: five times as fast as QCryptographicHash here.
class Sha256 {
 public:
  Sha256();

  Sha256& add(std::span<const std::byte> bytes);
  Sha256& add(const QByteArray& bytes);
  Sha256& add(const WeightBytes& bytes);
  QByteArray result();  ///< 32 bytes; starts over

 private:
  void start();

  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

}  // namespace layersmith
