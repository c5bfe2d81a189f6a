#include "model/document/CodeExport.h"

#include "model/core/FieldSpec.h"
#include "model/format/FieldJson.h"
#include "model/nn/GraphAnalysis.h"
#include "model/training/Catalogue.h"

#include <algorithm>

namespace layersmith {

namespace {

/// A word as a POSIX shell takes it.
QString shellWord(const QString& text) {
  const bool isPlain = !text.isEmpty() && std::ranges::all_of(text, [](QChar c) {
    return c.isLetterOrNumber() || QStringLiteral("-_./:,=+@%").contains(c);
  });
  if (isPlain) return text;
  QString quoted = text;
  quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
  return QLatin1Char('\'') + quoted + QLatin1Char('\'');
}

QString joined(const std::vector<std::string>& words) {
  QStringList list;
  for (const std::string& word : words) list << QString::fromStdString(word);
  return list.join(QLatin1Char(','));
}

void addData(QStringList& words, const DocumentState& state) {
  const DataRecipe& recipe = state.recipe;
  if (recipe.kind == QLatin1String("generator"))
    words << QStringLiteral("--data") << QString::fromStdString(recipe.generator.stringAt("name"));
  else
    words << QStringLiteral("--data")
          << shellWord(recipe.source.isEmpty() ? QStringLiteral("data.csv") : recipe.source);
  QStringList features;
  for (const ColumnRecipe& column : recipe.columns) {
    if (column.role == ColumnRole::Feature) features << column.name;
    if (column.role == ColumnRole::Target && recipe.kind == QLatin1String("csv"))
      words << QStringLiteral("--target") << shellWord(column.name);
  }
  if (recipe.kind == QLatin1String("csv"))
    words << QStringLiteral("--features") << shellWord(features.join(QLatin1Char(',')));
}

QString number(double value) {
  return QString::fromStdString(toDisplayString(FieldValue(value)));
}

/// {"min": ..} as a JavaScript literal that a page can hold.
QString literal(const Json& json) {
  return QString::fromStdString(json.dump());
}

QString exampleInput(const DocumentState& state) {
  const GraphReport report = analyse(state.graph);
  QStringList lines;
  for (const TensorRef& input : state.graph.inputs) {
    const auto it = report.layers.find(input.layer);
    if (it == report.layers.end() || it->second.outputShapes.empty()) continue;
    Shape shape = it->second.outputShapes.front();
    for (std::int64_t& dim : shape)
      if (dim == kUnknownDim) dim = 1;
    QStringList dims;
    for (std::int64_t dim : shape) dims << QString::number(dim);
    lines << QStringLiteral("tf.zeros([%1])").arg(dims.join(QStringLiteral(", ")));
  }
  return lines.size() == 1 ? lines.front() : QStringLiteral("[%1]").arg(lines.join(QStringLiteral(", ")));
}

QString rowFunction() {
  return QStringLiteral(R"(    // Turns one row of the table into the numbers the model was trained on.
    function encode(row) {
      return recipe.columns.filter(column => column.role === 'feature').flatMap((column, i) =>
        column.isCategorical ? column.categories.map(category => Number(category === String(row[i])))
                             : [(Number(row[i]) - column.offset) / column.scale]);
    }
)");
}

QString page() {
  return QStringLiteral(R"(<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>%1</title>
  <script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0/dist/tf.min.js"></script>
</head>
<body>
  <h1>%1</h1>
  <form id="form"></form>
  <pre id="answer">Loading the model...</pre>
  <script>
    // Put this page beside model.json and its weights, and serve the folder: npx http-server
    const recipe = %2;
%3
    function show(output) {
      const values = Array.from(output.dataSync());
      const names = recipe && recipe.classNames || [];
      document.getElementById('answer').textContent = values.map((value, i) =>
        (values.length === 1 && names.length === 2 ? names[1] : names[i] ?? 'output ' + i) + ': ' + value.toFixed(4)).join('\n');
    }

    async function main() {
      const model = await tf.loadLayersModel('model.json');
%4    }
    main().catch(error => { document.getElementById('answer').textContent = String(error); });
  </script>
</body>
</html>
)");
}

QString formScript() {
  return QStringLiteral(R"(      const form = document.getElementById('form');
      const features = recipe.columns.filter(column => column.role === 'feature');
      for (const column of features) {
        const label = form.appendChild(document.createElement('label'));
        label.textContent = column.name + ' ';
        const input = label.appendChild(document.createElement('input'));
        input.value = column.isCategorical ? column.categories[0] : column.offset.toPrecision(3);
      }
      const predict = () => tf.tidy(() => {
        const row = [...form.querySelectorAll('input')].map(input => input.value);
        show(model.predict(tf.tensor2d([encode(row)])));
      });
      form.addEventListener('input', predict);
      predict();
)");
}

}  // namespace

QString trainCommandLine(const DocumentState& state, const QString& url, const QString& savePlace) {
  QStringList words = {QStringLiteral("layersmith-cli"), QStringLiteral("train")};
  words << shellWord(url.isEmpty() ? QStringLiteral("MODEL") : url);
  addData(words, state);
  words << QStringLiteral("--epochs") << QString::number(state.fit.epochs) << QStringLiteral("--batch-size")
        << QString::number(state.fit.batchSize);
  words << QStringLiteral("--optimizer") << QString::fromStdString(state.training.optimizer);
  if (const FieldValue* rate = state.training.optimizerConfig.find("learningRate"); rate && rate->isNumber())
    words << QStringLiteral("--learning-rate") << number(rate->asNumber());
  words << QStringLiteral("--loss") << joined(state.training.losses);
  if (!state.training.metrics.empty()) words << QStringLiteral("--metrics") << joined(state.training.metrics);
  if (state.hasRecipe) words << QStringLiteral("--validation-split") << number(state.recipe.validationFraction);
  words << QStringLiteral("--seed") << QString::number(state.fit.seed);
  if (!state.fit.shuffle) words << QStringLiteral("--no-shuffle");
  words << QStringLiteral("--save") << shellWord(savePlace) << QStringLiteral("--include-optimizer");
  return words.join(QLatin1Char(' '));
}

QString tensorflowJsPage(const DocumentState& state, const QString& modelName) {
  const bool isTable = state.hasRecipe && !state.recipe.columns.empty();
  const QString recipe = state.hasRecipe ? literal(toJson(state.recipe.toFields())) : QStringLiteral("null");
  const QString script =
      isTable ? formScript()
              : QStringLiteral(
                    "      // Zeros in the right shape; put your own values here.\n      show(model.predict(%1));\n")
                    .arg(exampleInput(state));
  return page().arg(modelName.toHtmlEscaped(), recipe, isTable ? rowFunction() : QString(), script);
}

}  // namespace layersmith
