#include "ui/dialogs/AnswerDialog.h"

#include "ui/widgets/SizeText.h"

#include <QApplication>
#include <QClipboard>
#include <QLocale>
#include <QPlainTextEdit>
#include <QUrl>
#include <QVBoxLayout>

namespace layersmith {

namespace {

QString answerText(const SaveResult& result) {
  QStringList lines;
  for (const auto& [name, value] : result.replyHeaders) lines << name + QStringLiteral(": ") + value;
  lines << QString() << QString::fromUtf8(result.replyBody);
  return lines.join(QLatin1Char('\n')).trimmed();
}

}  // namespace

QString answerSummary(const SaveResult& result, qint64 elapsedMs) {
  const QString seconds = QLocale().toString(double(elapsedMs) / 1000, 'f', elapsedMs < 10'000 ? 2 : 0);
  return AnswerDialog::tr("%1 in %2 s").arg(result.httpStatus).arg(seconds);
}

AnswerDialog::AnswerDialog(const SaveResult& result, qint64 elapsedMs, QWidget* parent)
    : FooterDialog(QStringLiteral("answerDialog"), tr("The server's answer"), parent) {
  resize(600, 420);
  content().addWidget(new TextLabel(tr("%1 answered %2").arg(QUrl(result.url).host(), answerSummary(result, elapsedMs)),
                                    Theme::TextRole::Title));
  auto* note = new TextLabel(
      tr("%1 were sent. Headers and the first 4 KB of the answer:").arg(sizeText(result.info.totalBytes())),
      Theme::TextRole::Body, "text2");
  note->setWordWrap(true);
  content().addWidget(note);
  auto* text = new QPlainTextEdit(answerText(result));
  text->setReadOnly(true);
  setMonoFont(text);
  nameControl(*text, QStringLiteral("answerDialog.text"), tr("The server's answer"));
  content().addWidget(text, 1);
  QPushButton* copy = addFooterButton(QStringLiteral("answerDialog.copy"), tr("Copy"), ButtonKind::Default);
  QPushButton* close = addFooterButton(QStringLiteral("answerDialog.close"), tr("Close"), ButtonKind::Primary);
  connect(copy, &QPushButton::clicked, this, [text] { QApplication::clipboard()->setText(text->toPlainText()); });
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

}  // namespace layersmith
