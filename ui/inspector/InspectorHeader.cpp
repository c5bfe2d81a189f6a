#include "ui/inspector/InspectorHeader.h"

#include "model/nn/LayerRegistry.h"
#include "ui/canvas/LayerText.h"
#include "ui/commands/DocumentContext.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/TextLabel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace layersmith {

class InspectorHeader::Tile final : public QWidget {
 public:
  explicit Tile(QWidget* parent) : QWidget(parent) { setFixedSize(32, 32); }
  void setFamily(const QString& family) {
    m_family = family;
    update();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    paintBox(&painter, rect(), {theme().familyTint(m_family), {}, 6});
    painter.drawPixmap(
        6, 6, iconPixmap(QStringLiteral("layers/") + m_family, theme().familyInk(m_family), 20, devicePixelRatioF()));
  }

 private:
  QString m_family = QStringLiteral("unknown");
};

InspectorHeader::InspectorHeader(QWidget* parent) : QWidget(parent) {
  m_tile = new Tile(this);
  m_title = new ElidedLabel({}, Theme::TextRole::BodyStrong, "text", this);
  m_subtitle = new TextLabel({}, Theme::TextRole::Label, "text2", this);
  m_subtitle->setWordWrap(true);
  m_reset = makeToolButton(QStringLiteral("inspectorReset"), QStringLiteral("history"),
                           tr("Set all back to the defaults"), {}, this);
  m_help =
      makeToolButton(QStringLiteral("inspectorHelp"), QStringLiteral("help"), tr("Help under every field"), {}, this);
  m_help->setCheckable(true);
  auto* words = new QVBoxLayout;
  words->setSpacing(0);
  words->addWidget(m_title);
  words->addWidget(m_subtitle);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(12);
  row->addWidget(m_tile, 0, Qt::AlignTop);
  row->addLayout(words, 1);
  row->addWidget(m_reset, 0, Qt::AlignTop);
  row->addWidget(m_help, 0, Qt::AlignTop);
}

void InspectorHeader::show(DocumentContext& context, const std::vector<LayerId>& layers) {
  const LayerSpec* layer = context.state().graph.find(layers.back());
  if (!layer) return;
  m_tile->setFamily(familyOf(*layer));
  if (layers.size() > 1) {
    m_title->setText(tr("%1 layers").arg(layers.size()));
    m_subtitle->setText(tr("A change goes to all of them."));
    return;
  }
  const LayerType* type = findLayerType(layer->className);
  m_title->setText(typeName(layer->className));
  if (type)
    m_subtitle->setText(QString::fromStdString(type->help));
  else if (layer->subgraph)
    m_subtitle->setText(tr("A model used as a layer"));
  else
    m_subtitle->setText(tr("Not known here. It is kept and saved as it is."));
}

}  // namespace layersmith
