#pragma once

#include <QByteArray>

#include <fcntl.h>
#include <vector>

namespace layersmith {

/// What lies in a folder, by the name that the disk has: QDir leaves out names that are not UTF-8, and those are
/// somebody's too.
struct FolderEntry {
  QByteArray name;
  unsigned char type = 0;  ///< DT_REG, DT_DIR, DT_LNK, ...; of a link the link's own
};

/// Without "." and "..", in no order. `path` is relative to the open folder `from`. Errors: NotFound, Io.
std::vector<FolderEntry> entriesOf(const QByteArray& path, int from = AT_FDCWD);

/// Whether QFile and QDir can carry this name.
bool isText(const QByteArray& name);

inline constexpr qsizetype kMostNameBytes = 255;

/// At most so many bytes of a name, and no half letter.
QByteArray cutName(const QByteArray& name, qsizetype bytes);

/// The name, or, where it leaves no room for so many bytes more, the start of it and its hash: the same every time.
QByteArray fittedName(const QByteArray& name, qsizetype room);

}  // namespace layersmith
