import type {
  ChannelCapabilities,
  InboundMessage,
  OutboundFile,
  RenderedText,
  TurnId,
} from '../../contract/index.ts';
import type { OutboxContent } from '../../store/index.ts';
import type { Texts } from '../../texts/index.ts';
import { asButtons } from '../inbound/choices.ts';

/** What a turn has to say, before it is cut into messages. */
export interface Answer {
  /** Markdown. */
  readonly text: string;
  readonly files: readonly OutboundFile[];
  /** Labels to choose from. */
  readonly choices: readonly string[];
  /** An emoji for the message that is answered. */
  readonly reaction: string | undefined;
  /** A preview of the text was shown: so the text must be what comes first. */
  readonly previewed: boolean;
}

type Files = [OutboundFile, ...OutboundFile[]];

/**
 * An answer as the messages that one channel can carry, in the order in which they are sent: the text, its files, and the
 * reaction. What the channel cannot carry is said in words instead.
 */
export function compose(
  answer: Answer,
  { turn, message, words }: { turn: TurnId; message: InboundMessage; words: Texts['chat'] },
  capabilities: ChannelCapabilities,
  render: (markdown: string) => readonly RenderedText[],
): OutboxContent[] {
  const { sendable, notes } = sortOut(answer.files, capabilities, words);
  const buttons = asButtons(answer.choices, capabilities);
  const choices = buttons ? cutToLimit(answer.choices, capabilities) : answer.choices;
  const written = [answer.text, ...notes, ...(buttons ? [] : [numbered(choices)])]
    .filter((text) => text.trim() !== '')
    .join('\n\n');
  const shown = written === '' && buttons ? words.choose : written;
  const texts = shown === '' ? [] : render(shown);
  const albums = albumsOf(sendable, capabilities.files);

  const contents: OutboxContent[] = [];
  const [only] = texts;
  const caption =
    texts.length === 1 &&
    only !== undefined &&
    fitsAsCaption(only, capabilities) &&
    !answer.previewed &&
    choices.length === 0;
  if (!caption || albums.length === 0) {
    contents.push(...texts.map((body) => ({ turn, body })));
  }
  contents.push(
    ...albums.map((files, index) => ({
      turn,
      files,
      body: caption && index === 0 && only ? only : { text: '' },
    })),
  );
  const question = contents[texts.length - 1];
  if (choices.length > 0 && question !== undefined) contents[texts.length - 1] = { ...question, choices };
  const [first] = contents;
  // In a group the answer points at its question; between two people that would only be noise.
  if (first !== undefined && message.chat.kind === 'group') {
    contents[0] = { ...first, replyTo: message.platformId };
  }
  if (answer.reaction !== undefined && capabilities.reactions === true) {
    contents.push({ turn, body: { text: '' }, reaction: answer.reaction, replyTo: message.platformId });
  }
  return contents;
}

/** What the channel takes, and a note on each file that it does not. */
function sortOut(
  files: readonly OutboundFile[],
  { files: limits }: ChannelCapabilities,
  words: Texts['chat'],
) {
  const tooLarge = ({ bytes }: OutboundFile) => bytes > (limits?.maxBytes ?? -1);
  const note = ({ name, bytes }: OutboundFile) =>
    limits === undefined
      ? words.filesNotTaken(name, megabytes(bytes))
      : words.fileTooLarge(name, megabytes(bytes), megabytes(limits.maxBytes));
  return { sendable: files.filter((file) => !tooLarge(file)), notes: files.filter(tooLarge).map(note) };
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function cutToLimit(labels: readonly string[], { choices }: ChannelCapabilities): readonly string[] {
  return labels.map((label) => shortened(label, choices?.labelLimit ?? label.length));
}

function numbered(labels: readonly string[]): string {
  return labels.map((label, index) => `${index + 1}. ${label}`).join('\n');
}

function shortened(label: string, limit: number): string {
  return label.length <= limit ? label : `${label.slice(0, limit - 1).toWellFormed()}…`;
}

/** Pictures and films that follow each other go together, everything else alone. */
function albumsOf(files: readonly OutboundFile[], limits: ChannelCapabilities['files']): Files[] {
  const { perMessage = 1, maxTotalBytes = Number.POSITIVE_INFINITY } = limits ?? {};
  const albums: Files[] = [];
  const isPicture = ({ kind }: OutboundFile) => kind === 'image' || kind === 'video';
  const hasRoom = (album: Files, file: OutboundFile) =>
    album.length < perMessage && album.reduce((sum, { bytes }) => sum + bytes, file.bytes) <= maxTotalBytes;
  for (const file of files) {
    const album = albums.at(-1);
    if (album && isPicture(album[0]) && isPicture(file) && hasRoom(album, file)) album.push(file);
    else albums.push([file]);
  }
  return albums;
}

/** Measured with the markup where there is no plain text, which is on the safe side. */
function fitsAsCaption(
  { text, plain = text }: RenderedText,
  { files, textUnit }: ChannelCapabilities,
): boolean {
  const length =
    textUnit === 'byte' ? Buffer.byteLength(plain) : textUnit === 'utf16' ? plain.length : [...plain].length;
  return files !== undefined && length <= files.captionLimit;
}
