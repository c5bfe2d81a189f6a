#pragma once

#include <QWidget>

class QHBoxLayout;

namespace layersmith {

class TextLabel;

/// The 36 px title row of a lone dock or a panel: name at the left, optional chip, tools at the right.
class DockHeader : public QWidget {
  Q_OBJECT

 public:
  explicit DockHeader(const QString& title, QWidget* parent = nullptr);

  void setTitle(const QString& title);
  void addTitleWidget(QWidget* widget);  ///< right beside the title
  void addTool(QWidget* widget);         ///< at the right end, in the order added
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  TextLabel* m_title;
  QHBoxLayout* m_titleRow;
  QHBoxLayout* m_tools;
};

}  // namespace layersmith
