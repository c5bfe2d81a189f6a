#include "model/server/Replays.h"

#include "model/core/Limits.h"

#include <QTest>

using namespace layersmith;

/// How long an answer is remembered, by a clock of the test's.
class TestReplays : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { m_now = {}; }
  void givesTheSameAnswer();
  void remembersForTenMinutes();
  void memoryIsBounded();

 private:
  using State = Replays::State;
  void wait(std::chrono::seconds seconds) { m_now += seconds; }
  State ask(Replays& replays, const std::string& key) {
    m_answer = {};
    return replays.begin(key, &m_answer);
  }

  Replays::Clock::time_point m_now;
  Replays::Answer m_answer;
};

void TestReplays::givesTheSameAnswer() {
  Replays replays;
  QCOMPARE(ask(replays, "k"), State::New);
  QCOMPARE(ask(replays, "k"), State::Running);
  replays.forget("k");
  QCOMPARE(ask(replays, "k"), State::New);
  replays.finish("k", {200, {{"ETag", "\"1\""}}, "stored", "digest"});
  replays.forget("k");  // too late
  QCOMPARE(ask(replays, "k"), State::Done);
  QCOMPARE(m_answer.status, 200);
  QCOMPARE(m_answer.body, std::string("stored"));
  QCOMPARE(m_answer.digest, std::string("digest"));
  QCOMPARE(fieldOf(m_answer.fields, "etag"), std::string_view("\"1\""));
}

/// However many others there were meanwhile.
void TestReplays::remembersForTenMinutes() {
  Replays replays([this] { return m_now; });
  ask(replays, "first");
  replays.finish("first", {200, {}, "stored", "digest"});
  for (int i = 0; i < 5'000; ++i) {
    const std::string key = "other" + std::to_string(i);
    ask(replays, key);
    replays.finish(key, {200, {}, "stored", "digest"});
  }
  wait(std::chrono::seconds(599));
  ask(replays, "later");
  replays.finish("later", {200, {}, "stored", "digest"});
  QCOMPARE(ask(replays, "first"), State::Done);
  wait(std::chrono::seconds(2));
  ask(replays, "last");
  replays.finish("last", {200, {}, "stored", "digest"});
  QCOMPARE(ask(replays, "later"), State::Done);
  QCOMPARE(ask(replays, "first"), State::New);
}

void TestReplays::memoryIsBounded() {
  Replays replays([this] { return m_now; });
  const std::string mebibyte(std::size_t(limits::kMiB), 'x');
  for (int i = 0; i < 20; ++i) {
    ask(replays, std::to_string(i));
    replays.finish(std::to_string(i), {200, {}, mebibyte, {}});
  }
  QCOMPARE(ask(replays, "19"), State::Done);
  QCOMPARE(ask(replays, "0"), State::New);
  QCOMPARE(ask(replays, "11"), State::New);
}

QTEST_GUILESS_MAIN(TestReplays)
#include "tst_Replays.moc"
