import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';

/** `/new`: what was said so far is no longer remembered. */
export function beginAnew(gateway: Operations): ChatCommand {
  return {
    name: 'new',
    admin: false,
    usage: { en: '', zh: '' },
    description: { en: 'Begin a new conversation', zh: '开始新的对话' },
    async run({ language, session }) {
      await gateway.beginAnew(session);
      return commandTextsIn(language).new.done;
    },
  };
}

/** `/stop`: ends what is being answered. */
export function stop(gateway: Operations): ChatCommand {
  return {
    name: 'stop',
    admin: false,
    usage: { en: '', zh: '' },
    description: { en: 'Stop the answer under way', zh: '停止正在进行的回答' },
    run({ language, session }) {
      const texts = commandTextsIn(language).stop;
      return gateway.stop(session) ? texts.done : texts.nothing;
    },
  };
}

/** `/retry`: what was asked last is answered anew. */
export function retry(gateway: Operations): ChatCommand {
  return {
    name: 'retry',
    admin: false,
    usage: { en: '', zh: '' },
    description: { en: 'Answer my last message again', zh: '重新回答我的上一条消息' },
    async run({ language, session }) {
      const texts = commandTextsIn(language).retry;
      return (await gateway.retry(session)) ? texts.done : texts.nothing;
    },
  };
}
