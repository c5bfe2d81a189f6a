// Contrast of every pair of colours that meet, in every theme: 4.5:1 for text, 3:1 for outlines, edges and series.

#include <QColor>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <cmath>

namespace {

double channel(double value) {
  return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
  return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) + 0.0722 * channel(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
  const double high = std::max(luminance(a), luminance(b));
  const double low = std::min(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

}  // namespace

class TestContrast : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    QFile file(QStringLiteral(LAYERSMITH_SOURCE_DIR "/resources/tokens.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_tokens = QJsonDocument::fromJson(file.readAll()).object();
    QVERIFY(!m_tokens.isEmpty());
  }

  void measuresAsTheStandardDoes() {
    QCOMPARE(qRound(contrast(Qt::white, Qt::black)), 21);
    QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);  // the known near miss
  }

  void pairs_data() {
    QTest::addColumn<QString>("theme");
    QTest::addColumn<QString>("ink");
    QTest::addColumn<QString>("ground");
    QTest::addColumn<double>("least");
    const QStringList grounds{QStringLiteral("window"), QStringLiteral("panel"), QStringLiteral("raised"),
                              QStringLiteral("canvas"), QStringLiteral("field"), QStringLiteral("selection")};
    const auto add = [](const QString& theme, const QString& ink, const QString& ground, double least) {
      QTest::newRow(qPrintable(theme + u' ' + ink + QStringLiteral(" on ") + ground))
          << theme << ink << ground << least;
    };
    for (const QString& theme : {QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("highContrast")}) {
      for (const char* ink : {"text", "text2", "text3"})
        for (const QString& ground : grounds) add(theme, QLatin1String(ink), ground, 4.5);
      for (const char* ground : {"accent", "accentHover", "accentPressed"})
        add(theme, QStringLiteral("textOnAccent"), QLatin1String(ground), 4.5);
      for (const char* ground : {"panel", "raised", "infoTint", "selection"})
        add(theme, QStringLiteral("accentText"), QLatin1String(ground), 4.5);
      for (const char* severity : {"success", "warning", "danger"}) {
        add(theme, QLatin1String(severity), QLatin1String(severity) + QStringLiteral("Tint"), 4.5);
        add(theme, QLatin1String(severity), QStringLiteral("panel"), 4.5);
        add(theme, QStringLiteral("text"), QLatin1String(severity) + QStringLiteral("Tint"), 4.5);
      }
      add(theme, QStringLiteral("toastText"), QStringLiteral("toast"), 4.5);
      add(theme, QStringLiteral("toastAction"), QStringLiteral("toast"), 4.5);
      for (const char* ground : {"field", "panel", "raised"}) {
        add(theme, QStringLiteral("control"), QLatin1String(ground), 3);
        add(theme, QStringLiteral("focus"), QLatin1String(ground), 3);
      }
      for (const char* ink : {"edge", "edgeActive", "focus", "danger"})
        add(theme, QLatin1String(ink), QStringLiteral("canvas"), 3);
    }
  }
  void pairs() {
    QFETCH(QString, theme);
    QFETCH(QString, ink);
    QFETCH(QString, ground);
    QFETCH(double, least);
    const QJsonObject colors = m_tokens[u"themes"][theme].toObject();
    QVERIFY(colors.contains(ink) && colors.contains(ground));
    const double found = contrast(QColor(colors[ink].toString()), QColor(colors[ground].toString()));
    QVERIFY2(found >= least, qPrintable(QString::number(found)));
  }

  void families() {
    for (const QString& theme : {QStringLiteral("light"), QStringLiteral("dark")}) {
      const QColor card(m_tokens[u"themes"][theme][u"raised"].toString());
      const QJsonObject families = m_tokens[u"layerFamily"][theme].toObject();
      QVERIFY(!families.isEmpty());
      for (auto it = families.begin(); it != families.end(); ++it) {
        const QColor ink((*it)[u"ink"].toString());
        QVERIFY2(contrast(ink, card) >= 4.5, qPrintable(theme + u' ' + it.key()));
        QVERIFY2(contrast(ink, QColor((*it)[u"tint"].toString())) >= 3, qPrintable(theme + u' ' + it.key()));
      }
    }
  }

  void series() {
    for (const QString& theme : {QStringLiteral("light"), QStringLiteral("dark")}) {
      const QColor panel(m_tokens[u"themes"][theme][u"panel"].toString());
      for (const QJsonValue& color : m_tokens[u"chart"][theme].toArray())
        QVERIFY2(contrast(QColor(color.toString()), panel) >= 3, qPrintable(color.toString()));
    }
  }

 private:
  QJsonObject m_tokens;
};

QTEST_GUILESS_MAIN(TestContrast)
#include "tst_Contrast.moc"
