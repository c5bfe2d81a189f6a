// Values and gradients of every loss against the real TensorFlow.js, clipped predictions included.
#include "model/training/Losses.h"
#include "tests/support/EngineFixtures.h"

#include <QTest>

#include <cmath>

using namespace layersmith;

class LossesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { m_cases = fixtures::load("losses.json").at("cases"); }

  void agree_data() {
    QTest::addColumn<std::size_t>("row");
    for (std::size_t i = 0; i < m_cases.size(); ++i)
      QTest::newRow((m_cases[i].at("name").get<std::string>() + " " + m_cases[i].at("note").get<std::string>()).c_str())
          << i;
  }

  void agree() {
    QFETCH(std::size_t, row);
    const fixtures::Json& item = m_cases[row];
    const LossType type = lossFromName(item.at("name").get<std::string>());
    const Tensor targets = fixtures::toTensor(item.at("yTrue")), predictions = fixtures::toTensor(item.at("yPred"));
    const LossBatch batch{predictions.values.data(), targets.values.data(), predictions.shape[0], predictions.shape[1]};
    const double expected = item.at("value");
    QVERIFY2(std::abs(lossValue(type, batch) - expected) <= 2e-6 * (1 + std::abs(expected)),
             qPrintable(QString::number(lossValue(type, batch))));

    const Tensor gradient = fixtures::toTensor(item.at("gradient"));
    std::vector<Scalar> ours(gradient.values.size());
    lossGradient(type, batch, ours.data());
    for (std::size_t i = 0; i < ours.size(); ++i)
      QVERIFY2(std::abs(ours[i] - gradient.values[i]) <= 1e-4 * (0.1 + std::abs(gradient.values[i])),
               qPrintable(
                   QStringLiteral("%1: %2, expected %3").arg(i).arg(double(ours[i])).arg(double(gradient.values[i]))));
  }

  void unknownNamesAreRefused() { QVERIFY_EXCEPTION_THROWN(lossFromName("closeness"), std::runtime_error); }

 private:
  fixtures::Json m_cases;
};

QTEST_GUILESS_MAIN(LossesTest)
#include "tst_Losses.moc"
