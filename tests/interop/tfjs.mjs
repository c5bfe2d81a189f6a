// The real TensorFlow.js over model folders: one JSON command from a file, one JSON answer on stdout.
//   {"make": "iris" | "digits" | "branches", "seed": N, "compile": {...}, "save": DIR}   a fresh model
//   {"load": DIR, ...}                                                      a model folder, as any program wrote it
// and then, in this order, where named:
//   "compile": {"optimizer": NAME, "config": [ARGUMENTS of tf.train.NAME], "loss": NAME or one per output, "metrics": [...]}
//   "fit": {"xs", "ys", "batchSize", "steps"}   batches in order, never shuffled -> "steps": [{loss, ...}]
//   "predict": [TENSOR, ...]                    -> "outputs": [TENSOR]
//   "weights": true                             -> "weights": [{name, shape, values}]
//   "freeze": NAME                              the layers of this kind are no more trainable
//   "save": DIR, "includeOptimizer": true, "trainableOnly": true   -> "info": modelArtifactsInfo
// A TENSOR is {"shape", "dtype", "values"}.
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';

console.warn = () => {};  // the advertisement for tfjs-node
const tf = await import('@tensorflow/tfjs');

const tensor = ({values, shape, dtype}) => tf.tensor(values, shape, dtype);
const plain = (t, name) => ({name, shape: t.shape, dtype: t.dtype, values: Array.from(t.dataSync())});

const models = {
  iris: (seed) => tf.sequential({layers: [
    tf.layers.dense({inputShape: [4], units: 8, activation: 'tanh', kernelInitializer: tf.initializers.glorotUniform({seed})}),
    tf.layers.dense({units: 3, activation: 'softmax', kernelInitializer: tf.initializers.glorotUniform({seed: seed + 1})}),
  ]}),
  digits: (seed) => tf.sequential({layers: [
    tf.layers.conv2d({inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu', padding: 'same',
                      kernelInitializer: tf.initializers.heNormal({seed})}),
    tf.layers.maxPooling2d({poolSize: 2}),
    tf.layers.batchNormalization({}),
    tf.layers.flatten(),
    tf.layers.dense({units: 2, activation: 'softmax', kernelInitializer: tf.initializers.glorotUniform({seed: seed + 1})}),
  ]}),
};

/** Two inputs, a layer they share, skip connections by sum and by joining, two outputs. */
models.branches = (seed) => {
  const kernelInitializer = () => tf.initializers.glorotUniform({seed: seed++});
  const conv = (config) => tf.layers.conv2d({filters: 4, kernelSize: 3, kernelInitializer: kernelInitializer(), ...config});
  const dense = (config) => tf.layers.dense({kernelInitializer: kernelInitializer(), ...config});
  const image = tf.input({shape: [8, 8, 2], name: 'image'}), facts = tf.input({shape: [4], name: 'facts'});
  const start = conv({padding: 'same', name: 'start'}).apply(image);
  const normed = tf.layers.reLU({maxValue: 6, name: 'clipped'}).apply(tf.layers.batchNormalization({name: 'norm'}).apply(start));
  const inner = conv({name: 'inner'}).apply(tf.layers.zeroPadding2d({padding: [[1, 1], [2, 0]], name: 'frame'}).apply(normed));
  const sum = tf.layers.reLU({name: 'after_sum'}).apply(tf.layers.add({name: 'skip'}).apply([inner, start]));
  const deep = tf.layers.concatenate({name: 'join'}).apply([sum, normed]);
  const small = tf.layers.averagePooling2d({poolSize: 2, name: 'shrink'}).apply(deep);
  const pooled = tf.layers.globalAveragePooling2d({name: 'pooled'}).apply(small);
  const shared = dense({units: 5, activation: 'tanh', name: 'shared'});
  const left = shared.apply(dense({units: 4, name: 'fit'}).apply(pooled)), right = shared.apply(facts);
  const both = tf.layers.concatenate({name: 'both'}).apply([left, right]);
  const kind = dense({units: 3, activation: 'softmax', name: 'kind'}).apply(both);
  const size = dense({units: 1, name: 'size'}).apply(tf.layers.add({name: 'mixed'}).apply([left, right]));
  return tf.model({inputs: [image, facts], outputs: [kind, size], name: 'branches'});
};

/** An IOHandler over a folder in the layout of TensorFlow.js' own file saves. */
function folder(dir) {
  return {
    async load() {
      const {weightsManifest, ...artifacts} = JSON.parse(await readFile(path.join(dir, 'model.json'), 'utf8'));
      const names = weightsManifest.flatMap(group => group.paths);
      const bytes = Buffer.concat(await Promise.all(names.map(name => readFile(path.join(dir, name)))));
      return {
        ...artifacts,
        weightSpecs: weightsManifest.flatMap(group => group.weights),
        weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      };
    },
    async save({weightSpecs, weightData, ...artifacts}) {
      await mkdir(dir, {recursive: true});
      const weightsManifest = [{paths: ['./weights.bin'], weights: weightSpecs}];
      await writeFile(path.join(dir, 'model.json'), JSON.stringify({...artifacts, weightsManifest}));
      await writeFile(path.join(dir, 'weights.bin'), new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)));
      return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON({...artifacts, weightSpecs, weightData})};
    },
  };
}

async function fit(model, {xs, ys, batchSize, steps}) {
  const batches = Math.ceil(xs[0].shape[0] / batchSize);
  const logs = [];
  await model.fit(xs.map(tensor), ys.map(tensor), {
    batchSize, epochs: Math.ceil(steps / batches), shuffle: false, verbose: 0, yieldEvery: 'never',
    callbacks: {
      onBatchEnd(batch, {batch: index, size, ...values}) {
        logs.push(values);
        model.stopTraining = logs.length >= steps;
      },
    },
  });
  return logs;
}

const command = JSON.parse(await readFile(process.argv[2], 'utf8'));
const model = command.make ? models[command.make](command.seed) : await tf.loadLayersModel(folder(command.load));
const answer = {};
if (command.compile) {
  const {optimizer, config, loss, metrics} = command.compile;
  model.compile({optimizer: tf.train[optimizer](...config), loss, metrics: metrics ?? []});
}
if (command.fit) answer.steps = await fit(model, command.fit);
if (command.predict) {
  const outputs = [model.predict(command.predict.map(tensor))].flat();
  answer.outputs = outputs.map((output, index) => plain(output, model.outputNames[index]));
}
if (command.weights) answer.weights = model.weights.map(weight => plain(weight.read(), weight.originalName));
for (const layer of model.layers) if (layer.getClassName() === command.freeze) layer.trainable = false;
if (command.save) {
  const {includeOptimizer = false, trainableOnly = false} = command;
  answer.info = (await model.save(folder(command.save), {includeOptimizer, trainableOnly})).modelArtifactsInfo;
}
console.log(JSON.stringify(answer));
