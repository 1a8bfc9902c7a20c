/** A block of a message: the kinds that our app uses. */
export interface SlackBlock {
  type: string;
  block_id?: string;
  text?: SlackText;
  elements?: (SlackText & { action_id?: string; value?: string; text?: SlackText | string })[];
}

interface SlackText {
  type: string;
  text?: unknown;
  verbatim?: boolean;
}

/** Whether Slack takes these blocks (docs.slack.dev, "Block Kit"); of others than those it says `invalid_blocks`. */
export function areValid(blocks: readonly SlackBlock[]): boolean {
  const actions = blocks.flatMap(({ type, elements }) => (type === 'actions' ? (elements ?? []) : []));
  const ids = new Set(actions.map(({ action_id }) => action_id));
  return blocks.length <= 50 && ids.size === actions.length && blocks.every(isValid);
}

function isValid({ type, text, elements = [] }: SlackBlock): boolean {
  switch (type) {
    case 'section':
      return isText(text, 3_000);
    case 'context':
      return elements.length >= 1 && elements.length <= 10 && elements.every((one) => isText(one, 3_000));
    case 'actions':
      return (
        elements.length >= 1 &&
        elements.length <= 25 &&
        elements.every(
          (one) =>
            one.type === 'button' &&
            typeof one.text === 'object' &&
            one.text.type === 'plain_text' &&
            isText(one.text, 75) &&
            (one.value ?? '').length <= 2_000,
        )
      );
    default:
      return false;
  }
}

function isText(text: SlackText | undefined, limit: number): boolean {
  return typeof text?.text === 'string' && text.text !== '' && text.text.length <= limit;
}

/** Slack gives an id to each block that has none. */
export function withIds(blocks: readonly SlackBlock[]): SlackBlock[] {
  return blocks.map((block, index) => ({ block_id: `made-${index}`, ...block }));
}

/** What is read in the blocks, as mrkdwn; with what Slack makes of plain words such as @here, unless it is told not to. */
export function mrkdwnOf(blocks: readonly SlackBlock[]): string {
  const texts = blocks.flatMap(({ type, text, elements }) =>
    type === 'section' ? [text] : type === 'context' ? elements : [],
  );
  return texts
    .map((one) => (one?.verbatim || one?.type === 'plain_text' ? one.text : withMentions(String(one?.text))))
    .join('\n');
}

export function withMentions(text: string): string {
  return text.replace(/@(here|channel|everyone)\b/g, '<!$1>');
}

/** The labels of the buttons. */
export function buttonsOf(blocks: readonly SlackBlock[] = []): string[] {
  return blocks.flatMap(({ type, elements = [] }) =>
    type === 'actions' ? elements.map(({ text }) => String((text as SlackText).text)) : [],
  );
}
