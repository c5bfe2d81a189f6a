#pragma once

#include "model/document/DocumentState.h"

#include <QString>

#include <vector>

namespace layersmith {

/// What a model says of a data set. Classification: the confusion matrix and the rows; regression: pairs.
struct EvaluationReport {
  std::vector<MetricValue> values;          ///< loss and metrics
  QStringList classNames;                   ///< empty: a regression
  std::vector<std::vector<int>> confusion;  ///< [true][predicted]
  struct Row {
    std::int64_t row = 0;  ///< in the raw data
    int trueClass = -1;
    int predictedClass = -1;
    double confidence = 0;  ///< probability of the predicted class
    double loss = 0;        ///< of this row
    double trueValue = 0;   ///< regression
    double predictedValue = 0;
  };
  std::vector<Row> rows;
};

/// Pure functions for the compute thread. Errors: as Network and Trainer.
EvaluationReport evaluateModel(const DocumentState& state, bool onValidation = true);

/// The model's output over a grid of two inputs, for the boundary view.
struct BoundaryField {
  int width = 0;
  int height = 0;
  double xMin = 0, xMax = 1, yMin = 0, yMax = 1;  ///< in raw data units
  int classes = 2;
  std::vector<float>
      values;  ///< row by row from yMax down; 2 classes: probability of class 1; else the best class + confidence
  std::vector<int> bestClass;  ///< same layout
};
BoundaryField boundaryField(const DocumentState& state, const WeightSet& weights, int resolution);

/// Outputs for one encoded sample: class probabilities or values.
std::vector<float> predictOne(const DocumentState& state, const Tensor& sample);

}  // namespace layersmith
