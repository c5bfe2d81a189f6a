#include "model/data/PrepareImages.h"

#include "model/core/Error.h"
#include "model/data/RowEncoder.h"
#include "model/data/Split.h"

#include <QtConcurrent/QtConcurrentMap>

#include <algorithm>
#include <numeric>
#include <vector>

namespace layersmith {

namespace {

constexpr std::size_t kImagesAtOnce = 256;  // what a thread takes at a time

/// The images of these rows as numbers, decoded on all processors.
Tensor pixelsOf(const Dataset& dataset, const std::vector<std::int64_t>& rows) {
  const RawData& raw = *dataset.raw;
  const std::int64_t size = elementCount(raw.imageShape);
  const auto& wanted = dataset.recipe.inputShape;
  Tensor tensor(batchShape(std::int64_t(rows.size()),
                           elementCount(wanted) == size && !wanted.empty() ? wanted : raw.imageShape, size));
  const auto scale = Scalar(dataset.recipe.pixelScale);
  const auto decode = [&](std::size_t part) {
    const std::size_t last = std::min(rows.size(), (part + 1) * kImagesAtOnce);
    for (std::size_t i = part * kImagesAtOnce; i < last; ++i) {
      const std::uint8_t* pixels = raw.pixels.data() + rows[i] * size;
      std::transform(pixels, pixels + size, tensor.values.begin() + std::int64_t(i) * size,
                     [scale](std::uint8_t value) { return Scalar(value) * scale; });
    }
  };
  std::vector<std::size_t> parts((rows.size() + kImagesAtOnce - 1) / kImagesAtOnce);
  std::iota(parts.begin(), parts.end(), std::size_t(0));
  QtConcurrent::blockingMap(parts, decode);
  return tensor;
}

Tensor labelsOf(const Dataset& dataset, const std::vector<std::int64_t>& rows) {
  const bool isOneHot = dataset.recipe.targetEncoding == TargetEncoding::OneHot;
  const std::int64_t width = isOneHot ? dataset.recipe.classNames.size() : 1;
  Tensor tensor(Shape{std::int64_t(rows.size()), width});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int32_t label = dataset.raw->labels[std::size_t(rows[i])];
    if (isOneHot)
      tensor.values[i * std::size_t(width) + std::size_t(label)] = 1;
    else
      tensor.values[i] = Scalar(label);
  }
  return tensor;
}

}  // namespace

Dataset prepareImages(Dataset dataset) {
  const RawData& raw = *dataset.raw;
  DataRecipe& recipe = dataset.recipe;
  const std::int32_t largest = *std::ranges::max_element(raw.labels);
  if (recipe.classNames.isEmpty())
    for (std::int32_t label = 0; label <= largest; ++label) recipe.classNames << QString::number(label);
  if (largest >= recipe.classNames.size())
    throw Error(ErrorKind::Format,
                dataset.name.toStdString() + ": label " + std::to_string(largest) + " is beyond the " +
                    std::to_string(recipe.classNames.size()) + " classes of the recipe.",
                "E140");
  if (recipe.targetEncoding == TargetEncoding::Number) recipe.targetEncoding = TargetEncoding::ClassIndex;

  std::vector<std::int64_t> rows(std::size_t(raw.rows));
  std::iota(rows.begin(), rows.end(), 0);
  const std::vector<int> classes =
      recipe.isStratified ? std::vector<int>(raw.labels.begin(), raw.labels.end()) : std::vector<int>();
  auto split = splitRows(rows, classes, recipe.validationFraction, recipe.seed);
  dataset.trainingRows = std::move(split.training);
  dataset.validationRows = std::move(split.validation);
  for (auto [part, partRows] :
       {std::pair{&dataset.training, &dataset.trainingRows}, {&dataset.validation, &dataset.validationRows}}) {
    if (partRows->empty()) continue;
    part->xs = {pixelsOf(dataset, *partRows)};
    part->ys = {labelsOf(dataset, *partRows)};
  }
  const Shape& shape = dataset.training.xs.front().shape;
  recipe.inputShape.assign(shape.begin() + 1, shape.end());
  return dataset;
}

}  // namespace layersmith
