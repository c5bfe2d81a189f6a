// What is done to the catalog's places.
#include "ui/catalog/CatalogController.h"
#include "ui/main/Settings.h"

#include <algorithm>

namespace layersmith {

void CatalogController::addFolder(const QString& folder) {
  m_settings.setFolders(m_settings.folders() << folder);
}

void CatalogController::addServer(const QString& address, const QString& token, bool isTokenKept) {
  const QString root = serverRoot(address);
  HttpOptions access;
  if (!token.isEmpty()) access.setBearerToken(token);
  m_access[root] = access;
  m_unread.remove(root);
  keepToken(root, isTokenKept ? token : QString());
  if (m_settings.servers().contains(root))
    refreshPlace(root);
  else
    m_settings.setServers(m_settings.servers() << root);
}

void CatalogController::forgetPlace(const QString& key) {
  QStringList folders = m_settings.folders(), servers = m_settings.servers();
  m_access.erase(key);
  m_unread.remove(key);
  keepToken(key, {});
  if (folders.removeAll(key) > 0) m_settings.setFolders(folders);
  if (servers.removeAll(key) > 0) m_settings.setServers(servers);
}

void CatalogController::replaceFolder(const QString& folder, const QString& found) {
  QStringList folders = m_settings.folders();
  std::ranges::replace(folders, folder, found);
  folders.removeDuplicates();
  m_settings.setFolders(folders);
}

void CatalogController::setQuota(const QString& scheme, std::int64_t quota) {
  m_settings.setQuota(scheme, quota);
  for (StoreWorker* worker : {&m_stores, &m_transfers})
    worker->prepare([scheme, quota](ModelLibrary& library) { library.setQuota(scheme, quota); });
  refresh();
}

}  // namespace layersmith
