#include "ui/widgets/Toast.h"

#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Buttons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace layersmith {

namespace {

constexpr int kShadow = 16;
constexpr int kAboveStatusBar = 28 + 16;

QPalette inversePalette(QPalette palette, const char* token) {
  for (QPalette::ColorRole role : {QPalette::WindowText, QPalette::ButtonText, QPalette::Text})
    palette.setColor(role, theme().color(token));
  return palette;
}

/// A word to press, without a box: toasts have inverse colours that the style does not know.
class ToastAction final : public QPushButton {
 public:
  using QPushButton::QPushButton;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    const QColor ink = theme().color("toastAction");
    painter.setPen(ink);
    painter.drawText(rect(), Qt::AlignCenter, text());
    if (hasFocus() || underMouse()) paintBox(&painter, rect(), {{}, ink, 6, hasFocus() ? 2. : 1.});
  }
};

}  // namespace

Toast* Toast::show(QWidget* host, const QString& iconName, const QString& text, const QString& actionText,
                   std::function<void()> action) {
  for (Toast* old : host->findChildren<Toast*>(Qt::FindDirectChildrenOnly)) {
    old->hide();
    old->deleteLater();
  }
  auto* toast = new Toast(host, iconName, text, actionText, std::move(action));
  toast->place();
  toast->QWidget::show();
  toast->raise();
  return toast;
}

Toast::Toast(QWidget* host, const QString& iconName, const QString& text, const QString& actionText,
             std::function<void()> action)
    : QWidget(host) {
  setObjectName(QStringLiteral("toast"));
  setAccessibleName(text);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(kShadow + 16, kShadow, kShadow + 8, kShadow);
  row->setSpacing(12);
  auto* mark = new QLabel(this);
  mark->setPixmap(iconPixmap(iconName, theme().color("toastText"), 16, devicePixelRatioF()));
  auto* label = new QLabel(text, this);
  label->setPalette(inversePalette(palette(), "toastText"));
  label->setMinimumHeight(40);
  row->addWidget(mark);
  row->addWidget(label);
  if (!actionText.isEmpty()) {
    auto* button = new ToastAction(actionText, this);
    button->setObjectName(QStringLiteral("toastAction"));
    button->setAccessibleName(actionText);
    button->setToolTip(actionText);
    connect(button, &QPushButton::clicked, this, [this, run = std::move(action)] {
      hide();
      deleteLater();
      run();
    });
    row->addWidget(button);
  }
  QToolButton* close =
      makeToolButton(QStringLiteral("toastClose"), QStringLiteral("close"), tr("Close this note"), {}, this);
  close->setIcon(icon(QStringLiteral("close"), "toastText"));
  close->setIconSize({16, 16});
  connect(close, &QToolButton::clicked, this, &QObject::deleteLater);
  row->addWidget(close);
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &QObject::deleteLater);
  m_timer.start(theme().motionMs("toastStay"));
  host->installEventFilter(this);
}

void Toast::place() {
  adjustSize();
  const QWidget* host = parentWidget();
  move((host->width() - width()) / 2, host->height() - height() - kAboveStatusBar + kShadow);
}

void Toast::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF plate = QRectF(rect()).adjusted(kShadow, kShadow, -kShadow, -kShadow);
  paintShadow(&painter, plate, 8, 2);
  paintBox(&painter, plate, {theme().color("toast"), {}, 8});
}

void Toast::enterEvent(QEnterEvent*) {
  m_timer.stop();
}

void Toast::leaveEvent(QEvent*) {
  m_timer.start(theme().motionMs("toastStay") / 2);
}

bool Toast::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize) place();
  return QWidget::eventFilter(watched, event);
}

}  // namespace layersmith
