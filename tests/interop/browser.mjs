// A page with TensorFlow.js on it in a real, headless Chromium, on an origin of its own on 127.0.0.1.
import {createServer} from 'node:http';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {chromium} from 'playwright-core';

const TF_SCRIPT = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json')), 'dist', 'tf.min.js');
const PAGE = '<!doctype html><meta charset="utf-8"><title>peer</title><link rel="icon" href="data:,">' +
    '<script src="/tf.min.js"></script>';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
               '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];
const PATIENCE_MS = 120_000;

async function serve() {
  const script = await readFile(TF_SCRIPT);
  const server = createServer((request, response) => {
    const isScript = request.url === '/tf.min.js';
    response.writeHead(200, {'Content-Type': isScript ? 'text/javascript' : 'text/html'});
    response.end(isScript ? script : PAGE);
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return server;
}

/** Runs `body(page)` on the page in a fresh profile; `page.url()` tells its origin. */
export async function withPage(body) {
  const server = await serve();
  const profile = await mkdtemp(path.join(tmpdir(), 'layersmith-browser-'));
  const context = await chromium.launchPersistentContext(
      profile,
      {executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS, timeout: PATIENCE_MS});
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const page = await context.newPage();
    page.on('console', message => console.error(`[page] ${message.text()}`));
    page.on('pageerror', error => console.error(`[page] ${error}`));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.evaluate(async () => {
      await tf.setBackend('cpu');
      await tf.ready();
    });
    return await body(page);
  } finally {
    await context.close();
    // What the browser started may still write.
    await rm(profile, {recursive: true, force: true, maxRetries: 20, retryDelay: 200});
    server.close();
    server.closeAllConnections();
  }
}
