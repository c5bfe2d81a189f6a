#include "app/cli/DataOptions.h"

#include "app/cli/Program.h"
#include "model/core/Error.h"
#include "model/data/Generators.h"
#include "model/data/Samples.h"

#include <QFileInfo>

#include <algorithm>

namespace layersmith {

namespace {

bool isSampleName(const QString& name) {
  return sampleNames().contains(name, Qt::CaseInsensitive);
}

QStringList toStrings(const std::vector<std::string>& texts) {
  QStringList list;
  for (const std::string& text : texts) list << QString::fromStdString(text);
  return list;
}

char delimiterOf(const std::string& text) {
  if (text.empty()) return 0;
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() > 1) throw usageError("--delimiter takes one character, or tab.");
  return text[0];
}

CsvOptions csvOptions(const DataOptions& options) {
  CsvOptions csv;
  csv.delimiter = delimiterOf(options.delimiter);
  if (options.hasHeader) csv.header = CsvOptions::Header::Yes;
  if (options.hasNoHeader) csv.header = CsvOptions::Header::No;
  csv.textColumns = toStrings(options.textColumns);
  csv.skipBadRows = options.skipsBadRows;
  return csv;
}

LoadedData loadSampleData(const DataOptions& options, const QString& name) {
  for (const GeneratorType& type : generatorTypes()) {
    if (type.name.compare(name, Qt::CaseInsensitive) != 0) continue;
    // The points stay the same whatever the seeds of split and weights are.
    const Dataset made = generate(type.name, options.samples.value_or(type.defaultSamples),
                                  options.noise.value_or(type.defaultNoise), 42);
    return {made.raw, made.recipe};
  }
  const Dataset sample = loadSample(name);
  return {sample.raw, guessRecipe(*sample.raw, sample.recipe.source)};
}

ColumnRecipe& columnNamed(DataRecipe& recipe, const QString& name) {
  const auto found = std::ranges::find(recipe.columns, name, &ColumnRecipe::name);
  if (found != recipe.columns.end()) return *found;
  QStringList names;
  for (const ColumnRecipe& column : recipe.columns) names << column.name;
  throw Error(ErrorKind::NotFound, "There is no column `" + name.toStdString() +
                                       "`. The columns are: " + names.join(QStringLiteral(", ")).toStdString() + ".");
}

void makeTarget(ColumnRecipe& column, const std::string& type, const RawData& raw) {
  // The guess of what a target means is made by guessRecipe, for the column at the end: ask it with this one there.
  RawData alone;
  alone.rows = raw.rows;
  const auto found = std::ranges::find(raw.columns, column.name, &RawData::Column::name);
  alone.columns = {*found};
  column = guessRecipe(alone, {}).columns.front();
  column.role = ColumnRole::Target;
  if (type == "class") column.isCategorical = true;
  if (type == "number" && found->isNumeric) column.isCategorical = false;
  if (!column.isCategorical) column.categories.clear();
}

ColumnScaling scalingOf(const std::string& text) {
  return text == "none" ? ColumnScaling::None : text == "minMax" ? ColumnScaling::MinMax : ColumnScaling::Standard;
}

void chooseColumns(const DataOptions& options, const RawData& raw, DataRecipe& recipe) {
  if (!options.targets.empty()) {
    for (ColumnRecipe& column : recipe.columns)
      if (column.role == ColumnRole::Target) {
        const ColumnRecipe former = column;
        column = {
            former.name, ColumnRole::Feature, ColumnScaling::Standard, former.isCategorical, former.categories, 0, 1};
        const auto found = std::ranges::find(raw.columns, column.name, &RawData::Column::name);
        if (found->isNumeric) column.isCategorical = false;
        if (column.isCategorical) column.scaling = ColumnScaling::None;
      }
    for (const QString& name : toStrings(options.targets))
      makeTarget(columnNamed(recipe, name), options.targetType, raw);
  } else if (!options.targetType.empty()) {
    for (ColumnRecipe& column : recipe.columns)
      if (column.role == ColumnRole::Target) makeTarget(column, options.targetType, raw);
  }
  if (!options.features.empty()) {
    for (ColumnRecipe& column : recipe.columns)
      if (column.role == ColumnRole::Feature) column.role = ColumnRole::Ignore;
    for (const QString& name : toStrings(options.features)) {
      ColumnRecipe& column = columnNamed(recipe, name);
      if (column.role == ColumnRole::Target)
        throw usageError("Column `" + name.toStdString() + "` cannot be a feature and the target.");
      column.role = ColumnRole::Feature;
    }
  }
  for (ColumnRecipe& column : recipe.columns)
    if (!options.scaling.empty() && column.role == ColumnRole::Feature && !column.isCategorical)
      column.scaling = scalingOf(options.scaling);

  recipe.classNames.clear();
  for (const ColumnRecipe* target : recipe.columnsWith(ColumnRole::Target)) recipe.classNames = target->categories;
  recipe.targetEncoding = recipe.classNames.isEmpty()     ? TargetEncoding::Number
                          : recipe.classNames.size() == 2 ? TargetEncoding::ClassIndex
                                                          : TargetEncoding::OneHot;
}

}  // namespace

void DataOptions::addTo(CLI::App& command) {
  const char* group = "Data";
  command
      .add_option(
          "--data", data,
          "A CSV file, an IDX file of images (.gz too), or a sample: iris, twoMoons, xor, spirals, circles, digits")
      ->type_name("FILE|SAMPLE")
      ->group(group);
  command.add_option("--labels", labels, "The IDX file of labels that belongs to the images")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--target", targets, "The column to predict (default: label, class, target, species, y, or the last)")
      ->type_name("COLUMN")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("--features", features, "The columns to look at (default: all others that can teach something)")
      ->type_name("A,B")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("--target-type", targetType, "Whether the target is a class or a number (default: guessed)")
      ->check(CLI::IsMember({"class", "number"}))
      ->group(group);
  command.add_option("--scaling", scaling, "How number columns are scaled (default: standard)")
      ->check(CLI::IsMember({"none", "minMax", "standard"}))
      ->group(group);
  command.add_option("--text-columns", textColumns, "Columns of digits that are names, not numbers")
      ->type_name("A,B")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("--delimiter", delimiter, "What separates cells (default: guessed)")
      ->type_name("CHAR")
      ->group(group);
  auto* with = command.add_flag("--has-header", hasHeader, "The first row names the columns")->group(group);
  command.add_flag("--no-header", hasNoHeader, "The first row is data")->excludes(with)->group(group);
  command.add_flag("--skip-bad-rows", skipsBadRows, "Leave rows that cannot be read out, instead of refusing the file")
      ->group(group);
  command
      .add_option("--split-seed", splitSeed,
                  "Which rows are held back; the same for every --seed, so that runs compare")
      ->group(group);
  command.add_option("--samples", samples, "How many rows a made sample has")
      ->check(CLI::Range(4, 1'000'000))
      ->group(group);
  command.add_option("--noise", noise, "How noisy a made sample is")->check(CLI::Range(0.0, 10.0))->group(group);
}

void applySplit(const DataOptions& options, DataRecipe& recipe) {
  if (options.validationSplit) recipe.validationFraction = *options.validationSplit;
  if (options.splitSeed) recipe.seed = *options.splitSeed;
}

LoadedData loadData(const DataOptions& options) {
  const QString name = QString::fromStdString(options.data);
  LoadedData loaded;
  if (!options.labels.empty()) {
    loaded.raw = readIdx(name, QString::fromStdString(options.labels));
    loaded.recipe = guessRecipe(*loaded.raw, QFileInfo(name).fileName());
  } else if (isSampleName(name) && !QFileInfo::exists(name)) {
    loaded = loadSampleData(options, name);
  } else {
    loaded.raw = readCsv(name, csvOptions(options));
    loaded.recipe = guessRecipe(*loaded.raw, QFileInfo(name).fileName());
  }
  if (options.choosesColumns()) {
    if (loaded.raw->isImages()) throw usageError("Images have no columns to choose from.");
    chooseColumns(options, *loaded.raw, loaded.recipe);
  }
  applySplit(options, loaded.recipe);
  return loaded;
}

}  // namespace layersmith
