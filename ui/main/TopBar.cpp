#include "ui/main/TopBar.h"

#include "ui/dialogs/Parts.h"
#include "ui/main/Actions.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/SegmentedSwitch.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace layersmith {

namespace {

constexpr ActionId kLayouts[] = {ActionId::LayoutDesign, ActionId::LayoutTraining, ActionId::LayoutEvaluation,
                                 ActionId::LayoutCatalog};

constexpr int kSearchWidth = 208, kSearchWithText = 130, kSearchIcon = 34;

/// Looks like a field, opens the search of actions. Narrow, it keeps its words; very narrow, its icon.
class SearchButton : public QAbstractButton {
 public:
  explicit SearchButton(const QString& keys) : m_keys(keys) {
    setFixedSize(kSearchWidth, 28);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setText(TopBar::tr("Search actions"));
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintBox(&painter, rect(),
             {theme().color("field"), theme().color(hasFocus() ? "focus" : "control"), 6, hasFocus() ? 2.0 : 1.0});
    painter.drawPixmap(8, 6, iconPixmap(QStringLiteral("search"), theme().color("text3"), 16, devicePixelRatioF()));
    if (width() < kSearchWithText) return;
    painter.setPen(theme().color("text3"));
    painter.setFont(theme().font(Theme::TextRole::Body));
    painter.drawText(rect().adjusted(31, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
    if (this->width() < kSearchWidth) return;
    const QFont mono = theme().mono(Theme::TextRole::Caption);
    const int width = QFontMetrics(mono).horizontalAdvance(m_keys) + 10;
    const QRect cap(rect().right() - 4 - width, 4, width, rect().height() - 8);
    paintBox(&painter, cap, {Qt::transparent, theme().color("lineStrong"), 4, 1});
    painter.setFont(mono);
    painter.drawText(cap, Qt::AlignCenter, m_keys);
  }

 private:
  QString m_keys;
};

QToolButton* makeActionButton(QAction& action) {
  auto* button = new QToolButton;
  button->setAutoRaise(true);
  button->setIconSize({20, 20});
  button->setFixedSize(28, 28);
  button->setDefaultAction(&action);
  QString name = action.objectName();
  nameControl(*button, name.replace(QStringLiteral("action."), QStringLiteral("topBar.")), Actions::tip(action));
  return button;
}

QString keysText(const QAction& action) {
  return action.shortcut().toString(QKeySequence::NativeText);
}

}  // namespace

TopBar::TopBar(Actions& actions, QWidget* parent) : QWidget(parent), m_actions(actions) {
  setObjectName(QStringLiteral("topBar"));
  setFixedHeight(48);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 0, 12, 1);
  row->setSpacing(4);
  auto* mark = new QLabel;
  mark->setPixmap(applicationIcon().pixmap(QSize(24, 24), devicePixelRatioF()));
  mark->setAccessibleName(tr("Layersmith"));
  row->addWidget(mark);
  m_menuBar = new QMenuBar;
  m_menuBar->setObjectName(QStringLiteral("menuBar"));
  m_menuBar->setAccessibleName(tr("Menus"));
  m_menuBar->setNativeMenuBar(false);
  row->addWidget(m_menuBar, 0, Qt::AlignVCenter);
  row->addStretch(1);
  row->addWidget(makeSwitch());
  row->addStretch(1);
  m_search = makeSearchField();
  row->addWidget(m_search);
  row->addWidget(makeLine());
  for (ActionId id : {ActionId::NewModel, ActionId::Open, ActionId::Save, ActionId::Undo, ActionId::Redo}) {
    if (id == ActionId::Undo) row->addWidget(makeLine());
    QToolButton* button = makeActionButton(*m_actions[id]);
    row->addWidget(button);
  }
  row->addWidget(makeLine());
  row->addWidget(makeTrainButton());
  connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QWidget* TopBar::makeSwitch() {
  m_layouts = new SegmentedSwitch({tr("Design"), tr("Training"), tr("Evaluation"), tr("Catalog")});
  nameControl(*m_layouts, QStringLiteral("topBar.layouts"), tr("Layout"), tr("Which panels are shown"));
  for (int i = 0; i < 4; ++i) {
    QAction* action = m_actions[kLayouts[i]];
    m_layouts->setSegmentToolTip(i, QStringLiteral("%1 (%2)").arg(action->statusTip(), keysText(*action)));
    connect(action, &QAction::toggled, m_layouts, [this, i](bool isOn) {
      if (isOn) m_layouts->setCurrentIndex(i);
    });
  }
  connect(m_layouts, &SegmentedSwitch::currentChanged, this, [this](int index) {
    if (!m_actions[kLayouts[index]]->isChecked()) m_actions[kLayouts[index]]->trigger();
  });
  return m_layouts;
}

QWidget* TopBar::makeSearchField() {
  QAction* action = m_actions[ActionId::SearchActions];
  auto* field = new SearchButton(keysText(*action));
  nameControl(*field, QStringLiteral("topBar.search"), tr("Search actions"), Actions::tip(*action));
  connect(field, &QAbstractButton::clicked, action, &QAction::trigger);
  return field;
}

QWidget* TopBar::makeTrainButton() {
  m_train = makeButton(QStringLiteral("topBar.train"), tr("Train"), ButtonKind::Primary, QStringLiteral("train"));
  m_train->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);  // never narrower than its words
  connect(m_train, &QPushButton::clicked, this,
          [this] { m_actions[m_isRunning ? ActionId::Pause : ActionId::Train]->trigger(); });
  setTraining(false);
  return m_train;
}

QWidget* TopBar::makeLine() {
  auto* box = new QWidget;
  box->setFixedSize(17, 20);
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(8, 0, 8, 0);
  layout->addWidget(new Surface("lineStrong"));
  return box;
}

void TopBar::setTraining(bool isRunning) {
  m_isRunning = isRunning;
  QAction* action = m_actions[isRunning ? ActionId::Pause : ActionId::Train];
  m_train->setProperty("primary", !isRunning);
  m_train->setIcon(
      icon(isRunning ? QStringLiteral("pause") : QStringLiteral("train"), isRunning ? "text" : "textOnAccent"));
  m_train->setText(QStringLiteral("%1  %2").arg(isRunning ? tr("Pause") : tr("Train"), keysText(*action)));
  m_train->setAccessibleName(isRunning ? tr("Pause") : tr("Train"));
  m_train->setToolTip(Actions::tip(*action));
  m_train->update();
}

/// In a narrow window the search gives way, so that all menus stay.
void TopBar::resizeEvent(QResizeEvent* event) {
  const int others = layout()->sizeHint().width() - m_search->width();
  m_search->setFixedWidth(std::clamp(width() - others, kSearchIcon, kSearchWidth));
  QWidget::resizeEvent(event);
}

void TopBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().color("window"));
  painter.fillRect(0, height() - 1, width(), 1, theme().color("line"));
}

}  // namespace layersmith
