#pragma once

class QDialog;
class QPushButton;
class QWidget;

namespace layersmith {

/// Tab follows the picture: the order of the layouts, not the one widgets were made in.
void tabInOrder(QWidget& root);

/// tabInOrder(), and the button that Return presses from any field. To be called when everything is in its place: a
/// button that became the default before it was in the dialog shares that with the first button of all.
void setDialogKeys(QDialog& dialog, QPushButton& primary);

}  // namespace layersmith
