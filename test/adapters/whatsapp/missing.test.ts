import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Makes a Node look as if the package was never installed. */
const WITHOUT_BAILEYS = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(name, context, next) {
      if (name.startsWith('@whiskeysockets/')) throw new Error('not found: ' + name);
      return next(name, context);
    },
  });`;

const CREATE = `
  import { whatsapp } from ${JSON.stringify(import.meta.resolve('../../../adapters/whatsapp/index.ts'))};
  const error = await whatsapp.create({}).then(() => undefined, (error) => error);
  console.log(JSON.stringify({ ...error, message: error?.message }));`;

it.each([
  ['is missing', ['--import', `data:text/javascript,${encodeURIComponent(WITHOUT_BAILEYS)}`], true],
  ['is there', [], false],
])('asks for the package when it %s', (_, hooks, isMissing) => {
  const told = execFileSync(process.execPath, [...hooks, '--input-type=module', '--eval', CREATE], {
    encoding: 'utf8',
  });
  const error = {
    name: 'StartError',
    message: expect.stringContaining('@whiskeysockets/baileys'),
    hint: expect.stringContaining('npm install @whiskeysockets/baileys@'),
  };
  expect(JSON.parse(told)).toEqual(isMissing ? expect.objectContaining(error) : {});
});
