import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** For `node --import`: writes down, in the file that LOADED_MODULES names, what the program and its children load. */
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED_MODULES ?? '', `${url}\n`);
    return next(url, context);
  },
});
