import { type OutboundMessage, platformMessageId, type SendReceipt } from '../../src/contract/index.ts';
import type { Content, Sent } from './api.ts';
import { type Face, fits, toCard } from './card.ts';
import type { Choices } from './choices.ts';
import { type Attempt, deliver } from './deliver.ts';
import { isAboutMarkup, isGone } from './errors.ts';
import { isPicture, uploadFile, uploadPicture } from './files.ts';
import { asContent, asWritten, type Line, repeatedMark, toLines } from './format.ts';
import { fromChatId } from './names.ts';
import type { Previews } from './previews.ts';

/** Text and pictures first, then the other files; each part has an id of its own, so that no attempt doubles one. */
export async function send(
  attempt: Attempt,
  message: OutboundMessage,
  sentAgain: string | undefined,
  previews: Previews,
  choices: Choices,
): Promise<SendReceipt> {
  const { id, body, files = [] } = message;
  const pictures: Line[] = [];
  const others: Content[] = [];
  for (const file of files) {
    if (isPicture(file)) pictures.push([{ tag: 'img', image_key: await uploadPicture(attempt, file) }]);
    else others.push(await uploadFile(attempt, file));
  }
  const say = (text: readonly Line[]) => {
    const lines = [...pictures, ...(sentAgain === undefined ? [] : repeatedMark(sentAgain)), ...text];
    return sayAll(attempt, message, lines, previews, choices);
  };
  const said = await say(toLines(body.text)).catch((error: unknown) => {
    if (body.plain === undefined || !isAboutMarkup(error)) throw error;
    return say(asWritten(body.plain));
  });
  for (const [index, file] of others.entries()) {
    said.push((await deliver(attempt, message, file, `${id}-${index + 1}`)).id);
  }
  return { platformId: platformMessageId(said.at(0) ?? '') };
}

/** The lines and the buttons, together if one card can hold them. Resolves with the messages' ids, that of the buttons first. */
async function sayAll(
  attempt: Attempt,
  message: OutboundMessage,
  lines: readonly Line[],
  previews: Previews,
  choices: Choices,
): Promise<string[]> {
  const { id, chat, choices: labels = [] } = message;
  const { thread } = fromChatId(chat.id);
  const buttons: Face = { lines: [], choices: labels, ...(thread !== undefined && { thread }) };
  const face = { ...buttons, lines };
  if (labels.length === 0) return lines.length === 0 ? [] : [await sayFace(attempt, message, face, previews)];
  if (fits(toCard(face))) {
    const only = await sayFace(attempt, message, face, previews);
    choices.offered(only, face);
    return [only];
  }
  const text = await sayFace(attempt, message, { lines }, previews);
  const content = JSON.stringify(toCard(buttons));
  const { id: offer } = await deliver(attempt, message, { type: 'interactive', content }, `${id}-choices`);
  choices.offered(offer, buttons);
  return [offer, text];
}

/** A rich text; where it has buttons, or takes the place of a preview, a card. */
async function sayFace(
  attempt: Attempt,
  message: OutboundMessage,
  face: Face,
  previews: Previews,
): Promise<string> {
  const { id, previewLost = false } = message;
  const shown = previews.end(id);
  const card = toCard(face);
  const asPost: Content = { type: 'post', content: asContent(face.lines) };
  const asCard: Content = { type: 'interactive', content: JSON.stringify(card) };
  const content = shown || previewLost || face.choices?.length ? asCard : asPost;
  const sent: Sent = shown?.message
    ? { id: shown.message, type: content.type }
    : await deliver(attempt, message, content, id);
  // Of a message under this id that is older than this process, the type may be all that tells it.
  const isPreview = shown !== undefined || previewLost || (content === asPost && sent.type === asCard.type);
  if (!isPreview) return sent.id;
  try {
    // What stands there may be the answer already; to say it again does no harm.
    await previews.finish(attempt, id, sent.id, card);
    return sent.id;
  } catch (error) {
    // Somebody took the preview away.
    if (!isGone(error)) throw error;
    return (await deliver(attempt, message, content, `${id}-anew`)).id;
  }
}
