// Draws every control in its states in both themes (controls-light.png, controls-dark.png in the build's tests folder)
// and checks what a picture cannot: measures, and that no state is drawn like another.
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Chip.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/QuotaBar.h"
#include "ui/widgets/SearchField.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/TextLabel.h"
#include "ui/widgets/Toast.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QProgressBar>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QStyleOption>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QTreeView>
#include <QVBoxLayout>

using namespace layersmith;

namespace {

QWidget* row(std::initializer_list<QWidget*> widgets) {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  for (QWidget* widget : widgets) layout->addWidget(widget);
  layout->addStretch();
  return box;
}

QWidget* disabled(QWidget* widget) {
  widget->setEnabled(false);
  return widget;
}

QPushButton* button(const char* text, ButtonKind kind, const char* iconName = "") {
  return makeButton(QLatin1String(text), QLatin1String(text), kind, QLatin1String(iconName));
}

QSpinBox* spinBox() {
  auto* spin = new QSpinBox;
  spin->setFont(theme().mono());
  spin->setValue(32);
  spin->setFixedWidth(104);
  return spin;
}

QComboBox* comboBox() {
  auto* combo = new QComboBox;
  combo->addItems({QStringLiteral("tanh"), QStringLiteral("relu"), QStringLiteral("sigmoid")});
  return combo;
}

QTableView* table() {
  auto* view = new QTableView;
  auto* items = new QStandardItemModel(4, 3, view);
  items->setHorizontalHeaderLabels({QStringLiteral("x1"), QStringLiteral("x2"), QStringLiteral("label")});
  for (int i = 0; i < 12; ++i) items->setItem(i / 3, i % 3, new QStandardItem(QString::number(i * 0.37)));
  view->setModel(items);
  view->setShowGrid(false);
  view->setAlternatingRowColors(true);
  view->setFrameShape(QFrame::NoFrame);
  view->verticalHeader()->hide();
  view->setSelectionBehavior(QAbstractItemView::SelectRows);
  view->verticalHeader()->setDefaultSectionSize(28);
  view->horizontalHeader()->setHighlightSections(false);
  view->selectRow(1);
  view->setFixedSize(330, 130);
  return view;
}

QTabBar* tabBar() {
  auto* tabs = new QTabBar;
  tabs->addTab(QStringLiteral("Inspector"));
  tabs->addTab(QStringLiteral("Problems"));
  tabs->addTab(QStringLiteral("Catalog"));
  return tabs;
}

QWidget* form() {
  auto* rows = new FormRows;
  rows->addRow(QStringLiteral("Name"), new QLineEdit(QStringLiteral("hidden")), QStringLiteral("Unique in the model."));
  rows->addRow(QStringLiteral("Units"), spinBox());
  rows->addRow(QStringLiteral("Activation"), comboBox());
  rows->addRow(QStringLiteral("Bias"), new QCheckBox(QStringLiteral("Use bias")));
  rows->setFixedWidth(300);
  return rows;
}

QSlider* slider(int value) {
  auto* result = new QSlider(Qt::Horizontal);
  result->setValue(value);
  result->setFixedWidth(140);
  return result;
}

QProgressBar* progress() {
  auto* bar = new QProgressBar;
  bar->setValue(37);
  bar->setTextVisible(false);
  bar->setFixedWidth(140);
  return bar;
}

QWidget* gallery() {
  auto* page = new QWidget;
  setBackgroundToken(page, "panel");
  auto* layout = new QVBoxLayout(page);
  auto* check = new QCheckBox(QStringLiteral("Use bias"));
  check->setChecked(true);
  auto* radio = new QRadioButton(QStringLiteral("Folder"));
  radio->setChecked(true);
  QPushButton* focused = button("Focus", ButtonKind::Primary);
  layout->addWidget(
      row({button("Train", ButtonKind::Primary, "train"), button("Open", ButtonKind::Default, "open"),
           button("Ghost", ButtonKind::Ghost, "add"), focused, disabled(button("Train", ButtonKind::Primary)),
           disabled(button("Open", ButtonKind::Default, "open"))}));
  layout->addWidget(
      row({makeToolButton(QStringLiteral("a"), QStringLiteral("fit"), QStringLiteral("Fit")),
           disabled(makeToolButton(QStringLiteral("b"), QStringLiteral("undo"), QStringLiteral("Undo"))),
           new SegmentedSwitch({QStringLiteral("Table"), QStringLiteral("Columns"), QStringLiteral("Split")}),
           new Chip(QStringLiteral("320 train")), new Chip(QStringLiteral("1"), Chip::Tone::Danger)}));
  layout->addWidget(
      row({spinBox(), disabled(spinBox()), comboBox(), disabled(comboBox()), new QLineEdit(QStringLiteral("32"))}));
  layout->addWidget(
      row({check, new QCheckBox(QStringLiteral("Off")), disabled(new QCheckBox(QStringLiteral("Disabled"))), radio,
           new QRadioButton(QStringLiteral("Other"))}));
  auto* quota = new QuotaBar;
  quota->setFraction(0.85);
  quota->setFixedWidth(100);
  layout->addWidget(row({slider(40), disabled(slider(70)), progress(), quota}));
  auto* strip = new MessageStrip;
  strip->setMessage(Severity::Warning, QStringLiteral("2 weight files are missing: `a.bin` and `b.bin`."));
  strip->addAction(
      QStringLiteral("Look in folder..."), [] {}, true);
  strip->addAction(QStringLiteral("Start with random weights"), [] {});
  layout->addWidget(strip);
  layout->addWidget(tabBar());
  layout->addWidget(row({table(), form()}));
  layout->addWidget(row({new SearchField(QStringLiteral("Filter layers")),
                         new EmptyState(QStringLiteral("model"), QStringLiteral("No saved models yet"),
                                        QStringLiteral("Keep models in folders, in browser storage or on a server."),
                                        QStringLiteral("Save here"), QStringLiteral("save"))}));
  auto* fold = new FoldSection(QStringLiteral("Initial values"), new QWidget);
  fold->setSummary(QStringLiteral("glorot normal, zeros"));
  layout->addWidget(fold);
  page->resize(700, 760);
  focused->setFocus();
  return page;
}

QString picturePath(const QString& name) {
  return QCoreApplication::applicationDirPath() + u'/' + name;
}

}  // namespace

class TestControls : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void drawsBothThemes() {
    for (Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
      theme().setMode(mode);
      std::unique_ptr<QWidget> page(gallery());
      page->show();
      QVERIFY(QTest::qWaitForWindowExposed(page.get()));
      page->activateWindow();
      Toast::show(page.get(), QStringLiteral("delete"), QStringLiteral("Deleted moons."), QStringLiteral("Undo"),
                  [] {});
      QTest::qWait(20);
      const QImage picture = page->grab().toImage();
      QVERIFY(picture.save(picturePath(mode == Theme::Mode::Light ? QStringLiteral("controls-light.png")
                                                                  : QStringLiteral("controls-dark.png"))));
      QCOMPARE(picture.pixelColor(2, 2), theme().color("panel"));
    }
  }

  void drawsMenus() {
    theme().setMode(Theme::Mode::Dark);
    QMenu menu;
    menu.addAction(icon(QStringLiteral("open")), QStringLiteral("&Open..."))->setShortcut(QKeySequence::Open);
    menu.addSeparator();
    QAction* checked = menu.addAction(QStringLiteral("Dark"));
    checked->setCheckable(true);
    checked->setChecked(true);
    menu.addAction(QStringLiteral("Disabled"))->setEnabled(false);
    menu.addMenu(QStringLiteral("Recent"))->addAction(QStringLiteral("x"));
    menu.setActiveAction(menu.actions().constFirst());
    menu.ensurePolished();
    menu.resize(menu.sizeHint());
    QVERIFY(menu.grab().save(picturePath(QStringLiteral("menu-dark.png"))));
    QVERIFY(menu.sizeHint().width() > menu.fontMetrics().horizontalAdvance(QStringLiteral("Open...Ctrl+O")));
  }

  void controlsShareOneHeight() {
    theme().setFontScale(1);
    QLineEdit edit;
    std::unique_ptr<QWidget> spin(spinBox()), combo(comboBox()), push(button("Open", ButtonKind::Default));
    for (QWidget* widget : {static_cast<QWidget*>(&edit), spin.get(), combo.get(), push.get()}) {
      widget->ensurePolished();
      QCOMPARE(widget->sizeHint().height(), 28);
    }
  }

  void controlsGrowWithTheFont() {
    theme().setFontScale(2);
    QLineEdit edit;
    edit.ensurePolished();
    QVERIFY(edit.sizeHint().height() >= edit.fontMetrics().height() + 8);
    theme().setFontScale(1);
  }

  void monoFieldsFollowTheTextSize() {
    QLineEdit edit;
    setMonoFont(&edit);
    const qreal plain = edit.font().pointSizeF();
    theme().setFontScale(1.5);
    QCOMPARE(edit.font().pointSizeF(), plain * 1.5);
    QCOMPARE(edit.font().families(), theme().mono().families());
    theme().setFontScale(1);
    QCOMPARE(edit.font().pointSizeF(), plain);
  }

  void chosenFamilyIsForAllButFigures() {
    TextLabel label(QStringLiteral("Body"));
    QLineEdit figures;
    setMonoFont(&figures);
    const QStringList usual = label.font().families();
    const QStringList mono = figures.font().families();
    theme().setUiFamily(QStringLiteral("DejaVu Sans"));
    QCOMPARE(label.font().families().constFirst(), QStringLiteral("DejaVu Sans"));
    QCOMPARE(QApplication::font().families().constFirst(), QStringLiteral("DejaVu Sans"));
    QCOMPARE(figures.font().families(), mono);
    theme().setUiFamily({});
    QCOMPARE(label.font().families(), usual);
  }

  void everyStateOfAButtonLooksDifferent_data() {
    QTest::addColumn<bool>("isPrimary");
    QTest::newRow("primary") << true;
    QTest::newRow("default") << false;
  }
  void everyStateOfAButtonLooksDifferent() {
    QFETCH(bool, isPrimary);
    for (Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
      theme().setMode(mode);
      QPushButton push(QStringLiteral("Train"));
      push.setProperty("primary", isPrimary);
      QList<QImage> seen;
      const QStyle::State enabled = QStyle::State_Enabled | QStyle::State_Raised;
      for (QStyle::State state : {enabled, enabled | QStyle::State_MouseOver, enabled | QStyle::State_Sunken,
                                  enabled | QStyle::State_HasFocus, QStyle::State(QStyle::State_None)}) {
        QStyleOptionButton option;
        option.initFrom(&push);
        option.rect = {0, 0, 100, 28};
        option.state = state;
        option.text = push.text();
        QImage image(100, 28, QImage::Format_ARGB32_Premultiplied);
        image.fill(theme().color("panel"));
        QPainter painter(&image);
        qApp->style()->drawControl(QStyle::CE_PushButton, &option, &painter, &push);
        painter.end();
        QVERIFY(!seen.contains(image));
        seen << image;
      }
    }
  }

  void iconsFollowTheTheme() {
    const QIcon glyph = icon(QStringLiteral("train"), "text");
    theme().setMode(Theme::Mode::Light);
    const QImage light = glyph.pixmap(20).toImage();
    theme().setMode(Theme::Mode::Dark);
    QVERIFY(glyph.pixmap(20).toImage() != light);
    QCOMPARE(glyph.pixmap(QSize(20, 20), 2.0).size(), QSize(40, 40));
  }
};

QTEST_MAIN(TestControls)
#include "tst_Controls.moc"
