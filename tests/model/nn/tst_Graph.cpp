#include "model/nn/Graph.h"

#include <QTest>

using namespace layersmith;

class TestGraph : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void namesAsKerasMakesThem() {
    QCOMPARE(snakeCase("Conv2D"), std::string("conv2d"));
    QCOMPARE(snakeCase("MaxPooling2D"), std::string("max_pooling2d"));
    QCOMPARE(snakeCase("BatchNormalization"), std::string("batch_normalization"));
    QCOMPARE(snakeCase("ReLU"), std::string("re_lu"));
    QCOMPARE(snakeCase("LSTM"), std::string("lstm"));
    QCOMPARE(snakeCase("GlobalAveragePooling2D"), std::string("global_average_pooling2d"));
  }

  void freeNamesAndIds() {
    Graph graph;
    LayerSpec layer;
    layer.id = {4};
    layer.name = "dense_1";
    graph.layers.push_back(layer);
    QCOMPARE(graph.unusedName("Dense"), std::string("dense_2"));
    QCOMPARE(graph.unusedId().value, 5u);
  }
};

QTEST_GUILESS_MAIN(TestGraph)
#include "tst_Graph.moc"
