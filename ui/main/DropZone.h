#pragma once

#include "ui/main/OpenPlan.h"

#include <QTimer>
#include <QWidget>

namespace layersmith {

/// Lies over the window while files are dragged on it, and says what letting go will do.
class DropZone : public QWidget {
  Q_OBJECT

 public:
  explicit DropZone(QWidget* window);

  /// The window's drag events come here; false: not for us, the event is left alone.
  bool handleDragEnter(QDragEnterEvent& event);
  void handleDragLeave();
  void handleDrop(QDropEvent& event);

  const OpenPlan& plan() const { return m_plan; }

 Q_SIGNALS:
  void dropped(const layersmith::OpenPlan& plan);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void planFor(const QStringList& places);
  void paintTexts(QPainter& painter, const QRect& box) const;
  void paintChips(QPainter& painter, const QPoint& center) const;

  QStringList m_places;  ///< of the drag that m_plan is for
  OpenPlan m_plan;
  QTimer m_hideTimer;
};

}  // namespace layersmith
