// Runs scripts that know the real TensorFlow.js as `tf`, in a Chromium page of an origin of its own or in Node.
//   run_scripts.mjs chromium|node FILE     FILE: a JSON list of scripts, each the body of an async function
// Prints a JSON list of {"value": ...} or {"error": MESSAGE}.
import {readFile} from 'node:fs/promises';

const [host, file] = process.argv.slice(2);
const scripts = JSON.parse(await readFile(file, 'utf8'));

/** `run(text)` evaluates an expression; its promise is waited for. */
async function runAll(run) {
  const answers = [];
  for (const script of scripts) {
    try {
      answers.push({value: await run(`(async () => {${script}})()`)});
    } catch (error) {
      answers.push({error: error.message.split('\n')[0]});
    }
  }
  return answers;
}

async function inChromium() {
  const {withPage} = await import('./browser.mjs');
  return withPage(page => runAll(text => page.evaluate(text)));
}

async function inNode() {
  console.warn = () => {};  // the advertisement for tfjs-node
  globalThis.tf = await import('@tensorflow/tfjs');
  return runAll(text => (0, eval)(text));
}

console.log(JSON.stringify(await (host === 'node' ? inNode() : inChromium())));
