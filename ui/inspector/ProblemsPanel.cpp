#include "ui/inspector/ProblemsPanel.h"

#include "model/document/Edits.h"
#include "ui/commands/DocumentContext.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/FlowLayout.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/TextLabel.h"

#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace layersmith {

namespace {

constexpr std::size_t kMostEntries = 100;

QString severityWord(Severity severity) {
  return severity == Severity::Error     ? ProblemsPanel::tr("Problem")
         : severity == Severity::Warning ? ProblemsPanel::tr("Warning")
                                         : ProblemsPanel::tr("Hint");
}

/// One problem: mark, sentence, buttons.
class Entry final : public QWidget {
 public:
  Entry(const Issue& issue, int index, QWidget* parent, const std::function<void()>& reveal,
        const std::function<void(const Repair&)>& mend, bool isFirstError)
      : QWidget(parent), m_reveal(reveal), m_severity(issue.severity) {
    setObjectName(QStringLiteral("problem%1").arg(index));
    const QString message = QString::fromStdString(issue.message);
    setAccessibleName(severityWord(issue.severity) + QStringLiteral(": ") + QString(message).remove(u'`'));
    setToolTip(ProblemsPanel::tr("Double click or Enter goes to the place"));
    setFocusPolicy(Qt::StrongFocus);
    auto* sentence = new QLabel(richText(message), this);
    sentence->setWordWrap(true);
    sentence->setTextFormat(Qt::RichText);
    sentence->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(44, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(sentence);
    connect(&theme(), &Theme::changed, sentence, [sentence, message] { sentence->setText(richText(message)); });
    if (issue.repairs.empty()) return;
    auto* row = new QWidget(this);
    auto* flow = new FlowLayout(row);
    for (std::size_t i = 0; i < issue.repairs.size(); ++i) {
      const Repair& repair = issue.repairs[i];
      const ButtonKind kind = isFirstError && i == 0 ? ButtonKind::Primary : ButtonKind::Default;
      QPushButton* button = makeButton(QStringLiteral("problem%1repair%2").arg(index).arg(i),
                                       QString::fromStdString(repair.label), kind, {}, row);
      connect(button, &QPushButton::clicked, this, [mend, repair] { mend(repair); });
      flow->addWidget(button);
    }
    column->addWidget(row);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.fillRect(0, height() - 1, width(), 1, theme().color("line"));
    const QPixmap mark = iconPixmap(QString::fromLatin1(severityIconName(m_severity)),
                                    theme().color(severityToken(m_severity)), 20, devicePixelRatioF());
    painter.drawPixmap(isRightToLeft() ? width() - 34 : 14, 11, mark);
    if (hasFocus()) paintFocusRing(&painter, rect().adjusted(2, 2, -2, -3));
  }
  void mouseDoubleClickEvent(QMouseEvent*) override { m_reveal(); }
  void keyPressEvent(QKeyEvent* event) override {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
      m_reveal();
    else
      QWidget::keyPressEvent(event);
  }

 private:
  std::function<void()> m_reveal;
  Severity m_severity;
};

}  // namespace

ProblemsPanel::ProblemsPanel(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("problemsPanel"));
  setAccessibleName(tr("Problems"));
  setBackgroundToken(this, "panel");
  m_empty = new EmptyState(QStringLiteral("check"), tr("No problems"),
                           tr("The shapes fit and the model can be trained."), {}, {}, this);
  auto* page = new QWidget(this);
  setBackgroundToken(page, "panel");
  m_column = new QVBoxLayout(page);
  m_column->setContentsMargins(0, 0, 0, 0);
  m_column->setSpacing(0);
  m_column->addStretch();
  m_scroll = new QScrollArea(this);
  m_scroll->setObjectName(QStringLiteral("problemsScroll"));
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  setBackgroundToken(m_scroll->viewport(), "panel");
  m_scroll->setWidget(page);
  m_stack = new QStackedLayout(this);
  m_stack->addWidget(m_empty);
  m_stack->addWidget(m_scroll);
}

void ProblemsPanel::setContext(DocumentContext* context) {
  if (m_context) disconnect(&m_context->document(), nullptr, this, nullptr);
  m_context = context;
  if (context) connect(&context->document(), &ModelDocument::changed, this, &ProblemsPanel::refresh);
  refresh();
}

void ProblemsPanel::refresh() {
  for (QWidget* entry : m_entries) {
    entry->hide();
    entry->deleteLater();  // a repair button of it may be the one that was pressed
  }
  m_entries.clear();
  std::vector<Issue> issues = m_context ? m_context->document().report().issues : std::vector<Issue>();
  std::ranges::stable_sort(issues, [](const Issue& a, const Issue& b) { return a.severity > b.severity; });
  m_errors = int(std::ranges::count(issues, Severity::Error, &Issue::severity));
  m_hints = int(issues.size()) - m_errors;
  for (std::size_t i = 0; i < std::min(issues.size(), kMostEntries); ++i) {
    const Issue& issue = issues[i];
    const bool isFirstError = i == 0 && issue.severity == Severity::Error;
    auto* entry = new Entry(
        issue, int(i), m_scroll->widget(), [this, issue] { reveal(issue); },
        [this](const Repair& mend) { repair(mend); }, isFirstError);
    m_column->insertWidget(int(i), entry);
    m_entries.push_back(entry);
  }
  m_stack->setCurrentWidget(issues.empty() ? static_cast<QWidget*>(m_empty) : m_scroll);
  Q_EMIT countsChanged(m_errors, m_hints);
}

void ProblemsPanel::reveal(const Issue& issue) {
  if (!issue.layer.isValid() || !m_context) return;
  m_context->selection().set({issue.layer});
  Q_EMIT m_context->selection().revealRequested(issue.layer, QString::fromStdString(issue.fieldKey));
}

void ProblemsPanel::repair(const Repair& mend) {
  if (!m_context) return;
  QString text = QString::fromStdString(mend.label);
  if (!text.isEmpty()) text[0] = text[0].toLower();  // an undo step: "Undo insert Flatten"
  m_context->apply(text, edits::applyRepair(m_context->state(), mend));
}

bool ProblemsPanel::revealFirst() {
  if (!m_context) return false;
  for (const Issue& issue : m_context->document().report().issues)
    if (issue.severity == Severity::Error) {
      reveal(issue);
      return true;
    }
  return false;
}

}  // namespace layersmith
