// What reads models and changes none: facts for the list, Check, Export raw.
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPlaces.h"
#include "ui/dialogs/ErrorDialog.h"

#include <QFileDialog>

#include <optional>

namespace layersmith {

namespace {

constexpr int kFactsAtOnce = 64, kServerFactsAtOnce = 4;
constexpr int kProblemsTold = 10;

}  // namespace

// A few models at a time, so that a click on the catalog never waits for all of them.
void CatalogController::readFacts() {
  if (m_isReadingFacts) return;
  const QStringList urls = m_model.urlsWithoutFacts(kFactsAtOnce);
  if (urls.isEmpty()) return;
  m_isReadingFacts = true;
  m_stores.run(
      this, [urls](ModelLibrary& library) { return readModelFacts(library, urls, {}); },
      [this](const Outcome<ReadFacts>& outcome) {
        m_isReadingFacts = false;
        if (!outcome.isOk()) return;
        m_model.setFacts(outcome.value().urls, outcome.value().facts);
        m_factsTimer.start();
      });
}

/// Of what somebody sees, and only while the server answers: one that does not is asked for its list, which tells.
void CatalogController::readServerFacts() {
  if (m_isReadingServerFacts) return;
  const QStringList urls = m_model.takeWanted(kServerFactsAtOnce);
  if (urls.isEmpty()) return;
  m_isReadingServerFacts = true;
  m_transfers.run(
      this, [urls, access = m_access](ModelLibrary& library) { return readModelFacts(library, urls, access); },
      [this](const Outcome<ReadFacts>& outcome) {
        m_isReadingServerFacts = false;
        if (!outcome.isOk()) return;
        m_model.setFacts(outcome.value().urls, outcome.value().facts);
        for (const QString& place : outcome.value().silentPlaces) {
          m_model.forgetWanted(place);
          refreshPlace(place);
        }
        m_factsTimer.start();
      });
}

/// What kept a model from being read says nothing of the model.
void CatalogController::tellUnread(const QString& title, const QString& stopped, const Error& error,
                                   std::function<void()> again) {
  if (error.kind() == ErrorKind::Cancelled) {
    Q_EMIT noted(stopped);
  } else {
    std::vector<ErrorAction> actions = tokenActions(error, again);
    actions.push_back({QStringLiteral("retry"), tr("Retry"), std::move(again)});
    ErrorDialog::show(title, error, std::move(actions), &m_window);
  }
}

void CatalogController::check(const QString& url) {
  const QString name = modelNameOf(url);
  runShown(
      workerFor({url}), tr("Checking %1").arg(name),
      [url, access = m_access](ModelLibrary& library, const StoreProgress& progress) {
        return checkModel(library, url, access, progress);
      },
      [this, url, name](const Outcome<CheckResult>& outcome) {
        if (!outcome.isOk()) {
          tellUnread(tr("%1 could not be checked.").arg(name), tr("Stopped. %1 was not checked.").arg(name),
                     outcome.error(), [this, url] { check(url); });
          return;
        }
        const CheckResult& result = outcome.value();
        Q_EMIT checked(url, result.findings, result.isDamaged);
        if (result.findings.isEmpty())
          Q_EMIT noted(tr("%1 is whole: it was read to its last byte.").arg(name));
        else
          ErrorDialog::show((result.isDamaged ? tr("%1 is damaged.") : tr("%1 cannot be opened here.")).arg(name),
                            Error(ErrorKind::Format, result.findings.toStdString()), {}, &m_window);
      });
}

void CatalogController::check(const QStringList& urls) {
  if (urls.size() == 1) return check(urls.front());
  struct Checked {
    QString url;
    std::optional<CheckResult> result;  ///< empty: it could not be read
    QString problem;
  };
  runShown(
      workerFor(urls), tr("Checking %Ln model(s)", nullptr, int(urls.size())),
      [urls, access = m_access](ModelLibrary& library, const StoreProgress& progress) {
        std::vector<Checked> all;
        for (const QString& url : urls) {
          try {
            const CheckResult result = checkModel(library, url, access, progress);
            all.push_back({url, result, result.findings});
          } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
            all.push_back({url, {}, QString::fromStdString(error.message())});
          }
        }
        return all;
      },
      [this, urls](const Outcome<std::vector<Checked>>& outcome) {
        if (!outcome.isOk()) {
          tellUnread(tr("The models could not be checked."), tr("Stopped. Not all models were checked."),
                     outcome.error(), [this, urls] { check(urls); });
          return;
        }
        QStringList problems;
        for (const Checked& one : outcome.value()) {
          if (one.result) Q_EMIT checked(one.url, one.result->findings, one.result->isDamaged);
          if (!one.problem.isEmpty()) problems << modelNameOf(one.url) + QStringLiteral(": ") + one.problem;
        }
        if (problems.isEmpty()) {
          Q_EMIT noted(tr("All %Ln model(s) are whole: they were read to the last byte.", nullptr, int(urls.size())));
          return;
        }
        const auto count = int(problems.size());
        if (count > kProblemsTold)
          problems = problems.mid(0, kProblemsTold) << tr("and %n more", nullptr, count - kProblemsTold);
        ErrorDialog::show(tr("%1 of %2 models could not be read whole.").arg(count).arg(urls.size()),
                          Error(ErrorKind::Format, problems.join(QLatin1Char('\n')).toStdString()), {}, &m_window);
      });
}

void CatalogController::exportRaw(const QString& url, const QString& folder) {
  runChange(
      m_stores, tr("Exporting %1").arg(modelNameOf(url)),
      [url, folder](ModelLibrary& library, const StoreProgress& progress) {
        return exportRawModel(library, url, folder, progress);
      },
      [this, url, folder](const Outcome<QString>& outcome) {
        if (outcome.isOk())
          Q_EMIT noted(tr("Exported to %1.").arg(outcome.value()));
        else
          tellUnread(tr("Nothing was exported."), tr("Stopped. Nothing was exported."), outcome.error(),
                     [this, url, folder] { exportRaw(url, folder); });
      });
}

void CatalogController::askAndExportRaw(const QString& url, QWidget& parent) {
  auto* dialog = new QFileDialog(&parent, tr("Where shall the raw files go?"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this, url](const QString& folder) { exportRaw(url, folder); });
  dialog->open();
}

}  // namespace layersmith
