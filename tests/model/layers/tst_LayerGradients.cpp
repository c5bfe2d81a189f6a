// Every registered layer: the gradients of inputs and weights against central differences, in double.
#include "model/nn/ActivationType.h"
#include "tests/model/layers/LayerRun.h"

#include <QTest>

using namespace layersmith;

namespace {

constexpr double kTolerance = 1e-6;
constexpr double kStep = 1e-5;

/// The largest difference between a gradient and the slope measured, relative to the gradient's size.
/// `factor` spoils the gradients, to see that the check can fail.
double largestError(const LayerCase& layerCase, double factor = 1) {
  LayerRun run(layerCase, ComputePath::Reference);
  run.setInput();
  run.backward();
  double worst = 0;
  const ParameterBlock& block = run.impl().parameters;
  for (const Parameter& parameter : block.parameters()) {
    if (!parameter.isTrainable) continue;
    const std::span<Scalar> gradients = block.gradients(parameter), values = block.values(parameter);
    const std::vector<Scalar> kept(gradients.begin(), gradients.end());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Scalar value = values[i];
      values[i] = value + Scalar(kStep);
      const double above = run.loss();
      values[i] = value - Scalar(kStep);
      const double below = run.loss();
      values[i] = value;
      const double slope = (above - below) / (2 * kStep), gradient = double(kept[i]) * factor;
      worst = std::max(worst, std::abs(gradient - slope) / (1 + std::abs(slope)));
    }
  }
  return worst;
}

}  // namespace

class LayerGradientsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agreeWithDifferences_data() {
    QTest::addColumn<std::size_t>("row");
    const auto cases = layerCases(activationNames());
    for (std::size_t i = 0; i < cases.size(); ++i) QTest::newRow(titleOf(cases[i], i).c_str()) << i;
  }

  void agreeWithDifferences() {
    QFETCH(std::size_t, row);
    const double error = largestError(layerCases(activationNames())[row]);
    QVERIFY2(error < kTolerance, qPrintable(QString::number(error)));
  }

  void seeABrokenGradient() {
    for (const char* name : {"Dense", "Conv2D", "BatchNormalization", "Add", "Concatenate", "AveragePooling2D", "LSTM"})
      for (const LayerCase& layerCase : layerCases({}))
        if (layerCase.className == name) {
          QVERIFY(largestError(layerCase, 1.0001) > kTolerance);
          break;
        }
  }
};

QTEST_GUILESS_MAIN(LayerGradientsTest)
#include "tst_LayerGradients.moc"
