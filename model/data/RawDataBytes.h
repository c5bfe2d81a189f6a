#pragma once

#include "model/data/Dataset.h"

#include <QByteArray>

namespace layersmith {

/// A table or an image set as bytes, and back, value for value: for the recovery folder.
/// Errors: LimitExceeded E130 when it is over 2 GiB.
QByteArray rawDataBytes(const RawData& raw);

/// Errors: Format when the bytes are not whole or do not fit together.
std::shared_ptr<const RawData> rawDataFrom(const QByteArray& bytes);

}  // namespace layersmith
