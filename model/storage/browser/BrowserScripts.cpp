#include "model/storage/browser/BrowserDump.h"

namespace layersmith {

namespace {

// Shared by both: an IndexedDB request as a promise.
const char* const kSettled = R"js(
  const settled = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });)js";

const char* const kDump = R"js(
  const base64 = async buffer => {
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([buffer]));
    await new Promise(done => { reader.onload = done; });
    return reader.result.slice(reader.result.indexOf(',') + 1);
  };
  const plain = async value => {
    if (value === undefined) return {$undefined: true};
    if (value instanceof ArrayBuffer) return {$arrayBuffer: await base64(value)};
    if (value instanceof Date) return {$date: value.toISOString()};
    if (Array.isArray(value)) return Promise.all(value.map(plain));
    if (!value || typeof value !== 'object') return value;
    const copy = {};
    for (const [key, item] of Object.entries(value)) copy[key] = await plain(item);
    return copy;
  };
  const dump = {localStorage: {}, indexedDB: []};
  for (const [key, text] of Object.entries(localStorage))
    if (key.startsWith('tensorflowjs_models/')) dump.localStorage[key] = text;
  if ((await indexedDB.databases()).some(({name}) => name === 'tensorflowjs')) {
    const db = await settled(indexedDB.open('tensorflowjs'));
    const stores = [];
    for (const name of db.objectStoreNames) {
      const store = db.transaction(name).objectStore(name);
      const records = await settled(store.getAll());
      stores.push({name, keyPath: store.keyPath, autoIncrement: store.autoIncrement,
                   indexes: Array.from(store.indexNames), records: await plain(records)});
    }
    dump.indexedDB.push({name: db.name, version: db.version, stores});
    db.close();
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(dump)], {type: 'application/json'}));
  link.download = 'browser-dump.json';
  link.click();)js";

const char* const kRestore = R"js(
  const picker = Object.assign(document.createElement('input'), {type: 'file', accept: '.json'});
  const picked = new Promise(done => { picker.onchange = done; });
  picker.click();
  await picked;
  const read = JSON.parse(await picker.files[0].text());
  const dump = Array.isArray(read) ? {indexedDB: read} :
      read.localStorage || read.indexedDB ? read : {localStorage: read};
  const revived = value => {
    if (Array.isArray(value)) return value.map(revived);
    if (!value || typeof value !== 'object') return value;
    if ('$undefined' in value) return undefined;
    if ('$date' in value) return new Date(value.$date);
    if ('$arrayBuffer' in value) return Uint8Array.from(atob(value.$arrayBuffer), c => c.charCodeAt(0)).buffer;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
  };
  const texts = Object.entries(dump.localStorage ?? {});
  const before = texts.map(([key]) => [key, localStorage.getItem(key)]);
  try {
    for (const [key, text] of texts) localStorage.setItem(key, text);
  } catch (error) {
    // All as it was: removed first, so that what is put back has room.
    for (const [key] of before) localStorage.removeItem(key);
    for (const [key, text] of before) if (text !== null) localStorage.setItem(key, text);
    throw new Error(`${error.message} Nothing was restored: local storage holds what it held before.`);
  }
  for (const {name, version, stores} of dump.indexedDB ?? []) {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      for (const store of stores) request.result.createObjectStore(store.name, {keyPath: store.keyPath});
    };
    const db = await settled(request);
    const transaction = db.transaction(stores.map(store => store.name), 'readwrite');
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    for (const store of stores)
      for (const record of store.records) transaction.objectStore(store.name).put(revived(record));
    await finished;
    db.close();
  })js";

QString script(const char* body) {
  return QStringLiteral("(async () => {") + QString::fromUtf8(kSettled) + QString::fromUtf8(body) +
         QStringLiteral("\n})();\n");
}

}  // namespace

QString dumpScript() {
  return script(kDump);
}

QString restoreScript() {
  return script(kRestore);
}

}  // namespace layersmith
