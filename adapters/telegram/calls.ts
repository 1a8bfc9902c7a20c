import { fromPlatform } from './menu.ts';
import type { Entity } from './updates.ts';

/** Who we are on Telegram. */
export interface Bot {
  readonly id: number;
  readonly username: string;
}

/** Whether the words of a message call the bot, and what is left of them without the call. */
export function readCall(
  text: string,
  entities: readonly Entity[],
  bot: Bot | undefined,
): { called: boolean; text: string } {
  const calls = entities.filter((entity) => callsBot(entity, text, bot));
  const mention = calls.find(({ offset, type }) => offset === 0 && type !== 'bot_command');
  return { called: calls.length > 0, text: command(withoutMention(text, mention), bot) };
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

/** `@bot, hi` is `hi`; a mention alone stays, for it is all that was said. */
function withoutMention(text: string, mention: Entity | undefined): string {
  if (mention === undefined) return text;
  return text.slice(mention.length).replace(/^[,:]?\s*/, '') || text;
}

/** `/restart_channel@bot me` is `/restart-channel me`; what is for another bot stays as it is. */
function command(text: string, bot: Bot | undefined): string {
  return text.replace(/^\/(\w+)(?:@(\w+))?(?=\s|$)/, (words, name: string, whose?: string) =>
    whose === undefined || isName(whose, bot) ? `/${fromPlatform(name)}` : words,
  );
}
