import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';

/** `/status`: who answers and what waits; an admin is told of the whole gateway, in a direct chat. */
export function status(gateway: Operations): ChatCommand {
  return {
    name: 'status',
    admin: false,
    usage: { en: '', zh: '' },
    description: { en: 'Who answers here, and what waits', zh: '谁在回答，有什么在等待' },
    run({ person, language, session, message }) {
      const texts = commandTextsIn(language).status;
      const { agent, waiting } = gateway.conversation(session);
      const isDirect = message.chat.kind === 'direct';
      const there = isDirect ? gateway.people.answersGoTo(person) : undefined;
      const lines = [
        texts.answering(agent ?? '?'),
        waiting === 0 ? texts.nothingWaits : texts.waits(waiting),
        ...(there === undefined ? [] : [texts.answersGoTo(there)]),
      ];
      if (person.isAdmin && isDirect) {
        const states = [...gateway.channels().values()];
        const { open, dead } = gateway.waiting();
        const connected = states.filter(({ state }) => state === 'connected').length;
        const deadLetters = dead.in + dead.out;
        lines.push('', texts.channels(connected, states.length), texts.open(open.in, open.out));
        if (deadLetters > 0) lines.push(texts.dead(deadLetters));
      }
      return lines.join('\n');
    },
  };
}
