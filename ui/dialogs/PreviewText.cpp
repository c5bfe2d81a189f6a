#include "ui/dialogs/PreviewText.h"

#include "model/session/QuantizationEffect.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/StorePreview.h"

#include <QLocale>

#include <algorithm>

namespace layersmith {

namespace {

std::int64_t totalOf(const DocumentState& state, const SaveRequest& request, const SaveContents& contents) {
  return previewSave(parsePlace(request.url).url(), artifactsFromDocument(state, contents), request.options).total;
}

/// What one option adds: the model with it less the model without.
std::int64_t bytesOf(const DocumentState& state, const SaveRequest& request, bool SaveContents::*option) {
  SaveContents contents = request.contents;
  contents.*option = true;
  const std::int64_t with = totalOf(state, request, contents);
  contents.*option = false;
  return with - totalOf(state, request, contents);
}

/// A name and, below it, what it takes: the pane is narrow.
QString linesOf(const StorePreview& preview) {
  const QLocale locale;
  const bool isInCharacters = preview.unit == QStringLiteral("characters");
  const auto amount = [&](std::int64_t count) {
    const QString number = locale.toString(static_cast<qlonglong>(count));
    return (isInCharacters ? SavePreviewPane::tr("%1 characters") : SavePreviewPane::tr("%1 bytes")).arg(number);
  };
  QString lines;
  for (const PreviewItem& item : preview.items)
    lines += QStringLiteral("%1\n  %2\n").arg(item.name, amount(item.amount));
  if (preview.quota == 0) return lines;
  return lines + u'\n' +
         SavePreviewPane::tr("%1 are left of %2.")
             .arg(amount(preview.left), locale.toString(static_cast<qlonglong>(preview.quota)));
}

}  // namespace

SavePreview makeSavePreview(ModelLibrary& library, const DocumentState& state, const SaveRequest& request) {
  const Place place = parsePlace(request.url);
  const bool isHttp = request.target == SaveTarget::Http;
  const bool hasQuota = request.target == SaveTarget::LocalStorage || request.target == SaveTarget::IndexedDb;
  const StoreUsage usage = hasQuota ? library.usage(place.scheme) : StoreUsage();
  const StorePreview preview =
      previewSave(place.url(), artifactsFromDocument(state, request.contents), request.options, usage);
  SavePreview result;
  result.text = isHttp ? preview.request : linesOf(preview);
  result.isInCharacters = preview.unit == QStringLiteral("characters");
  result.totalBytes = preview.total;
  if (!preview.fits()) result.freeBytes = std::max<std::int64_t>(preview.left, 0);
  if (!state.optimizer.empty()) result.optimizerBytes = bytesOf(state, request, &SaveContents::includeOptimizer);
  if (state.hasRecipe) result.recipeBytes = bytesOf(state, request, &SaveContents::includeRecipe);
  if (isHttp) {
    result.curl = asCurl(place.url(), request.options.http);
    result.tfIo = asTfIoHttp(place.url(), request.options.http);
  }
  return result;
}

QString effectText(const QuantizationEffect& effect) {
  const QLocale locale;
  const auto number = [&](double value) { return locale.toString(value, 'g', 2); };
  if (effect.samples == 0)
    return SavePreviewPane::tr("Weights change by at most %1. There is no data here to compare answers on.")
        .arg(number(effect.weights.largest));
  const QString change = SavePreviewPane::tr("Answers change by at most %1 on %2.")
                             .arg(number(effect.largest), SavePreviewPane::tr("%n rows", nullptr, int(effect.samples)));
  if (effect.otherAnswers < 0) return change;
  if (effect.otherAnswers == 0) return change + u' ' + SavePreviewPane::tr("Every row keeps its class.");
  return change + u' ' + SavePreviewPane::tr("%n rows get another class.", nullptr, int(effect.otherAnswers));
}

}  // namespace layersmith
