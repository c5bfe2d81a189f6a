#include "ui/main/OpenPlan.h"

#include "model/core/Limits.h"
#include "model/format/ModelJson.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

#include <algorithm>
#include <iterator>

namespace layersmith {

namespace {

constexpr qint64 kLookBytes = 1 << 20;

QString tr(const char* text, int number = -1) {
  return QCoreApplication::translate("OpenPlan", text, nullptr, number);
}

QByteArray beginningOf(const QString& path, qint64 bytes = kLookBytes) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.read(bytes) : QByteArray();
}

bool isModelJson(const QByteArray& text) {
  return text.trimmed().startsWith('{') && (text.contains("\"modelTopology\"") ||
                                            text.contains("\"weightsManifest\"") || text.contains("\"class_name\""));
}

/// IDX: two zero bytes, a type, the number of dimensions. Images have three or more, labels one. Gzipped ones go by
/// name.
int idxDimensions(const QString& path, const QByteArray& head) {
  if (head.size() >= 4 && head[0] == 0 && head[1] == 0 && head[2] == 8) return head[3];
  if (!head.startsWith("\x1f\x8b")) return 0;
  const QString name = QFileInfo(path).fileName();
  if (name.contains(QStringLiteral("idx1"))) return 1;
  return name.contains(QStringLiteral("idx3")) ? 3 : 0;
}

bool isTable(const QByteArray& head) {
  if (head.isEmpty() || head.contains('\0') || head.trimmed().startsWith('<') || head.trimmed().startsWith('{'))
    return false;
  const QByteArray line = head.left(head.indexOf('\n') < 0 ? head.size() : head.indexOf('\n'));
  return line.contains(',') || line.contains(';') || line.contains('\t') || line.contains('|');
}

/// The model.json that names a weight file, in the same folder.
QString jsonNaming(const QFileInfo& weights) {
  const QDir folder = weights.dir();
  for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files)) {
    const QByteArray text = beginningOf(folder.filePath(name), 32 << 20);
    if (isModelJson(text) && text.contains('"' + weights.fileName().toUtf8() + '"')) return folder.filePath(name);
  }
  return {};
}

/// The labels that belong to a file of images, by the names MNIST uses.
QString labelsBeside(const QString& imagesPath) {
  QString name = imagesPath;
  name.replace(QStringLiteral("images"), QStringLiteral("labels"))
      .replace(QStringLiteral("idx3"), QStringLiteral("idx1"));
  return name != imagesPath && QFile::exists(name) ? name : QString();
}

struct Sorted {
  QStringList models, weights, tables, images, labels, links, unreadable;
};

void sortFile(const QString& path, Sorted& sorted) {
  const QByteArray head = beginningOf(path);
  const int dimensions = idxDimensions(path, head);
  const bool isZip = head.startsWith("PK\x03\x04") && path.endsWith(QStringLiteral(".zip"), Qt::CaseInsensitive);
  if (isModelJson(head) || isZip)
    sorted.models << path;
  else if (dimensions >= 3)
    sorted.images << path;
  else if (dimensions == 1)
    sorted.labels << path;
  else if (isTable(head))
    sorted.tables << path;
  else if (path.endsWith(QStringLiteral(".bin")))
    sorted.weights << path;
  else
    sorted.unreadable << path;
}

void sortFolder(const QString& path, Sorted& sorted) {
  const QDir folder(path);
  if (folder.exists(QStringLiteral("model.json"))) {
    sorted.models << path;
    return;
  }
  QStringList found;
  for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files)) {
    if (isModelJson(beginningOf(folder.filePath(name)))) found << folder.filePath(name);
  }
  if (found.isEmpty()) sorted.unreadable << path;
  sorted.models << found;
}

Sorted sortPlaces(const QStringList& places) {
  Sorted sorted;
  for (const QString& place : places) {
    if (place.contains(QStringLiteral("://")))
      sorted.links << place;
    else if (QFileInfo(place).isDir())
      sortFolder(place, sorted);
    else
      sortFile(place, sorted);
  }
  for (const QString& weights : sorted.weights) {
    if (!sorted.models.isEmpty()) break;
    const QString json = jsonNaming(QFileInfo(weights));
    if (!json.isEmpty() && !sorted.models.contains(json)) sorted.models << json;
  }
  return sorted;
}

QString nameOf(const QString& path) {
  return QFileInfo(path).fileName();
}

QString quoted(const QStringList& names) {
  QStringList all;
  for (const QString& name : names.mid(0, 3)) all << QStringLiteral("`%1`").arg(name);
  if (names.size() > 3) all << tr("%n more", static_cast<int>(names.size()) - 3);
  return all.join(QStringLiteral(", "));
}

/// The weight files that a model.json names. A file that cannot be read names none: opening it says why.
QStringList weightsNamedBy(const QString& json) {
  try {
    QStringList names;
    for (const WeightsGroup& group : parseModelJson(beginningOf(json, limits::kModelJsonBytes), json).groups)
      for (const std::string& path : group.paths) names << QString::fromStdString(path);
    return names;
  } catch (...) {
    return {};
  }
}

/// Models with the weight files that were picked with them, matched by name as tf.io.browserFiles() does.
class PickedSets {
 public:
  PickedSets(OpenPlan& plan, const Sorted& sorted) : m_unused(sorted.weights) {
    for (const QString& model : sorted.models) plan.items.push_back(itemFor(model, sorted.weights));
    QStringList names;
    for (const QString& path : m_unused) names << nameOf(path);
    if (names.isEmpty()) return;
    plan.note = tr("Left aside, as no model here names them: %1.").arg(quoted(names));
    if (m_missing.isEmpty()) return;
    plan.items.clear();
    plan.title = tr("These files do not fit together");
    plan.text = tr("Missing for `%1`: %2. Not part of it: %3. Choose the files that were saved together.")
                    .arg(nameOf(m_incomplete), quoted(m_missing), quoted(names));
  }

 private:
  OpenItem itemFor(const QString& model, const QStringList& weights) {
    OpenItem item{OpenItem::Kind::Model, model, {}, {}};
    if (weights.isEmpty() || !QFileInfo(model).isFile()) return item;
    bool isElsewhere = false;
    QStringList found, missing;
    for (const QString& path : weightsNamedBy(model)) {
      const QString beside = QFileInfo(model).dir().filePath(path);
      const auto hasName = [&](const QString& weight) { return nameOf(weight) == nameOf(path); };
      const QStringList picked = filtered(weights, hasName);
      for (const QString& weight : picked) m_unused.removeAll(weight);
      isElsewhere = isElsewhere || !(picked.isEmpty() || picked.contains(beside));
      if (!picked.isEmpty())
        found << picked;
      else if (QFileInfo::exists(beside))
        found << beside;
      else
        missing << nameOf(path);
    }
    if (!missing.isEmpty() && m_missing.isEmpty()) {
      m_missing = missing;
      m_incomplete = model;
    }
    if (!isElsewhere) return item;
    return {OpenItem::Kind::PickedModel, model, {}, QStringList(model) + found};
  }

  static QStringList filtered(const QStringList& all, const auto& isWanted) {
    QStringList some;
    std::ranges::copy_if(all, std::back_inserter(some), isWanted);
    return some;
  }

  QStringList m_unused;
  QStringList m_missing;  ///< of the first model that lacks some
  QString m_incomplete;
};

void describeModels(OpenPlan& plan, const Sorted& sorted) {
  PickedSets(plan, sorted);
  if (!plan.text.isEmpty()) return;
  const int count = static_cast<int>(sorted.models.size() + sorted.links.size());
  plan.title = count == 1 ? tr("Open one model") : tr("Open %n models", count);
  const QString first = sorted.models.isEmpty() ? sorted.links.front() : QFileInfo(sorted.models.front()).fileName();
  if (count > 1)
    plan.text = tr("Each opens in a new tab.");
  else if (sorted.weights.isEmpty())
    plan.text = tr("`%1` opens in a new tab.").arg(first);
  else
    plan.text =
        tr("`%1` with %n weight file(s). It opens in a new tab.", static_cast<int>(sorted.weights.size())).arg(first);
  for (const QString& link : sorted.links) plan.items.push_back({OpenItem::Kind::Model, link, {}, {}});
  for (const QString& path : sorted.models.mid(0, 3)) plan.chips << QFileInfo(path).fileName();
  if (!sorted.weights.isEmpty()) plan.chips << QStringLiteral("%1 × .bin").arg(sorted.weights.size());
}

void describeData(OpenPlan& plan, const Sorted& sorted) {
  if (!sorted.images.isEmpty()) {
    const QString images = sorted.images.front();
    const QString labels = sorted.labels.isEmpty() ? labelsBeside(images) : sorted.labels.front();
    if (labels.isEmpty()) {
      plan.text = tr("`%1` holds images. Drop its file of labels with it.").arg(QFileInfo(images).fileName());
      return;
    }
    plan.title = tr("Use these images as data");
    plan.text = tr("`%1` becomes the data of the model in front.").arg(QFileInfo(images).fileName());
    plan.chips << QFileInfo(images).fileName() << QFileInfo(labels).fileName();
    plan.items.push_back({OpenItem::Kind::Images, images, labels, {}});
  } else {
    plan.title = tr("Use this table as data");
    plan.text = tr("`%1` becomes the data of the model in front.").arg(QFileInfo(sorted.tables.front()).fileName());
    plan.chips << QFileInfo(sorted.tables.front()).fileName();
    plan.items.push_back({OpenItem::Kind::Table, sorted.tables.front(), {}, {}});
  }
}

void describeUnreadable(OpenPlan& plan, const Sorted& sorted) {
  plan.title = tr("Nothing to open here");
  if (!sorted.weights.isEmpty()) {
    plan.text = tr("`%1` holds weights only. Drop the model.json that names it.")
                    .arg(QFileInfo(sorted.weights.front()).fileName());
  } else if (!sorted.labels.isEmpty()) {
    plan.text =
        tr("`%1` holds labels. Drop its file of images with it.").arg(QFileInfo(sorted.labels.front()).fileName());
  } else if (!sorted.unreadable.isEmpty()) {
    plan.text = tr("Layersmith cannot read `%1`. It reads: model.json with its weights, folders and .zip files of "
                   "these, CSV tables "
                   "and IDX images.")
                    .arg(QFileInfo(sorted.unreadable.front()).fileName());
  }
}

}  // namespace

OpenPlan planOpen(const QStringList& pathsAndLinks) {
  const Sorted sorted = sortPlaces(pathsAndLinks);
  OpenPlan plan;
  if (!sorted.models.isEmpty() || !sorted.links.isEmpty())
    describeModels(plan, sorted);
  else if (!sorted.images.isEmpty() || !sorted.tables.isEmpty())
    describeData(plan, sorted);
  if (plan.items.empty() && plan.text.isEmpty()) describeUnreadable(plan, sorted);
  if (plan.title.isEmpty()) plan.title = tr("Nothing to open here");
  return plan;
}

QStringList placesIn(const QMimeData& mime) {
  QStringList places;
  for (const QUrl& url : mime.urls()) {
    if (url.isLocalFile())
      places << url.toLocalFile();
    else if (url.scheme().startsWith(QStringLiteral("http")))
      places << url.toString();
  }
  return places;
}

}  // namespace layersmith
