#include "model/storage/http/WeightsDownload.h"

#include "model/core/Limits.h"
#include "model/format/ContentKind.h"
#include "model/storage/WeightFileErrors.h"
#include "model/storage/http/HttpErrors.h"

#include <algorithm>
#include <span>

namespace layersmith {

namespace {

std::size_t sizeWithinLimits(std::int64_t bytes) {
  requireMemory(bytes);
  return std::size_t(bytes);
}

}  // namespace

WeightsDownload::WeightsDownload(std::int64_t total) : m_block(sizeWithinLimits(total)) {}

std::int64_t WeightsDownload::fetch(HttpTransfer& transfer, const std::vector<WeightAddress>& addresses,
                                    std::int64_t expected, std::int64_t missing, bool mayGoOn,
                                    const StoreProgress& progress) {
  if (m_next < m_files.size()) return m_files[m_next++];
  HttpReply file;
  for (bool isThere = false; !isThere;) {
    const std::size_t which = std::min(m_address, addresses.size() - 1);
    try {
      file = get(transfer, addresses[which], expected, missing, mayGoOn, progress);
      isThere = true;
    } catch (const Error& error) {
      const bool isNotHere = transfer.wasRefused(error) || error.code() == "E101";
      if (!isNotHere || !m_files.empty() || which + 1 == addresses.size()) throw;
      m_address = which + 1;
    }
  }
  m_placed += std::size_t(file.bodyBytes - file.body.size());
  if (!file.body.isEmpty()) {
    appendPlaced();
    m_bytes.append(SharedBytes::copyOf(std::as_bytes(std::span(file.body))));
    m_surplus += file.body.size();
  }
  m_files.push_back(file.bodyBytes);
  ++m_next;
  return file.bodyBytes;
}

/// What fits to its place in the block, the rest as HttpReply::body.
HttpReply WeightsDownload::get(HttpTransfer& transfer, const WeightAddress& address, std::int64_t expected,
                               std::int64_t missing, bool mayGoOn, const StoreProgress& progress) {
  const std::span<std::byte> place = m_block.span().subspan(m_placed, std::size_t(missing));
  const std::int64_t before = std::int64_t(m_placed) + m_surplus, total = std::int64_t(m_block.size());
  const StoreProgress tell = [&](std::int64_t done, std::int64_t) {
    return !progress || progress(before + done, std::max(total, before + done));
  };
  HttpReply file =
      transfer.getInto(place, address.url, address.http, expected + limits::kMiB, tell, mayGoOn ? &m_part : nullptr);
  m_part = {};
  const std::int64_t placed = file.bodyBytes - file.body.size();
  if (file.bodyBytes != missing)
    requireWeights(QByteArrayView(place.data(), qsizetype(placed)), shown(file.url), file.status);
  return file;
}

WeightData WeightsDownload::finish() {
  appendPlaced();
  return std::make_shared<const WeightBytes>(std::move(m_bytes));
}

void WeightsDownload::appendPlaced() {
  m_bytes.append(m_block.share().slice(m_appended, m_placed - m_appended));
  m_appended = m_placed;
}

}  // namespace layersmith
