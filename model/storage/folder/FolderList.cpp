// The lists of a FolderStore.
#include "model/core/Error.h"
#include "model/storage/folder/FolderIndex.h"
#include "model/storage/folder/FolderStore.h"

#include <QFile>
#include <QFileInfo>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <atomic>
#include <ctime>
#include <functional>
#include <future>
#include <memory>
#include <set>

namespace layersmith {

namespace {

constexpr std::size_t kIndexedFrom = 64;            // fewer are read as quickly as looked up
constexpr std::int64_t kSettledNs = 2'000'000'000;  // a younger file may change again within its time stamp

struct Candidate {
  QByteArray name;  ///< of the folder, or of the pair's NAME.json
  bool isPair = false;
  FolderIndex::Version version{};
  bool isThere = false;
  FolderIndex::Row* known = nullptr;  ///< what the index has of it
  bool isRead = false;                ///< it is not as it is known
  ModelEntry entry{};
  FolderIndex::WeightFiles weightFiles{};
};

struct CloseDir {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

bool regular(int folder, const char* name, int flags, struct stat& status) {
  return ::fstatat(folder, name, &status, flags) == 0 && S_ISREG(status.st_mode);
}

/// Not every file system says it in its folders: sshfs does not.
bool isRegular(int folder, const dirent& entry) {
  struct stat status {};
  return entry.d_type == DT_UNKNOWN ? regular(folder, entry.d_name, AT_SYMLINK_NOFOLLOW, status)
                                    : entry.d_type == DT_REG;
}

/// Whether a file named STEM.weights*.bin is among the sorted names.
bool hasWeightsOf(const QByteArray& stem, const std::vector<QByteArray>& sorted) {
  const QByteArray prefix = stem + ".weights";
  for (auto it = std::ranges::lower_bound(sorted, prefix); it != sorted.end() && it->startsWith(prefix); ++it)
    if (it->endsWith(".bin")) return true;
  return false;
}

/// What may be a folder with a model.json, and download pairs, by name.
std::vector<Candidate> candidatesIn(DIR* folder) {
  std::vector<QByteArray> files, names;
  while (const dirent* entry = ::readdir(folder))
    if (entry->d_name[0] != '.') (isRegular(::dirfd(folder), *entry) ? files : names).emplace_back(entry->d_name);
  const std::size_t folders = names.size();
  std::ranges::sort(files);
  for (const QByteArray& name : files)
    if (name.endsWith(".json") && name != "model.json" &&
        (hasWeightsOf(name.chopped(5), files) || hasWeightsOf(weightsStem(name.chopped(5)), files)))
      names.push_back(name);
  const std::set<QByteArray> pairs(names.begin() + std::ptrdiff_t(folders), names.end());
  std::ranges::sort(names);
  std::vector<Candidate> found;
  found.reserve(names.size());
  for (const QByteArray& name : names) found.push_back({name, pairs.contains(name)});
  return found;
}

void measure(int folder, Candidate& candidate) {
  struct stat status {};
  const QByteArray json = candidate.isPair ? candidate.name : candidate.name + "/model.json";
  candidate.isThere = regular(folder, json.constData(), 0, status);
  if (candidate.isThere) candidate.version = FolderIndex::Version::of(status);
}

/// `action` for every candidate, by this thread and by another, which begins while this one is still at `before`.
void forEach(std::vector<Candidate>& candidates, const std::function<void(Candidate&)>& action,
             const std::function<void()>& before = {}) {
  constexpr std::size_t kStep = 64;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t from = next.fetch_add(kStep); from < candidates.size(); from = next.fetch_add(kStep))
      for (std::size_t i = from; i < std::min(from + kStep, candidates.size()); ++i) action(candidates[i]);
  };
  std::future<void> other = std::async(candidates.size() > kStep ? std::launch::async : std::launch::deferred, work);
  if (before) before();
  work();
  other.get();
}

bool isAsKnown(int folder, const Candidate& candidate) {
  if (!candidate.known || candidate.known->version != candidate.version) return false;
  struct stat status {};
  return candidate.known->weightFiles.all([&](const char* name, std::int64_t bytes) {
    return regular(folder, name, AT_SYMLINK_NOFOLLOW, status) && status.st_size == bytes;
  });
}

bool isSettled(const FolderIndex::Version& version) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec - version.changedNs > kSettledNs;
}

/// Both ascend by name.
void match(std::vector<Candidate>& candidates, std::vector<FolderIndex::Row>& rows) {
  auto row = rows.begin();
  for (Candidate& candidate : candidates) {
    while (row != rows.end() && row->file < candidate.name) ++row;
    if (row != rows.end() && row->file == candidate.name) candidate.known = &*row++;
  }
}

/// The rows to write into the index. Those that stay as they are lose their name.
std::vector<FolderIndex::Row> changedRows(const std::vector<Candidate>& candidates) {
  std::vector<FolderIndex::Row> changed;
  for (const Candidate& candidate : candidates) {
    const bool isKept = !candidate.isRead || (candidate.entry.problem.isEmpty() && isSettled(candidate.version));
    if (isKept && candidate.known) candidate.known->file.clear();
    if (isKept && candidate.isRead)
      changed.push_back({candidate.name, candidate.version, candidate.weightFiles, candidate.entry});
  }
  return changed;
}

}  // namespace

std::vector<ModelEntry> FolderStore::listFolder(const QString& given) {
  const QString canonical = QFileInfo(given).canonicalFilePath();
  const std::unique_ptr<DIR, CloseDir> folder(::opendir(QFile::encodeName(canonical).constData()));
  if (canonical.isEmpty() || !folder)
    throw Error(ErrorKind::NotFound, QStringLiteral("The folder %1 is not reachable.").arg(given).toStdString(), {},
                given.toStdString());
  const int descriptor = ::dirfd(folder.get());
  std::vector<Candidate> candidates = candidatesIn(folder.get());
  bool isIndexed = m_index && candidates.size() >= kIndexedFrom;
  std::vector<FolderIndex::Row> rows;
  forEach(
      candidates, [&](Candidate& candidate) { measure(descriptor, candidate); },
      [&] {
        if (isIndexed) isIndexed = findRows(canonical, candidates.size(), rows);
      });
  std::erase_if(candidates, [](const Candidate& candidate) { return !candidate.isThere; });
  match(candidates, rows);
  forEach(candidates, [&](Candidate& candidate) {
    if (isAsKnown(descriptor, candidate)) {
      candidate.entry = std::move(candidate.known->entry);
      return;
    }
    candidate.isRead = true;
    const QString path = canonical + u'/' + QFile::decodeName(candidate.name);
    candidate.entry = describe(layoutOf(path), &candidate.weightFiles);
  });
  if (isIndexed) {
    const std::vector<FolderIndex::Row> changed = changedRows(candidates);
    std::vector<QByteArray> gone;
    for (const FolderIndex::Row& row : rows)
      if (!row.file.isEmpty()) gone.push_back(row.file);
    remember(canonical, changed, gone);
  }
  std::vector<ModelEntry> entries;
  entries.reserve(candidates.size() + 1);
  if (QFileInfo(canonical + QStringLiteral("/model.json")).isFile()) entries.push_back(describe(layoutOf(canonical)));
  for (Candidate& candidate : candidates) entries.push_back(std::move(candidate.entry));
  return entries;
}

bool FolderStore::findRows(const QString& folder, std::size_t expected, std::vector<FolderIndex::Row>& rows) {
  try {
    rows = m_index->rows(folder, expected);
    return true;
  } catch (const Error&) {
    return false;  // the store cannot be read: that is no matter of this folder
  }
}

void FolderStore::remember(const QString& folder, const std::vector<FolderIndex::Row>& changed,
                           const std::vector<QByteArray>& gone) {
  if (changed.empty() && gone.empty()) return;
  try {
    m_index->replace(folder, changed, gone);
  } catch (const Error&) {
    // A store that is full, damaged or read-only: the list is right all the same, and no slower than this one.
  }
}

}  // namespace layersmith
