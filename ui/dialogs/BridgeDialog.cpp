#include "ui/dialogs/BridgeDialog.h"

#include "model/session/BrowserBridge.h"
#include "ui/widgets/Chip.h"
#include "ui/widgets/FormRows.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace layersmith {

using State = BrowserBridge::State;

BridgeDialog::BridgeDialog(BrowserBridge& bridge, const QString& modelName, QWidget* parent)
    : FooterDialog(QStringLiteral("bridgeDialog"), tr("Browser Bridge"), parent),
      m_bridge(bridge),
      m_modelName(modelName) {
  resize(640, 440);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(new TextLabel(tr("Bring models out of a web page"), Theme::TextRole::Title));
  m_chip = new Chip;
  head->addWidget(m_chip);
  head->addStretch();
  content().addLayout(head);
  auto* words =
      new TextLabel(tr("While the bridge listens, pages in browsers on this computer can send their TensorFlow.js "
                       "models to the catalog, and load models from it. Only pages that know the token can; it is a "
                       "new one each time."),
                    Theme::TextRole::Body, "text2");
  words->setWordWrap(true);
  content().addWidget(words);
  content().addSpacing(4);
  m_state = new TextLabel;
  m_state->setObjectName(QStringLiteral("bridgeDialog.state"));
  m_state->setWordWrap(true);
  m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_token = new TextLabel({}, Theme::TextRole::Code);
  m_token->setObjectName(QStringLiteral("bridgeDialog.token"));
  m_token->setAccessibleName(tr("Token"));
  m_token->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_choice = new QComboBox;
  m_choice->addItems({tr("Send the model in the page's variable \"model\""), tr("Send every model the page keeps"),
                      tr("Load a model from here")});
  nameControl(*m_choice, QStringLiteral("bridgeDialog.snippet"), tr("What the page shall do"));
  auto* rows = new FormRows;
  rows->addRow(tr("State"), m_state);
  m_tokenLabel = rows->addRow(tr("Token"), m_token);
  rows->addRow(tr("Snippet"), m_choice);
  content().addWidget(rows);
  m_code = new QPlainTextEdit;
  m_code->setReadOnly(true);
  m_code->document()->setDocumentMargin(8);
  setMonoFont(m_code);
  nameControl(*m_code, QStringLiteral("bridgeDialog.code"), tr("For the page's console"));
  content().addWidget(m_code, 1);
  QPushButton* close = addFooterButton(QStringLiteral("bridgeDialog.close"), tr("Close"), ButtonKind::Default);
  m_switch = addFooterButton(QStringLiteral("bridgeDialog.switch"), tr("Start"), ButtonKind::Default);
  m_copy = addFooterButton(QStringLiteral("bridgeDialog.copy"), tr("Copy"), ButtonKind::Default);
  m_switch->setFocus();
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_copy, &QPushButton::clicked, this, [this] {
    QApplication::clipboard()->setText(snippet());
    m_copy->setText(tr("Copied"));
  });
  connect(m_choice, &QComboBox::currentIndexChanged, this, &BridgeDialog::refresh);
  connect(&bridge, &BrowserBridge::stateChanged, this, &BridgeDialog::refresh);
  connect(m_switch, &QPushButton::clicked, this, [this] {
    const bool runs = m_bridge.state() == State::Listening || m_bridge.state() == State::Starting;
    runs ? Q_EMIT stopRequested() : Q_EMIT startRequested();
  });
  refresh();
}

QString BridgeDialog::snippet() const {
  switch (m_choice->currentIndex()) {
    case OneModel: return m_bridge.modelSnippet();
    case AllModels: return m_bridge.storesSnippet();
    default: return m_bridge.loadSnippet(m_modelName);
  }
}

void BridgeDialog::refresh() {
  const State state = m_bridge.state();
  const bool isListening = state == State::Listening;
  m_chip->setText(isListening ? tr("Listens") : tr("Off"));
  m_chip->setTone(isListening ? Chip::Tone::Success : Chip::Tone::Neutral);
  switch (state) {
    case State::Stopped: m_state->setText(tr("The bridge is off.")); break;
    case State::Starting: m_state->setText(tr("Starting.")); break;
    case State::Listening: m_state->setText(tr("Listens on %1").arg(m_bridge.address())); break;
    case State::Failed: m_state->setText(tr("The bridge was not started. %1").arg(m_bridge.problem())); break;
  }
  m_state->setToken(state == State::Failed ? "danger" : "text");
  m_token->setVisible(isListening);
  m_tokenLabel->setVisible(isListening);
  m_token->setText(m_bridge.token());
  m_choice->setEnabled(isListening);
  m_copy->setVisible(isListening);
  m_copy->setEnabled(isListening);
  m_copy->setText(tr("Copy"));
  if (isListening && m_switch->hasFocus()) m_copy->setFocus();  // the next Return copies; it does not stop the bridge
  m_code->setEnabled(isListening);
  m_code->setPlainText(isListening ? snippet() : QString());
  m_code->setPlaceholderText(tr("The lines for the page's console stand here while the bridge listens."));
  m_switch->setText(isListening || state == State::Starting ? tr("Stop") : tr("Start"));
  // What comes next is the primary button: start, then copy.
  for (QPushButton* button : {m_switch, m_copy}) {
    const bool isPrimary = (button == m_copy) == isListening;
    button->setProperty("primary", isPrimary);
    button->setDefault(isPrimary);
    button->update();
  }
}

}  // namespace layersmith
