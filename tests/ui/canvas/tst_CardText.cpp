// Cards hold their text: at 100 and 200 % and in both themes nothing is drawn outside a card, types are never cut, and
// pictures of all states are left in the build's tests folder for eyes.
#include "model/nn/LayerRegistry.h"
#include "ui/canvas/CardPainter.h"
#include "ui/canvas/LayerText.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>
#include <QTest>

using namespace layersmith;

namespace {

LayerCost costOf(double ms, double percent) {
  LayerCost cost;
  cost.ms = ms;
  cost.percent = percent;
  return cost;
}

CardContent contentFor(const LayerType& type, bool isCompact) {
  CardContent content;
  content.type = typeName(type.className);
  content.shortType = shortTypeName(type.className);
  content.name = QStringLiteral("a_rather_long_layer_name_17");
  content.summary = QStringLiteral("64 filters · 3 × 3 · leakyRelu · same");
  content.figure = QStringLiteral("16 777 216");
  content.family = familyOf(type.className);
  content.isCompact = isCompact;
  content.hasCost = true;
  content.cost = costText(costOf(1234.5, 100));
  content.costPercent = 100;
  return content;
}

QImage drawn(const CardContent& content, const CardState& state, qreal ratio) {
  const QSizeF size(kCardWidth + 2 * kCardRoom, cardHeight(content) + 2 * kCardRoom);
  QImage image((size * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(ratio);
  image.fill(theme().color("canvas"));
  QPainter painter(&image);
  painter.translate(kCardRoom, kCardRoom);
  paintCard(&painter, content, state, 1);
  return image;
}

}  // namespace

class TestCardText : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void nothingIsDrawnOutside_data() {
    QTest::addColumn<double>("ratio");
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<bool>("isCompact");
    for (double ratio : {1., 2.})
      for (bool isDark : {false, true})
        for (bool isCompact : {false, true})
          QTest::addRow("%g %d %d", ratio, isDark, isCompact) << ratio << isDark << isCompact;
  }
  void nothingIsDrawnOutside() {
    QFETCH(double, ratio);
    QFETCH(bool, isDark);
    QFETCH(bool, isCompact);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    for (const LayerType& type : layerTypes()) {
      const CardContent content = contentFor(type, isCompact);
      const QImage image = drawn(content, {}, ratio);
      const QRectF card(kCardRoom, kCardRoom, kCardWidth, cardHeight(content));
      const QRect inside = QRectF(card.topLeft() * ratio, card.size() * ratio).toRect();
      const QRgb ground = theme().color("canvas").rgb();
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
          const bool isPort = std::abs(x - inside.center().x()) < 6 * ratio;
          if (!inside.contains(x, y) && !isPort)
            QVERIFY2((image.pixel(x, y) | 0xff000000) == ground, type.className.c_str());
        }
    }
  }

  void typesAreNeverCut() {
    const QFontMetricsF metrics(sceneFont(Theme::TextRole::BodyStrong));
    for (const LayerType& type : layerTypes()) {
      QVERIFY2(metrics.horizontalAdvance(shortTypeName(type.className)) <= kCardWidth - 54 - 12,
               type.className.c_str());
      QVERIFY2(metrics.horizontalAdvance(typeName(type.className)) <= kCardWidth - 54 - 12 ||
                   shortTypeName(type.className) != typeName(type.className),
               type.className.c_str());
    }
  }

  void costs_data() {
    QTest::addColumn<double>("ms");
    QTest::addColumn<double>("percent");
    QTest::addColumn<QString>("text");
    QTest::newRow("long") << 1234.4 << 100. << QStringLiteral("1,234 ms · 100 %");
    QTest::newRow("middle") << 12.44 << 38.2 << QStringLiteral("12.4 ms · 38 %");
    QTest::newRow("short") << 1.256 << 9.6 << QStringLiteral("1.26 ms · 10 %");
    QTest::newRow("tenths") << 0.1 << 0.51 << QStringLiteral("0.10 ms · 1 %");
    QTest::newRow("microseconds") << 0.0854 << 0.4 << QStringLiteral("85 µs · < 1 %");
    QTest::newRow("few") << 0.00123 << 0.0001 << QStringLiteral("1.2 µs · < 1 %");
  }
  void costs() {
    QFETCH(double, ms);
    QFETCH(double, percent);
    QFETCH(QString, text);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCOMPARE(costText(costOf(ms, percent)), text);
    // The bar ends at 96; the figures are right of it.
    QVERIFY(QFontMetricsF(sceneFont(Theme::TextRole::Caption, true)).horizontalAdvance(text) <=
            kCardWidth - 12 - 96 - 8);
    QLocale::setDefault(QLocale());
  }

  void costsInFull() {
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    LayerCost cost = costOf(12.4, 38);
    cost.outputBytes = 4'200'000;
    QCOMPARE(rateText(cost), QString());
    QCOMPARE(memoryText(cost), QStringLiteral("4.2 MB output"));
    QCOMPARE(kernelsText(cost), QStringLiteral("own loops"));
    cost.weightBytes = 896 * 4;
    cost.gflopPerSecond = 61.2;
    cost.kernel = "brgconv:avx512_core";
    QCOMPARE(rateText(cost), QStringLiteral("61 GFLOP/s"));
    QCOMPARE(memoryText(cost), QStringLiteral("3.6 kB weights, 4.2 MB output"));
    QCOMPARE(kernelsText(cost), QStringLiteral("brgconv:avx512_core"));
    cost.isReference = true;
    QVERIFY(kernelsText(cost).contains(QStringLiteral("no fast kernel for this shape")));
    cost.hasSteps = false;
    QCOMPARE(costText(cost), QStringLiteral("no step of its own"));
    QLocale::setDefault(QLocale());
  }

  // A bar twice as long for twice the share, and none where nothing is known.
  void barsAreToOneScale() {
    theme().setMode(Theme::Mode::Light);
    CardContent content;
    content.family = QStringLiteral("convolution");
    content.hasCost = true;
    const auto inked = [&](double percent) {
      content.cost = percent > 0 ? QStringLiteral("x") : QString();
      content.costPercent = percent;
      const QImage image = drawn(content, {}, 1);
      int count = 0;
      for (int x = 0; x < image.width(); ++x)
        count += image.pixel(x, int(kCardRoom) + 61) == theme().familyInk(content.family).rgb();
      return count;
    };
    QCOMPARE(inked(0), 0);
    QVERIFY2(std::abs(inked(100) - 84) <= 2, qPrintable(QString::number(inked(100))));
    QVERIFY2(std::abs(2 * inked(50) - inked(100)) <= 3, qPrintable(QString::number(inked(50))));
    QCOMPARE(inked(250), inked(100));
  }

  void cardsGrowWithNothingButTheView() {
    theme().setFontScale(2);
    QCOMPARE(sceneFont(Theme::TextRole::Body).pixelSize(), 13);
    theme().setFontScale(1);
    QCOMPARE(sceneFont(Theme::TextRole::Body).pixelSize(), 13);
  }

  void everyStateLooksDifferent() {
    CardContent content;
    content.type = content.shortType = QStringLiteral("Dense");
    content.name = QStringLiteral("hidden");
    content.summary = QStringLiteral("8 units · tanh");
    content.figure = QStringLiteral("24");
    content.family = QStringLiteral("core");
    for (Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
      theme().setMode(mode);
      CardContent faulty = content, frozen = content, unknown = content;
      faulty.isFaulty = true;
      frozen.isFrozen = true;
      unknown.isKnown = false;
      unknown.family = QStringLiteral("unknown");
      CardState hovered, selected, focused, dragged, disabled;
      hovered.isHovered = true;
      selected.isSelected = true;
      focused.hasFocus = true;
      dragged.isDragged = true;
      disabled.isDisabled = true;
      const QList<QImage> images{drawn(content, {}, 2),       drawn(content, hovered, 2), drawn(content, selected, 2),
                                 drawn(faulty, {}, 2),        drawn(faulty, selected, 2), drawn(frozen, {}, 2),
                                 drawn(content, disabled, 2), drawn(content, dragged, 2), drawn(unknown, {}, 2),
                                 drawn(content, focused, 2)};
      QImage sheet(images[0].width() * 2, images[0].height() * 5, QImage::Format_RGB32);
      QPainter painter(&sheet);
      for (qsizetype i = 0; i < images.size(); ++i) {
        for (qsizetype k = 0; k < i; ++k) QVERIFY(images[i] != images[k]);
        QImage plain = images[i];
        plain.setDevicePixelRatio(1);
        painter.drawImage(QPointF(double(i % 2) * plain.width(), double(i / 2) * plain.height()), plain);
      }
      painter.end();
      const QString name = theme().isDark() ? QStringLiteral("/cards-dark.png") : QStringLiteral("/cards-light.png");
      QVERIFY(sheet.save(QCoreApplication::applicationDirPath() + name));
    }
  }
};

QTEST_MAIN(TestCardText)
#include "tst_CardText.moc"
