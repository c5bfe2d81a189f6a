#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"
#include "tests/support/RandomCases.h"

#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What a damaged archive says: an older version is never given for the newest without a word, and a save that a crash
/// tore, of which nobody was told that it worked, is no damage.
class TestArchiveDamage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void neverGivesAnOlderModelSilently();
  void neverBringsARemovedModelBackSilently();
  void noticesLostBytes();
  void canBeSettled();
  void passesOverTornSaves();
  void tellsDamageFromTornSaves();
  void damageStaysReported();
  void saysWhereAModelMayBeLost();

 private:
  QString place(const char* name) const {
    return QStringLiteral("archive://") + m_file + u'#' + QString::fromLatin1(name);
  }
  /// Saves, and gives where its record begins and ends.
  std::pair<qsizetype, qsizetype> save(const char* name, float value) {
    SaveOptions replace;
    replace.overwrite = true;
    const qsizetype before = bytesOf(m_file).size();
    m_library->save(place(name), sized(20, value), replace);
    return {std::max<qsizetype>(before, 8), bytesOf(m_file).size()};
  }
  /// "5": that one, "E111 5": only when asked for, or the error.
  QByteArray found(const char* name);
  QString problemOf(const char* name);
  void flip(qsizetype byte) {
    QByteArray archive = bytesOf(m_file);
    archive[byte] = char(archive[byte] ^ (1 << m_random.bounded(8)));
    write(m_file, archive);
  }
  void zero(qsizetype from, qsizetype to) {
    write(m_file, bytesOf(m_file).replace(from, to - from, QByteArray(to - from, '\0')));
  }

  QTemporaryDir m_home;
  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_file;
  std::unique_ptr<ModelLibrary> m_library;
  QRandomGenerator m_random;
};

void TestArchiveDamage::initTestCase() {
  qputenv("LAYERSMITH_HOME", m_home.path().toUtf8());
  qputenv("LAYERSMITH_PLUGINS", LAYERSMITH_PLUGIN_DIR);
  m_random = randomCases();
}

void TestArchiveDamage::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  m_file = m_folder->filePath(QStringLiteral("models.lsarch"));
  m_library = std::make_unique<ModelLibrary>(m_folder->filePath(QStringLiteral("home/store.sqlite")));
}

QByteArray TestArchiveDamage::found(const char* name) {
  QByteArray doubt;
  for (const bool isAsked : {false, true}) {
    LoadOptions options;
    options.acceptChangedFiles = isAsked;
    try {
      const QByteArray bytes = m_library->load(place(name), options).weightData->joined();
      float value = 0;
      memcpy(&value, bytes.constData(), sizeof value);
      return doubt + QByteArray::number(double(value));
    } catch (const Error& error) {
      doubt = error.code().empty() ? "none" : QByteArray::fromStdString(error.code()) + ' ';
      if (error.code() != "E111") return doubt.trimmed();
    }
  }
  return doubt;
}

QString TestArchiveDamage::problemOf(const char* name) {
  for (const ModelEntry& entry : m_library->listPlugin(QStringLiteral("archive"), m_file))
    if (entry.name == QString::fromLatin1(name)) return entry.problem;
  return QStringLiteral("not listed");
}

void TestArchiveDamage::neverGivesAnOlderModelSilently() {
  save("a", 1);
  save("b", 2);
  const auto [from, to] = save("a", 3);
  save("c", 4);
  const QByteArray whole = bytesOf(m_file);
  int doubted = 0;
  for (qsizetype byte = from; byte < to; ++byte) {
    write(m_file, whole);
    flip(byte);
    const QByteArray a = found("a"), b = found("b");
    QVERIFY2(a == "E110" || a == "E111 1", a.constData());
    QVERIFY2(b == (a == "E110" ? "2" : "E111 2"), b.constData());
    QCOMPARE(found("c"), QByteArray("4"));
    if (a == "E110") continue;
    ++doubted;
    QVERIFY2(problemOf("a").contains(QStringLiteral("may be an older version")), qPrintable(problemOf("a")));
    QVERIFY(!problemOf("b").isEmpty());
    QVERIFY(problemOf("c").isEmpty());
  }
  QCOMPARE(doubted, 33 + 1 + 8);  // the head, its name and its check
}

void TestArchiveDamage::neverBringsARemovedModelBackSilently() {
  save("a", 1);
  const qsizetype from = bytesOf(m_file).size();
  m_library->remove(place("a"));
  const qsizetype to = bytesOf(m_file).size();
  save("b", 2);
  const QByteArray whole = bytesOf(m_file);
  for (qsizetype byte = from; byte < to; ++byte) {
    write(m_file, whole);
    flip(byte);
    const QByteArray a = found("a");
    QVERIFY2(a == "none" || a == "E111 1", a.constData());
    QCOMPARE(found("b"), QByteArray("2"));
  }
}

void TestArchiveDamage::noticesLostBytes() {
  save("a", 1);
  const auto [from, to] = save("a", 3);
  save("c", 4);
  const QByteArray whole = bytesOf(m_file);
  for (qsizetype byte = from; byte < to; byte += 3) {
    QByteArray shorter = whole;
    write(m_file, shorter.remove(byte, std::min<qsizetype>(to - byte, m_random.bounded(1, 200))));
    const QByteArray a = found("a");
    QVERIFY2(a == "E110" || a == "E111 1" || (byte == from && a == "1"), a.constData());
    QCOMPARE(found("c"), QByteArray("4"));
  }
}

/// Saving again says which version counts; a removal keeps what is there.
void TestArchiveDamage::canBeSettled() {
  save("a", 1);
  const auto [from, to] = save("a", 3);
  save("b", 2);
  flip(from);
  QCOMPARE(found("a"), QByteArray("E111 1"));
  SaveOptions replace;
  replace.overwrite = true;
  replace.replacedToTrash = true;
  m_library->save(place("a"), sized(20, 5), replace);
  QCOMPARE(found("a"), QByteArray("5"));
  QVERIFY(problemOf("a").isEmpty());
  QCOMPARE(m_library->trash().size(), 1u);
  m_library->remove(place("a"));
  QCOMPARE(found("a"), QByteArray("none"));
}

/// After every length of what did come, and after saves behind it: two in a row that were torn, too.
void TestArchiveDamage::passesOverTornSaves() {
  save("a", 1);
  const auto [from, to] = save("a", 3);
  const QByteArray whole = bytesOf(m_file);
  for (qsizetype came = from; came < to - 1; came += came % 23 + 1) {
    write(m_file, whole);
    zero(came, to);
    if (bytesOf(m_file) == whole) continue;
    QCOMPARE(found("a"), QByteArray("1"));
    const auto [second, end] = save("b", 2);
    QCOMPARE(found("a"), QByteArray("1"));
    const qsizetype gap = 16;  // on the disk before the record is written
    if (came % 2 == 0)
      zero(second + gap + m_random.bounded(int(end - second - gap)), end);
    else
      write(m_file, bytesOf(m_file).left(second) + QByteArray(came % gap + 1, '\0'));
    QCOMPARE(found("a"), QByteArray("1"));
    QCOMPARE(found("b"), QByteArray("none"));
    save("c", 4);
    QCOMPARE(found("a"), QByteArray("1"));
    QCOMPARE(found("c"), QByteArray("4"));
    for (const char* name : {"a", "c"}) QVERIFY2(problemOf(name).isEmpty(), qPrintable(problemOf(name)));
  }
}

/// Before a torn save, behind one, and with one between the damage and the next record.
void TestArchiveDamage::tellsDamageFromTornSaves() {
  save("a", 1);
  const auto [from, to] = save("a", 3);
  const auto [torn, end] = save("b", 2);
  zero(torn, end);
  save("c", 4);
  const QByteArray whole = bytesOf(m_file);
  QCOMPARE(found("a"), QByteArray("3"));
  for (qsizetype byte = from; byte < to; ++byte) {
    write(m_file, whole);
    flip(byte);
    const QByteArray a = found("a");
    QVERIFY2(a == "E110" || a == "E111 1", a.constData());
    QVERIFY(!problemOf("a").isEmpty());
    QCOMPARE(found("c"), QByteArray("4"));
  }
  write(m_file, whole);
  const qsizetype later = save("c", 5).first;
  save("d", 6);
  flip(later);
  QCOMPARE(found("c"), QByteArray("E111 4"));
  QCOMPARE(found("d"), QByteArray("6"));
}

void TestArchiveDamage::damageStaysReported() {
  save("a", 1);
  const auto [from, to] = save("a", 3);
  const auto [torn, end] = save("b", 2);
  const QByteArray whole = bytesOf(m_file);
  for (qsizetype byte = from; byte < to; byte += 5) {
    write(m_file, whole);
    flip(byte);
    zero(end - 50, end);
    for (const int value : {0, 4, 5}) {
      if (value > 0) save("c", float(value));
      const QByteArray a = found("a");
      QVERIFY2(a == "E110" || a == "E111 1", a.constData());
    }
  }
}

void TestArchiveDamage::saysWhereAModelMayBeLost() {
  const auto [from, to] = save("a", 1);
  save("b", 2);
  flip(from + 10);
  const Error error = errorOf([&] { m_library->load(place("a")); });
  QVERIFY(error.kind() == ErrorKind::NotFound);
  QVERIFY2(error.message().find("may be lost where the file is damaged, at byte 8") != std::string::npos, error.what());
  QCOMPARE(found("b"), QByteArray("2"));
  save("a", 3);
  QCOMPARE(found("a"), QByteArray("3"));
}

QTEST_GUILESS_MAIN(TestArchiveDamage)
#include "tst_ArchiveDamage.moc"
