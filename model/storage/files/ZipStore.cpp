#include "model/storage/files/ZipStore.h"

#include "model/core/Error.h"
#include "model/storage/files/ZipArchive.h"

#include <QFileInfo>

namespace layersmith {

namespace {

[[noreturn]] void readOnly(const QString& path) {
  const char* const outcome = QFileInfo::exists(path) ? " stays as it is." : " was not made.";
  throw Error(ErrorKind::Unsupported, "A .zip is read, never written: " + path.toStdString() + outcome, {},
              path.toStdString(), "Copy the model to a folder or a store.");
}

}  // namespace

ModelArtifacts ZipStore::load(const QString& path, const LoadOptions& options) {
  ZipArchive archive(path);
  return loadFileSet(archive, options);
}

bool ZipStore::contains(const QString& path) {
  return QFileInfo(path).isFile();
}

SaveResult ZipStore::save(const QString& path, const ModelArtifacts&, const SaveOptions&, const StoreProgress&) {
  readOnly(path);
}

TrashEntry ZipStore::remove(const QString& path) {
  readOnly(path);
}

void ZipStore::rename(const QString& from, const QString&) {
  readOnly(from);
}

void ZipStore::restore(const QString& trashId) {
  readOnly(trashId);
}

void ZipStore::purge(const QString& trashId) {
  readOnly(trashId);
}

}  // namespace layersmith
