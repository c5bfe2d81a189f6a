#pragma once

#include <QWidget>

namespace layersmith {

class DocumentContext;
class LayerCanvas;
class MessageStrip;
class WelcomePanel;

/// One tab: the canvas of a document, over it the welcome panel at first, above it what the person must know.
class DocumentView : public QWidget {
  Q_OBJECT

 public:
  DocumentView(DocumentContext& context, QWidget* parent = nullptr);

  DocumentContext& context() { return m_context; }
  LayerCanvas& canvas() { return *m_canvas; }
  MessageStrip& strip() { return *m_strip; }

  /// The panel lives once in a window and moves to the view that shows it.
  void showWelcome(WelcomePanel* panel);
  void hideWelcome(WelcomePanel* panel);

 private:
  DocumentContext& m_context;
  MessageStrip* m_strip = nullptr;
  LayerCanvas* m_canvas = nullptr;
};

}  // namespace layersmith
