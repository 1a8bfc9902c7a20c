import { ChannelError, type Contact, type SenderId } from '../../src/contract/index.ts';
import type { Session } from './api.ts';
import { waitFor } from './calls.ts';

const NEEDED = 'users:read.email';

/** The address that somebody of our workspace has confirmed. For guests from other workspaces those would have to vouch. */
export async function contactOf(
  { web, self }: Session,
  sender: SenderId,
  signal: AbortSignal,
): Promise<Contact> {
  const { user, response_metadata } = await waitFor(web.users.info({ user: sender }), signal);
  // Without this scope Slack leaves the address out, and says nothing.
  if (response_metadata?.scopes?.includes(NEEDED) === false) {
    throw new ChannelError('rejected', `the bot_token lacks the scope ${NEEDED}`, {
      hint: 'Add it under "OAuth & Permissions" on api.slack.com/apps, and reinstall the app.',
    });
  }
  const isOurs = user?.team_id === self.team && !user.is_stranger && !user.deleted && !user.is_bot;
  const email = user?.profile?.email;
  return isOurs && user.is_email_confirmed && email ? { email: email.toLowerCase() } : {};
}
