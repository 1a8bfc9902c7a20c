import { ConfigError, pathText, warningsOf } from '../../config/index.ts';
import { errorText, StartError } from '../../contract/index.ts';
import { refuseUnsafe } from '../../server/index.ts';
import { type Check, type Diagnosis, ok } from '../check.ts';

/** The configuration: whether it can be read, has mistakes, or would open the port to strangers. */
export const config: Check = {
  name: 'config',
  run({ config: read, configFile }) {
    if ('error' in read) return mistakes(read.error, configFile);
    const found: Diagnosis[] = warningsOf(read).map((warning) => ({ level: 'warning', ...warning }));
    try {
      refuseUnsafe(read.gateway);
    } catch (error) {
      found.push(refused(error));
    }
    return found.length > 0 ? found : [ok(`${configFile} has no mistakes`)];
  },
};

function mistakes(error: unknown, file: string): Diagnosis[] {
  if (!(error instanceof ConfigError)) return [refused(error)];
  return error.problems.map(({ line, column, path, message }) => {
    const where = `${file}:${line}:${column}`;
    const isUnset = message.startsWith('the environment variable');
    const cure = isUnset
      ? `Set it where the gateway is started, or put the secret into a file: \${credential:NAME}. If only the service has it, run the doctor with the environment of the service.`
      : `Mend it there, then look again: openclaw-gateway check --config ${file}`;
    return { level: 'problem', what: [where, pathText(path), message].filter(Boolean).join(': '), cure };
  });
}

function refused(error: unknown): Diagnosis {
  const hint = error instanceof StartError ? error.hint : undefined;
  return { level: 'problem', what: errorText(error), cure: hint ?? 'Mend the configuration.' };
}
