import type { Entity } from './updates.ts';

/** Who we are on Telegram. */
export interface Bot {
  readonly id: number;
  readonly username: string;
}

/** Whether the words of a group message call the bot, and what is left of them without the call. */
export function readCall(
  text: string,
  entities: readonly Entity[],
  bot: Bot | undefined,
): { called: boolean; text: string } {
  const calls = entities.filter((entity) => callsBot(entity, text, bot));
  const leading = calls.find((entity) => entity.offset === 0);
  return { called: calls.length > 0, text: leading === undefined ? text : withoutCall(text, leading) };
}

function callsBot(entity: Entity, text: string, bot: Bot | undefined): boolean {
  const words = text.slice(entity.offset, entity.offset + entity.length);
  switch (entity.type) {
    case 'mention':
      return isName(words.slice(1), bot);
    case 'text_mention':
      return bot !== undefined && entity.user?.id === bot.id;
    case 'bot_command': {
      const [, name] = words.split('@');
      return name === undefined ? entity.offset === 0 : isName(name, bot);
    }
    default:
      return false;
  }
}

function isName(name: string, bot: Bot | undefined): boolean {
  return bot !== undefined && name.toLowerCase() === bot.username.toLowerCase();
}

/** `@bot, hi` is `hi`; `/help@bot me` is `/help me`; a mention alone stays, for it is all that was said. */
function withoutCall(text: string, call: Entity): string {
  const words = text.slice(0, call.length);
  const rest = text.slice(call.length);
  if (call.type === 'bot_command') return words.split('@')[0] + rest;
  return rest.replace(/^[,:]?\s*/, '') || text;
}
