#include "ui/main/Settings.h"

#include "model/storage/http/HttpErrors.h"

#include <QDir>
#include <QStandardPaths>
#include <QUrl>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kRecentPlaces = 12;

}  // namespace

QString defaultSettingsPath() {
  const QString home = qEnvironmentVariable("LAYERSMITH_HOME");
  if (!home.isEmpty()) return QDir(home).filePath(QStringLiteral("settings.ini"));
  const QString config = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
  return QDir(config).filePath(QStringLiteral("layersmith/settings.ini"));
}

Settings::Settings(const QString& path, QObject* parent) : QObject(parent), m_file(path, QSettings::IniFormat) {}

Theme::Mode Settings::themeMode() const {
  const QString mode = m_file.value(QStringLiteral("theme")).toString();
  if (mode == QStringLiteral("light")) return Theme::Mode::Light;
  if (mode == QStringLiteral("dark")) return Theme::Mode::Dark;
  return Theme::Mode::System;
}

void Settings::setThemeMode(Theme::Mode mode) {
  const QString names[] = {QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("system")};
  m_file.setValue(QStringLiteral("theme"), names[static_cast<int>(mode)]);
}

QString Settings::fontFamily() const {
  return m_file.value(QStringLiteral("fontFamily")).toString();
}

void Settings::setFontFamily(const QString& family) {
  if (family == fontFamily()) return;
  m_file.setValue(QStringLiteral("fontFamily"), family);
  Q_EMIT fontChanged();
}

int Settings::fontScale() const {
  return std::clamp(m_file.value(QStringLiteral("fontScale"), 100).toInt(), 80, 200);
}

void Settings::setFontScale(int percent) {
  if (percent == fontScale()) return;
  m_file.setValue(QStringLiteral("fontScale"), percent);
  Q_EMIT fontChanged();
}

int Settings::threads() const {
  return std::max(0, m_file.value(QStringLiteral("threads"), 0).toInt());
}
void Settings::setThreads(int threads) {
  m_file.setValue(QStringLiteral("threads"), threads);
}

QStringList Settings::folders() const {
  return m_file.value(QStringLiteral("folders")).toStringList();
}

void Settings::setFolders(const QStringList& given) {
  QStringList folders;
  for (const QString& folder : given) folders << QDir::cleanPath(folder);
  folders.removeDuplicates();
  if (folders == this->folders()) return;
  m_file.setValue(QStringLiteral("folders"), folders);
  Q_EMIT foldersChanged();
}

QStringList Settings::servers() const {
  return m_file.value(QStringLiteral("servers")).toStringList();
}

void Settings::setServers(const QStringList& servers) {
  QStringList clean;
  for (const QString& server : servers)
    clean << QUrl(server).adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment).toString();
  clean.removeDuplicates();
  if (clean == this->servers()) return;
  m_file.setValue(QStringLiteral("servers"), clean);
  Q_EMIT serversChanged();
}

qint64 Settings::quota(const QString& scheme) const {
  return std::max<qint64>(0, m_file.value(QStringLiteral("quota/") + scheme, 0).toLongLong());
}

void Settings::setQuota(const QString& scheme, qint64 quota) {
  if (quota == this->quota(scheme)) return;
  m_file.setValue(QStringLiteral("quota/") + scheme, quota);
  Q_EMIT quotaChanged(scheme);
}

bool Settings::isWelcomeHidden() const {
  return m_file.value(QStringLiteral("welcomeHidden"), false).toBool();
}
void Settings::setWelcomeHidden(bool isHidden) {
  m_file.setValue(QStringLiteral("welcomeHidden"), isHidden);
}

QStringList Settings::recentPlaces() const {
  return m_file.value(QStringLiteral("recent")).toStringList();
}

void Settings::addRecentPlace(const QString& place) {
  const QString kept = withoutSecrets(place);
  QStringList places = recentPlaces();
  places.removeAll(kept);
  places.prepend(kept);
  m_file.setValue(QStringLiteral("recent"), QStringList(places.mid(0, kRecentPlaces)));
  Q_EMIT recentPlacesChanged();
}

void Settings::forgetRecentPlace(const QString& place) {
  QStringList places = recentPlaces();
  if (places.removeAll(place) == 0) return;
  m_file.setValue(QStringLiteral("recent"), places);
  Q_EMIT recentPlacesChanged();
}

void Settings::clearRecentPlaces() {
  m_file.remove(QStringLiteral("recent"));
  Q_EMIT recentPlacesChanged();
}

QByteArray Settings::blob(const QString& key) const {
  return m_file.value(key).toByteArray();
}
void Settings::setBlob(const QString& key, const QByteArray& bytes) {
  m_file.setValue(key, bytes);
}
void Settings::removeBlobs(const QString& group) {
  m_file.remove(group);
}

}  // namespace layersmith
