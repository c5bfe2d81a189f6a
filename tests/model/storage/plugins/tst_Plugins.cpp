#include "model/storage/plugins/PluginStore.h"

#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"
#include "tests/support/RandomCases.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QTemporaryDir>

#include <sys/stat.h>
#include <unistd.h>

using namespace layersmith;
using namespace layersmith::fixtures;

/// The example plug-in as the program loads it, and the file it keeps.
class TestPlugins : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void isFound();
  void refusesWhatIsNone();
  void refusesWhatOthersMayWrite();
  void goesRound();
  void keepsWhatItReplaces();
  void movesAndRenames();
  void staysInItsFile();
  void aMoveLeavesWhatAnotherProgramWrote();
  void aSaveLeavesWhatAnotherProgramWrote();
  void namesWhatIsWrong();
  void passesOverARecordCutShort();
  void cutsOffWhatIsTorn();
  void keepsTheModelBeforeABadRecord();
  void noticesDamage();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  QString place(const char* name) const {
    return QStringLiteral("archive://") + at("models.lsarch") + u'#' + QString::fromUtf8(name);
  }

  QTemporaryDir m_home;
  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<ModelLibrary> m_library;
};

void TestPlugins::initTestCase() {
  qputenv("LAYERSMITH_HOME", m_home.path().toUtf8());
  qputenv("LAYERSMITH_PLUGINS", LAYERSMITH_PLUGIN_DIR);
}

void TestPlugins::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  m_library = std::make_unique<ModelLibrary>(at("home/store.sqlite"));
}

void TestPlugins::isFound() {
  const LoadedPlugin* plugin = findPlugin(QStringLiteral("archive"));
  QVERIFY(plugin);
  QCOMPARE(plugin->title, QStringLiteral("Append-only archive"));
  QVERIFY(plugin->problem.isEmpty());
  QCOMPARE(parsePlace(QStringLiteral("archive://a b")).name, QStringLiteral("a b"));
  QVERIFY(errorOf([] { parsePlace(QStringLiteral("archive://")); }).kind() == ErrorKind::InvalidConfig);
  QVERIFY(errorOf([] { parsePlace(QStringLiteral("other://x")); }).kind() == ErrorKind::InvalidConfig);
  QVERIFY(pluginFolders().contains(m_home.path() + QStringLiteral("/plugins")));
}

void TestPlugins::refusesWhatIsNone() {
  QDir().mkpath(at("plugins"));
  const QString good = QStringLiteral(LAYERSMITH_PLUGIN_DIR "/layersmith_archive.so");
  write(at("plugins/1-text.so"), "hello");
  QByteArray other = bytesOf(good);
  QVERIFY(other.contains("org.layersmith.StorePlugin/3"));
  other.replace("org.layersmith.StorePlugin/3", "org.layersmith.StorePlugin/9");
  write(at("plugins/2-newer.so"), other);
  QVERIFY(QFile::copy(good, at("plugins/3-open.so")));
  QFile::setPermissions(at("plugins/3-open.so"), QFile::ReadOwner | QFile::WriteOwner | QFile::WriteOther);
  QVERIFY(QFile::copy(good, at("plugins/4-good.so")));
  QFile::setPermissions(at("plugins/4-good.so"), QFile::ReadOwner | QFile::WriteOwner);
  QVERIFY(QFile::copy(at("plugins/4-good.so"), at("plugins/5-twin.so")));
  const std::vector<LoadedPlugin> plugins = loadPlugins({at("plugins"), at("nowhere")});
  QCOMPARE(plugins.size(), 5u);
  QVERIFY2(plugins[0].problem.startsWith(QStringLiteral("it is no plug-in")), qPrintable(plugins[0].problem));
  QVERIFY2(plugins[1].problem.contains(QStringLiteral("made for org.layersmith.StorePlugin/9")),
           qPrintable(plugins[1].problem));
  QVERIFY2(plugins[2].problem.contains(QStringLiteral("anyone may write to the file")), qPrintable(plugins[2].problem));
  QVERIFY2(plugins[3].plugin, qPrintable(plugins[3].problem));
  QVERIFY2(plugins[4].problem.contains(QStringLiteral("archive:// is taken")), qPrintable(plugins[4].problem));
}

void TestPlugins::refusesWhatOthersMayWrite() {
  const QString folder = at("plugins"), file = folder + QStringLiteral("/good.so");
  QDir().mkpath(folder);
  QVERIFY(QFile::copy(QStringLiteral(LAYERSMITH_PLUGIN_DIR "/layersmith_archive.so"), file));
  const auto problemOf = [](const QString& where) { return loadPlugins({where}).front().problem; };
  const auto set = [](const QString& path, mode_t mode) {
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
  };
  set(file, 0644);
  set(folder, 0755);
  QCOMPARE(problemOf(folder), QString());
  for (const mode_t mode : {0777, 01777}) {  // whoever may write there, may put another file in its place
    set(folder, mode);
    QVERIFY2(problemOf(folder).startsWith(QStringLiteral("anyone may write to the folder ") + folder),
             qPrintable(problemOf(folder)));
  }
  QDir().mkpath(at("links"));
  QVERIFY(QFile::link(file, at("links/good.so")));
  QVERIFY2(problemOf(at("links")).startsWith(QStringLiteral("anyone may write to the folder ") + folder),
           qPrintable(problemOf(at("links"))));
  set(folder, 0775);
  set(file, 0664);
  QCOMPARE(problemOf(folder), QString());  // of the own group
  if (::geteuid() != 0) QSKIP("only root gives files away");
  QCOMPARE(::chown(QFile::encodeName(file).constData(), 0, 12345), 0);
  QVERIFY2(problemOf(folder).startsWith(QStringLiteral("another group may write to the file")),
           qPrintable(problemOf(folder)));
  set(file, 0644);
  QCOMPARE(problemOf(folder), QString());
  QCOMPARE(::chown(QFile::encodeName(folder).constData(), 12345, 0), 0);
  QVERIFY2(problemOf(folder).endsWith(QStringLiteral("belongs to another user (12345)")),
           qPrintable(problemOf(folder)));
}

void TestPlugins::goesRound() {
  ModelArtifacts artifacts = capture(QStringLiteral("optimizer"));
  artifacts.unknownMembers["extra"] = Json{{"kept", {1, 2.5, nullptr}}};
  m_library->save(QStringLiteral("indexeddb://a"), artifacts);
  m_library->copy(QStringLiteral("indexeddb://a"), place("größe ☃"));
  m_library->copy(place("größe ☃"), at("folder"));
  QCOMPARE(wholeOf(m_library->load(at("folder"))), wholeOf(artifacts));
  ModelArtifacts structure = capture(QStringLiteral("plain"));
  structure.weightData = nullptr;
  structure.weightSpecs.clear();
  m_library->save(place("structure"), structure);
  QVERIFY(!m_library->load(place("structure")).weightData);

  m_library->save(QStringLiteral("archive://own"), capture(QStringLiteral("plain")));  // in the data folder
  QVERIFY(QFile::exists(m_home.filePath(QStringLiteral("archive.lsarch"))));
  QStringList listed;
  for (const ModelEntry& entry : m_library->list()) listed.append(entry.url);
  QCOMPARE(listed, (QStringList{QStringLiteral("indexeddb://a"), QStringLiteral("archive://own")}));
  const auto entries = m_library->listPlugin(QStringLiteral("archive"), at("models.lsarch"));
  QCOMPARE(entries.size(), 2u);
  QCOMPARE(entries[0].url, place("größe ☃"));
  QCOMPARE(entries[0].name, QStringLiteral("größe ☃"));
  QCOMPARE(entries[0].info.weightDataBytes, 280);
  QCOMPARE(entries[0].layerCount, 2);
  m_library->remove(QStringLiteral("archive://own"));
  QVERIFY(!m_library->contains(QStringLiteral("archive://own")));
}

void TestPlugins::keepsWhatItReplaces() {
  m_library->save(place("m"), sized(100, 1));
  QVERIFY(errorOf([&] { m_library->save(place("m"), sized(100, 2)); }).kind() == ErrorKind::AlreadyExists);
  SaveOptions replace;
  replace.overwrite = true;
  replace.replacedToTrash = true;
  m_library->save(place("m"), sized(100, 2), replace);
  QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(100, 2).weightData->joined());
  const std::vector<TrashEntry> trash = m_library->trash();
  QCOMPARE(trash.size(), 1u);
  QCOMPARE(trash.front().url, place("m"));
  QVERIFY(errorOf([&] { m_library->restore(trash.front().id); }).kind() == ErrorKind::AlreadyExists);
  m_library->remove(place("m"));
  QCOMPARE(m_library->restore(trash.front().id), place("m"));
  QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(100, 1).weightData->joined());
  m_library->emptyTrash();
  QVERIFY(m_library->trash().empty());
}

void TestPlugins::movesAndRenames() {
  m_library->save(place("a"), capture(QStringLiteral("plain")));
  m_library->rename(place("a"), QStringLiteral("b"));
  QVERIFY(!m_library->contains(place("a")));
  m_library->move(place("b"), QStringLiteral("localstorage://c"));
  QVERIFY(!m_library->contains(place("b")));
  m_library->move(QStringLiteral("localstorage://c"), place("d"));
  QCOMPARE(wholeOf(m_library->load(place("d"))), wholeOf(capture(QStringLiteral("plain"))));
  QCOMPARE(m_library->trash().size(), 2u);  // each source can be had back
}

/// A '#' in a name would lead into another file, in whatever folder the program runs.
void TestPlugins::staysInItsFile() {
  const QString here = QDir::currentPath();
  QVERIFY(QDir::setCurrent(m_folder->path()));
  const auto back = qScopeGuard([&] { QDir::setCurrent(here); });
  m_library->save(QStringLiteral("archive://moons"), sized(10));
  const Error renamed = errorOf([&] { m_library->rename(QStringLiteral("archive://moons"), QStringLiteral("v#2")); });
  QVERIFY(renamed.kind() == ErrorKind::InvalidConfig);
  const Error saved = errorOf([&] { m_library->save(QStringLiteral("archive://v#2"), sized(10)); });
  QVERIFY(saved.kind() == ErrorKind::Unsupported);
  QVERIFY2(saved.message().find("is the absolute path of a file") != std::string::npos, saved.what());
  QVERIFY(errorOf([&] { m_library->load(QStringLiteral("archive://v#2")); }).kind() == ErrorKind::Unsupported);
  QVERIFY(errorOf([&] { m_library->remove(QStringLiteral("archive://v#2")); }).kind() == ErrorKind::Unsupported);
  QVERIFY(errorOf([&] { m_library->listPlugin(QStringLiteral("archive"), QStringLiteral("v")); }).kind() ==
          ErrorKind::Unsupported);
  QVERIFY(!QFile::exists(QStringLiteral("v")));
  m_library->remove(QStringLiteral("archive://moons"));
}

/// With the very bytes that were copied, even: it was written, so it stays, and nothing of it lies in Trash.
void TestPlugins::aMoveLeavesWhatAnotherProgramWrote() {
  for (const float value : {2.0F, 1.0F}) {
    m_library->save(place("a"), sized(100, 1));
    ModelLibrary other(at("home/store.sqlite"));
    SaveOptions replace;
    replace.overwrite = true;
    bool isWritten = false;
    const StoreProgress meanwhile = [&](std::int64_t, std::int64_t) {
      if (!isWritten) other.save(place("a"), sized(100, value), replace);
      isWritten = true;
      return true;
    };
    const Error error =
        errorOf([&] { m_library->move(place("a"), QStringLiteral("indexeddb://a"), false, meanwhile); });
    QCOMPARE(error.code(), std::string("E203"));
    QVERIFY2(error.message().find("was written by another program meanwhile") != std::string::npos, error.what());
    QCOMPARE(m_library->load(place("a")).weightData->joined(), sized(100, value).weightData->joined());
    QVERIFY(m_library->trash().empty());
    m_library->remove(place("a"));
    m_library->remove(QStringLiteral("indexeddb://a"));
    m_library->emptyTrash();
  }
}

void TestPlugins::aSaveLeavesWhatAnotherProgramWrote() {
  const QString base = m_library->save(place("a"), sized(100, 1)).stamp;
  QVERIFY(!base.isEmpty());
  QCOMPARE(m_library->stamp(place("a")), base);
  SaveOptions own;
  own.overwrite = true;
  own.base = base;
  const QString next = m_library->save(place("a"), sized(100, 2), own).stamp;
  QVERIFY(next != base);
  QCOMPARE(errorOf([&] { m_library->save(place("a"), sized(100, 3), own); }).code(), std::string("E203"));
  QCOMPARE(m_library->load(place("a")).weightData->joined(), sized(100, 2).weightData->joined());
  QVERIFY(m_library->stamp(place("nothing")).isEmpty());
}

void TestPlugins::namesWhatIsWrong() {
  const Error missing = errorOf([&] { m_library->load(place("nothing")); });
  QVERIFY(missing.kind() == ErrorKind::NotFound);
  QVERIFY2(missing.message().find("There is no model \"nothing\" in ") == 0, missing.what());
  write(at("other.lsarch"), "something else entirely");
  const Error foreign =
      errorOf([&] { m_library->save(QStringLiteral("archive://") + at("other.lsarch#a"), sized(3)); });
  QCOMPARE(foreign.code(), std::string("E110"));
  QVERIFY2(foreign.message().find("is no archive of models") != std::string::npos, foreign.what());
  QCOMPARE(bytesOf(at("other.lsarch")), QByteArray("something else entirely"));
  const Error nowhere = errorOf([&] { m_library->save(QStringLiteral("archive:///proc/none/x#a"), sized(3)); });
  QVERIFY(nowhere.kind() == ErrorKind::Format || nowhere.kind() == ErrorKind::Io);
}

/// A save that a crash cut at any byte leaves the model before it, and the next save works.
void TestPlugins::passesOverARecordCutShort() {
  m_library->save(place("m"), sized(50, 1));
  const QByteArray before = bytesOf(at("models.lsarch"));
  SaveOptions replace;
  replace.overwrite = true;
  m_library->save(place("m"), sized(50, 2), replace);
  const QByteArray after = bytesOf(at("models.lsarch"));
  QVERIFY(after.startsWith(before));  // append-only
  for (qsizetype cut = before.size(); cut < after.size(); cut += cut % 7 + 1) {
    write(at("models.lsarch"), after.left(cut));
    QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(50, 1).weightData->joined());
  }
  m_library->save(place("m"), sized(50, 3), replace);
  QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(50, 3).weightData->joined());
}

/// The last byte of this record's sha256 is the first byte of every record: found there, it would make a torn record
/// whole and hide the one that was saved behind it.
void TestPlugins::cutsOffWhatIsTorn() {
  m_library->save(place("m"), sized(50, 1));
  QByteArray archive = bytesOf(at("models.lsarch"));
  const qsizetype headBytes = 33, nameBytes = 1, check = 8 + headBytes + nameBytes;
  const auto sha256 = [](QByteArrayView bytes) { return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256); };
  while (!archive.endsWith('L')) {
    archive[8 + 25] = char(archive[8 + 25] + 1);  // another millisecond
    if (archive[8 + 25] == 0) archive[8 + 26] = char(archive[8 + 26] + 1);
    archive.replace(check, 8, sha256(archive.mid(8, headBytes + nameBytes)).left(8));
    archive.replace(archive.size() - 32, 32, sha256(archive.mid(8, archive.size() - 8 - 32)));
  }
  write(at("models.lsarch"), archive);
  QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(50, 1).weightData->joined());
  write(at("models.lsarch"), archive.chopped(1));
  QVERIFY(errorOf([&] { m_library->load(place("m")); }).kind() == ErrorKind::NotFound);
  m_library->save(place("m"), sized(50, 2));
  QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(50, 2).weightData->joined());
  QCOMPARE(bytesOf(at("models.lsarch")).size(), archive.size());
}

/// A power cut may leave a record of full length whose bytes never came: it is no model, whatever is saved behind it.
void TestPlugins::keepsTheModelBeforeABadRecord() {
  m_library->save(place("m"), sized(50, 1));
  SaveOptions replace;
  replace.overwrite = true;
  m_library->save(place("m"), sized(50, 2), replace);
  QByteArray archive = bytesOf(at("models.lsarch"));
  archive.replace(archive.size() - 100, 100, QByteArray(100, '\0'));
  write(at("models.lsarch"), archive);
  QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(50, 1).weightData->joined());
  m_library->save(place("other"), sized(50, 3));
  QCOMPARE(m_library->load(place("m")).weightData->joined(), sized(50, 1).weightData->joined());
  QCOMPARE(m_library->load(place("other")).weightData->joined(), sized(50, 3).weightData->joined());
  QVERIFY(bytesOf(at("models.lsarch")).startsWith(archive));
}

void TestPlugins::noticesDamage() {
  m_library->save(place("a"), sized(50, 1));
  m_library->save(place("b"), sized(50, 2));
  const QByteArray whole = bytesOf(at("models.lsarch"));
  QRandomGenerator random = randomCases();
  for (int i = 0; i < 200; ++i) {
    QByteArray damaged = whole;
    const qsizetype byte = random.bounded(int(whole.size()));
    damaged[byte] = char(damaged[byte] ^ (1 << random.bounded(8)));
    write(at("models.lsarch"), damaged);
    SaveOptions replace;
    replace.overwrite = true;
    if (byte >= 8) m_library->save(place("c"), sized(50, 3), replace);  // damage elsewhere does not hinder
    int kept = 0;
    for (const auto& [name, value] : {std::pair{"a", 1.0f}, std::pair{"b", 2.0f}, std::pair{"c", 3.0f}}) {
      try {
        QCOMPARE(m_library->load(place(name)).weightData->joined(), sized(50, value).weightData->joined());
        ++kept;
      } catch (const Error& error) {
        QVERIFY2(error.code() == "E110" || error.kind() == ErrorKind::NotFound, error.what());
      }
    }
    QCOMPARE(kept, byte < 8 ? 0 : 2);  // only the one that was hit is lost
  }
}

QTEST_GUILESS_MAIN(TestPlugins)
#include "tst_Plugins.moc"
