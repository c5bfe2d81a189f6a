#include "ui/main/WelcomePanel.h"

#include "ui/catalog/CatalogPlaces.h"
#include "ui/dialogs/Parts.h"
#include "ui/main/Actions.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"
#include "ui/main/Settings.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"

#include <QAbstractButton>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kWidth = 368, kMargin = 24;  // the latter around the panel
constexpr int kRow = 32, kCloseRow = 28;

/// One line to click: icon, words, and its keys at the right.
class RowButton : public QAbstractButton {
 public:
  RowButton(QIcon icon, const QString& text, const QString& keys) : m_keys(keys) {
    setIcon(icon);
    setText(text);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
  }

  QSize sizeHint() const override { return {200, m_isClose ? kCloseRow : kRow}; }
  void setClose(bool isClose) {
    m_isClose = isClose;
    updateGeometry();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() && isEnabled())
      paintBox(&painter, rect().adjusted(-4, 0, 4, 0), {theme().color("hover"), Qt::transparent, 6, 1});
    icon().paint(&painter, QRect(0, (height() - 20) / 2, 20, 20));
    painter.setFont(theme().font(Theme::TextRole::Body));
    painter.setPen(theme().color("text"));
    const QFont mono = theme().mono(Theme::TextRole::Caption);
    const int capWidth = m_keys.isEmpty() ? 0 : QFontMetrics(mono).horizontalAdvance(m_keys) + 12;
    const QRect words(32, 0, width() - 40 - capWidth, height());
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text(), Qt::ElideMiddle, words.width()));
    if (capWidth > 0) {
      const QRect cap(width() - capWidth, (height() - 18) / 2, capWidth, 18);
      paintBox(&painter, cap, {Qt::transparent, theme().color("lineStrong"), 4, 1});
      painter.setFont(mono);
      painter.setPen(theme().color("text2"));
      painter.drawText(cap, Qt::AlignCenter, m_keys);
    }
    if (hasFocus()) paintFocusRing(&painter, rect(), 6);
  }

 private:
  QString m_keys;
  bool m_isClose = false;
};

/// A word on a rounded ground.
class SampleChip : public QAbstractButton {
 public:
  explicit SampleChip(const QString& text) {
    setText(text);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
  }

  QSize sizeHint() const override {
    return {QFontMetrics(theme().font(Theme::TextRole::Label)).horizontalAdvance(text()) + 20, 24};
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintBox(&painter, rect(), {theme().color(underMouse() ? "lineStrong" : "pressed"), Qt::transparent, 12, 0.01});
    painter.setFont(theme().font(Theme::TextRole::Label));
    painter.setPen(theme().color("text2"));
    painter.drawText(rect(), Qt::AlignCenter, text());
    if (hasFocus()) paintFocusRing(&painter, rect(), 12);
  }
};

}  // namespace

WelcomePanel::WelcomePanel(Actions& actions, Settings& settings, QWidget* parent)
    : QWidget(parent), m_actions(actions), m_settings(settings) {
  setObjectName(QStringLiteral("welcome"));
  setFixedWidth(kWidth);
  m_scroll = new QScrollArea;
  m_scroll->setObjectName(QStringLiteral("welcome.scroll"));
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(1, 1, 1, 1);
  outer->addWidget(m_scroll);
  makeContent();
  m_scroll->setWidget(m_content);
  m_scroll->viewport()->setAutoFillBackground(false);
  m_content->setAutoFillBackground(false);
  connect(&m_settings, &Settings::recentPlacesChanged, this, &WelcomePanel::refreshRecent);
  connect(&theme(), &Theme::changed, this, [this] {
    fit();
    update();
  });
  refreshRecent();
}

void WelcomePanel::makeContent() {
  m_content = new QWidget;
  m_column = new QVBoxLayout(m_content);
  m_column->addWidget(new TextLabel(tr("Welcome to Layersmith"), Theme::TextRole::Display));
  m_intro = new TextLabel(tr("Build, train and keep TensorFlow.js models.\nEverything stays on this computer."),
                          Theme::TextRole::Body, "text2");
  m_column->addWidget(m_intro);
  m_column->addWidget(makeSampleBox());
  m_rows = new QVBoxLayout;
  m_rows->setSpacing(0);
  m_rows->addWidget(makeActionRow(m_actions[ActionId::NewModel], QStringLiteral("welcome.new"), tr("New model")));
  m_rows->addWidget(makeActionRow(m_actions[ActionId::Open], QStringLiteral("welcome.open"), tr("Open...")));
  m_rows->addWidget(
      makeActionRow(m_actions[ActionId::OpenLink], QStringLiteral("welcome.openLink"), tr("Open from link...")));
  m_recent = new QWidget;
  m_recentRows = new QVBoxLayout(m_recent);
  m_recentRows->setContentsMargins(0, 0, 0, 0);
  m_recentRows->setSpacing(0);
  m_rows->addWidget(m_recent);
  m_column->addLayout(m_rows);
  auto* line = new Surface("line");
  line->setFixedHeight(1);
  m_column->addWidget(line);
  m_column->addWidget(makeChips());
  setClose(false, true);
}

QSize WelcomePanel::sizeHint() const {
  return {kWidth, m_content->sizeHint().height() + 2};
}

void WelcomePanel::setClose(bool isClose, bool hasIntro) {
  m_column->setContentsMargins(23, isClose ? 12 : 19, 22, isClose ? 10 : 15);
  m_column->setSpacing(isClose ? 8 : 12);
  m_intro->setVisible(hasIntro);
  for (QAbstractButton* button : findChildren<QAbstractButton*>())
    if (auto* row = dynamic_cast<RowButton*>(button)) row->setClose(isClose);
  measureAnew();
}

/// What layouts remember of their parts is else put right later, by the event loop.
void WelcomePanel::measureAnew() {
  m_recentRows->activate();
  m_rows->invalidate();
  m_column->invalidate();
}

void WelcomePanel::fit() {
  setClose(false, true);
  const int room = parentWidget() ? parentWidget()->height() - 2 * kMargin : 0;
  const auto isTooHigh = [&] { return room > 0 && sizeHint().height() > room; };
  if (isTooHigh()) setClose(true, true);
  if (isTooHigh()) setClose(true, false);
  const int height = room > 0 ? std::min(sizeHint().height(), room) : sizeHint().height();
  if (sizeHint().height() > height)  // the scroll bar takes its room from the margin
    m_column->setContentsMargins(23, 12, std::max(8, 22 - m_scroll->verticalScrollBar()->sizeHint().width()), 10);
  resize(kWidth, height);
}

bool WelcomePanel::event(QEvent* event) {
  if (event->type() == QEvent::ParentAboutToChange && parentWidget()) parentWidget()->removeEventFilter(this);
  if (event->type() == QEvent::ParentChange && parentWidget()) {
    parentWidget()->installEventFilter(this);
    fit();
  }
  return QWidget::event(event);
}

bool WelcomePanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize) fit();
  return QWidget::eventFilter(watched, event);
}

void WelcomePanel::setSample(const QString& title, const QString& facts) {
  m_sampleTitle->setText(title);
  m_sampleFacts->setText(facts);
  fit();
}

QWidget* WelcomePanel::makeSampleBox() {
  class TintedBox : public QWidget {
   protected:
    void paintEvent(QPaintEvent*) override {
      QPainter painter(this);
      painter.setRenderHint(QPainter::Antialiasing);
      paintBox(&painter, rect(), {theme().color("infoTint"), Qt::transparent, 8, 0.01});
    }
  };
  auto* box = new TintedBox;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(16, 12, 16, 14);
  column->setSpacing(4);
  m_sampleTitle = new TextLabel({}, Theme::TextRole::BodyStrong);
  m_sampleFacts = new TextLabel({}, Theme::TextRole::Body, "text2");
  column->addWidget(m_sampleTitle);
  column->addWidget(m_sampleFacts);
  column->addSpacing(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  QPushButton* train =
      makeButton(QStringLiteral("welcome.train"), tr("Train the sample"), ButtonKind::Primary, QStringLiteral("train"));
  train->setProperty("large", true);
  QPushButton* look = makeButton(QStringLiteral("welcome.look"), tr("Look around first"), ButtonKind::Ghost);
  look->setProperty("large", true);
  row->addWidget(train);
  row->addWidget(look);
  row->addStretch();
  column->addLayout(row);
  connect(train, &QPushButton::clicked, this, [this] {
    Q_EMIT dismissed();
    m_actions[ActionId::Train]->trigger();
  });
  connect(look, &QPushButton::clicked, this, &WelcomePanel::dismissed);
  return box;
}

QWidget* WelcomePanel::makeActionRow(QAction* action, const QString& name, const QString& text) {
  auto* row = new RowButton(action->icon(), text, action->shortcut().toString(QKeySequence::NativeText));
  nameControl(*row, name, text, Actions::tip(*action));
  connect(row, &QAbstractButton::clicked, action, &QAction::trigger);
  return row;
}

QWidget* WelcomePanel::makeChips() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(new TextLabel(tr("Samples"), Theme::TextRole::Label, "text2"));
  const std::pair<const char*, QString> samples[] = {
      {"xor", tr("XOR")}, {"spirals", tr("Spirals")}, {"iris", tr("Iris")}, {"digits", tr("Digits")}};
  for (const auto& [key, title] : samples) {
    auto* chip = new SampleChip(title);
    const QString template_ = QString::fromLatin1(key);
    nameControl(*chip, QStringLiteral("welcome.sample.") + template_, tr("Open the sample %1").arg(title));
    connect(chip, &QAbstractButton::clicked, this, [this, template_] { Q_EMIT templateRequested(template_); });
    row->addWidget(chip);
  }
  row->addStretch();
  return box;
}

void WelcomePanel::refreshRecent() {
  while (QLayoutItem* item = m_recentRows->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  const QStringList places = m_settings.recentPlaces().mid(0, 3);
  for (int i = 0; i < places.size(); ++i) {
    const QString place = places[i];
    const bool isWeb = place.startsWith(QStringLiteral("http"));
    auto* row = new RowButton(
        icon(QStringLiteral("history")),
        tr("%1 in %2").arg(modelNameOf(place), isWeb ? placeForPeople(place) : placeTitle(placeOf(place))), {});
    nameControl(*row, QStringLiteral("welcome.recent%1").arg(i), tr("Open %1").arg(place));
    connect(row, &QAbstractButton::clicked, this, [this, place] { Q_EMIT placeRequested(place); });
    m_recentRows->addWidget(row);
  }
  m_recent->setVisible(!places.isEmpty());
  fit();
}

void WelcomePanel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintBox(&painter, rect(), {theme().color("raised"), theme().color("lineStrong"), 10, 1});
}

}  // namespace layersmith
