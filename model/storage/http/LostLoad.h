#pragma once

#include "model/storage/http/WeightsDownload.h"

#include <QByteArray>
#include <QString>

#include <mutex>
#include <optional>
#include <utility>

namespace layersmith {

/// What came of the last load whose connection was lost, for the next one of the same model; loads of others that run
/// meanwhile leave it alone. Thread rule: any.
class LostLoad {
 public:
  struct Part {
    QString address, prefix;
    QByteArray json,
        version;  ///< what the server gave model.json: without that nothing says that its files are the same
    std::optional<WeightsDownload> weights;

    bool isOf(const Part& other) const {
      return address == other.address && prefix == other.prefix && json == other.json && version == other.version;
    }
  };

  /// Empty unless it is of the same version. What is of another version of the same address is of no use any more.
  std::optional<Part> take(const Part& now) {
    const std::lock_guard lock(m_mutex);
    if (!m_part || m_part->address != now.address) return {};
    std::optional<Part> part = std::exchange(m_part, {});
    if (!part->isOf(now)) part.reset();
    return part;
  }
  void keep(Part part) {
    const std::lock_guard lock(m_mutex);
    m_part = std::move(part);
  }

 private:
  std::mutex m_mutex;
  std::optional<Part> m_part;
};

}  // namespace layersmith
