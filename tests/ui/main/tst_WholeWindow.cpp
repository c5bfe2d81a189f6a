// Walks every widget of the window: names, shortcuts, and text that does not fit.
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/PreferencesDialog.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMap>
#include <QPushButton>
#include <QScrollBar>
#include <QSet>
#include <QSpinBox>
#include <QTextEdit>
#include <QToolButton>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

/// Qt's own helpers inside composite widgets.
bool isPart(const QWidget* widget) {
  if (widget->objectName().startsWith(QStringLiteral("qt_"))) return true;
  if (qobject_cast<const QScrollBar*>(widget) || qobject_cast<const QHeaderView*>(widget)) return true;
  if (widget->testAttribute(Qt::WA_TransparentForMouseEvents)) return true;  // shows only
  const QWidget* parent = widget->parentWidget();
  return parent &&
         (qobject_cast<const QAbstractSpinBox*>(parent) || qobject_cast<const QComboBox*>(parent) ||
          qobject_cast<const QLineEdit*>(parent) || qobject_cast<const QTabBar*>(parent) ||
          qobject_cast<const QAbstractItemView*>(parent) || parent->inherits("QComboBoxPrivateContainer") ||
          parent->inherits("QDockWidget") || parent->inherits("QMenuBar") || parent->inherits("QTableCornerButton"));
}

bool isInteractive(const QWidget* widget) {
  return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
         qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
         qobject_cast<const QAbstractSlider*>(widget) || qobject_cast<const QAbstractItemView*>(widget) ||
         qobject_cast<const QTextEdit*>(widget);
}

/// The dock or page a widget stands in: names are unique there.
QString panelOf(const QWidget* widget) {
  for (const QWidget* w = widget->parentWidget(); w; w = w->parentWidget()) {
    const QString name = w->objectName();
    if (name.startsWith(QStringLiteral("dock.")) || name == QStringLiteral("catalogPage") ||
        name == QStringLiteral("documents"))
      return name;
  }
  return {};
}

QString pathOf(const QWidget* widget) {
  QStringList parts;
  for (const QWidget* w = widget; w; w = w->parentWidget()) {
    parts.prepend(w->objectName().isEmpty() ? QString::fromLatin1(w->metaObject()->className()) : w->objectName());
  }
  return parts.mid(std::max<qsizetype>(0, parts.size() - 4)).join(QStringLiteral(" > "));
}

}  // namespace

class tst_WholeWindow : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void everyControlHasNames() {
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    QStringList problems;
    QMap<QString, QString> seen;
    for (const QWidget* widget : studio.window->findChildren<QWidget*>()) {
      if (!isInteractive(widget) || isPart(widget)) continue;
      const QString path = pathOf(widget);
      if (widget->objectName().isEmpty()) problems << QStringLiteral("no objectName: ") + path;
      const QString key = panelOf(widget) + QLatin1Char('/') + widget->objectName();
      if (!widget->objectName().isEmpty() && seen.contains(key))
        problems << QStringLiteral("twice: ") + path + QStringLiteral(" and ") + seen[key];
      const auto* button = qobject_cast<const QAbstractButton*>(widget);  // its words are its name
      if (widget->accessibleName().isEmpty() && (!button || button->text().isEmpty()))
        problems << QStringLiteral("no accessibleName: ") + path;
      seen.insert(key, path);
    }
    QVERIFY2(seen.size() > 30, "the walk found too few controls to mean anything");
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
  }

  void buttonsHaveToolTips() {
    Studio studio;
    studio.window->start({}, {});
    QStringList problems;
    for (const QAbstractButton* button : studio.window->findChildren<QAbstractButton*>()) {
      const bool isSelfExplaining = qobject_cast<const QCheckBox*>(button) && !button->text().isEmpty();
      if (!isPart(button) && !isSelfExplaining && button->toolTip().isEmpty()) problems << pathOf(button);
    }
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
  }

  void shortcutsAreUnique() {
    Studio studio;
    studio.window->start({}, {});
    QMap<QString, QString> seen;
    QStringList problems;
    int count = 0;
    QList<QAction*> actions = studio.window->findChildren<QAction*>();
    for (QAction* action : studio.window->actions().all()) actions << action;
    for (const QAction* action : actions) {
      for (const QKeySequence& keys : action->shortcuts()) {
        const bool isLocal = action->shortcutContext() == Qt::WidgetShortcut ||
                             action->shortcutContext() == Qt::WidgetWithChildrenShortcut;
        if (keys.isEmpty() || isLocal) continue;
        ++count;
        const QString text = keys.toString(QKeySequence::PortableText);
        if (seen.contains(text))
          problems << QStringLiteral("%1: %2 and %3").arg(text, seen[text], action->objectName());
        seen.insert(text, action->objectName());
      }
    }
    QVERIFY(count > 40);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
  }

  void costsAreSwitchedInView() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    QAction* action = studio.window->actions()[ActionId::ShowCost];
    QVERIFY(action->isCheckable() && !action->isChecked() && !studio.current().cost().isActive());
    DocumentContext& first = studio.current();
    action->trigger();
    QVERIFY(first.cost().isActive());
    studio.window->start({}, QStringLiteral("iris"));  // the switch is the window's, not the document's
    QVERIFY(&studio.current() != &first && studio.current().cost().isActive());
    QTRY_VERIFY_WITH_TIMEOUT(studio.current().cost().cost(), kPatienceMs);
    action->trigger();
    QVERIFY(!studio.current().cost().isActive());
    studio.window->workspace().setCurrent(&first);
    QVERIFY(!first.cost().isActive());
  }

  void everyActionStandsInAMenu() {
    Studio studio;
    for (const QAction* action : studio.window->actions().all()) {
      QVERIFY2(!action->associatedObjects().isEmpty(), qPrintable(action->objectName()));
      const auto inMenu = [](const QObject* object) { return object->inherits("QMenu"); };
      const auto objects = action->associatedObjects();
      QVERIFY2(std::any_of(objects.begin(), objects.end(), inMenu), qPrintable(action->objectName()));
    }
  }

  void preferencesChangeTheFontAtOnce() {
    Studio studio;
    const QString usual = QApplication::font().families().constFirst();
    PreferencesDialog preferences(studio.settings, studio.stores, 2, nullptr);
    auto* fonts = preferences.findChild<QComboBox*>(QStringLiteral("preferencesDialog.font"));
    auto* scale = preferences.findChild<QSpinBox*>(QStringLiteral("preferencesDialog.scale"));
    QVERIFY(fonts && scale);
    QVERIFY(fonts->itemData(1).toString() != usual);
    fonts->setCurrentIndex(1);
    QCOMPARE(QApplication::font().families().constFirst(), fonts->itemData(1).toString());
    auto* epochs = studio.find<QSpinBox>("epochs");
    QVERIFY(epochs);
    const qreal size = epochs->font().pointSizeF();
    scale->setValue(150);
    QCOMPARE(epochs->font().pointSizeF(), size * 1.5);
    scale->setValue(100);
    fonts->setCurrentIndex(0);
    QCOMPARE(QApplication::font().families().constFirst(), usual);
  }

  void textFitsItsBox_data() {
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<int>("layout");
    for (const bool isDark : {false, true}) {
      for (int layout = 0; layout < 4; ++layout) {
        QTest::addRow("%s-%d", isDark ? "dark" : "light", layout) << isDark << layout;
      }
    }
  }

  void textFitsItsBox() {
    QFETCH(bool, isDark);
    QFETCH(int, layout);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    studio.window->layouts().apply(static_cast<LayoutKind>(layout));
    QTest::qWait(150);
    QStringList problems;
    int count = 0;
    for (QWidget* widget : studio.window->findChildren<QWidget*>()) {
      if (!widget->isVisible() || widget->visibleRegion().isEmpty() || isPart(widget)) continue;
      int wanted = 0;
      if (const auto* label = qobject_cast<QLabel*>(widget)) {
        if (label->wordWrap() || label->text().isEmpty() || label->inherits("layersmith::ElidedLabel")) continue;
        wanted = label->sizeHint().width();
      } else if (qobject_cast<QPushButton*>(widget) || qobject_cast<QToolButton*>(widget)) {
        wanted = widget->sizeHint().width();
      } else {
        continue;
      }
      ++count;
      if (widget->width() + 1 < wanted)
        problems << QStringLiteral("%1: %2 wide, needs %3").arg(pathOf(widget)).arg(widget->width()).arg(wanted);
    }
    theme().setMode(Theme::Mode::Light);
    QVERIFY(count > 10);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
  }
};

QTEST_MAIN(tst_WholeWindow)
#include "tst_WholeWindow.moc"
