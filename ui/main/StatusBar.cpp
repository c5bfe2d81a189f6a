#include "ui/main/StatusBar.h"

#include "ui/commands/DocumentContext.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"

#include <QDir>
#include <QFile>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QUrl>

#include <unistd.h>
#include <algorithm>
#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

namespace {

std::int64_t residentBytes() {
  QFile file(QStringLiteral("/proc/self/statm"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const QList<QByteArray> fields = file.readAll().split(' ');
  return fields.size() > 1 ? fields[1].toLongLong() * sysconf(_SC_PAGESIZE) : 0;
}

TextLabel* makeFact(const QString& name) {
  auto* label = new TextLabel({}, Theme::TextRole::Label, "text2");
  label->setObjectName(name);
  label->setContentsMargins(6, 0, 6, 0);
  return label;
}

}  // namespace

StatusBar::StatusBar(QWidget* parent) : QStatusBar(parent) {
  setObjectName(QStringLiteral("statusBar"));
  setSizeGripEnabled(false);
  setFixedHeight(28);
  setContentsMargins(6, 0, 6, 0);
  m_state = makeFact(QStringLiteral("status.state"));
  m_place = makeFact(QStringLiteral("status.place"));
  m_shapes = makeButton(QStringLiteral("status.shapes"), tr("Shapes fit"), ButtonKind::Ghost, QStringLiteral("check"));
  setFontRole(m_shapes, Theme::TextRole::Label);
  m_shapes->setFixedHeight(24);
  m_shapes->setFocusPolicy(Qt::TabFocus);
  addWidget(m_state);
  addWidget(m_place);
  addWidget(m_shapes);
  m_parameters = makeFact(QStringLiteral("status.parameters"));
  m_bridge = makeFact(QStringLiteral("status.bridge"));
  m_threads = makeFact(QStringLiteral("status.threads"));
  m_memory = makeFact(QStringLiteral("status.memory"));
  for (TextLabel* label : {m_bridge, m_parameters, m_threads, m_memory}) addPermanentWidget(label);
  setBridge({});
  connect(m_shapes, &QPushButton::clicked, this, &StatusBar::problemsRequested);
  m_memoryTimer.setInterval(2s);
  connect(&m_memoryTimer, &QTimer::timeout, this, &StatusBar::refreshMemory);
  m_memoryTimer.start();
  refreshMemory();
  refresh();
}

void StatusBar::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->session(), nullptr, this, nullptr);
    disconnect(m_context, nullptr, this, nullptr);
  }
  m_context = context;
  m_progress.clear();
  if (context) {
    connect(&context->document(), &ModelDocument::changed, this, &StatusBar::refresh);
    connect(&context->document(), &ModelDocument::urlChanged, this, &StatusBar::refresh);
    connect(context, &DocumentContext::modifiedChanged, this, &StatusBar::refresh);
    connect(&context->session(), &TrainingSession::stateChanged, this, &StatusBar::refreshState);
    connect(&context->session(), &TrainingSession::ticked, this, [this](const TrainingTick& tick) {
      m_progress = tr("Training, epoch %1 of %2").arg(tick.epoch + 1).arg(m_context->session().epochs());
      refreshState();
    });
  }
  refresh();
}

void StatusBar::setThreads(int threads) {
  m_threads->setText(tr("%n thread(s)", nullptr, threads));
}

void StatusBar::setBridge(const QString& address) {
  m_bridge->setVisible(!address.isEmpty());
  m_bridge->setText(tr("Browser Bridge on %1").arg(address.section(u'/', -1)));
  m_bridge->setToolTip(address);
}

void StatusBar::setBusy(const QString& text) {
  m_busy = text;
  refreshState();
}

void StatusBar::refresh() {
  refreshState();
  m_shapes->setVisible(m_context != nullptr);
  m_parameters->setVisible(m_context != nullptr);
  m_place->setVisible(m_context != nullptr);
  if (!m_context) return;
  const QString url = m_context->document().url();
  const QString shown = QUrl(url).isLocalFile() ? QDir::toNativeSeparators(QUrl(url).toLocalFile()) : url;
  m_place->setText(url.isEmpty() ? tr("Not saved yet")
                                 : (m_context->isModified() ? tr("Changed since saved in %1") : tr("Saved in %1"))
                                       .arg(m_place->fontMetrics().elidedText(shown, Qt::ElideMiddle, 320)));
  m_place->setToolTip(shown);
  const GraphReport& report = m_context->document().report();
  const auto faults = static_cast<int>(std::ranges::count(report.issues, Severity::Error, &Issue::severity));
  const bool isFine = faults == 0;
  m_shapes->setIcon(icon(isFine ? QStringLiteral("check") : QStringLiteral("error"), isFine ? "success" : "danger"));
  m_shapes->setText(isFine ? tr("Shapes fit") : tr("%n problem(s)", nullptr, faults));
  m_shapes->setAccessibleName(m_shapes->text());
  m_shapes->setToolTip(tr("Show the list of problems"));
  QPalette colors = m_shapes->palette();
  colors.setColor(QPalette::ButtonText, theme().color(isFine ? "success" : "danger"));
  m_shapes->setPalette(colors);
  m_parameters->setText(tr("%1 parameters").arg(QLocale().toString(static_cast<qlonglong>(report.parameters))));
}

void StatusBar::refreshState() {
  using State = TrainingSession::State;
  const State state = m_context ? m_context->session().state() : State::Idle;
  if (!m_busy.isEmpty())
    m_state->setText(m_busy);
  else if (state == State::Running)
    m_state->setText(m_progress.isEmpty() ? tr("Training") : m_progress);
  else if (state == State::Paused)
    m_state->setText(tr("Training paused"));
  else if (state == State::Stopping)
    m_state->setText(tr("Stopping"));
  else
    m_state->setText(tr("Ready"));
  m_state->setAccessibleName(m_state->text());
}

void StatusBar::refreshMemory() {
  m_memory->setText(tr("%1 MB").arg(residentBytes() / 1'000'000));
}

}  // namespace layersmith
