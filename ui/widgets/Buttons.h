#pragma once

#include <QPushButton>
#include <QToolButton>

namespace layersmith {

/// Makers of the studio's buttons, so that name, accessible name, tool tip and look are never forgotten.

enum class ButtonKind { Default, Primary, Ghost, Danger };  ///< Danger: what cannot be undone

/// A button with a verb. `iconName` may be empty.
QPushButton* makeButton(const QString& objectName, const QString& text, ButtonKind kind = ButtonKind::Default,
                        const QString& iconName = {}, QWidget* parent = nullptr);

/// A flat 28 px button with an icon of 20; `text` is its tool tip and accessible name.
QToolButton* makeToolButton(const QString& objectName, const QString& iconName, const QString& text,
                            const QKeySequence& shortcut = {}, QWidget* parent = nullptr);

/// Tool tip with the shortcut in the platform's spelling: "Zoom in (Ctrl++)". The shortcut itself is not set.
QString toolTipWith(const QString& text, const QKeySequence& shortcut);

}  // namespace layersmith
