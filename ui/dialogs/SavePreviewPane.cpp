#include "ui/dialogs/SavePreviewPane.h"

#include "ui/dialogs/Parts.h"
#include "ui/widgets/Chip.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLocale>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace layersmith {

SavePreviewPane::SavePreviewPane(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  m_title = new TextLabel({}, Theme::TextRole::BodyStrong);
  m_bytes = new Chip({}, Chip::Tone::Info);
  head->addWidget(m_title);
  head->addStretch();
  head->addWidget(m_bytes);
  column->addLayout(head);
  m_note = new TextLabel({}, Theme::TextRole::Label, "text2");
  m_note->setWordWrap(true);
  column->addWidget(m_note);
  m_text = new QPlainTextEdit;
  m_text->setReadOnly(true);
  m_text->setFrameShape(QFrame::NoFrame);
  setMonoFont(m_text, Theme::TextRole::Caption);
  m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  setBackgroundToken(m_text->viewport(), "window");  // the pane's own; its scroll bar follows
  m_text->document()->setDocumentMargin(0);
  nameControl(*m_text, QStringLiteral("saveDialog.preview"), tr("What will be written"));
  column->addSpacing(4);
  column->addWidget(m_text, 1);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  m_curl = makeButton(QStringLiteral("saveDialog.curl"), tr("curl"), ButtonKind::Default, QStringLiteral("copy"));
  m_tfIo = makeButton(QStringLiteral("saveDialog.tfIo"), tr("tf.io.http"), ButtonKind::Default, QStringLiteral("copy"));
  m_curl->setToolTip(tr("Copy as a curl command; secrets are left out"));
  m_tfIo->setToolTip(tr("Copy as TensorFlow.js code; secrets are left out"));
  buttons->addWidget(m_curl);
  buttons->addWidget(m_tfIo);
  buttons->addStretch();
  column->addLayout(buttons);
  connect(m_curl, &QPushButton::clicked, this, [this] { copy(m_preview.curl); });
  connect(m_tfIo, &QPushButton::clicked, this, [this] { copy(m_preview.tfIo); });
}

void SavePreviewPane::setTarget(SaveTarget target) {
  const bool isHttp = target == SaveTarget::Http;
  m_title->setText(isHttp                                                       ? tr("Request")
                   : target == SaveTarget::Folder || target == SaveTarget::Pair ? tr("Files")
                                                                                : tr("Entries"));
  m_note->setText(isHttp ? tr("Exactly what will be sent.") : tr("Exactly what will be written."));
  m_curl->setVisible(isHttp);
  m_tfIo->setVisible(isHttp);
}

void SavePreviewPane::setPreview(const SavePreview& preview) {
  m_preview = preview;
  m_bytes->show();
  const QString amount = QLocale().toString(static_cast<qlonglong>(preview.totalBytes));
  m_bytes->setText((preview.isInCharacters ? tr("%1 characters") : tr("%1 bytes")).arg(amount));
  m_text->setPlainText(preview.text);
}

void SavePreviewPane::setProblem(const QString& text) {
  m_preview = {};
  m_bytes->hide();
  m_text->setPlainText(text);
}

QString SavePreviewPane::text() const {
  return m_text->toPlainText();
}
void SavePreviewPane::copy(const QString& text) {
  QApplication::clipboard()->setText(text);
}

}  // namespace layersmith
