#include "model/storage/plugins/PluginStore.h"

#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <map>
#include <set>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

/// A plug-in in memory, whose calls fail or are overtaken when a test says so.
class MemoryPlugin final : public StorePlugin {
 public:
  QString scheme() const override { return QStringLiteral("memory"); }
  QString title() const override { return QStringLiteral("Memory"); }
  void initialize(const QString&) override {}

  Outcome load(const QString& name, Model* model) override {
    if (const Outcome outcome = begin("load"); outcome.kind != Outcome::Done) return outcome;
    const auto found = m_models.find(name);
    if (found == m_models.end()) return {Outcome::NotFound, name + QStringLiteral(" is not there.")};
    if (!m_givesNothing) *model = found->second;
    if (m_damaged.contains(name)) return {Outcome::Damaged, name + QStringLiteral(" is damaged.")};
    if (m_doubtful.contains(name)) return {Outcome::Doubtful, name + QStringLiteral(" may be older.")};
    return {};
  }

  Outcome save(const QString& name, const Model& model, bool overwrite) override {
    if (const Outcome outcome = begin("save"); outcome.kind != Outcome::Done) return outcome;
    if (!overwrite && m_models.contains(name)) return {Outcome::AlreadyExists, name + QStringLiteral(" is there.")};
    put(name, model);
    return {};
  }

  Outcome remove(const QString& name) override { return removeUnchanged(name, {}); }

  Outcome list(const QString&, QList<Entry>* entries) override {
    for (const auto& [name, model] : m_models)
      entries->append({name, QDateTime::currentDateTimeUtc(), model.modelJson, model.weights.size(),
                       m_doubtful.contains(name) ? QStringLiteral("may be older") : QString()});
    return {};
  }

  QString stamp(const QString& name) override {
    return m_models.contains(name) ? QString::number(m_stamps[name]) : QString();
  }

  Outcome removeUnchanged(const QString& name, const QString& expected) override {
    if (const Outcome outcome = begin("remove"); outcome.kind != Outcome::Done) return outcome;
    if (!m_models.contains(name)) return {Outcome::NotFound, name + QStringLiteral(" is not there.")};
    if (!expected.isEmpty() && stamp(name) != expected) return {Outcome::Changed, QStringLiteral("It stays there.")};
    m_models.erase(name);
    return {};
  }

  void put(const QString& name, const Model& model) {
    m_models[name] = model;
    m_stamps[name] = ++m_writes;
    m_damaged.erase(name);
    m_doubtful.erase(name);
  }

  /// At the beginning of the next such call: another program, or a failure.
  void at(const char* call, std::function<Outcome()> happens) { m_happens[call] = std::move(happens); }

  std::map<QString, Model> m_models;
  std::set<QString> m_damaged, m_doubtful;
  bool m_givesNothing = false;

 private:
  Outcome begin(const std::string& call) {
    const auto found = m_happens.find(call);
    if (found == m_happens.end()) return {};
    const std::function<Outcome()> happens = std::move(found->second);
    m_happens.erase(found);
    return happens();
  }

  std::map<QString, int> m_stamps;
  int m_writes = 0;
  std::map<std::string, std::function<Outcome()>> m_happens;
};

SaveOptions replacing() {
  SaveOptions options;
  options.overwrite = true;
  options.replacedToTrash = true;
  return options;
}

}  // namespace

/// What a plug-in's place loses to nobody: not to a failure, not to another program.
class TestPluginStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void replacesNothingItCannotKeep();
  void keepsTheBytesOfADamagedModel();
  void removesADamagedModelThatGivesNothing();
  void removesWhatIsNoModel();
  void opensADoubtfulModelOnlyWhenAsked();
  void aSaveLeavesWhatCameMeanwhile();
  void aRemovalLeavesWhatCameMeanwhile();
  void aRenameLeavesWhatCameMeanwhile();
  void aRenameThatFails();
  void aNewNameStaysInItsFile();

 private:
  QByteArray held(const QString& name) const { return m_plugin->m_models.at(name).weights; }
  QByteArray bytes(float value) const { return sized(10, value).weightData->joined(); }
  /// Another program saves there.
  StorePlugin::Outcome overwritten(const QString& name, float value) {
    StorePlugin::Model model;
    model.modelJson = toJsonBytes(modelJson(sized(10, value), singleGroup(sized(10, value), "weights.bin")));
    model.weights = bytes(value);
    m_plugin->put(name, model);
    return {};
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<MemoryPlugin> m_plugin;
  LoadedPlugin m_loaded;
  std::unique_ptr<PluginStore> m_store;
  const QString m_name = QStringLiteral("m");
};

void TestPluginStore::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  m_plugin = std::make_unique<MemoryPlugin>();
  m_loaded = LoadedPlugin();
  m_loaded.scheme = m_plugin->scheme();
  m_loaded.title = m_plugin->title();
  m_loaded.plugin = m_plugin.get();
  m_loaded.mutex = std::make_unique<std::mutex>();
  m_store = std::make_unique<PluginStore>(m_loaded, m_folder->filePath(QStringLiteral("trash")));
}

void TestPluginStore::replacesNothingItCannotKeep() {
  const StorePlugin::Outcome away = {StorePlugin::Outcome::Network, QStringLiteral("The place is away.")};
  m_store->save(m_name, sized(10, 1));
  m_plugin->at("load", [&] { return away; });
  COMPARE_ERROR(m_store->contains(m_name), "E301");
  m_plugin->at("load", [&] { return away; });
  const Error error = errorOf([&] { m_store->save(m_name, sized(10, 2), replacing()); });
  QVERIFY(error.kind() == ErrorKind::Network);
  QVERIFY2(
      error.message().find("cannot be kept in the Trash. Nothing was changed. The place is away.") != std::string::npos,
      error.what());
  QCOMPARE(held(m_name), bytes(1));
  m_plugin->at("load", [&] { return away; });
  COMPARE_ERROR(m_store->remove(m_name), "E301");
  QCOMPARE(held(m_name), bytes(1));
  QVERIFY(m_store->trash().empty());
  m_store->save(m_name, sized(10, 2), replacing());
  QCOMPARE(held(m_name), bytes(2));
  QCOMPARE(m_store->trash().size(), 1u);
}

void TestPluginStore::keepsTheBytesOfADamagedModel() {
  m_store->save(m_name, sized(10, 1));
  const StorePlugin::Model old = m_plugin->m_models.at(m_name);
  m_plugin->m_damaged.insert(m_name);
  QVERIFY(m_store->contains(m_name));
  COMPARE_ERROR(m_store->load(m_name), "E110");
  m_plugin->at("save", [] { return StorePlugin::Outcome{StorePlugin::Outcome::Io, QStringLiteral("Not now.")}; });
  COMPARE_ERROR(m_store->save(m_name, sized(10, 2), replacing()), "E201");
  QVERIFY(m_store->trash().empty());  // it is where it was
  m_store->save(m_name, sized(10, 2), replacing());
  QCOMPARE(wholeOf(m_store->load(m_name)), wholeOf(sized(10, 2)));
  const std::vector<TrashEntry> trash = m_store->trash();
  QCOMPARE(trash.size(), 1u);
  QCOMPARE(trash.front().name, m_name);
  const QString raw = m_folder->filePath(QStringLiteral("trash/%1/damaged/").arg(trash.front().id));
  QCOMPARE(bytesOf(raw + QStringLiteral("model.json")), old.modelJson);
  QCOMPARE(bytesOf(raw + QStringLiteral("weights.bin")), old.weights);
  const Error error = errorOf([&] { m_store->restore(trash.front().id); });
  QCOMPARE(error.code(), std::string("E110"));
  QVERIFY2(error.message().find("lies in " + raw.chopped(1).toStdString()) != std::string::npos, error.what());
  m_store->purge(trash.front().id);
  QVERIFY(m_store->trash().empty());
}

void TestPluginStore::removesADamagedModelThatGivesNothing() {
  m_store->save(m_name, sized(10, 1));
  m_plugin->m_damaged.insert(m_name);
  m_plugin->m_givesNothing = true;
  QCOMPARE(m_store->remove(m_name).bytes, 0);
  QVERIFY(!m_store->contains(m_name));
  m_store->emptyTrash();
  QVERIFY(m_store->trash().empty());
}

void TestPluginStore::removesWhatIsNoModel() {
  StorePlugin::Model model;
  model.modelJson = "no model at all";
  m_plugin->put(m_name, model);
  const QString id = m_store->remove(m_name).id;
  QVERIFY(!m_store->contains(m_name));
  QCOMPARE(bytesOf(m_folder->filePath(QStringLiteral("trash/%1/damaged/model.json").arg(id))), model.modelJson);
}

void TestPluginStore::opensADoubtfulModelOnlyWhenAsked() {
  m_store->save(m_name, sized(10, 1));
  m_plugin->m_doubtful.insert(m_name);
  COMPARE_ERROR(m_store->load(m_name), "E111");
  COMPARE_ERROR(m_store->rename(m_name, QStringLiteral("other")), "E111");
  LoadOptions asked;
  asked.acceptChangedFiles = true;
  QCOMPARE(wholeOf(m_store->load(m_name, asked)), wholeOf(sized(10, 1)));
  QCOMPARE(m_store->list().front().problem, QStringLiteral("may be older"));
  m_store->save(m_name, sized(10, 2), replacing());
  QVERIFY(m_store->list().front().problem.isEmpty());
  m_store->remove(m_name);
  for (const TrashEntry& entry : m_store->trash()) {
    m_store->restore(entry.id);
    m_store->load(m_name);
    m_plugin->m_models.clear();
  }
}

void TestPluginStore::aSaveLeavesWhatCameMeanwhile() {
  m_store->save(m_name, sized(10, 1));
  m_plugin->at("load", [&] { return overwritten(m_name, 5); });  // after its stamp was taken
  COMPARE_ERROR(m_store->save(m_name, sized(10, 2), replacing()), "E203");
  QCOMPARE(held(m_name), bytes(5));
  QVERIFY(m_store->trash().empty());

  const QString fresh = QStringLiteral("fresh");  // not there when it is looked for
  m_plugin->at("save", [&] { return overwritten(fresh, 6); });
  COMPARE_ERROR(m_store->save(fresh, sized(10, 2), replacing()), "E203");
  QCOMPARE(held(fresh), bytes(6));

  SaveOptions own;  // removed, and written anew by a program that gives it no stamp in time
  own.overwrite = true;
  own.base = m_store->stamp(m_name);
  m_plugin->m_models.clear();
  m_plugin->at("save", [&] { return overwritten(m_name, 7); });
  COMPARE_ERROR(m_store->save(m_name, sized(10, 2), own), "E203");
  QCOMPARE(held(m_name), bytes(7));
}

void TestPluginStore::aRemovalLeavesWhatCameMeanwhile() {
  for (const char* call : {"load", "remove"}) {
    m_store->save(m_name, sized(10, 1), replacing());
    m_store->emptyTrash();
    m_plugin->at(call, [&] { return overwritten(m_name, 5); });
    COMPARE_ERROR(m_store->remove(m_name), "E203");
    QCOMPARE(held(m_name), bytes(5));
  }
  QCOMPARE(m_store->trash().size(), 1u);  // what was there before the other program replaced it
}

void TestPluginStore::aRenameLeavesWhatCameMeanwhile() {
  const QString to = QStringLiteral("to");
  for (const char* call : {"load", "save", "remove"}) {
    m_store->save(m_name, sized(10, 1));
    m_plugin->at(call, [&] { return overwritten(m_name, 5); });
    COMPARE_ERROR(m_store->rename(m_name, to), "E203");
    QCOMPARE(held(m_name), bytes(5));
    QVERIFY2(!m_store->contains(to), call);
    m_plugin->m_models.clear();
  }
}

/// The copy goes while the model is surely where it was; it stays when nobody can know.
void TestPluginStore::aRenameThatFails() {
  const QString to = QStringLiteral("to");
  m_store->save(m_name, sized(10, 1));
  m_plugin->at("remove", [] { return StorePlugin::Outcome{StorePlugin::Outcome::Io, QStringLiteral("Not now.")}; });
  COMPARE_ERROR(m_store->rename(m_name, to), "E201");
  QCOMPARE(held(m_name), bytes(1));
  QVERIFY(!m_store->contains(to));
  m_plugin->at("remove", [&] {
    m_plugin->m_models.erase(m_name);
    return StorePlugin::Outcome{StorePlugin::Outcome::Network, QStringLiteral("No answer came.")};
  });
  const Error error = errorOf([&] { m_store->rename(m_name, to); });
  QCOMPARE(error.code(), std::string("E301"));
  QVERIFY2(error.message().find("Its copy is at memory://to.") != std::string::npos, error.what());
  QCOMPARE(held(to), bytes(1));
}

void TestPluginStore::aNewNameStaysInItsFile() {
  m_store->save(QStringLiteral("/a/file#m"), sized(10, 1));
  const Error error = errorOf([&] { m_store->rename(QStringLiteral("/a/file#m"), QStringLiteral("v#2")); });
  QVERIFY(error.kind() == ErrorKind::InvalidConfig);
  QVERIFY2(error.message().find("A name holds no '#'") == 0, error.what());
  QCOMPARE(m_plugin->m_models.size(), 1u);
  m_store->rename(QStringLiteral("/a/file#m"), QStringLiteral("v"));
  QCOMPARE(held(QStringLiteral("/a/file#v")), bytes(1));
}

QTEST_GUILESS_MAIN(TestPluginStore)
#include "tst_PluginStore.moc"
