#pragma once

#include "ui/theme/Theme.h"

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace layersmith {

/// Where the program keeps its settings: $LAYERSMITH_HOME/settings.ini, else $XDG_CONFIG_HOME/layersmith/settings.ini.
QString defaultSettingsPath();

/// What a person chose, and how the window was left. Thread rule: GUI thread.
class Settings : public QObject {
  Q_OBJECT

 public:
  explicit Settings(const QString& path = defaultSettingsPath(), QObject* parent = nullptr);

  Theme::Mode themeMode() const;
  void setThemeMode(Theme::Mode mode);
  QString fontFamily() const;  ///< empty: Inter
  void setFontFamily(const QString& family);
  int fontScale() const;  ///< percent, 80 to 200
  void setFontScale(int percent);
  int threads() const;  ///< 0: all
  void setThreads(int threads);
  QStringList folders() const;  ///< folders of interest, shown in the catalog
  void setFolders(const QStringList& folders);
  QStringList servers() const;  ///< root addresses of store servers, never with a user, a password or a token
  void setServers(const QStringList& servers);
  qint64 quota(const QString& scheme) const;  ///< of a browser store, in its units; 0: its own default
  void setQuota(const QString& scheme, qint64 quota);
  bool isWelcomeHidden() const;
  void setWelcomeHidden(bool isHidden);

  QStringList recentPlaces() const;
  void addRecentPlace(const QString& place);
  void forgetRecentPlace(const QString& place);
  void clearRecentPlaces();

  QByteArray blob(const QString& key) const;  ///< geometry and dock layouts
  void setBlob(const QString& key, const QByteArray& bytes);
  void removeBlobs(const QString& group);

 Q_SIGNALS:
  void recentPlacesChanged();
  void foldersChanged();
  void serversChanged();
  void quotaChanged(const QString& scheme);
  void fontChanged();

 private:
  QSettings m_file;
};

}  // namespace layersmith
