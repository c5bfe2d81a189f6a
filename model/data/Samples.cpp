#include "model/data/Samples.h"

#include "model/core/Error.h"
#include "model/data/Generators.h"
#include "model/data/Readers.h"

namespace layersmith {

namespace {

constexpr QLatin1String kIris("iris");

const GeneratorType* findGenerator(const QString& name) {
  for (const GeneratorType& type : generatorTypes())
    if (type.name.compare(name, Qt::CaseInsensitive) == 0) return &type;
  return nullptr;
}

Error unknownSample(const QString& name) {
  return {ErrorKind::NotFound, "There is no sample called '" + name.toStdString() +
                                   "'. There are: " + sampleNames().join(QStringLiteral(", ")).toStdString() + "."};
}

}  // namespace

QStringList sampleNames() {
  QStringList names = {kIris};
  for (const GeneratorType& type : generatorTypes()) names << type.name;
  return names;
}

QString sampleDataPath(const QString& name) {
  return name == kIris ? QStringLiteral(":/layersmith/samples/iris.csv") : QString();
}

Dataset loadSample(const QString& name, std::uint64_t seed, double validationFraction) {
  if (const GeneratorType* type = findGenerator(name))
    return generate(type->name, type->defaultSamples, type->defaultNoise, seed, validationFraction);
  const QString path = sampleDataPath(name);
  if (path.isEmpty()) throw unknownSample(name);
  const auto raw = readCsv(path);
  DataRecipe recipe = guessRecipe(*raw, name);
  recipe.seed = seed;
  recipe.validationFraction = validationFraction;
  return prepare(raw, recipe);
}

Dataset reproduceSample(const DataRecipe& recipe) {
  if (!recipe.generator.empty()) {
    const FieldMap& made = recipe.generator;
    const Dataset again =
        generate(QString::fromStdString(made.stringAt("name")), int(made.intAt("samples", 0)),
                 made.numberAt("noise", 0), std::uint64_t(made.intAt("seed", 42)), recipe.validationFraction);
    return prepare(again.raw, recipe, true);
  }
  const QString path = sampleDataPath(recipe.source);
  if (path.isEmpty()) throw unknownSample(recipe.source);
  return prepare(readCsv(path), recipe, true);
}

}  // namespace layersmith
