import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../src/store/index.ts';
import { FakeTelegram } from '../platforms/telegram.ts';
import { Daemon } from './daemon.ts';

const THREE = ['alpha', 'beta', 'gamma'];

/** What is answered, by message of the answer, and the states of the questions, in order. */
const WANTED = {
  followup: { answers: [['alpha'], ['beta'], ['gamma']], states: ['answered', 'answered', 'answered'] },
  collect: { answers: [['alpha'], ['beta', 'gamma']], states: ['answered', 'answered', 'answered'] },
  steer: { answers: [['alpha', 'beta', 'gamma']], states: ['answered', 'answered', 'answered'] },
  interrupt: { answers: [['gamma']], states: ['superseded', 'superseded', 'answered'] },
};

test.each(Object.entries(WANTED))(
  '%s: what comes during a turn is dealt with so, also when the process is killed in the middle',
  async (policy, { answers, states }) => {
    await using telegram = await new FakeTelegram().listen();
    await using daemon = await Daemon.start(`
log: { level: debug }
agents: { default: { type: echo, delay_ms: 2000 } }
channels:
  telegram: { token: "${telegram.token}", api_root: "${telegram.url}", dm_policy: open, while_busy: ${policy}, collect_for: 100ms }
`);
    const seen = (msg: string, count: number) =>
      daemon.until(
        () => daemon.lines.filter((line) => line.msg === msg).length >= count,
        `${count} times "${msg}"`,
      );
    telegram.say({ chat: 1, text: 'alpha' });
    await seen('turn started', 1);
    telegram.say({ chat: 1, text: 'beta' });
    await seen('message received', 2);
    telegram.say({ chat: 1, text: 'gamma' });
    await seen('message received', 3);
    await daemon.kill('SIGKILL');
    expect(telegram.sent, 'nobody has heard anything yet').toEqual([]);
    await daemon.boot();
    // What was interrupted may have been seen growing before the kill: then it is ended, with a notice that says none of it.
    const said = () =>
      telegram.sent
        .map(({ text = '' }) => THREE.filter((word) => text.includes(word)))
        .filter((words) => words.length > 0);
    await telegram.until(() => said().length >= answers.length, 'the answers');
    await daemon.kill('SIGTERM');
    expect(said()).toEqual(answers);
    const ledger = openLedger(join(daemon.folder, 'data'));
    expect(ledger.recent(10).map(({ state }) => state)).toEqual(states.toReversed());
    expect(ledger.audit().contradictions).toEqual([]);
    ledger.close();
  },
);
