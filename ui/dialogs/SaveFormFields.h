#pragma once

#include "ui/dialogs/Parts.h"

namespace layersmith {

/// A field of the Save As form, by the name that tests and screen readers know it by.
template <class Widget>
Widget* namedField(Widget* widget, const char* name, const QString& accessible, const QString& tip = {}) {
  nameControl(*widget, QStringLiteral("saveDialog.") + QString::fromLatin1(name), accessible, tip);
  return widget;
}

}  // namespace layersmith
