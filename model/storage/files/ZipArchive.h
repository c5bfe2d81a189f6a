#pragma once

#include "model/storage/files/FileSet.h"

namespace layersmith {

/// The files of a .zip, by libarchive and behind the limits of RELIABILITY section 5: 10,000 entries, 200 bytes out for
/// one in, 8 GiB, stopped at the first byte over. Errors: NotFound, Io, E102 when the file is no zip, E130; Format when
/// it is damaged or encrypted.
class ZipArchive final : public FileSet {
 public:
  explicit ZipArchive(const QString& path);

  QString source() const override { return m_path; }
  const std::vector<File>& files() const override { return m_files; }
  void read(const QHash<const File*, char*>& destinations) override;

 private:
  QString m_path;
  std::int64_t m_limit = 0;  ///< bytes that may come out
  std::vector<File> m_files;
};

}  // namespace layersmith
