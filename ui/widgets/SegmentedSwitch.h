#pragma once

#include <QStringList>
#include <QWidget>

namespace layersmith {

/// Two to four exclusive views as one control, 28 high. Arrow keys change the choice.
class SegmentedSwitch : public QWidget {
  Q_OBJECT

 public:
  explicit SegmentedSwitch(const QStringList& labels, QWidget* parent = nullptr);

  int currentIndex() const { return m_current; }
  void setCurrentIndex(int index);
  int count() const { return int(m_labels.size()); }
  QString label(int index) const { return m_labels.value(index); }
  void setSegmentEnabled(int index, bool isEnabled);
  void setSegmentToolTip(int index, const QString& text);
  /// Segments share the width evenly instead of hugging their words.
  void setStretching(bool isStretching);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 Q_SIGNALS:
  void currentChanged(int index);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool event(QEvent* event) override;

 private:
  QRect segmentRect(int index) const;
  int segmentAt(const QPoint& position) const;
  void choose(int index);

  QStringList m_labels;
  QStringList m_toolTips;
  QList<bool> m_isEnabled;
  int m_current = 0;
  int m_hovered = -1;
  bool m_isStretching = false;
};

}  // namespace layersmith
