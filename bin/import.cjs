// Imports a module of somebody's parts for the command; `nayek` means the very package that runs, wherever it is installed.
const nodeModule = require('node:module');

let hooked = false;

exports.load = (url, api) => {
  if (!hooked) hook(api);
  hooked = true;
  return import(url);
};

function hook(api) {
  if (nodeModule.registerHooks) {
    const resolve = (specifier, context, next) =>
      specifier === 'nayek' ? { url: api, shortCircuit: true } : next(specifier, context);
    nodeModule.registerHooks({ resolve });
    return;
  }
  // Node 20 has hooks in a thread of their own only.
  const source = `export const resolve = (specifier, context, next) =>
    specifier === 'nayek' ? { url: ${JSON.stringify(api)}, shortCircuit: true } : next(specifier, context);`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(source)}`);
}
