#pragma once

#include <QWidget>  // first: moc cannot read <compare> before a Qt header

#include "model/core/LayerId.h"

#include <vector>

class QToolButton;

namespace layersmith {

class DocumentContext;
class ElidedLabel;
class TextLabel;

/// Tile, type and one sentence of the selected layer; buttons for help and for going back to the defaults.
class InspectorHeader final : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorHeader(QWidget* parent = nullptr);

  void show(DocumentContext& context, const std::vector<LayerId>& layers);
  QToolButton* helpButton() const { return m_help; }  ///< checkable: help under every field
  QToolButton* resetButton() const { return m_reset; }

 private:
  class Tile;
  Tile* m_tile;
  ElidedLabel* m_title;
  TextLabel* m_subtitle;
  QToolButton* m_reset;
  QToolButton* m_help;
};

}  // namespace layersmith
