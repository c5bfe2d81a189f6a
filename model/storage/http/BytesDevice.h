#pragma once

#include "model/format/WeightBytes.h"

#include <QIODevice>

namespace layersmith {

/// Reads WeightBytes where they are: a request's body is sent from the weights themselves.
class BytesDevice final : public QIODevice {
  Q_OBJECT

 public:
  explicit BytesDevice(WeightBytes bytes, QObject* parent = nullptr);

  qint64 size() const override { return m_bytes.size(); }

 protected:
  qint64 readData(char* to, qint64 maxSize) override;
  qint64 writeData(const char*, qint64) override { return -1; }

 private:
  WeightBytes m_bytes;
};

}  // namespace layersmith
