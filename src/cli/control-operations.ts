import { z } from 'zod';
import type { ChannelId, UserId } from '../contract/index.ts';
import {
  type Identity,
  named,
  type Operations,
  PeopleError,
  type Refusal,
  senderNamed,
  type User,
} from '../gateway/index.ts';
import { commandTextsIn } from '../texts/index.ts';
import { announceApproval, announceLink, announceUnlink } from './control-notices.ts';

const who = z.string().min(1);

/** What commands in a terminal ask about people and the hub: the same as those in a chat. */
export const operations = [
  z.strictObject({
    do: z.literal('users.list'),
    after: z.string().optional(),
    limit: z.int().positive().max(1_000),
  }),
  z.strictObject({ do: z.literal('users.show'), user: who }),
  z.strictObject({ do: z.literal('users.requests') }),
  z.strictObject({ do: z.literal('users.approve'), who }),
  z.strictObject({ do: z.literal('users.deny'), who }),
  z.strictObject({ do: z.literal('users.admin'), who, isAdmin: z.boolean() }),
  z.strictObject({ do: z.literal('identity.show'), who }),
  z.strictObject({ do: z.literal('identity.link'), user: who, who }),
  z.strictObject({ do: z.literal('identity.unlink'), who }),
  z.strictObject({ do: z.literal('claim') }),
  z.strictObject({ do: z.literal('sessions'), limit: z.int().positive().max(1_000) }),
  z.strictObject({ do: z.literal('channels') }),
  z.strictObject({ do: z.literal('channels.restart'), channel: who }),
  z.strictObject({ do: z.literal('broadcast.count') }),
  z.strictObject({ do: z.literal('broadcast'), text: z.string().min(1) }),
  z.strictObject({ do: z.literal('agents') }),
] as const;

/** What reads otherwise than in a chat. */
const IN_A_TERMINAL: Readonly<Partial<Record<Refusal, string>>> = {
  unknown: 'nobody is known by this name; "openclaw-gateway identity" lists everybody as channel:sender',
  no_such_channel: 'there is no such channel; "openclaw-gateway channels" lists them',
  no_such_user: 'there is no such user; "openclaw-gateway users" lists them',
};

type Asked = z.infer<(typeof operations)[number]>;

/** Rejects with a sentence for who asked. */
export async function handleOperation(asked: Asked, gateway: Operations): Promise<unknown> {
  try {
    return await done(asked, gateway);
  } catch (error) {
    if (error instanceof PeopleError) {
      throw new Error(IN_A_TERMINAL[error.refusal] ?? commandTextsIn('en').refusals[error.refusal]);
    }
    throw error;
  }
}

async function done(asked: Asked, gateway: Operations): Promise<unknown> {
  const { people } = gateway;
  switch (asked.do) {
    case 'users.list':
      return people.users(asked.after as UserId | undefined, asked.limit).map(shownUser);
    case 'users.show':
      return shownUser(userOf(people, asked.user));
    case 'users.requests':
      return people.requests(1_000);
    case 'users.approve': {
      const { channel, sender } = whom(gateway, asked.who);
      const approved = await people.change(() => people.approveSender(channel, sender, 'cli'));
      const isTold = await announceApproval(gateway, approved);
      return { identity: named(approved.identity), isTold };
    }
    case 'users.deny': {
      const { channel, sender } = whom(gateway, asked.who);
      return { identity: named(await people.change(() => people.deny(channel, sender, 'cli'))) };
    }
    case 'users.admin': {
      const identity = people.identity(asked.who);
      await people.change(() => people.setAdmin(identity, asked.isAdmin, 'cli'));
      return { identity: named(identity) };
    }
    case 'identity.show':
      return shownUser(userOf(people, people.identity(asked.who).user));
    case 'identity.link': {
      const other = people.identity(asked.who);
      const into = await people.change(() => people.linkTo(asked.user as UserId, other, 'cli'));
      await announceLink(gateway, into, other);
      return { identity: named(other), user: into.user };
    }
    case 'identity.unlink': {
      const identity = people.identity(asked.who);
      const others = userOf(people, identity.user).identities.filter((one) => named(one) !== named(identity));
      await people.change(() => people.unlink(identity, 'cli'));
      await announceUnlink(gateway, identity, others);
      return { identity: named(identity), user: people.identity(asked.who).user };
    }
    case 'claim':
      return people.change(() => people.claimCode());
    case 'sessions':
      return gateway
        .conversations(asked.limit)
        .map((one) => ({ ...one, waiting: gateway.conversation(one.session).waiting }));
    case 'channels':
      return [...gateway.channels()].map(([channel, status]) => ({ channel, ...status }));
    case 'channels.restart': {
      if (gateway.restart(asked.channel as ChannelId)) return { channel: asked.channel };
      const known = [...gateway.channels().keys()].join(', ');
      throw new Error(`there is no channel ${asked.channel}. There are: ${known}`);
    }
    case 'broadcast.count':
      return { count: gateway.recipients().length };
    case 'broadcast':
      return { count: await gateway.broadcast(asked.text) };
    case 'agents':
      return [...gateway.agents];
  }
}

/** As `--json` shows a user. */
function shownUser({ id, isAdmin, choices, identities }: User) {
  const { language, agent } = choices;
  return { user: id, isAdmin, language, agent, identities: identities.map(shownIdentity) };
}

function shownIdentity(identity: Identity) {
  const { name, admin, standing } = identity;
  return { identity: named(identity), name, isAdmin: admin, standing };
}

function userOf(people: Operations['people'], id: string): User {
  const user = people.user(id as UserId);
  if (user === undefined) throw new PeopleError('no_such_user');
  return user;
}

/** A pairing code, or somebody by what they are known by. Whoever has the terminal has no need to guess. */
function whom({ people, channels }: Operations, written: string) {
  if (!written.includes(':')) {
    const request = people.requests(1_000).find(({ code }) => sameCode(code, written));
    if (request === undefined) throw new PeopleError('wrong_code');
    return request;
  }
  const sender = senderNamed(written);
  if (!channels().has(sender.channel)) throw new PeopleError('no_such_channel');
  return sender;
}

function sameCode(code: string, written: string): boolean {
  const plain = (text: string) => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return plain(code) === plain(written);
}
