#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace layersmith {

/// An icon of resources/icons by file name without ".svg" ("train", "layers/core"), drawn in a colour token of the
/// theme now in force; follows a theme change by itself. Errors: asserts that the icon exists.
QIcon icon(const QString& name, const char* token = "text2");

/// For paint(): a pixmap of logical size px for a device of the given ratio, cached.
QPixmap iconPixmap(const QString& name, const QColor& color, int px, qreal devicePixelRatio);

/// The programs' own icon, in colour.
QIcon applicationIcon();

}  // namespace layersmith
