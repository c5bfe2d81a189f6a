#pragma once

namespace layersmith {

/// Makes :/layersmith/... readable. Cheap, may be called often; the theme and the icons call it by themselves.
void initResources();

}  // namespace layersmith
