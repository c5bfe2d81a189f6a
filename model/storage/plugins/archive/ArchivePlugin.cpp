#include "model/storage/plugins/archive/ArchivePlugin.h"

#include "model/storage/plugins/archive/ArchiveFile.h"

namespace layersmith {

namespace {

using Outcome = StorePlugin::Outcome;

Outcome notThere(const QString& file, const QString& name) {
  return {Outcome::NotFound, QStringLiteral("There is no model \"%1\" in %2.").arg(name, file)};
}

Outcome unreadable(const ArchiveFile& archive) {
  return {Outcome::Damaged, archive.problem()};
}

Outcome notSaved(const ArchiveFile& archive) {
  return {archive.isFull() ? Outcome::NoSpace : Outcome::Io, archive.problem()};
}

/// A record is never overwritten: another one of the same name stands elsewhere.
QString stampOf(const ArchiveFile::Record& record) {
  return QStringLiteral("%1 %2").arg(record.offset).arg(record.saved.toMSecsSinceEpoch());
}

}  // namespace

ArchivePlugin::Address ArchivePlugin::addressOf(const QString& name) const {
  const qsizetype mark = name.lastIndexOf(u'#');
  return mark < 0 ? Address{m_ownFile, name} : Address{name.left(mark), name.mid(mark + 1)};
}

Outcome ArchivePlugin::load(const QString& name, Model* model) {
  const Address address = addressOf(name);
  ArchiveFile archive(address.file, false);
  if (!archive.problem().isEmpty()) return unreadable(archive);
  const auto record = archive.find(address.name);
  if (!record) return notThere(address.file, address.name);
  if (!archive.isWhole(*record))
    return {Outcome::Damaged,
            QStringLiteral("\"%1\" in %2 was changed or damaged after saving.").arg(address.name, address.file)};
  model->modelJson = archive.json(*record);
  model->weights = archive.weights(*record);
  model->hasWeights = record->hasWeights;
  return {};
}

Outcome ArchivePlugin::save(const QString& name, const Model& model, bool overwrite) {
  const Address address = addressOf(name);
  if (address.name.isEmpty() || address.name.toUtf8().size() > 1024)
    return {Outcome::Unsupported, QStringLiteral("A name has 1 to 1024 bytes. Nothing was changed.")};
  ArchiveFile archive(address.file, true);
  if (!archive.problem().isEmpty()) return unreadable(archive);
  if (!overwrite && archive.find(address.name))
    return {Outcome::AlreadyExists,
            QStringLiteral("\"%1\" exists already in %2. Nothing was changed. Choose another name, or replace it.")
                .arg(address.name, address.file)};
  if (!archive.append(false, address.name, model.modelJson, model.weights, model.hasWeights)) return notSaved(archive);
  return {};
}

Outcome ArchivePlugin::remove(const QString& name) {
  return removeUnchanged(name, {});
}

QString ArchivePlugin::stamp(const QString& name) {
  const Address address = addressOf(name);
  ArchiveFile archive(address.file, false);
  const auto record = archive.find(address.name);
  return record ? stampOf(*record) : QString();
}

Outcome ArchivePlugin::removeUnchanged(const QString& name, const QString& stamp) {
  const Address address = addressOf(name);
  ArchiveFile archive(address.file, true);  // nobody else writes while it is open
  if (!archive.problem().isEmpty()) return unreadable(archive);
  const auto record = archive.find(address.name);
  if (!record) return notThere(address.file, address.name);
  if (!stamp.isEmpty() && stampOf(*record) != stamp)
    return {Outcome::Changed,
            QStringLiteral("\"%1\" in %2 was written by another program meanwhile, so it stays there.")
                .arg(address.name, address.file)};
  if (!archive.append(true, address.name, {}, {}, false)) return notSaved(archive);
  return {};
}

Outcome ArchivePlugin::list(const QString& where, QList<Entry>* entries) {
  const QString file = where.isEmpty() ? m_ownFile : where;
  ArchiveFile archive(file, false);
  if (!archive.problem().isEmpty()) return unreadable(archive);
  for (const ArchiveFile::Record& record : archive.models())
    entries->append({where.isEmpty() ? record.name : where + u'#' + record.name, record.saved, archive.json(record),
                     record.weightBytes});
  return {};
}

}  // namespace layersmith
