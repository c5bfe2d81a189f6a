#include "ui/dialogs/HelpDialog.h"

#include <QTextBrowser>
#include <QVBoxLayout>

namespace layersmith {

namespace {

QString page() {
  return HelpDialog::tr(R"(<h3>Build</h3>
<p>Drag a layer from the palette onto the canvas. Dropped on a link it goes between two layers; dropped on a card it
replaces that layer; dropped on free ground it stays loose until it is connected. With the keyboard: select a layer, choose
one in the palette, press Enter. Every change can be undone.</p>
<p>A card with a red border has a problem. The Problems panel says what does not fit and offers to mend it with one click.</p>
<h3>Data</h3>
<p>Use sample data, or open a CSV table or a pair of IDX image files: menu Data, or drop the file on the window. In the Data
panel every column is a feature, the target, or ignored.</p>
<h3>Train</h3>
<p>Press F5. The solid line is the loss on the training rows, the dashed one on the validation rows, which the model never
learns from. F8 pauses, F7 trains one batch, Shift+F5 stops and keeps what was learned. F9 shows on each card how long its
layer takes in a training step.</p>
<h3>Judge</h3>
<p>The Evaluation layout shows the decision boundary for two inputs, the confusion matrix, and the predictions, the most
wrong first. Try a row, a point or a drawing of your own there.</p>
<h3>Keep</h3>
<p>Save writes model.json and its weights as TensorFlow.js does: to a folder, to local storage or IndexedDB as a browser
keeps them, or to a web server. The Catalog lists everything saved; what is deleted stays in the Trash.</p>
<h3>Take it elsewhere</h3>
<p>File &gt; Show as TensorFlow.js Code gives a small page that runs the model. File &gt; Show as Command gives the line for
<code>layersmith-cli</code> that does the same training.</p>)");
}

}  // namespace

HelpDialog::HelpDialog(QWidget* parent) : FooterDialog(QStringLiteral("helpDialog"), tr("Help"), parent) {
  resize(640, 620);
  setModal(false);
  content().addWidget(new TextLabel(tr("How to work with Layersmith"), Theme::TextRole::Title));
  auto* text = new QTextBrowser;
  text->setFrameShape(QFrame::NoFrame);
  text->setOpenExternalLinks(true);
  text->setHtml(page());
  nameControl(*text, QStringLiteral("helpDialog.text"), tr("Help"));
  content().addWidget(text, 1);
  QPushButton* close = addFooterButton(QStringLiteral("helpDialog.close"), tr("Close"), ButtonKind::Primary);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

}  // namespace layersmith
