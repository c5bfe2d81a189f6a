#include "ui/dialogs/ShowCodeDialog.h"

#include "ui/dialogs/ErrorDialog.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QSaveFile>
#include <QVBoxLayout>

namespace layersmith {

ShowCodeDialog::ShowCodeDialog(const QString& title, const QString& note, const QString& code, const QString& fileName,
                               QWidget* parent)
    : FooterDialog(QStringLiteral("codeDialog"), title, parent) {
  resize(720, fileName.isEmpty() ? 320 : 560);
  content().addWidget(new TextLabel(title, Theme::TextRole::Title));
  auto* words = new TextLabel(note, Theme::TextRole::Body, "text2");
  words->setWordWrap(true);
  content().addWidget(words);
  auto* text = new QPlainTextEdit(code);
  text->setReadOnly(true);
  setMonoFont(text);
  text->setLineWrapMode(fileName.isEmpty() ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
  nameControl(*text, QStringLiteral("codeDialog.text"), title);
  content().addWidget(text, 1);
  QPushButton* close = addFooterButton(QStringLiteral("codeDialog.close"), tr("Close"), ButtonKind::Default);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  if (!fileName.isEmpty()) {
    QPushButton* save = addFooterButton(QStringLiteral("codeDialog.save"), tr("Save..."), ButtonKind::Default);
    connect(save, &QPushButton::clicked, this, [this, code, fileName] { saveAs(code, fileName); });
  }
  QPushButton* copy = addFooterButton(QStringLiteral("codeDialog.copy"), tr("Copy"), ButtonKind::Primary);
  connect(copy, &QPushButton::clicked, this, [code] { QApplication::clipboard()->setText(code); });
}

void ShowCodeDialog::saveAs(const QString& code, const QString& fileName) {
  auto* dialog = new QFileDialog(this, tr("Save the page"), QDir::home().filePath(fileName));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  connect(dialog, &QFileDialog::fileSelected, this, [this, code](const QString& path) {
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(code.toUtf8()) >= 0 && file.flush() && file.commit()) return;
    const std::string reason = tr("`%1` could not be written: %2.").arg(path, file.errorString()).toStdString();
    ErrorDialog::show(tr("The page was not saved."), Error(ErrorKind::Io, reason, "E201"), {}, this);
  });
  dialog->open();
}

}  // namespace layersmith
