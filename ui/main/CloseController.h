#pragma once

#include <QObject>
#include <QPointer>

#include <functional>
#include <vector>

namespace layersmith {

class DocumentContext;
class SaveController;
class Workspace;

/// Closes documents and the window, asks first when something would be lost, and waits for saves and transfers that are
/// under way.
class CloseController : public QObject {
  Q_OBJECT

 public:
  CloseController(Workspace& workspace, SaveController& saver, QWidget& window);

  void closeDocument(DocumentContext& context);
  /// True: the window may close now. False: the person is being asked, or work goes on; closeConfirmed follows, or
  /// nothing.
  bool mayCloseWindow();

  /// The window waits while it is true; workEnded() tells that it may have changed.
  void waitWhile(std::function<bool()> isWorking) { m_isWorking = std::move(isWorking); }
  void workEnded();

 Q_SIGNALS:
  void closeConfirmed();
  void waits(const QString& text);  ///< for what is under way, in words

 private:
  using Documents = std::vector<QPointer<DocumentContext>>;
  void ask(const Documents& contexts, bool isTraining, const std::function<void()>& discard,
           const std::function<void()>& saved);
  void stopThen(const Documents& contexts, const std::function<void()>& next);
  void settled(DocumentContext* context, bool isSaved);
  bool isWorking() const;
  bool isPending(DocumentContext* context) const;
  void confirm();

  Workspace& m_workspace;
  SaveController& m_saver;
  QWidget& m_window;
  std::function<bool()> m_isWorking;
  Documents m_closing;  ///< when their saves have ended
  bool m_isConfirmed = false;
  bool m_isAsking = false;
  bool m_isWaiting = false;  ///< the window
};

}  // namespace layersmith
