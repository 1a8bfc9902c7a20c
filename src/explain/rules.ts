/** The rule behind each outcome, and what a person can do about it. */
const RULES: Readonly<Record<string, string>> = {
  'ignored:noted':
    'edits, deletions and reactions are not answered; the agent is told of them with the next message',
  'ignored:not_addressed': 'in groups only what mentions the bot, replies to it or commands it is answered',
  'ignored:not_paired':
    'nobody has let this sender in yet: /approve with their code, or add the id to allow_from',
  'ignored:denied': 'an admin has turned this sender away for good; /approve undoes it',
  'ignored:sender_not_allowed':
    'allow_from of the channel or of the group does not name this sender, and no admin has let them in',
  'ignored:direct_chats_disabled': 'dm_policy of the channel is disabled',
  'ignored:group_not_allowed': 'group_policy of the channel is allowlist, and groups does not name this one',
  'ignored:groups_disabled': 'group_policy of the channel is disabled',
  'ignored:command_too_late': 'a command that comes an hour late was meant for another time',
  'ignored:empty': 'there was neither a text nor a file',
  'ignored:from_bot': 'other bots are not answered, unless allow_from names them',
  'ignored:loop':
    'answers came within seconds, too often in a row: that is how two bots talk; see loop_limit',
  'ignored:too_late':
    'it reached us later than catch_up.answer; the agent is told of it with the next message',
  'ignored:much_too_late': 'it reached us later than catch_up.note',
  'ignored:too_many': 'too many messages of this conversation were waiting already; see sessions.max_waiting',
  queued: 'it waits for its turn: behind others of its conversation, or for a free place (sessions.max_live)',
  command: 'the gateway itself answers commands, beside the turns of agents',
  running: 'an agent is at it; should the gateway end now, it is run again',
  superseded:
    'while_busy of the channel is interrupt, and this person said something else before the answer was complete',
  'dead:failed': 'the agent failed, finally or turns.max_attempts times; mend the cause, then: dlq replay',
  'dead:unreadable': 'the adapter could not read the event; a newer version may, then: dlq replay',
  'dead:refused': 'the platform will never accept it; the reason says why',
  'dead:exhausted':
    'every attempt of a schedule that reaches a day failed; it is replayed when the channel connects anew',
  'dead:held':
    'it may have arrived, and on_unknown is hold: look into the chat, then dlq replay or dlq discard',
  'dead:expired': 'it waited for longer than expire_after of its channel',
  pending: 'it waits for its turn in the chat, for the pace of the channel, or for the connection',
  sending: 'an attempt is under way',
  unknown: 'an attempt ended without a word of whether it arrived; the channel decides how that is found out',
  'possibly repeated': 'an earlier attempt may have arrived, and the platform cannot tell, so it is marked ↻',
};

export function ruleOf(key: string): string | undefined {
  return RULES[key];
}
