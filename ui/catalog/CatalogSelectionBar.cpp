#include "ui/catalog/CatalogSelectionBar.h"

#include "ui/widgets/SizeText.h"

#include <QHBoxLayout>

namespace layersmith {

namespace {

constexpr int kHeight = 40, kEdge = 12, kGap = 8;

}  // namespace

CatalogSelectionBar::CatalogSelectionBar(const QString& prefix, QWidget* parent) : Surface("selection", {}, parent) {
  setObjectName(prefix + QStringLiteral(".selection"));
  setFixedHeight(kHeight);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(kEdge, 0, kEdge, 0);
  row->setSpacing(kGap);
  m_text = new TextLabel({}, Theme::TextRole::BodyStrong);
  m_bytes = new TextLabel({}, Theme::TextRole::Label, "text2");
  row->addWidget(m_text);
  row->addWidget(m_bytes);
  row->addStretch();
  const auto add = [&](const char* name, const char* iconName, const QString& text, auto told) {
    QPushButton* button =
        makeButton(prefix + QLatin1Char('.') + QLatin1String(name), text, ButtonKind::Ghost, QLatin1String(iconName));
    connect(button, &QPushButton::clicked, this, told);
    row->addWidget(button);
    m_buttons.push_back(button);
  };
  add("open", "open", tr("Open"), &CatalogSelectionBar::openRequested);
  add("copyTo", "copy", tr("Copy to..."), &CatalogSelectionBar::copyRequested);
  add("moveTo", "replace", tr("Move to..."), &CatalogSelectionBar::moveRequested);
  add("delete", "delete", tr("Delete"), &CatalogSelectionBar::deleteRequested);
  QToolButton* close =
      makeToolButton(prefix + QStringLiteral(".clearSelection"), QStringLiteral("close"), tr("Select nothing"));
  connect(close, &QToolButton::clicked, this, &CatalogSelectionBar::clearRequested);
  row->addWidget(close);
  QSizePolicy policy = sizePolicy();
  policy.setRetainSizeWhenHidden(true);  // rows must not move under a double click
  setSizePolicy(policy);
}

void CatalogSelectionBar::showSelection(int count, std::int64_t bytes) {
  m_text->setText(tr("%Ln selected", nullptr, count));
  m_bytes->setText(sizeText(bytes));
  fit();
  setVisible(count > 0);
}

QSize CatalogSelectionBar::minimumSizeHint() const {
  return {200, kHeight};
}

void CatalogSelectionBar::resizeEvent(QResizeEvent* event) {
  Surface::resizeEvent(event);
  fit();
}

/// First the words of the buttons go, then the size, which the details tell too.
void CatalogSelectionBar::fit() {
  const auto needed = [this] {
    int width = 2 * kEdge + m_text->sizeHint().width() + kGap + m_bytes->sizeHint().width() + 2 * kGap + 28;
    for (const QPushButton* button : m_buttons) width += kGap + button->sizeHint().width();
    return width;
  };
  for (QPushButton* button : m_buttons) button->setText(button->accessibleName());
  if (needed() > width())
    for (QPushButton* button : m_buttons) button->setText({});
  m_bytes->setVisible(needed() <= width());
}

}  // namespace layersmith
