#pragma once

#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "ui/commands/DocumentContext.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QTest>
#include <QWidget>

namespace layersmith::testing {

/// A document of a template with its compute thread, as the studio makes them.
struct OpenDocument {
  explicit OpenDocument(const char* templateKey) : context(makeTemplate(QString::fromLatin1(templateKey)), compute) {}
  ~OpenDocument() { context.session().stop(); }

  void setEpochs(int epochs) {
    FitOptions fit = context.state().fit;
    fit.epochs = epochs;
    context.apply(QStringLiteral("epochs"), edits::setTraining(context.state(), context.state().training, fit));
  }

  ComputeThread compute;
  DocumentContext context;
};

/// Saves what the widget shows to pictures/NAME.png in the build folder.
inline QImage picture(QWidget& widget, const QString& name) {
  const QImage image = widget.grab().toImage();
  const QString folder = QDir(QStringLiteral(LAYERSMITH_BIN_DIR)).filePath(QStringLiteral("../pictures"));
  QDir().mkpath(folder);
  image.save(QStringLiteral("%1/%2.png").arg(folder, name));
  return image;
}

}  // namespace layersmith::testing
