#include "ui/theme/SystemAppearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QGuiApplication>
#include <QPalette>

#include <optional>

namespace layersmith {

namespace {

constexpr auto kAppearance = "org.freedesktop.appearance";
constexpr auto kInterface = "org.gnome.desktop.interface";
constexpr int kPortalTimeoutMs = 100;

/// What the portal answers is a variant inside a variant; its signal carries a plain one.
QVariant unwrapped(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value;
}

std::optional<QVariant> portalSetting(const char* group, const char* key) {
  QDBusMessage call = QDBusMessage::createMethodCall(
      QStringLiteral("org.freedesktop.portal.Desktop"), QStringLiteral("/org/freedesktop/portal/desktop"),
      QStringLiteral("org.freedesktop.portal.Settings"), QStringLiteral("Read"));
  call << QString::fromLatin1(group) << QString::fromLatin1(key);
  const QDBusMessage reply = QDBusConnection::sessionBus().call(call, QDBus::Block, kPortalTimeoutMs);
  if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty()) return std::nullopt;
  return unwrapped(reply.arguments().constFirst());
}

}  // namespace

SystemAppearance::SystemAppearance(QObject* parent)
    : QObject(parent), m_isDark(QGuiApplication::palette().color(QPalette::Window).lightness() < 128) {
  readPortal();
}

void SystemAppearance::readPortal() {
  QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  bus.connect(QStringLiteral("org.freedesktop.portal.Desktop"), QStringLiteral("/org/freedesktop/portal/desktop"),
              QStringLiteral("org.freedesktop.portal.Settings"), QStringLiteral("SettingChanged"), this,
              SLOT(onSettingChanged(QString, QString, QDBusVariant)));
  const std::optional<QVariant> scheme = portalSetting(kAppearance, "color-scheme");
  if (!scheme) return;  // no portal answers: do not wait for it again
  if (scheme->toInt() != 0) m_isDark = scheme->toInt() == 1;
  m_isHighContrast = portalSetting(kAppearance, "contrast").value_or(0).toInt() == 1;
  m_isMotionReduced = !portalSetting(kInterface, "enable-animations").value_or(true).toBool();
}

void SystemAppearance::onSettingChanged(const QString& group, const QString& key, const QDBusVariant& value) {
  const QVariant setting = unwrapped(value.variant());
  if (group == QLatin1String(kInterface) && key == u"enable-animations")
    m_isMotionReduced = !setting.toBool();
  else if (group == QLatin1String(kAppearance) && key == u"color-scheme")
    m_isDark = setting.toInt() == 1;
  else if (group == QLatin1String(kAppearance) && key == u"contrast")
    m_isHighContrast = setting.toInt() == 1;
  else
    return;
  Q_EMIT changed();
}

}  // namespace layersmith
