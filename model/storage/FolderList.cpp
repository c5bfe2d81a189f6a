// The lists of a FolderStore.
#include "model/core/Error.h"
#include "model/storage/FolderIndex.h"
#include "model/storage/FolderStore.h"

#include <QFile>
#include <QFileInfo>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <ctime>
#include <memory>

namespace layersmith {

namespace {

constexpr std::size_t kIndexedFrom = 64;            // fewer are read as quickly as looked up
constexpr std::int64_t kSettledNs = 2'000'000'000;  // a younger file may change again within its time stamp

struct Candidate {
  QString file;
  FolderIndex::Version version;
};

struct CloseDir {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

bool regular(int folder, const QByteArray& name, int flags, struct stat& status) {
  return ::fstatat(folder, name.constData(), &status, flags) == 0 && S_ISREG(status.st_mode);
}

/// Whether a file named STEM.weights*.bin is among the sorted names.
bool hasWeightsOf(const QByteArray& stem, const std::vector<QByteArray>& sorted) {
  const QByteArray prefix = stem + ".weights";
  for (auto it = std::ranges::lower_bound(sorted, prefix); it != sorted.end() && it->startsWith(prefix); ++it)
    if (it->endsWith(".bin")) return true;
  return false;
}

/// Folders with a model.json, and download pairs, by name.
std::vector<Candidate> candidatesIn(DIR* folder) {
  std::vector<QByteArray> files, others;
  while (const dirent* entry = ::readdir(folder))
    if (entry->d_name[0] != '.') (entry->d_type == DT_REG ? files : others).emplace_back(entry->d_name);
  std::ranges::sort(files);
  std::vector<Candidate> found;
  struct stat status {};
  const int descriptor = ::dirfd(folder);
  for (const QByteArray& name : others)
    if (regular(descriptor, name + "/model.json", 0, status))
      found.push_back({QFile::decodeName(name), FolderIndex::Version::of(status)});
  for (const QByteArray& name : files) {
    if (!name.endsWith(".json") || name == "model.json" || !hasWeightsOf(name.chopped(5), files)) continue;
    if (regular(descriptor, name, 0, status))
      found.push_back({QFile::decodeName(name), FolderIndex::Version::of(status)});
  }
  std::ranges::sort(found, {}, &Candidate::file);
  return found;
}

bool hasItsWeights(int folder, const FolderIndex::Row& row) {
  struct stat status {};
  return std::ranges::all_of(row.weightFiles, [&](const auto& file) {
    return regular(folder, file.first, AT_SYMLINK_NOFOLLOW, status) && status.st_size == file.second;
  });
}

bool isSettled(const FolderIndex::Version& version) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec - version.changedNs > kSettledNs;
}

}  // namespace

std::vector<ModelEntry> FolderStore::listFolder(const QString& given) {
  const QString canonical = QFileInfo(given).canonicalFilePath();
  const std::unique_ptr<DIR, CloseDir> folder(::opendir(QFile::encodeName(canonical).constData()));
  if (canonical.isEmpty() || !folder)
    throw Error(ErrorKind::NotFound, QStringLiteral("The folder %1 is not reachable.").arg(given).toStdString(), {},
                given.toStdString());
  const std::vector<Candidate> candidates = candidatesIn(folder.get());
  std::map<QString, FolderIndex::Row> known, changed;
  if (m_index && candidates.size() >= kIndexedFrom) known = m_index->rows(canonical);
  std::vector<ModelEntry> entries;
  entries.reserve(candidates.size() + 1);
  if (QFileInfo(canonical + QStringLiteral("/model.json")).isFile()) entries.push_back(describe(layoutOf(canonical)));
  for (const Candidate& candidate : candidates) {
    const auto row = known.find(candidate.file);
    if (row != known.end() && row->second.version == candidate.version &&
        hasItsWeights(::dirfd(folder.get()), row->second)) {
      entries.push_back(std::move(row->second.entry));
      known.erase(row);
      continue;
    }
    FolderIndex::Row read{candidate.version, {}, {}};
    read.entry = describe(layoutOf(canonical + u'/' + candidate.file), &read.weightFiles);
    if (read.entry.problem.isEmpty() && isSettled(candidate.version)) {
      known.erase(candidate.file);
      changed.emplace(candidate.file, read);
    }
    entries.push_back(std::move(read.entry));
  }
  if (m_index && candidates.size() >= kIndexedFrom) remember(canonical, changed, known);
  return entries;
}

void FolderStore::remember(const QString& folder, const std::map<QString, FolderIndex::Row>& changed,
                           const std::map<QString, FolderIndex::Row>& gone) {
  if (changed.empty() && gone.empty()) return;
  QStringList names;
  for (const auto& [name, row] : gone) names.append(name);
  try {
    m_index->replace(folder, changed, names);
  } catch (const Error& error) {
    // A store that is full or read-only: the list is right all the same, and no slower than this one.
    if (error.kind() != ErrorKind::NoSpace && error.kind() != ErrorKind::Io && error.kind() != ErrorKind::Busy) throw;
  }
}

}  // namespace layersmith
