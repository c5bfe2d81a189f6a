#include "model/data/Samples.h"

#include "model/core/Error.h"
#include "model/data/Generators.h"
#include "model/data/Readers.h"

#include <QFile>

namespace layersmith {

namespace {

constexpr QLatin1String kIris("iris");
constexpr QLatin1String kIrisFile("iris.csv");

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

std::shared_ptr<const RawData> readBundledCsv(const QString& name) {
  const QString path = QStringLiteral(":/layersmith/samples/") + name;
  if (name.contains(QLatin1Char('/')) || !QFile::exists(path))
    throw Error(ErrorKind::NotFound, "No table called '" + name.toStdString() + "' comes with the program.");
  return readCsv(path);
}

Dataset loadSample(const QString& name, std::uint64_t seed, double validationFraction) {
  if (const GeneratorType* type = findGenerator(name))
    return generate(type->name, type->defaultSamples, type->defaultNoise, seed, validationFraction);
  if (name.compare(kIris, Qt::CaseInsensitive) != 0 && name != kIrisFile) throw unknownSample(name);
  const auto raw = readBundledCsv(kIrisFile);
  DataRecipe recipe = guessRecipe(*raw, kIrisFile);
  recipe.seed = seed;
  recipe.validationFraction = validationFraction;
  return prepare(raw, recipe);
}

}  // namespace layersmith
