#pragma once

#include "model/document/DocumentState.h"

#include <QPointF>

#include <functional>
#include <map>

namespace layersmith {

/// Where cards stand (their top left corners) when nobody placed them: ranks from top to bottom by the longest way from
/// an input, branches side by side in lanes, loose layers in a lane of their own at the right.
/// Cards in `placed` stay where the person put them.
std::map<LayerId, QPointF> layoutGraph(const Graph& graph, const std::map<LayerId, CardPosition>& placed, qreal gap,
                                       const std::function<qreal(LayerId)>& heightOf);

}  // namespace layersmith
