import { moment } from '../explain/index.ts';
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { code } from './names.ts';

/** Conversations that are listed. */
const MOST = 15;

/** `/sessions`: what is talked about of late. */
export function sessions(gateway: Operations): ChatCommand {
  return {
    name: 'sessions',
    admin: true,
    usage: { en: '', zh: '' },
    description: { en: 'The latest conversations', zh: '最近的对话' },
    run({ language }) {
      const texts = commandTextsIn(language).sessions;
      const latest = gateway.conversations(MOST);
      if (latest.length === 0) return texts.none;
      const lines = latest.map(({ session, agent, user, group, channel, lastAt }) => {
        const whose = user === undefined ? texts.group(code(`${channel}:${group}`)) : texts.user(user);
        const { waiting } = gateway.conversation(session);
        const parts = [whose, agent, moment(lastAt), ...(waiting > 0 ? [texts.waits(waiting)] : [])];
        return `- ${parts.join(', ')}`;
      });
      return [texts.heading(gateway.live()), lines.join('\n')].join('\n\n');
    },
  };
}
