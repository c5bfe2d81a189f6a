#include "model/server/EntityTags.h"

#include <QTest>

using namespace layersmith;

class TestEntityTags : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void itemsOfLists_data();
  void itemsOfLists();
  void compares_data();
  void compares();
};

void TestEntityTags::itemsOfLists_data() {
  QTest::addColumn<QByteArray>("list");
  QTest::addColumn<QByteArrayList>("items");
  const auto row = [](const char* list, const QByteArrayList& items) {
    QTest::newRow(list) << QByteArray(list) << items;
  };
  row("", {});
  row(" \t, ,,", {});
  row("\"a\"", {"\"a\""});
  row(" \"a\" ,W/\"b\"\t,, \"c\",", {"\"a\"", "W/\"b\"", "\"c\""});
  row("\"a,b\", \"c\"", {"\"a,b\"", "\"c\""});
  row("\"a, b", {"\"a, b"});
  row("keep-replaced, wait=10", {"keep-replaced", "wait=10"});
}

void TestEntityTags::itemsOfLists() {
  QFETCH(QByteArray, list);
  QFETCH(QByteArrayList, items);
  QByteArrayList found;
  for (const std::string_view item : itemsOf({list.constData(), std::size_t(list.size())}))
    found.append(QByteArray(item.data(), qsizetype(item.size())));
  QCOMPARE(found, items);
}

void TestEntityTags::compares_data() {
  QTest::addColumn<QByteArray>("list");
  QTest::addColumn<bool>("isStrong");
  QTest::addColumn<bool>("isWeak");
  const auto row = [](const char* list, bool isStrong, bool isWeak) {
    QTest::newRow(list) << QByteArray(list) << isStrong << isWeak;
  };
  row("\"x\"", true, true);
  row("\"y\", \"x\"", true, true);
  row("W/\"x\"", false, true);
  row("W/\"x\", \"x\"", true, true);
  row("*", true, true);
  row("*, *", true, true);  // two lines that say the same
  row("\"y\", *", false, false);
  row("\"y\"", false, false);
  row("\"y,\"x\"\"", false, false);
  row("x", false, false);
  row("", false, false);
  row(",", false, false);
}

void TestEntityTags::compares() {
  QFETCH(QByteArray, list);
  QFETCH(bool, isStrong);
  QFETCH(bool, isWeak);
  const std::string_view text(list.constData(), std::size_t(list.size()));
  QCOMPARE(namesEtag(text, "\"x\"", TagMatch::Strong), isStrong);
  QCOMPARE(namesEtag(text, "\"x\"", TagMatch::Weak), isWeak);
}

QTEST_GUILESS_MAIN(TestEntityTags)
#include "tst_EntityTags.moc"
