/** Events in the shape in which Feishu pushes them, with what the adapter had to ask for (`known`). */

export const APP = 'cli_0123456789abcdef';
export const BOT = 'ou_bot';

export function received(message: object = {}, sender: object = {}, known: object = {}): object {
  return {
    schema: '2.0',
    header: header('im.message.receive_v1', 'event-1'),
    event: {
      sender: {
        sender_id: { open_id: 'ou_alice', union_id: 'on_alice', user_id: null },
        sender_type: 'user',
        tenant_key: 'tenant-1',
        ...sender,
      },
      message: {
        message_id: 'om_1',
        create_time: '1790000000000',
        update_time: '1790000000000',
        chat_id: 'oc_alice',
        chat_type: 'p2p',
        message_type: 'text',
        content: '{"text":"Hello"}',
        ...message,
      },
    },
    known: { bot: BOT, ...known },
  };
}

export function reaction(
  what: 'created' | 'deleted',
  event: string,
  by: 'user' | 'app' = 'user',
  app = APP,
): object {
  return {
    schema: '2.0',
    header: header(`im.message.reaction.${what}_v1`, event),
    event: {
      message_id: 'om_1',
      reaction_type: { emoji_type: 'THUMBSUP' },
      operator_type: by,
      ...(by === 'user'
        ? { user_id: { open_id: 'ou_alice', union_id: 'on_alice', user_id: null } }
        : { app_id: app }),
      action_time: '1790000001000',
    },
    known: { about: item({ sender: { id: APP, id_type: 'app_id', sender_type: 'app' } }), direct: true },
  };
}

/** The press of a button. */
export function pressed(
  event: string,
  value: object = { choice: 'Yes' },
  known: object = { direct: true },
): object {
  return {
    schema: '2.0',
    header: { ...header('card.action.trigger', event), create_time: '1790000003000000' },
    event: {
      operator: { tenant_key: 'tenant-1', open_id: 'ou_alice', union_id: 'on_alice' },
      token: 'c-1',
      action: { value, tag: 'button' },
      host: 'im_message',
      context: { open_message_id: 'om_1', open_chat_id: 'oc_alice' },
    },
    known,
  };
}

export function recall(author: 'user' | 'app' = 'user'): object {
  return {
    schema: '2.0',
    header: header('im.message.recalled_v1', 'event-9'),
    event: {
      message_id: 'om_1',
      chat_id: 'oc_team',
      recall_time: '1790000002000',
      recall_type: 'message_owner',
    },
    known: {
      about: item({
        chat_id: 'oc_team',
        thread_id: 'omt_1',
        deleted: true,
        sender: { id: author === 'user' ? 'ou_alice' : APP, id_type: 'open_id', sender_type: author },
      }),
      direct: false,
    },
  };
}

/** A message as the REST API tells it. */
export function item(more: object = {}): object {
  return {
    message_id: 'om_1',
    msg_type: 'text',
    create_time: '1789999999000',
    deleted: false,
    chat_id: 'oc_alice',
    sender: { id: 'ou_alice', id_type: 'open_id', sender_type: 'user', tenant_key: 'tenant-1' },
    body: { content: '{"text":"What I said before"}' },
    ...more,
  };
}

function header(event_type: string, event_id: string): object {
  return {
    event_id,
    event_type,
    create_time: '1790000000000',
    app_id: APP,
    tenant_key: 'tenant-1',
    token: '',
  };
}
