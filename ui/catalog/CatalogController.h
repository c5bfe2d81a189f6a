#pragma once

#include "ui/catalog/CatalogModel.h"
#include "ui/main/StoreWorker.h"

#include <QFileSystemWatcher>
#include <QMap>
#include <QObject>
#include <QTimer>

namespace layersmith {

class Settings;

/// The catalog's content and everything done to it: listing, renaming, copying, moving, deleting to Trash. All of it
/// off the GUI thread; views share this one object.
class CatalogController : public QObject {
  Q_OBJECT

 public:
  CatalogController(StoreWorker& stores, Settings& settings, QWidget& window);

  CatalogModel& model() { return m_model; }
  const std::vector<TrashEntry>& trash() const { return m_trash; }
  StoreUsage usage(const QString& scheme) const { return m_usage.value(scheme); }
  bool isLoaded() const { return m_isLoaded; }

  void refresh();
  void rename(const QString& url, const QString& newName);
  void remove(const QStringList& urls);  ///< to Trash; removed() offers Undo
  void restore(const QStringList& trashIds);
  void emptyTrash();
  /// `place`: "indexeddb", "localstorage" or a folder. Names that are taken there get a number.
  void transfer(const QStringList& urls, const QString& place, bool isMove);
  void askAndTransfer(const QStringList& urls, bool isMove, QWidget& parent);

 Q_SIGNALS:
  void changed();
  void removed(const QStringList& names, const QStringList& trashIds);
  void noted(const QString& text);
  void renamed(const QString& url, const QString& newUrl);

 private:
  struct Content;
  void take(const Outcome<Content>& outcome);
  void watchFolders();
  template <class Value>
  bool isFine(const Outcome<Value>& outcome, const QString& title);

  StoreWorker& m_stores;
  Settings& m_settings;
  QWidget& m_window;
  CatalogModel m_model;
  std::vector<TrashEntry> m_trash;
  QMap<QString, StoreUsage> m_usage;
  QFileSystemWatcher m_watcher;
  QTimer m_timer;
  bool m_isLoaded = false;
};

}  // namespace layersmith
