import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';
import { capabilities } from './capabilities.ts';

const common = {
  bot_token: z
    .string()
    .regex(/^(xoxe\.)?xoxb-/, 'must be the Bot User OAuth Token, which begins with xoxb-')
    .describe('The Bot User OAuth Token: on api.slack.com/apps, under "OAuth & Permissions".'),
  api_url: z
    .url()
    .default('https://slack.com/api/')
    .describe("Where Slack's Web API is; only for a proxy of your own."),
};

const socket = z.strictObject({
  mode: z
    .literal('socket')
    .describe(
      'socket: the gateway calls Slack and needs no public address. http: Slack calls the gateway at /channels/<channel>/webhook.',
    ),
  app_token: z
    .string()
    .regex(/^xapp-/, 'must be an App-Level Token, which begins with xapp-')
    .describe('An App-Level Token with the scope connections:write: under "Basic Information".'),
  ...common,
});

const http = z.strictObject({
  mode: z.literal('http').describe('Slack calls the gateway at /channels/<channel>/webhook.'),
  signing_secret: z
    .string()
    .min(16)
    .describe('The Signing Secret, by which a call from Slack is known: under "Basic Information".'),
  ...common,
});

const options = z.discriminatedUnion('mode', [socket, http]);

export type SlackOptions = z.output<typeof options>;

export const slack: ChannelType<SlackOptions> = {
  options,
  strangers: 'told',
  contacts: capabilities.contacts,
  async create(chosen) {
    const { createSlackAdapter } = await import('./adapter.ts');
    return createSlackAdapter(chosen);
  },
  async probe(chosen, host) {
    const { probe } = await import('./probe.ts');
    return probe(chosen, host);
  },
};
