/**
 * The contract: what adapters, agents and the hub agree on. An adapter can be written from this folder alone.
 *
 * Words, as all of the code uses them:
 * - channel: one configured connection to a platform (`telegram`, or `work-bot` of type `telegram`).
 * - adapter: the code that speaks one platform: a `ChannelAdapter`.
 * - chat: where a message is said on a channel (a direct chat, a group, a thread of one); sender: who said it there.
 * - InboundMessage / OutboundMessage: the one normalised form, in and out.
 * - user: one person, whatever channels they write from; identity: one (channel, sender) of a user.
 * - session: one continuous conversation with one agent: per user in direct chats, per chat in groups.
 * - agent: a configured answerer; AgentRuntime: one live instance of it, owned by a session.
 * - turn: one run of an agent: some inbound messages in, events out.
 * - inbox / outbox: the durable records of both directions; lane: the FIFO of one chat's outgoing messages.
 * - dead letter: a message, of either direction, that the gateway gave up on, kept until a person replays or discards it.
 * - ledger: the inbox and outbox read as accounts: every message ends in exactly one outcome.
 */
export * from './agent-runtime.ts';
export * from './channel-adapter.ts';
export * from './contact.ts';
export * from './errors.ts';
export * from './http.ts';
export * from './ids.ts';
export * from './language.ts';
export * from './messages.ts';
export * from './probe.ts';
export * from './registration.ts';
