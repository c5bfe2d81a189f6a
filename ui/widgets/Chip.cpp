#include "ui/widgets/Chip.h"

#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QPainter>

#include <algorithm>
#include <utility>

namespace layersmith {

namespace {

std::pair<const char*, const char*> tokens(Chip::Tone tone) {
  switch (tone) {
    case Chip::Tone::Neutral: break;
    case Chip::Tone::Info: return {"infoTint", "accentText"};
    case Chip::Tone::Success: return {"successTint", "success"};
    case Chip::Tone::Warning: return {"warningTint", "warning"};
    case Chip::Tone::Danger: return {"dangerTint", "danger"};
  }
  return {"pressed", "text2"};
}

}  // namespace

Chip::Chip(const QString& text, Tone tone, QWidget* parent) : QWidget(parent), m_tone(tone) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  const auto refresh = [this] {
    setFont(theme().font(Theme::TextRole::Caption));
    updateGeometry();
  };
  refresh();
  connect(&theme(), &Theme::changed, this, refresh);
  setText(text);
}

void Chip::setText(const QString& text) {
  m_text = text;
  setAccessibleName(text);
  updateGeometry();
  update();
}

void Chip::setTone(Tone tone) {
  m_tone = tone;
  update();
}

QSize Chip::sizeHint() const {
  const int height = std::max(20, fontMetrics().height() + 4);
  return {std::max(height, fontMetrics().horizontalAdvance(m_text) + 16), height};
}

void Chip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto [fill, ink] = tokens(m_tone);
  paintBox(&painter, rect(), {theme().color(fill), {}, height() / 2.});
  painter.setPen(theme().color(ink));
  painter.drawText(rect(), Qt::AlignCenter, m_text);
}

}  // namespace layersmith
