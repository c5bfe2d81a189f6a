#pragma once

#include <QWidget>  // first: moc cannot read <compare> before a Qt header

#include "model/core/LayerId.h"

#include <QPointer>

#include <vector>

class QScrollArea;
class QStackedLayout;

namespace layersmith {

class DocumentContext;
class EmptyState;
class InspectorHeader;
class MessageStrip;
class SegmentedSwitch;
class SettingsPage;
class WeightsPage;

/// The selected layer: its settings, made from the schema alone, and its weights. Several layers at once show the
/// fields they share.
class InspectorPanel : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorPanel(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);  ///< may be null

  /// The settings page, with the keyboard in that field (the first one when the key is empty).
  void focusField(const QString& fieldKey);

 private:
  void refresh();
  void refreshLock();

  QPointer<DocumentContext> m_context;
  QStackedLayout* m_stack;
  EmptyState* m_empty;
  QScrollArea* m_scroll;
  InspectorHeader* m_header;
  SegmentedSwitch* m_tabs;
  MessageStrip* m_lock;
  SettingsPage* m_settings;
  WeightsPage* m_weights;
};

}  // namespace layersmith
