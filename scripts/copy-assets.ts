import { cpSync } from 'node:fs';

/** tsc leaves behind what it does not compile: the page that WebChat serves. */
cpSync('adapters/webchat/page', 'dist/adapters/webchat/page', {
  recursive: true,
  filter: (path) => !path.endsWith('jsconfig.json'),
});
