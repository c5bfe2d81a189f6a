#pragma once

#include <QDBusVariant>
#include <QObject>
#include <QString>

namespace layersmith {

/// What the desktop asks of our look: the portal's settings over D-Bus, else the lightness of the platform's palette.
/// Make it before the application's palette is set.
class SystemAppearance : public QObject {
  Q_OBJECT

 public:
  explicit SystemAppearance(QObject* parent = nullptr);

  bool isDark() const { return m_isDark; }
  bool isHighContrast() const { return m_isHighContrast; }
  bool isMotionReduced() const { return m_isMotionReduced; }

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void onSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

 private:
  void readPortal();

  bool m_isDark = false;
  bool m_isHighContrast = false;
  bool m_isMotionReduced = false;
};

}  // namespace layersmith
