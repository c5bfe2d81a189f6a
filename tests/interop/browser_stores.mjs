// TensorFlow.js in Chromium and the browser's own stores: the steps of a JSON file in one fresh profile, one JSON answer.
//   {"make": NAME, "trained": bool, "save": [URL, ...]}  a model with known weights -> its modelArtifactsInfo per URL
//   {"script": TEXT, "download": FILE}   runs a script in the page that gives a file
//   {"script": TEXT, "pick": FILE}       runs a script in the page that asks for a file
//   {"run": TEXT}                        -> its value in the page
//   {"list": true}                       -> tf.io.listModels()
//   {"load": URL, "predict": TENSOR, "save": URL}        -> {"values", "info"}
import {readFile} from 'node:fs/promises';
import {withPage} from './browser.mjs';

async function makeAndSave({make, trained, save}) {
  const ramp = (shape, scale) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(Array.from({length: size}, (_, i) => (i - size / 2) * scale), shape);
  };
  const model = tf.sequential({name: make});
  model.add(tf.layers.dense({name: 'hidden', units: 3, inputShape: [4], activation: 'relu'}));
  model.add(tf.layers.dense({name: 'out', units: 2, activation: 'softmax'}));
  model.setWeights([ramp([4, 3], 0.125), ramp([3], 0.25), ramp([3, 2], 0.5), ramp([2], 0.0625)]);
  model.compile({optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy']});
  if (trained) {
    model.setUserDefinedMetadata({labels: ['no', 'yes'], note: 'größe ☃'});
    const ys = tf.oneHot(tf.tensor1d([0, 1, 0, 1, 1, 0, 1, 0], 'int32'), 2);
    await model.fit(ramp([8, 4], 0.1), ys, {epochs: 3, batchSize: 4, shuffle: false});
  }
  const infos = {};
  for (const url of save)
    infos[url] = (await model.save(url, {includeOptimizer: Boolean(trained)})).modelArtifactsInfo;
  return infos;
}

async function loadAndPredict({load, predict, save}) {
  const model = await tf.loadLayersModel(load);
  const output = model.predict(tf.tensor(predict.values, predict.shape));
  const info = save ? (await model.save(save)).modelArtifactsInfo : null;
  return {values: Array.from(output.dataSync()), info};
}

async function run(page, step) {
  if (step.make) return page.evaluate(makeAndSave, step);
  if (step.list) return page.evaluate(() => tf.io.listModels());
  if (step.load) return page.evaluate(loadAndPredict, step);
  if (step.run) return page.evaluate(step.run);
  if (step.download) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.evaluate(step.script)]);
    return download.saveAs(step.download);
  }
  const asked = page.waitForEvent('filechooser');
  await page.mouse.click(1, 1);  // a page may ask for a file only after a person did something
  const finished = page.evaluate(step.script);
  await (await asked).setFiles(step.pick);
  return finished;
}

const steps = JSON.parse(await readFile(process.argv[2], 'utf8'));
const answers = await withPage(async page => {
  const given = [];
  for (const step of steps) given.push(await run(page, step));
  return given;
});
console.log(JSON.stringify(answers));
