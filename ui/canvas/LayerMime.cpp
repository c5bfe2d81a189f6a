#include "ui/canvas/LayerMime.h"

#include <QByteArrayList>
#include <QCoreApplication>
#include <QMimeData>

namespace layersmith {

namespace {

QString mime(const char* name) {
  return QString::fromLatin1(name);
}

}  // namespace

std::unique_ptr<QMimeData> layerTypeMime(const std::string& className) {
  auto data = std::make_unique<QMimeData>();
  data->setData(mime(kLayerTypeMime), QByteArray::fromStdString(className));
  return data;
}

std::optional<std::string> layerTypeOf(const QMimeData* data) {
  if (!data || !data->hasFormat(mime(kLayerTypeMime))) return std::nullopt;
  return data->data(mime(kLayerTypeMime)).toStdString();
}

std::unique_ptr<QMimeData> layerCardMime(const std::vector<LayerId>& layers) {
  QByteArrayList parts{QByteArray::number(QCoreApplication::applicationPid())};
  for (LayerId layer : layers) parts << QByteArray::number(layer.value);
  auto data = std::make_unique<QMimeData>();
  data->setData(mime(kLayerCardMime), parts.join(' '));
  return data;
}

std::vector<LayerId> layerCardsOf(const QMimeData* data) {
  if (!data || !data->hasFormat(mime(kLayerCardMime))) return {};
  const QByteArrayList parts = data->data(mime(kLayerCardMime)).split(' ');
  if (parts.constFirst().toLongLong() != QCoreApplication::applicationPid()) return {};
  std::vector<LayerId> layers;
  for (qsizetype i = 1; i < parts.size(); ++i) layers.push_back(LayerId{parts[i].toUInt()});
  return layers;
}

}  // namespace layersmith
