#pragma once

#include <QObject>

#include <functional>
#include <vector>

namespace layersmith {

class DocumentContext;
class SaveController;
class Workspace;

/// Closes documents and the window, and asks first when something would be lost.
class CloseController : public QObject {
  Q_OBJECT

 public:
  CloseController(Workspace& workspace, SaveController& saver, QWidget& window);

  void closeDocument(DocumentContext& context);
  /// True: the window may close now. False: the person is being asked; closeConfirmed follows, or nothing.
  bool mayCloseWindow();

 Q_SIGNALS:
  void closeConfirmed();

 private:
  void ask(const std::vector<DocumentContext*>& contexts, bool isTraining, const std::function<void()>& proceed);
  void stopThen(std::vector<DocumentContext*> contexts, const std::function<void()>& next);

  Workspace& m_workspace;
  SaveController& m_saver;
  QWidget& m_window;
  bool m_isConfirmed = false;
  bool m_isAsking = false;
};

}  // namespace layersmith
