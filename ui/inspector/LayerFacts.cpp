#include "ui/inspector/LayerFacts.h"

#include "ui/canvas/LayerText.h"
#include "ui/commands/DocumentContext.h"
#include "ui/widgets/TextLabel.h"

#include <QGridLayout>
#include <QPainter>

namespace layersmith {

LayerFacts::LayerFacts(QWidget* parent) : QWidget(parent) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(12, 8, 12, 8);
  grid->setVerticalSpacing(4);
  grid->setColumnMinimumWidth(0, 84);
  grid->setColumnStretch(1, 1);
  const std::pair<QString, const char*> names[] = {
      {tr("Input"), "factInput"},        {tr("Output"), "factOutput"}, {tr("Parameters"), "factParameters"},
      {tr("Time"), "factTime"},          {tr("Rate"), "factRate"},     {tr("Memory"), "factMemory"},
      {tr("Computed by"), "factKernels"}};
  for (int i = 0; i < Count; ++i) {
    auto* name = new TextLabel(names[i].first, Theme::TextRole::Body, "text2", this);
    auto* value = new TextLabel({}, Theme::TextRole::Code, "text", this);
    value->setObjectName(QLatin1String(names[i].second));
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setWordWrap(i >= Time);
    grid->addWidget(name, i, 0, Qt::AlignTop);
    grid->addWidget(value, i, 1);
    m_rows[i] = {name, value};
  }
}

void LayerFacts::show(DocumentContext& context, LayerId layer) {
  const LayerReport* own = reportOf(context.document().report(), layer);
  if (own) {
    QStringList inputs;
    for (const Shape& shape : own->inputShapes) inputs << QString::fromStdString(toStringWithoutBatch(shape));
    set(Input, inputs.isEmpty() ? tr("none") : inputs.join(QStringLiteral(" ")));
    set(Output, shapeText(own));
    const std::int64_t fixed = own->parameters - own->trainableParameters;
    const QString count = countText(own->parameters);
    set(Parameters, fixed > 0 ? tr("%1, %2 fixed").arg(count, countText(fixed)) : count);
  }
  const CostMeter& meter = context.cost();
  const LayerCost* cost = meter.costOf(layer);
  const bool hasSteps = cost && cost->hasSteps;
  set(Time, cost                                ? costText(*cost)
            : meter.isActive() && meter.error() ? QString::fromStdString(meter.error()->message())
                                                : QString());
  set(Rate, hasSteps ? rateText(*cost) : QString());
  set(Memory, cost ? memoryText(*cost) : QString());
  // A kernel's name has no spaces to wrap at.
  set(Kernels, hasSteps ? kernelsText(*cost).replace(u':', QStringLiteral(":\u200b")) : QString());
}

void LayerFacts::set(Fact fact, const QString& text) {
  const Row& row = m_rows[fact];
  row.value->setText(text);
  row.name->setVisible(!text.isEmpty());
  row.value->setVisible(!text.isEmpty());
}

void LayerFacts::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme().color("window"));
  painter.drawRoundedRect(rect(), 6, 6);
}

}  // namespace layersmith
