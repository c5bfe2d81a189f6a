#include "ui/widgets/FactRow.h"

#include "ui/widgets/TextLabel.h"

#include <QVBoxLayout>

namespace layersmith {

namespace {

constexpr int kNameWidth = 96, kHeight = 20;

}  // namespace

TextLabel* addFact(QVBoxLayout& column, const QString& name, const QString& value, bool isLong) {
  auto* row = new QHBoxLayout;
  auto* title = new ElidedLabel(name, Theme::TextRole::Body, "text2");
  title->setFixedWidth(kNameWidth);
  title->setMinimumHeight(kHeight);
  TextLabel* label = isLong ? new TextLabel(value) : new ElidedLabel(value);
  label->setWordWrap(isLong);
  row->addWidget(title, 0, Qt::AlignTop);
  row->addWidget(label, 1);
  column.addLayout(row);
  return label;
}

}  // namespace layersmith
