#pragma once

#include <QWidget>  // first: moc cannot read <compare> before a Qt header

#include "model/core/LayerId.h"

#include <QPointer>

#include <map>
#include <string>

class QVBoxLayout;

namespace layersmith {

class DocumentContext;
class WeightView;

/// What a layer has learned: every weight as a heat map, a histogram and figures; follows a training epoch by epoch.
class WeightsPage final : public QWidget {
  Q_OBJECT

 public:
  explicit WeightsPage(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void show(LayerId layer);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void refresh();

  QPointer<DocumentContext> m_context;
  LayerId m_layer;
  LayerId m_builtFor;
  QVBoxLayout* m_column;
  QWidget* m_empty;
  std::map<std::string, WeightView*> m_views;
};

}  // namespace layersmith
