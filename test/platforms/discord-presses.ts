import { type Post, refusal, refusalOf } from './discord-posts.ts';
import type { Button, Message, Snowflake } from './discord-world.ts';
import type { FakeRequest, Reply } from './fake-http.ts';

const MESSAGE_COMPONENT = 3;
const UPDATE_MESSAGE = 7;

/** Buttons that were pressed: what the bot is told, and what it answers. */
export class FakePresses {
  readonly #open = new Map<string, { readonly message: Message; answered: boolean }>();

  /** What is the same wherever it was pressed, and by whomever. */
  of(id: Snowflake, message: Message, { custom_id }: Button): object {
    const token = `fake-interaction-token-${id}`;
    this.#open.set(`${id}/${token}`, { message, answered: false });
    return {
      id,
      type: MESSAGE_COMPONENT,
      token,
      version: 1,
      message: structuredClone(message),
      data: { component_type: 2, custom_id },
    };
  }

  expire(): void {
    this.#open.clear();
  }

  answer({ url, body }: FakeRequest, changed: (message: Message) => void): Reply {
    const [, key = ''] = /\/interactions\/(\d+\/[^/]+)\/callback$/.exec(url.pathname) ?? [];
    const press = this.#open.get(key);
    if (press === undefined) return refusal(404, 10_062, 'Unknown interaction');
    if (press.answered) return refusal(400, 40_060, 'Interaction has already been acknowledged');
    const { type, data = {} } = body as { type: number; data?: Post };
    const refused = refusalOf(data, [], 0);
    if (refused !== undefined || type !== UPDATE_MESSAGE) return refused ?? refusal(400, 50_035, 'Invalid');
    press.answered = true;
    press.message.components = data.components ?? press.message.components;
    changed(press.message);
    return { status: 204, body: '', headers: { 'content-type': 'text/plain' } };
  }
}
