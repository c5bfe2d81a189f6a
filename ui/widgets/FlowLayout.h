#pragma once

#include <QLayout>

#include <memory>
#include <vector>

namespace layersmith {

/// Lays widgets out in a row and wraps into the next row, for buttons and chips whose words grow with the language.
class FlowLayout final : public QLayout {
 public:
  explicit FlowLayout(QWidget* parent = nullptr, int spacing = 8);
  ~FlowLayout() override;

  void addItem(QLayoutItem* item) override;
  int count() const override { return int(m_items.size()); }
  QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  Qt::Orientations expandingDirections() const override { return {}; }
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSize() const override;
  void setGeometry(const QRect& rect) override;

 private:
  int arrange(const QRect& rect, bool isMoving) const;

  std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

}  // namespace layersmith
