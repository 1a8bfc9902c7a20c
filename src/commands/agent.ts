import type { AgentId } from '../contract/index.ts';
import type { ChatCommand, CommandCall, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { refusable } from './refusable.ts';

/** Takes a choice back. */
const DEFAULT = 'default';

/** `/agent`: who answers, for this person in direct chats, and for everybody in a group. */
export function agent(gateway: Operations): ChatCommand {
  const { people, agents } = gateway;

  function choose({ person, message, chatRef }: CommandCall, chosen: AgentId | undefined): void {
    if (message.chat.kind === 'group') people.chooseAgentOf(chatRef, chosen);
    else people.chooseAgent(person.user, chosen);
  }

  return {
    name: 'agent',
    admin: false,
    usage: { en: '[name]', zh: '[名称]' },
    description: { en: 'Who answers you; choose another one', zh: '由谁回答；选择另一个' },
    run(call) {
      const texts = commandTextsIn(call.language).agent;
      if (call.rest === '') {
        const now = gateway.conversation(call.session).agent;
        const lines = [...agents].map((id) => `- \`${id}\`${id === now ? ` (${texts.current})` : ''}`);
        return [texts.list, lines.join('\n'), texts.how].join('\n\n');
      }
      if (call.message.chat.kind === 'group' && !call.person.isAdmin) return texts.onlyAdmins;
      return refusable(call.language, () => {
        const chosen = call.rest === DEFAULT ? undefined : (call.rest as AgentId);
        choose(call, chosen);
        return chosen === undefined ? texts.back : texts.chosen(chosen);
      });
    },
  };
}
