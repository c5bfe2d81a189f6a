#include "ui/theme/Theme.h"

#include "resources/Resources.h"
#include "ui/theme/LayersmithStyle.h"
#include "ui/theme/SystemAppearance.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QWidget>

#include <algorithm>

namespace layersmith {

namespace {

using Colors = QHash<QString, QColor>;

QPointer<Theme>& current() {
  static QPointer<Theme> instance;
  return instance;
}

Colors readColors(const QJsonObject& object) {
  Colors colors;
  for (auto it = object.begin(); it != object.end(); ++it)
    if (it->isString()) colors.insert(it.key(), QColor(it->toString()));
  return colors;
}

std::vector<QColor> readColorList(const QJsonValue& value) {
  std::vector<QColor> colors;
  for (const QJsonValue& entry : value.toArray()) colors.emplace_back(entry.toString());
  return colors;
}

QColor lookUp(const Colors& colors, const QString& token) {
  const auto it = colors.constFind(token);
  Q_ASSERT_X(it != colors.constEnd(), "Theme", qPrintable(QStringLiteral("no token ") + token));
  return it == colors.constEnd() ? QColor(Qt::magenta) : *it;
}

}  // namespace

struct Theme::Tokens {
  struct Variant {
    Colors colors;
    Colors inks;
    Colors tints;
    std::vector<QColor> series;
    std::vector<QColor> sequential;
    Colors boundary;
  };
  struct TextStyle {
    qreal px = 13;
    int weight = 400;
  };
  Variant light;
  Variant dark;
  Colors highContrast;
  QHash<int, TextStyle> textStyles;
  QStringList uiFamilies;
  QStringList monoFamilies;
  QHash<QString, int> motion;

  const Variant& variant(bool isDark) const { return isDark ? dark : light; }
  static std::shared_ptr<const Tokens> read();

 private:
  void readVariant(Variant& variant, const QJsonObject& root, const QString& name);
  void readFonts(const QJsonObject& fonts);
};

void Theme::Tokens::readVariant(Variant& variant, const QJsonObject& root, const QString& name) {
  variant.colors = readColors(root[u"themes"][name].toObject());
  const QJsonObject families = root[u"layerFamily"][name].toObject();
  for (auto it = families.begin(); it != families.end(); ++it) {
    variant.inks.insert(it.key(), QColor((*it)[u"ink"].toString()));
    variant.tints.insert(it.key(), QColor((*it)[u"tint"].toString()));
  }
  const QJsonObject chart = root[u"chart"].toObject();
  variant.series = readColorList(chart[name]);
  variant.sequential = readColorList(chart[u"sequential"][name]);
  variant.boundary = readColors(chart[u"boundary"][name].toObject());
}

void Theme::Tokens::readFonts(const QJsonObject& fonts) {
  const auto families = [&](const QString& kind) {
    QStringList result{fonts[kind][u"family"].toString()};
    for (const QJsonValue& name : fonts[kind][u"fallback"].toArray()) result << name.toString();
    return result;
  };
  uiFamilies = families(QStringLiteral("ui"));
  monoFamilies = families(QStringLiteral("mono"));
  const std::pair<TextRole, const char*> roles[] = {
      {TextRole::Display, "display"}, {TextRole::Title, "title"},
      {TextRole::Body, "body"},       {TextRole::BodyStrong, "bodyStrong"},
      {TextRole::Label, "label"},     {TextRole::Caption, "caption"},
      {TextRole::Code, "code"},       {TextRole::Readout, "readout"}};
  for (const auto& [role, name] : roles) {
    const QJsonValue style = fonts[u"scale"][QLatin1String(name)];
    textStyles.insert(int(role), {style[u"px"].toDouble(), style[u"weight"].toInt()});
  }
}

std::shared_ptr<const Theme::Tokens> Theme::Tokens::read() {
  initResources();
  QFile file(QStringLiteral(":/layersmith/tokens.json"));
  const bool isOpen = file.open(QIODevice::ReadOnly);
  Q_ASSERT(isOpen);
  Q_UNUSED(isOpen);
  const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
  auto tokens = std::make_shared<Tokens>();
  tokens->readVariant(tokens->light, root, QStringLiteral("light"));
  tokens->readVariant(tokens->dark, root, QStringLiteral("dark"));
  tokens->highContrast = readColors(root[u"themes"][u"highContrast"].toObject());
  tokens->readFonts(root[u"font"].toObject());
  const QJsonObject motion = root[u"motionMs"].toObject();
  for (auto it = motion.begin(); it != motion.end(); ++it) tokens->motion.insert(it.key(), it->toInt());
  return tokens;
}

Theme::Theme(QObject* parent) : QObject(parent), m_tokens(Tokens::read()), m_system(new SystemAppearance(this)) {
  current() = this;
  connect(m_system, &SystemAppearance::changed, this, &Theme::refresh);
  refresh();
}

void Theme::refresh() {
  m_isDark = m_mode == Mode::System ? m_system->isDark() : m_mode == Mode::Dark;
  Q_EMIT changed();
}

bool Theme::isHighContrast() const {
  return m_system->isHighContrast();
}

void Theme::setMode(Mode mode) {
  if (mode == m_mode) return;
  m_mode = mode;
  refresh();
}

void Theme::setFontScale(qreal scale) {
  if (qFuzzyCompare(scale, m_fontScale)) return;
  m_fontScale = std::clamp(scale, 0.8, 2.0);
  Q_EMIT changed();
}

void Theme::setUiFamily(const QString& family) {
  if (family == m_uiFamily) return;
  m_uiFamily = family;
  Q_EMIT changed();
}

QColor Theme::color(const char* token) const {
  const QString name = QString::fromLatin1(token);
  return lookUp(isHighContrast() ? m_tokens->highContrast : m_tokens->variant(m_isDark).colors, name);
}

QColor Theme::familyInk(QStringView family) const {
  return isHighContrast() ? color("text") : lookUp(m_tokens->variant(m_isDark).inks, family.toString());
}

QColor Theme::familyTint(QStringView family) const {
  return isHighContrast() ? color("window") : lookUp(m_tokens->variant(m_isDark).tints, family.toString());
}

QColor Theme::series(int index) const {
  const std::vector<QColor>& series = m_tokens->variant(m_isDark).series;
  return series[std::size_t(index) % series.size()];
}

QColor Theme::boundary(const char* end) const {
  return lookUp(m_tokens->variant(m_isDark).boundary, QString::fromLatin1(end));
}

std::vector<QColor> Theme::sequential() const {
  return m_tokens->variant(m_isDark).sequential;
}

int Theme::motionMs(const char* token) const {
  return m_system->isMotionReduced() ? 0 : m_tokens->motion.value(QString::fromLatin1(token));
}

QFont Theme::makeFont(bool isMono, TextRole role) const {
  const Tokens::TextStyle style = m_tokens->textStyles.value(int(role));
  QFont font;
  QStringList families = isMono ? m_tokens->monoFamilies : m_tokens->uiFamilies;
  if (!isMono && !m_uiFamily.isEmpty()) families.prepend(m_uiFamily);
  font.setFamilies(families);
  font.setPointSizeF(style.px * 0.75 * m_fontScale);
  font.setWeight(QFont::Weight(isMono && role != TextRole::Readout ? 400 : style.weight));
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

QFont Theme::font(TextRole role) const {
  return makeFont(role == TextRole::Code || role == TextRole::Readout, role);
}

QFont Theme::mono(TextRole role) const {
  return makeFont(true, role);
}

QPalette Theme::palette() const {
  QPalette palette;
  const std::pair<QPalette::ColorRole, const char*> roles[] = {
      {QPalette::Window, "window"},         {QPalette::WindowText, "text"},    {QPalette::Base, "panel"},
      {QPalette::AlternateBase, "zebra"},   {QPalette::Text, "text"},          {QPalette::Button, "panel"},
      {QPalette::ButtonText, "text"},       {QPalette::BrightText, "danger"},  {QPalette::Highlight, "selection"},
      {QPalette::HighlightedText, "text"},  {QPalette::ToolTipBase, "raised"}, {QPalette::ToolTipText, "text"},
      {QPalette::PlaceholderText, "text3"}, {QPalette::Link, "accentText"},    {QPalette::LinkVisited, "accentText"},
      {QPalette::Light, "raised"},          {QPalette::Midlight, "line"},      {QPalette::Mid, "lineStrong"},
      {QPalette::Dark, "control"},          {QPalette::Shadow, "shadow"}};
  for (const auto& [role, token] : roles) palette.setColor(role, color(token));
  palette.setColor(QPalette::Inactive, QPalette::Highlight, color("selectionInactive"));
  for (QPalette::ColorRole role :
       {QPalette::Text, QPalette::ButtonText, QPalette::WindowText, QPalette::HighlightedText})
    palette.setColor(QPalette::Disabled, role, color("textDisabled"));
  return palette;
}

Theme& theme() {
  if (!current()) new Theme(QCoreApplication::instance());
  return *current();
}

void installLook(QApplication& application) {
  Theme& look = theme();
  application.setStyle(new LayersmithStyle);
  const auto apply = [&application, &look] {
    application.setFont(look.font(Theme::TextRole::Body));
    application.setPalette(look.palette());
    for (QWidget* widget : QApplication::allWidgets()) widget->update();
  };
  apply();
  QObject::connect(&look, &Theme::changed, &application, apply);
}

}  // namespace layersmith
