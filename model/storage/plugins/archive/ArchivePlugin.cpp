#include "model/storage/plugins/archive/ArchivePlugin.h"

#include "model/storage/plugins/archive/ArchiveFile.h"

#include <QDir>

namespace layersmith {

namespace {

using Outcome = StorePlugin::Outcome;

Outcome noAddress(const QString& name) {
  return {Outcome::Unsupported,
          QStringLiteral("\"%1\" names no archive: what stands before '#' is the absolute path of a file, as in "
                         "archive:///a/file#moons, and a name holds no '#'. Nothing was changed.")
              .arg(name)};
}

Outcome notThere(const ArchiveFile& archive, const QString& file, const QString& name) {
  const QString message = QStringLiteral("There is no model \"%1\" in %2.").arg(name, file);
  if (archive.damage() < 0) return {Outcome::NotFound, message};
  return {Outcome::NotFound,
          message + QStringLiteral(" If there was one, it may be lost where the file is damaged, at byte %1.")
                        .arg(archive.damage())};
}

Outcome troubleOf(const ArchiveFile& archive) {
  switch (archive.trouble()) {
    case ArchiveFile::Trouble::NoArchive: return {Outcome::Damaged, archive.problem()};
    case ArchiveFile::Trouble::Busy: return {Outcome::Busy, archive.problem()};
    case ArchiveFile::Trouble::Full: return {Outcome::NoSpace, archive.problem()};
    case ArchiveFile::Trouble::Io: return {Outcome::Io, archive.problem()};
    case ArchiveFile::Trouble::None: break;
  }
  return {};
}

QString damageOf(const QString& file, const QString& name) {
  return QStringLiteral("\"%1\" in %2 was changed or damaged after saving.").arg(name, file);
}

QString doubtOf(const ArchiveFile& archive, const ArchiveFile::Record& record) {
  if (!archive.mayBeOlder(record)) return {};
  return QStringLiteral(
             "\"%1\" may be an older version, of %2: the file is damaged behind it, at byte %3, where a newer "
             "one or its removal may be lost. Open it if it is the one you want, and save it again.")
      .arg(record.name, record.saved.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")),
           QString::number(archive.damage()));
}

/// A record is never overwritten: another one of the same name stands elsewhere.
QString stampOf(const ArchiveFile::Record& record) {
  return QStringLiteral("%1 %2").arg(record.offset).arg(record.saved.toMSecsSinceEpoch());
}

}  // namespace

std::optional<ArchivePlugin::Address> ArchivePlugin::addressOf(const QString& name) const {
  const qsizetype mark = name.lastIndexOf(u'#');
  if (mark < 0) return Address{m_ownFile, name};
  if (!QDir::isAbsolutePath(name.left(mark))) return std::nullopt;
  return Address{name.left(mark), name.mid(mark + 1)};
}

Outcome ArchivePlugin::load(const QString& name, Model* model) {
  const auto address = addressOf(name);
  if (!address) return noAddress(name);
  ArchiveFile archive(address->file, false);
  if (!archive.problem().isEmpty()) return troubleOf(archive);
  const auto record = archive.find(address->name);
  if (!record) return notThere(archive, address->file, address->name);
  const bool isWhole = archive.isWhole(*record);
  model->modelJson = archive.json(*record);
  model->weights = archive.weights(*record);
  model->hasWeights = record->hasWeights;
  if (!archive.problem().isEmpty()) return troubleOf(archive);
  if (!isWhole) return {Outcome::Damaged, damageOf(address->file, address->name)};
  if (const QString doubt = doubtOf(archive, *record); !doubt.isEmpty()) return {Outcome::Doubtful, doubt};
  return {};
}

Outcome ArchivePlugin::save(const QString& name, const Model& model, bool overwrite) {
  const auto address = addressOf(name);
  if (!address) return noAddress(name);
  if (address->name.isEmpty() || address->name.toUtf8().size() > 1024)
    return {Outcome::Unsupported, QStringLiteral("A name has 1 to 1024 bytes. Nothing was changed.")};
  ArchiveFile archive(address->file, true);
  if (!archive.problem().isEmpty()) return troubleOf(archive);
  if (!overwrite && archive.find(address->name))
    return {Outcome::AlreadyExists,
            QStringLiteral("\"%1\" exists already in %2. Nothing was changed. Choose another name, or replace it.")
                .arg(address->name, address->file)};
  if (!archive.append(false, address->name, model.modelJson, model.weights, model.hasWeights))
    return troubleOf(archive);
  return {};
}

Outcome ArchivePlugin::remove(const QString& name) {
  return removeUnchanged(name, {});
}

QString ArchivePlugin::stamp(const QString& name) {
  const auto address = addressOf(name);
  if (!address) return {};
  const ArchiveFile archive(address->file, false);
  const auto record = archive.find(address->name);
  return record ? stampOf(*record) : QString();
}

Outcome ArchivePlugin::removeUnchanged(const QString& name, const QString& stamp) {
  const auto address = addressOf(name);
  if (!address) return noAddress(name);
  ArchiveFile archive(address->file, true);  // nobody else writes while it is open
  if (!archive.problem().isEmpty()) return troubleOf(archive);
  const auto record = archive.find(address->name);
  if (!record) return notThere(archive, address->file, address->name);
  if (!stamp.isEmpty() && stampOf(*record) != stamp)
    return {Outcome::Changed,
            QStringLiteral("\"%1\" in %2 was written by another program meanwhile, so it stays there.")
                .arg(address->name, address->file)};
  if (!archive.append(true, address->name, {}, {}, false)) return troubleOf(archive);
  return {};
}

Outcome ArchivePlugin::list(const QString& where, QList<Entry>* entries) {
  if (!where.isEmpty() && !QDir::isAbsolutePath(where)) return noAddress(where);
  const QString file = where.isEmpty() ? m_ownFile : where;
  ArchiveFile archive(file, false);
  for (const ArchiveFile::Record& record : archive.models())
    entries->append({where.isEmpty() ? record.name : where + u'#' + record.name, record.saved, archive.json(record),
                     record.weightBytes, record.isDamaged ? damageOf(file, record.name) : doubtOf(archive, record)});
  return troubleOf(archive);
}

}  // namespace layersmith
