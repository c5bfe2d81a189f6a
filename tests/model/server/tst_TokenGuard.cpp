#include "model/core/Error.h"
#include "model/server/TokenGuard.h"
#include "tests/support/ModelFixtures.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <csignal>

using namespace layersmith;
using namespace layersmith::fixtures;
using Verdict = TokenGuard::Verdict;

class TestTokenGuard : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void makesATokenAndKeepsItsHash();
  void readsTokens();
  void refusesDamagedFiles();
  void leavesNoCutFile();
  void readsAuthorizations_data();
  void readsAuthorizations();
  void stopsGuessing();
  void forgetsOldFailures();
};

void TestTokenGuard::makesATokenAndKeepsItsHash() {
  QTemporaryDir folder;
  const QString file = folder.filePath(QStringLiteral("token"));
  std::string made, again;
  TokenGuard guard = TokenGuard::fromFile(file.toStdString(), &made);
  QCOMPARE(made.size(), std::size_t(43));
  QVERIFY(!bytesOf(file).contains(QByteArray::fromStdString(made)));
  QCOMPARE(QFileInfo(file).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
  QCOMPARE(guard.check("Bearer " + made, "a"), Verdict::Allowed);
  QCOMPARE(guard.check("Bearer " + made + "x", "a"), Verdict::Refused);
  TokenGuard reopened = TokenGuard::fromFile(file.toStdString(), &again);
  QVERIFY(again.empty());
  QCOMPARE(reopened.check("Bearer " + made, "a"), Verdict::Allowed);
}

void TestTokenGuard::readsTokens() {
  QTemporaryDir folder;
  const QString file = folder.filePath(QStringLiteral("token"));
  write(file, "# for the page\n\nfirst\nsha256:" + QByteArray::fromStdString(toHex(sha256("second"))) + "\r\n");
  std::string made;
  TokenGuard guard = TokenGuard::fromFile(file.toStdString(), &made);
  QCOMPARE(guard.check("Bearer first", "a"), Verdict::Allowed);
  QCOMPARE(guard.check("bearer  second", "a"), Verdict::Allowed);
  QCOMPARE(guard.check("Bearer third", "a"), Verdict::Refused);
  QCOMPARE(guard.check("Bearer # for the page", "a"), Verdict::Refused);
}

void TestTokenGuard::refusesDamagedFiles() {
  QTemporaryDir folder;
  const QString file = folder.filePath(QStringLiteral("token"));
  std::string made;
  write(file, "# nothing\n");
  QVERIFY(errorOf([&] { TokenGuard::fromFile(file.toStdString(), &made); }).kind() == ErrorKind::Format);
  write(file, "sha256:abc\n");
  QVERIFY(errorOf([&] { TokenGuard::fromFile(file.toStdString(), &made); }).kind() == ErrorKind::Format);
  QVERIFY(errorOf([&] { TokenGuard::fromFile("/nowhere/at/all", &made); }).kind() == ErrorKind::Io);
}

/// A disk that is full after ten bytes: the next start makes a token.
void TestTokenGuard::leavesNoCutFile() {
  QTemporaryDir folder;
  const std::string file = folder.filePath(QStringLiteral("token")).toStdString();
  std::string made;
  rlimit before{};
  QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit few{10, before.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  QCOMPARE(::setrlimit(RLIMIT_FSIZE, &few), 0);
  const Error error = errorOf([&] { TokenGuard::fromFile(file, &made); });
  QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
  QCOMPARE(error.code(), std::string("E201"));
  QVERIFY2(error.message().find("could not be written: File too large.") != std::string::npos, error.what());
  QVERIFY(made.empty() && !QFileInfo::exists(QString::fromStdString(file)));
  TokenGuard guard = TokenGuard::fromFile(file, &made);
  QCOMPARE(guard.check("Bearer " + made, "a"), Verdict::Allowed);
}

void TestTokenGuard::readsAuthorizations_data() {
  QTest::addColumn<QByteArray>("value");
  QTest::addColumn<QByteArray>("token");
  QTest::newRow("bearer") << QByteArray("Bearer abc") << QByteArray("abc");
  QTest::newRow("basic") << "Basic " + QByteArray("me:a:c").toBase64() << QByteArray("a:c");
  QTest::newRow("basic without colon") << "Basic " + QByteArray("me").toBase64() << QByteArray();
  QTest::newRow("no scheme") << QByteArray("abc") << QByteArray();
  QTest::newRow("another scheme") << QByteArray("Digest abc") << QByteArray();
  QTest::newRow("empty") << QByteArray("Bearer ") << QByteArray();
}

void TestTokenGuard::readsAuthorizations() {
  QFETCH(QByteArray, value);
  QFETCH(QByteArray, token);
  QCOMPARE(QByteArray::fromStdString(tokenOf(value.toStdString())), token);
}

void TestTokenGuard::stopsGuessing() {
  TokenGuard guard;
  QCOMPARE(guard.check({}, "a"), Verdict::Allowed);  // open
  guard.add(sha256("right"));
  for (int i = 0; i < 50; ++i) QCOMPARE(guard.check({}, "a"), Verdict::Refused);  // no token is no guess
  for (int i = 0; i < 10; ++i) QCOMPARE(guard.check("Bearer wrong", "a"), Verdict::Refused);
  QCOMPARE(guard.check("Bearer wrong", "a"), Verdict::TooManyFailures);
  QCOMPARE(guard.check("Bearer right", "a"), Verdict::TooManyFailures);  // or the last guess would tell
  QCOMPARE(guard.check("Bearer right", "b"), Verdict::Allowed);
}

void TestTokenGuard::forgetsOldFailures() {
  TokenGuard guard;
  guard.add(sha256("right"));
  const auto start = TokenGuard::Clock::now();
  for (int i = 0; i < 10; ++i) guard.check("Bearer wrong", "a", start + std::chrono::seconds(i));
  QCOMPARE(guard.check("Bearer right", "a", start + std::chrono::seconds(59)), Verdict::TooManyFailures);
  QCOMPARE(guard.check("Bearer right", "a", start + std::chrono::seconds(61)), Verdict::Allowed);
}

QTEST_GUILESS_MAIN(TestTokenGuard)
#include "tst_TokenGuard.moc"
