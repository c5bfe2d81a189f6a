#pragma once

#include "model/storage/plugins/StorePlugin.h"

#include <QObject>

#include <optional>

namespace layersmith {

/// archive://NAME is a model in `archive.lsarch` of the data folder, archive:///a/file#NAME one in any file, which is
/// named by its absolute path.
class ArchivePlugin final : public QObject, public StorePlugin {
  Q_OBJECT
  Q_PLUGIN_METADATA(IID LAYERSMITH_STORE_PLUGIN_IID)
  Q_INTERFACES(layersmith::StorePlugin)

 public:
  QString scheme() const override { return QStringLiteral("archive"); }
  QString title() const override { return QStringLiteral("Append-only archive"); }
  void initialize(const QString& dataFolder) override { m_ownFile = dataFolder + QStringLiteral("/archive.lsarch"); }

  Outcome load(const QString& name, Model* model) override;
  Outcome save(const QString& name, const Model& model, bool overwrite) override;
  Outcome remove(const QString& name) override;
  Outcome list(const QString& where, QList<Entry>* entries) override;
  QString stamp(const QString& name) override;
  Outcome removeUnchanged(const QString& name, const QString& stamp) override;

 private:
  struct Address {
    QString file;
    QString name;
  };
  std::optional<Address> addressOf(const QString& name) const;  ///< nothing: its file is no absolute path

  QString m_ownFile;
};

}  // namespace layersmith
