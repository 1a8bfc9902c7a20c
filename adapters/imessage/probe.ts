import type { Finding, ProbeHost } from '../../src/contract/index.ts';
import { connectTo, PATIENCE } from './bluebubbles.ts';
import type { IMessageOptions } from './index.ts';

/** Asks the BlueBubbles server what it can do, which takes the password. Rejects with a ChannelError. */
export async function probe(options: IMessageOptions, { signal }: ProbeHost): Promise<Finding[]> {
  const { ourAddress, privateApi } = await connectTo(options, PATIENCE).info(signal);
  const findings: Finding[] = [];
  if (ourAddress !== undefined) findings.push({ level: 'ok', what: `the Mac writes as ${ourAddress}` });
  else {
    findings.push({
      level: 'warning',
      what: 'Messages on the Mac seems to be signed out',
      cure: 'Open Messages on the Mac and sign in; BlueBubbles shows the account in its window.',
    });
  }
  if (!privateApi) {
    findings.push({
      level: 'warning',
      what: 'the Private API of BlueBubbles is off: no typing, no replies, no tapbacks',
      cure: 'If you want them, switch it on in the window of BlueBubbles, "Private API"; all else works without.',
    });
  }
  return findings;
}
