#pragma once

#include "model/storage/WeightHasher.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/FolderLayout.h"

#include <functional>
#include <optional>

namespace layersmith {

/// Publishes one model in a folder so that at any moment the old one or the new one is there, whole (RELIABILITY 2).
///
/// A folder that holds nothing but a model is written anew beside itself and exchanged in one step. A folder with other
/// things in it, a download pair, and a file system that cannot exchange get weight files under names not in use, then
/// the model.json by rename, then the removal of what only the old one named.
class FolderWriter {
 public:
  /// Called with the files of the model replaced, while they still stand, and with those of them that stay because
  /// others name them too; may be empty. Called again when more of them stay than it was told. What it returns is
  /// called when that model stays after all.
  using KeepReplaced = std::function<std::function<void()>(const QStringList& files, const QStringList& staying)>;

  FolderWriter(FolderLayout layout, SaveOptions options, StoreProgress progress, KeepReplaced keepReplaced);

  /// Gives the stamp of what is there now. Errors: AlreadyExists, E201, E203, Cancelled.
  QString write(const ModelArtifacts& artifacts);

 private:
  struct File {
    QString name;
    WeightBytes bytes;
    std::size_t index = 0;  ///< among all weight files
  };
  static std::int64_t totalOf(const std::vector<File>& files);  ///< bytes
  std::vector<File> weightFiles(const ModelArtifacts& artifacts) const;
  QByteArray jsonBytes(const ModelArtifacts& artifacts);
  /// Makes these files and no others; `made` gets the names of those it began.
  void writeFiles(const OpenFolder& folder, const std::vector<File>& files, QStringList* made = nullptr);
  bool takesOver() const;  ///< SaveOptions::weightsFile can stand for the weights
  void startHashing(const ModelArtifacts& artifacts);
  void writeFresh(const ModelArtifacts& artifacts, const QString& folder);
  void requireNoFile() const;  ///< Errors: AlreadyExists when the place is a file, which no save replaces
  bool exchangeFolder(const ModelArtifacts& artifacts);
  void writeBeside(const ModelArtifacts& artifacts);
  QString freeName(const OpenFolder& folder, const File& file);  ///< a name for a weight file that replaces nothing
  std::vector<File> giveFreeNames(std::vector<File> files);      ///< those that are still to be written
  QStringList newFiles() const;
  QStringList stayingFiles(
      const OpenFolder& folder) const;                  ///< of the old model, what the new one or another names too
  void removeReplaced(const OpenFolder& folder) const;  ///< what only the old model named
  bool putJsonBack() const;                             ///< takes back what is published but not surely on the disk
  void keepReplaced(const QStringList& staying);
  void forgetReplaced();  ///< it stays where it is
  void readReplaced();

  FolderLayout m_layout;
  SaveOptions m_options;
  StoreProgress m_progress;
  KeepReplaced m_keepReplaced;
  std::function<void()> m_forgetReplaced;  ///< not empty: it is kept
  std::vector<WeightsGroup> m_groups;      ///< what is written
  std::optional<WeightHasher> m_hasher;    ///< of the weight files, at work while they are written
  std::int64_t m_generation = 1;
  bool m_replaces = false;  ///< a model.json is there
  QByteArray m_oldJson;     ///< its bytes
  QStringList m_oldFiles;   ///< weight files the present model.json names
  bool m_isOurs = false;    ///< the folder holds nothing but the present model, or is empty or absent
};

}  // namespace layersmith
