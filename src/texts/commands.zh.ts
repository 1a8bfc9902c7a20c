import type { CommandTexts } from './commands.ts';

/** What commands in a chat answer, in simplified Chinese. */
export const commandsZh: CommandTexts = {
  usage: (usage) => `请这样写：\`${usage}\``,

  help: {
    intro: '直接给我发消息就行。我还听得懂这些命令：',
    adminIntro: '**管理员命令**，请在私聊里使用：',
  },

  whoami: {
    you: (user) => `你是用户 \`${user}\`。`,
    admin: (user) => `你是用户 \`${user}\`，并且是管理员。`,
    from: '你在这些地方给我发消息：',
    here: '这里',
    inGroup: (identity) => `你在这里是 \`${identity}\`。`,
  },

  status: {
    answering: (agent) => `我在。这个聊天由 **${agent}** 回答。`,
    nothingWaits: '这个对话里没有等待回答的消息。',
    waits: (count) => `这个对话里有 ${count} 条消息正在回答或等待回答。`,
    answersGoTo: (where) => `回答会发到 ${where}，直到你在那里发消息。`,
    channels: (connected, all) => `频道：${all} 个中有 ${connected} 个已连接。`,
    open: (came, go) => `进行中：收到 ${came} 条，待发 ${go} 条。`,
    dead: (count) => `死信：${count} 条。查看：\`/dlq\``,
  },

  new: {
    done: '我们重新开始：这个对话里之前说过的话，我已经忘记了。',
  },

  stop: {
    done: '已停止。',
    nothing: '现在没有正在进行的回答。',
  },

  retry: {
    done: '我再回答一次你的上一条消息。',
    nothing: '没有可以重试的消息。',
  },

  agent: {
    list: '可以回答你的智能体：',
    current: '当前',
    how: '用 `/agent <名称>` 选择；`/agent default` 恢复默认。',
    chosen: (agent) => `从现在起由 **${agent}** 回答。`,
    back: '已恢复默认：由谁回答以配置为准。',
    onlyAdmins: '在群里，只有管理员可以选择由谁回答。',
  },

  link: {
    code: (code, minutes) =>
      `要在两个频道上成为同一个人，请在 ${minutes} 分钟内到另一个频道给我发：\n\n\`/link ${code}\`\n\n谁在那里发出它，谁就会成为这里的你：请不要给别人看。只能用一次。`,
    done: (other) =>
      `已关联：你在这里和 ${other} 现在是同一个人，两个对话已按时间顺序合并。\`/unlink\` 可以撤销。`,
    told: (other) =>
      `你和 ${other} 现在是同一个人，两个对话已合并。如果不是你本人操作，请在这里发 \`/unlink\`。`,
    confirm: (other, code) =>
      `这个代码属于 ${other}。关联后，对方就是你，并拥有你的管理员权限。如果确实是你本人，请发 \`/link ${code} yes\`。`,
    byAdmin: (one, user) => `已关联：${one} 现在属于用户 \`${user}\`，对话已合并。`,
    onlyAdmins: '只有管理员可以关联别人。要关联你自己，请发 `/link`。',
  },

  unlink: {
    done: '已取消关联：你在这里重新成为独立的人，并保留在这里说过的话。',
    told: (identity) => `${identity} 不再和你是同一个人，并带走了在那里说过的话。`,
    byAdmin: (identity) => `已取消关联：${identity} 重新成为独立的人。`,
    onlyAdmins: '只有管理员可以取消别人的关联。要取消你自己的，请发 `/unlink`。',
  },

  continue: {
    done: (where) => `接下来的回答会发到 ${where}，直到你在那里发消息。`,
    here: '你就在这里：回答会发到这里。',
    where: (channels) => `要在哪里继续？请发 \`/continue on\` 加上其中一个：${channels}`,
    nowhere: '我只在这里认识你。请先用 `/link` 关联另一个频道。',
  },

  lang: {
    current: '我们说中文。English: `/lang en`。跟随你的应用：`/lang auto`。',
    done: '从现在起我们说中文。',
    auto: '从现在起我跟随你应用的语言。',
  },

  claim: {
    done: '欢迎！你现在是管理员了。`/help` 会告诉你能做什么。',
  },

  approve: {
    none: '没有人在等待批准。',
    list: '这些人想和我说话：',
    how: '`/approve <代码>` 批准，`/deny <代码>` 永久拒绝。',
    done: (who) => `${who} 现在可以给我发消息了，我已经告诉对方。`,
    doneSilently: (who) => `${who} 现在可以给我发消息了。我和对方还没有聊天，所以还没能告诉对方。`,
    told: '你现在可以给我发消息了。',
  },

  deny: {
    done: (who, identity) => `我不再理会 ${who}。\`/approve ${identity}\` 可以撤销。`,
  },

  users: {
    none: '还没有人发过消息。',
    heading: '用户：',
    admin: '管理员',
    denied: '已拒绝',
    requests: '等待批准：',
    messages: (count) => `${count} 条消息`,
    more: (user) => `更多：\`/users after ${user}\``,
    language: (language) => `语言：${language}`,
    agent: (agent) => `选择的智能体：${agent}`,
    answersGoTo: (where) => `回答会发到 ${where}。`,
  },

  sessions: {
    none: '还没有对话。',
    heading: (live) => `最近的对话；目前有 ${live} 个在运行：`,
    user: (user) => `用户 \`${user}\``,
    group: (chat) => `群 ${chat}`,
    waits: (count) => `${count} 条消息进行中`,
  },

  channels: {
    heading: '频道：',
    none: '没有启用的频道。',
    unknown: (channel, known) => `没有频道 \`${channel}\`。现有：${known}`,
    restarting: (channel) => `${channel} 正在重新连接。进展请看 \`/channels\`。`,
  },

  dlq: {
    none: '没有死信。',
    heading: (count) => `${count} 条死信，最早的在前：`,
    more: (count) => `还有 ${count} 条。`,
    how: '`/dlq replay <编号>` 重试一条，`/dlq discard <编号>` 放弃一条；`all` 表示全部。',
    replayed: (count) => `将重试 ${count} 条。`,
    discarded: (count) => `已放弃 ${count} 条。`,
  },

  why: {
    nothing: '这个聊天之前没有消息。',
    unknown: (id) => `没有关于 \`${id}\` 的记录。编号在日志和 \`openclaw-gateway messages\` 里。`,
  },

  broadcast: {
    confirm: (count, text) =>
      `这会发给 ${count} 个人，发到各自最近使用的聊天：\n\n${text}\n\n要发送，请在十分钟内发 \`/broadcast yes\`。`,
    done: (count) => `已发给 ${count} 个人。`,
    nothing: '没有要发送的内容。请先发 `/broadcast <内容>`。',
    nobody: '还没有人私聊过我，所以没有人可以发。',
  },

  reload: {
    failed: (problem) => `新的配置没有生效，一切照旧：\n\n${problem}`,
  },

  refusals: {
    wrong_code: '这个代码不对、已经用过或已过期。请要一个新的。',
    too_many_guesses: '错误的代码太多了，请一小时后再试。',
    own_code: '这是你自己的代码。请到另一个频道发给我，不是在这里。',
    already_linked: '他们已经是同一个人了。',
    not_linked: '本来就是独立的人，没有关联。',
    unknown: '我不认识这个人。请写成 `频道:发送者`，就像 `/users` 显示的那样。',
    no_such_agent: '没有这个智能体。`/agent` 会列出所有智能体。',
    no_such_channel: '没有这个频道，或者你没有在那里关联。`/whoami` 会显示我在哪里认识你。',
    not_there_yet: '我在那里还没有和你私聊过。请先在那里给我发一条消息。',
    no_such_user: '没有这个用户。`/users` 会列出所有用户。',
    is_admin: '这是管理员。请先取消其权限：`openclaw-gateway users admin remove`。',
  },
};
