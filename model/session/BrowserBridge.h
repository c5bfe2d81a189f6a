#pragma once

#include <QObject>
#include <QString>

#include <memory>

class QProcess;
class QTemporaryFile;

namespace layersmith {

/// Lets pages of this machine's browsers send their models here: runs layersmith-server as a child on 127.0.0.1, over
/// the programs' own store, with a token made for this run. Models arrive as indexeddb://NAME. The child ends when this
/// object does, and also when this process dies. Thread rule: the GUI thread.
class BrowserBridge final : public QObject {
  Q_OBJECT

 public:
  enum class State { Stopped, Starting, Listening, Failed };
  struct Settings {
    QString program;    ///< empty: layersmith-server beside this program, else on the PATH
    QString storePath;  ///< empty: the programs' own
    int port = 0;       ///< 0: a free one
  };

  explicit BrowserBridge(QObject* parent = nullptr);
  ~BrowserBridge() override;

  void start(const Settings& settings);  ///< does nothing while it runs
  void stop();                           ///< at once for pages; an upload under way gets 5 s to end

  State state() const { return m_state; }
  const QString& address() const { return m_address; }  ///< "http://127.0.0.1:41234" while Listening
  const QString& token() const { return m_token; }
  const QString& problem() const { return m_problem; }  ///< why it Failed, a sentence

  /// JavaScript for a page's console: sends `model`, or every model the page keeps in its stores.
  QString modelSnippet() const;
  QString storesSnippet() const;
  /// JavaScript that loads a model from here.
  QString loadSnippet(const QString& name) const;

 Q_SIGNALS:
  void stateChanged();
  void modelArrived();  ///< a page stored a model
  void modelRemoved();  ///< a page moved one to the Trash

 private:
  void launchWhenFree(const Settings& settings);
  void launch(const Settings& settings);
  void readReadyLine();
  void readLog();
  void ended();
  void awaitEnded();
  void fail(const QString& problem);
  void become(State state);
  bool writeTokenFile();

  std::unique_ptr<QProcess> m_process;
  std::unique_ptr<QTemporaryFile> m_tokenFile;
  State m_state = State::Stopped;
  QString m_address;
  QString m_token;
  QString m_problem;
  QByteArray m_log;
};

}  // namespace layersmith
