// Behaviour of the shared parts that a picture does not show.
#include "tests/support/Patience.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/FlowLayout.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SearchField.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/TextLabel.h"
#include "ui/widgets/Toast.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLineEdit>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>

using namespace layersmith;

class TestWidgets : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void segmentsAreChosenByMouseAndKeys() {
    SegmentedSwitch segments({QStringLiteral("Loss"), QStringLiteral("Metrics"), QStringLiteral("Boundary")});
    segments.resize(segments.sizeHint());
    segments.show();
    QSignalSpy changed(&segments, &SegmentedSwitch::currentChanged);
    QTest::mouseClick(&segments, Qt::LeftButton, Qt::NoModifier, QPoint(segments.width() - 10, 14));
    QCOMPARE(segments.currentIndex(), 2);
    segments.setSegmentEnabled(1, false);
    QTest::keyClick(&segments, Qt::Key_Left);
    QCOMPARE(segments.currentIndex(), 0);  // over the one that is off
    QTest::keyClick(&segments, Qt::Key_Left);
    QCOMPARE(segments.currentIndex(), 0);
    QCOMPARE(changed.count(), 2);
  }

  void flowWraps() {
    QWidget box;
    auto* flow = new FlowLayout(&box);
    for (int i = 0; i < 6; ++i)
      flow->addWidget(
          makeButton(QStringLiteral("b%1").arg(i), QStringLiteral("A button with words"), ButtonKind::Default));
    box.resize(2000, 40);
    QCOMPARE(flow->heightForWidth(2000), 28);
    QVERIFY(flow->heightForWidth(200) >= 6 * 28);
  }

  void helpStandsUnderItsField() {
    FormRows rows;
    auto* first = new QLineEdit;
    auto* second = new QLineEdit;
    rows.addRow(QStringLiteral("First"), first);
    rows.addRow(QStringLiteral("Second"), second);
    QVERIFY(!rows.setHelp(first, {}));
    QLabel* help = rows.setHelp(first, QStringLiteral("Must be at least 1."), "danger");
    QVERIFY(help);
    rows.resize(300, 160);
    rows.show();
    QVERIFY(help->geometry().top() >= first->geometry().bottom());
    QVERIFY(help->geometry().bottom() <= second->geometry().top());
    QCOMPARE(rows.setHelp(first, {}), help);
    QVERIFY(!help->isVisible());
    rows.clear();
    QCOMPARE(rows.rowCount(), 0);
  }

  void namesBecomeChipsAndTextIsEscaped() {
    const QString html = richText(QStringLiteral("`a<b` needs 1 < 2, an open ` stays"));
    QVERIFY(html.contains(QStringLiteral("a&lt;b")));
    QVERIFY(html.contains(QStringLiteral("1 &lt; 2")));
    QCOMPARE(html.count(QStringLiteral("<span")), 1);
  }

  void stripRunsItsAction() {
    MessageStrip strip;
    strip.setMessage(Severity::Error, QStringLiteral("It broke."));
    int runs = 0;
    strip.addAction(
        QStringLiteral("Retry"), [&runs] { ++runs; }, true);
    strip.show();
    strip.findChild<QAbstractButton*>(QStringLiteral("messageAction0"))->click();
    QCOMPARE(runs, 1);
    QSignalSpy closed(&strip, &MessageStrip::closed);
    strip.findChild<QAbstractButton*>(QStringLiteral("messageStripClose"))->click();
    QCOMPARE(closed.count(), 1);
    QVERIFY(!strip.isVisible());
  }

  void aNewToastReplacesTheOld() {
    QWidget host;
    host.resize(600, 400);
    host.show();
    int undone = 0;
    QPointer<Toast> first = Toast::show(&host, QStringLiteral("delete"), QStringLiteral("One"));
    Toast::show(&host, QStringLiteral("delete"), QStringLiteral("Two"), QStringLiteral("Undo"),
                [&undone] { ++undone; });
    QTRY_VERIFY_WITH_TIMEOUT(first.isNull(), kPatienceMs);
    QCOMPARE(host.findChildren<Toast*>().size(), 1);
    host.findChild<QAbstractButton*>(QStringLiteral("toastAction"))->click();
    QCOMPARE(undone, 1);
    QTRY_COMPARE_WITH_TIMEOUT(host.findChildren<Toast*>().size(), 0, kPatienceMs);
  }

  void emptyStateGivesItsTextRoom() {
    EmptyState state(
        QStringLiteral("model"), QStringLiteral("Nothing here"),
        QStringLiteral("A sentence that is long enough to need three lines at the width an empty state has."));
    state.resize(240, 300);
    state.show();
    for (QLabel* label : state.findChildren<QLabel*>())
      QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
  }

  void escapeEmptiesASearch() {
    SearchField field(QStringLiteral("Filter"));
    field.setText(QStringLiteral("dense"));
    QTest::keyClick(&field, Qt::Key_Escape);
    QVERIFY(field.text().isEmpty());
  }
};

QTEST_MAIN(TestWidgets)
#include "tst_Widgets.moc"
