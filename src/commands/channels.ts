import type { ChannelId } from '../contract/index.ts';
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { usageOf } from './help.ts';
import { code } from './names.ts';

/** `/channels`: how each channel is. */
export function channels(gateway: Operations): ChatCommand {
  return {
    name: 'channels',
    admin: true,
    usage: { en: '', zh: '' },
    description: { en: 'How each channel is', zh: '每个频道的状态' },
    run({ language }) {
      const texts = commandTextsIn(language).channels;
      const lines = [...gateway.channels()].map(([id, { state, detail }]) =>
        detail === undefined ? `- ${id}: ${state}` : `- ${id}: ${state}. ${detail}`,
      );
      return lines.length === 0 ? texts.none : [texts.heading, lines.join('\n')].join('\n\n');
    },
  };
}

/** `/restart-channel`: connects one anew, also where its platform had refused us. */
export function restartChannel(gateway: Operations): ChatCommand {
  const command: ChatCommand = {
    name: 'restart-channel',
    admin: true,
    usage: { en: '<channel>', zh: '<频道>' },
    description: { en: 'Connect a channel anew', zh: '重新连接一个频道' },
    run({ language, rest }) {
      const texts = commandTextsIn(language);
      if (rest === '') return texts.usage(usageOf(command, language));
      if (gateway.restart(rest as ChannelId)) return texts.channels.restarting(rest);
      const known = [...gateway.channels().keys()].map(code).join(', ');
      return texts.channels.unknown(rest.replaceAll('`', "'"), known);
    },
  };
  return command;
}
