#pragma once

#include <QByteArrayView>
#include <QString>

namespace layersmith {

/// What the first bytes of a file or reply say it is, whatever its name.
enum class ContentKind { JsonText, Html, GitLfsPointer, Gzip, Zip, Hdf5, Pickle, Empty, Unknown };

ContentKind sniffContent(QByteArrayView bytes);

QString displayName(ContentKind kind);  ///< "git-lfs pointer", "zip archive": for messages

/// Errors: E101 for a web page (`httpStatus` is named when not 0), E102 for another kind of file than a model.json.
void requireModelJson(QByteArrayView bytes, const QString& source, int httpStatus = 0);

/// Why a weight file, whose length is not what it should be, is none, when its bytes say so. Returns when nothing is
/// odd. Pickles are passed over: two bytes tell them, which weights may begin with as well.
/// Errors: E101, E102.
void requireWeights(QByteArrayView bytes, const QString& source, int httpStatus = 0);

}  // namespace layersmith
