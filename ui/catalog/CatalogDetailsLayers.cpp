#include "ui/catalog/CatalogDetailsLayers.h"

#include "ui/catalog/ModelContents.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/widgets/TextLabel.h"

#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

namespace layersmith {

namespace {

constexpr std::size_t kLayersShown = 40;

/// Glyph, words and output shape of one layer, 24 high.
class LayerLine : public QWidget {
 public:
  explicit LayerLine(const ModelContents::Layer& layer) : m_layer(layer) {
    setMinimumHeight(24);
    setAccessibleName(m_layer.text + QLatin1Char(' ') + m_layer.shape);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ink = isEnabled() ? theme().familyInk(m_layer.family) : theme().color("textDisabled");
    const QColor tint = isEnabled() ? theme().familyTint(m_layer.family) : theme().color("pressed");
    paintBox(&painter, QRectF(0, 3, 18, 18), {tint, Qt::transparent, 4, 0.01});
    painter.drawPixmap(2, 5, iconPixmap(QStringLiteral("layers/") + m_layer.family, ink, 14, devicePixelRatioF()));
    painter.setFont(theme().mono(Theme::TextRole::Caption));
    painter.setPen(theme().color(isEnabled() ? "text2" : "textDisabled"));
    const int shapeWidth = painter.fontMetrics().horizontalAdvance(m_layer.shape);
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignRight, m_layer.shape);
    painter.setFont(theme().font(Theme::TextRole::Label));
    painter.setPen(theme().color(isEnabled() ? "text" : "textDisabled"));
    const QRect words = rect().adjusted(28, 0, -shapeWidth - 8, 0);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_layer.text, Qt::ElideRight, words.width()));
  }

 private:
  ModelContents::Layer m_layer;
};

}  // namespace

CatalogDetailsLayers::CatalogDetailsLayers(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->addWidget(new TextLabel(tr("Layers"), Theme::TextRole::BodyStrong));
  head->addStretch();
  m_note = new TextLabel({}, Theme::TextRole::Label, "text2");
  m_note->setObjectName(QStringLiteral("details.layersNote"));
  head->addWidget(m_note);
  column->addLayout(head);
  m_reading = new TextLabel(tr("Reading the layers"), Theme::TextRole::Label, "text2");
  m_reading->hide();
  column->addWidget(m_reading);
  m_body = new QWidget;
  auto* body = new QVBoxLayout(m_body);
  body->setContentsMargins(0, 0, 0, 0);
  body->setSpacing(4);
  m_topology = new TopologyPicture;
  body->addWidget(m_topology);
  m_lines = new QVBoxLayout;
  m_lines->setSpacing(0);
  body->addLayout(m_lines);
  column->addWidget(m_body);
  clear(0, 0);
}

void CatalogDetailsLayers::clear(int layers, std::int64_t parameters) {
  clearLines();
  m_topology->setSketch({});
  m_body->hide();
  setReading(false);
  setCounts(layers, parameters);
}

void CatalogDetailsLayers::setCounts(int layers, std::int64_t parameters) {
  m_note->setText(layers <= 0 ? QString()
                              : tr("%n layer(s), %1 parameters", nullptr, layers)
                                    .arg(QLocale().toString(static_cast<qlonglong>(parameters))));
}

void CatalogDetailsLayers::setContents(const ModelContents& contents) {
  clearLines();
  setReading(false);
  m_topology->setSketch(contents.sketch);
  const int count = static_cast<int>(contents.layers.size());
  m_body->setVisible(count > 0);
  setCounts(count, contents.parameters);
  if (count == 0) m_note->setText(tr("None"));  // read, and so it is
  for (std::size_t i = 0; i < contents.layers.size() && i < kLayersShown; ++i)
    m_lines->addWidget(new LayerLine(contents.layers[i]));
  if (contents.layers.size() > kLayersShown) {
    m_lines->addWidget(new TextLabel(tr("and %n more", nullptr, count - static_cast<int>(kLayersShown)),
                                     Theme::TextRole::Label, "text3"));
  }
}

void CatalogDetailsLayers::setReading(bool isReading) {
  m_reading->setVisible(isReading);
}

void CatalogDetailsLayers::setDimmed(bool isDimmed) {
  m_body->setEnabled(!isDimmed);
}

void CatalogDetailsLayers::clearLines() {
  while (QLayoutItem* item = m_lines->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

}  // namespace layersmith
