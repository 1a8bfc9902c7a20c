/** The commands that people can give in a chat, as data. */
import type { ChatCommand, Operations } from '../gateway/index.ts';
import { agent } from './agent.ts';
import { broadcast } from './broadcast.ts';
import { channels, restartChannel } from './channels.ts';
import { claim } from './claim.ts';
import { carryOn } from './continue.ts';
import { beginAnew, retry, stop } from './conversation.ts';
import { dlq } from './dlq.ts';
import { help } from './help.ts';
import { lang } from './lang.ts';
import { link } from './link.ts';
import { type Reload, reload } from './reload.ts';
import { sessions } from './sessions.ts';
import { status } from './status.ts';
import { approve, deny } from './strangers.ts';
import { unlink } from './unlink.ts';
import { users } from './users.ts';
import { whoami } from './whoami.ts';
import { why } from './why.ts';

export { usageOf } from './help.ts';
export { refusable } from './refusable.ts';

/** All of them, in the order in which they are shown; without `read` there is no `/reload`. */
export function createCommands(gateway: Operations, read?: Reload): readonly ChatCommand[] {
  const others: readonly ChatCommand[] = [
    whoami(gateway),
    status(gateway),
    beginAnew(gateway),
    stop(gateway),
    retry(gateway),
    agent(gateway),
    link(gateway),
    unlink(gateway),
    carryOn(gateway),
    lang(gateway),
    claim(gateway),
    approve(gateway),
    deny(gateway),
    users(gateway),
    sessions(gateway),
    channels(gateway),
    restartChannel(gateway),
    dlq(gateway),
    why(gateway),
    broadcast(gateway),
    ...(read === undefined ? [] : [reload(read)]),
  ];
  return [...help(others), ...others];
}
