#pragma once

#include "model/storage/ModelStore.h"

#include <QSet>

namespace layersmith {

/// Large weights of a store, each model's in a file of its own in STORE.weights beside the SQLite file: as browsers
/// keep large values beside their databases. So the bytes are written once, where the log of the database would take
/// them twice and page by page. A file never changes; it belongs to the row that names it, and without one to nobody.
class WeightFolder {
 public:
  explicit WeightFolder(const QString& storePath, int lockMs = 10'000)
      : m_path(storePath + QStringLiteral(".weights")), m_lockMs(lockMs) {}

  const QString& path() const { return m_path; }

  /// One save: its file is on the disk, with its name, before a row may name it. While it lives nothing is swept.
  class Saving {
   public:
    /// Takes `options.weightsFile` over where it can. Errors: E201, Cancelled, E203 when a sweep holds the folder for
    /// longer than `lockMs`; then nothing is left of it.
    Saving(const WeightFolder& folder, const WeightBytes& weights, const SaveOptions& options,
           const StoreProgress& progress);
    ~Saving();  ///< the file goes unless keep() was called
    Saving(const Saving&) = delete;
    Saving& operator=(const Saving&) = delete;

    const QString& name() const { return m_name; }
    const QByteArray& sha256() const { return m_sha256; }     ///< as a WeightHasher of chunkBytes() finds it
    std::int64_t chunkBytes() const { return m_chunkBytes; }  ///< 0: in one piece
    void keep() { m_isKept = true; }

   private:
    void lock(int longestMs);
    void take(const WeightsFile& file);
    void write(const WeightBytes& weights, const StoreProgress& progress);
    QString filePath() const { return m_folder + u'/' + m_name; }

    QString m_folder;
    QString m_name;
    QByteArray m_sha256;
    std::int64_t m_chunkBytes = 0;
    int m_lock = -1;
    bool m_isKept = false;
  };

  /// Removes files that `named` does not give, of removed models and killed saves; not while anybody saves: the next
  /// sweep finds them too.
  void sweep(const std::function<QSet<QString>()>& named) const;

 private:
  QString m_path;
  int m_lockMs;
};

}  // namespace layersmith
