import type { Texts } from './index.ts';

/** What the gateway itself says to people, in simplified Chinese. */
export const zh: Texts = {
  tag: 'zh-Hans',

  chat: {
    failed: '抱歉，我这边出了点问题，没能回答。管理员可以查到原因。请稍后再试。',
    stopped: '_已停止。_',
    interrupted: '_已被下一条消息打断。_',
    choose: '请选择：',
    welcome: (code) => `我们还不认识。你的代码是 \`${code}\`，管理员批准后，请再发一次消息。`,
    command: {
      not_admin: '只有管理员可以这样做。',
      not_in_groups: '请私聊我发送这条命令，不要在群里发送。',
      failed: '没能完成，请再试一次。',
    },
    samePerson: {
      code: (channel, code, minutes) =>
        `你好像也在 ${channel} 上和我对话。如果是，请在 ${minutes} 分钟内把下面这条消息发到那边，两边就会合成一个对话：\n\n\`!link ${code}\`\n\n如果不是，请不要给任何人看：没有它，什么都不会改变。`,
      lookThere: (channel, minutes) =>
        `你好像也在 ${channel} 上和我对话。如果是，我已经把一个代码发到那边：请在 ${minutes} 分钟内把它发到这里，两边就会合成一个对话。如果不是，无需理会。`,
    },
    wholeAnswer: '_以上是开头，完整的回答在文件里。_',
    filesNotTaken: (name, megabytes) => `_文件 ${name}（${megabytes} MB）已经做好，但这里不能发送文件。_`,
    fileTooLarge: (name, megabytes, limit) =>
      `_文件 ${name}（${megabytes} MB）已经做好，但这里最大只能发送 ${limit} MB 的文件。_`,
    sentAgain: '连接曾中断，这是重新发送的',
    isThinking: '正在思考…',
    questionClosed: '这个问题已经结束，请直接发消息回答。',
  },

  owner: {
    heading: '**网关需要你处理：**',
    undelivered: (count, channel, why) =>
      `${channel} 有 ${count} 条回答未能送达（${why}）：\`openclaw-gateway dlq list --channel ${channel}\``,
    kinds: {
      refused: '被平台拒绝',
      exhausted: '多次重试未果',
      held: '等你处理',
      expired: '已过期',
      failed: '处理失败',
      unreadable: '无法读取',
    },
    failed: (count, agent, error) =>
      `智能体 ${agent} 失败了 ${count} 次，最近一次的原因：${error}。详情：\`openclaw-gateway dlq list\``,
    resting: (agent) => `智能体 ${agent} 目前无法回答任何人，问题会一直等到它恢复。原因请看日志。`,
    unreadable: (count, channel) =>
      `${channel} 有 ${count} 个事件无法读取：\`openclaw-gateway dlq list --kind unreadable\``,
    refused: (channel, hint) => `${channel} 的平台拒绝了连接。${hint ?? '原因请看日志。'}`,
    login: (channel) => `${channel} 正在等你登录，请打开网关地址下的 /logins 页面。`,
    disconnected: (channel) => `${channel} 已断开一段时间，网关会继续尝试连接。`,
    stranger: (channel, name, code) =>
      `${name} 想在 ${channel} 上和你对话。如果同意，请发送 \`/approve ${code}\``,
    diskLow: '网关的磁盘快满了。腾出空间之前，不再接收文件。',
    storeRecovered: '磁盘曾经写满或出错，现在可以写入了，没有丢失任何消息。',
  },

  echo: {
    introduction: (yaml) =>
      `你好！网关运行正常，只是还没有接入模型，所以我只会重复你说的话。发一张图片、一个表情，或者“选择 茶，咖啡”，就能看到这个聊天能做什么。\n\n要接入模型，请把下面几行写进 \`openclaw.config.yaml\`，并在环境变量里设好密钥，再重新启动网关：\n\n${yaml}`,
    youSaid: '你说：',
    andThen: '然后又说：',
    andSent: (files) => `（还发来了：${files}）`,
  },

  model: {
    length: '*（模型达到了长度上限，回答到此为止。）*',
    'content-filter': '*（服务商的内容过滤中断了回答。）*',
  },

  pages: {
    needsJavaScript: '此页面需要启用 JavaScript。',
    nothingHere: '这里是 openclaw-gateway。目前没有频道提供页面。',
    tokenTitle: '需要访问令牌',
    tokenHeading: '访问令牌',
    tokenWhy: (key) => `每个浏览器只需输入一次网关的令牌。管理员可以在配置的 ${key} 中找到它。`,
    token: '令牌',
    continue: '继续',
    noAnswer: '网关没有响应。它在运行吗？',
    wrongToken: '令牌不正确。',
    tooManyTries: (seconds) => `错误次数太多，请在 ${seconds} 秒后再试。`,
    pageRefused: (status) => `网关拒绝了此页面（${status}）。`,
    loginsTitle: '登录频道',
    noLogins: '一切正常',
    noLoginsMore: '没有频道在等你登录。此页面每隔几秒会自动刷新。',
    logInTo: (channel) => `登录 ${channel}`,
    qrCode: '要扫描的二维码',
  },
};
