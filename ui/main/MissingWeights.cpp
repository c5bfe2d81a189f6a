#include "ui/main/MissingWeights.h"

#include "model/document/DocumentIo.h"
#include "model/document/Edits.h"
#include "ui/commands/DocumentContext.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/main/DocumentView.h"
#include "ui/main/StoreWorker.h"
#include "ui/widgets/MessageStrip.h"

#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QTemporaryDir>

namespace layersmith {

namespace {

void copyInto(const QTemporaryDir& folder, const QString& from, const QString& name) {
  const QString target = folder.filePath(name);
  QDir().mkpath(QFileInfo(target).path());
  if (!QFile::copy(from, target))
    throw Error(ErrorKind::Io, QStringLiteral("`%1` could not be read.").arg(from).toStdString(), "E201");
}

/// The model with its weight files brought together from two folders.
DocumentState loadJoined(ModelLibrary& library, const QString& url, const QString& otherFolder,
                         const QStringList& files) {
  const QTemporaryDir joined;
  QString json = parsePlace(url).name;
  if (QFileInfo(json).isDir()) json = QDir(json).filePath(QStringLiteral("model.json"));
  const QDir own = QFileInfo(json).dir();
  for (const QString& file : own.entryList(QDir::Files)) {
    if (file.endsWith(QStringLiteral(".bin"))) copyInto(joined, own.filePath(file), file);
  }
  copyInto(joined, json, QStringLiteral("model.json"));
  for (const QString& file : files) {
    const QString found = QDir(otherFolder).filePath(QFileInfo(file).fileName());
    if (!QFile::exists(found)) {
      throw Error(ErrorKind::NotFound, QStringLiteral("`%1` is not in that folder either.").arg(file).toStdString(),
                  "E110", otherFolder.toStdString());
    }
    if (!QFile::exists(joined.filePath(file))) copyInto(joined, found, file);
  }
  return documentFromArtifacts(library.load(parsePlace(joined.path()).url())).state;
}

void lookInFolder(DocumentView& view, StoreWorker& stores, const QStringList& files) {
  auto* dialog = new QFileDialog(&view, DocumentView::tr("Look for the weight files in"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  QObject::connect(dialog, &QFileDialog::fileSelected, &view, [&view, &stores, files](const QString& folder) {
    stores.run(
        &view,
        [url = view.context().document().url(), folder, files](ModelLibrary& library) {
          return loadJoined(library, url, folder, files);
        },
        [&view](const Outcome<DocumentState>& outcome) {
          if (!outcome.isOk()) {
            ErrorDialog::show(DocumentView::tr("The weights were not read."), outcome.error(), {}, view.window());
            return;
          }
          const DocumentState& found = outcome.value();
          DocumentContext& context = view.context();
          const DocumentState after =
              edits::setWeights(context.state(), found.weights, found.optimizer, context.state().lastRun);
          if (context.apply(DocumentView::tr("weights"), after)) view.strip().hide();
        });
  });
  dialog->open();
}

}  // namespace

void showMissingWeights(DocumentView& view, StoreWorker& stores, const QStringList& files) {
  MessageStrip& strip = view.strip();
  QStringList names;
  for (const QString& file : files.mid(0, 3)) names << QStringLiteral("`%1`").arg(file);
  if (files.size() > 3) names << DocumentView::tr("and %n more", nullptr, static_cast<int>(files.size()) - 3);
  strip.setMessage(Severity::Warning,
                   DocumentView::tr("%n weight file(s) missing: %1.", nullptr, static_cast<int>(files.size()))
                       .arg(names.join(QStringLiteral(", "))));
  if (view.context().document().url().startsWith(QStringLiteral("file"))) {
    strip.addAction(
        DocumentView::tr("Look in folder..."), [&view, &stores, files] { lookInFolder(view, stores, files); }, true);
  }
  strip.addAction(DocumentView::tr("Start with random weights"), [&view] {
    DocumentContext& context = view.context();
    if (context.apply(DocumentView::tr("random weights"), edits::resetWeights(context.state()))) view.strip().hide();
  });
  strip.setClosable(true);
  strip.show();
}

}  // namespace layersmith
