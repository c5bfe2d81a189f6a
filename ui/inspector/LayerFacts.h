#pragma once

#include <QWidget>  // first: moc cannot read <compare> before a Qt header

#include "model/core/LayerId.h"

class QGridLayout;

namespace layersmith {

class DocumentContext;
class TextLabel;

/// The grey plate under the fields of a layer: what flows in and out, its parameters, and what it costs while costs are
/// shown.
class LayerFacts final : public QWidget {
  Q_OBJECT

 public:
  explicit LayerFacts(QWidget* parent = nullptr);

  void show(DocumentContext& context, LayerId layer);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  enum Fact { Input, Output, Parameters, Time, Rate, Memory, Kernels, Count };
  struct Row {
    TextLabel* name;
    TextLabel* value;
  };

  void set(Fact fact, const QString& text);  ///< an empty text hides the row

  Row m_rows[Count] = {};
};

}  // namespace layersmith
