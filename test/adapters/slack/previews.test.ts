import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutboundMessage } from '../../../src/contract/index.ts';
import { emptyFolder } from '../../kit/folder.ts';
import type { Fault } from '../../platforms/fake-http.ts';
import { connectedSlack, inThread, outbound, preview, soon } from './kit.ts';

type Slack = Awaited<ReturnType<typeof connectedSlack>>;

const texts = (slack: Slack) => slack.fake.said('D0ALICE').map(({ text }) => text);

const show = (slack: Slack, answer: OutboundMessage, text: string, signal = soon()) =>
  slack.adapter.stream?.(preview(answer, text), signal);

const failed = (doing: Promise<unknown> | undefined) =>
  doing?.then(
    () => expect.fail('it went well'),
    (error: unknown) => error,
  );

const says = (error: string): Fault => ({ kind: 'status', status: 200, body: { ok: false, error } });

const LOST: Fault = { kind: 'drop', when: 'after' };

describe('a preview', () => {
  it('is one message that grows, and then is the answer', async () => {
    await using slack = await connectedSlack();
    const { ts } = slack.fake.say('<@U0BOT> hi', { channel: 'C0GENERAL' });
    const answer = outbound('*All* of it', { chat: inThread('C0GENERAL', ts), replyTo: ts });
    await show(slack, answer, '**All**');
    await show(slack, answer, '**All** of');
    expect(slack.fake.seen('C0GENERAL', ts)).toEqual([{ text: 'All of …', calls: [] }]);
    const [{ ts: platformId } = { ts: '' }] = slack.fake.said('C0GENERAL', ts);
    expect(await slack.adapter.send(answer, soon())).toEqual({ platformId });
    expect(slack.fake.seen('C0GENERAL', ts)).toEqual([{ text: 'All of it', calls: [] }]);
    expect(slack.fake.requests.get('chat.postMessage')).toBe(1);
    // Only at its beginning, soon after a start: there could have been one before.
    expect(slack.fake.requests.get('conversations.replies')).toBe(1);
  });

  it('calls nobody, and makes nobody fetch what it links to', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('x');
    for (const text of [
      '<!channel> @here https://example.org/?stolen=1',
      '<!channel> @here `@everyone`, more',
    ])
      await show(slack, answer, text);
    expect(slack.fake.seen('D0ALICE')).toMatchObject([{ calls: [] }]);
    expect(slack.fake.previews).toEqual([]);
    await slack.adapter.send({ ...answer, body: { text: 'now @channel' } }, soon());
    expect(slack.fake.seen('D0ALICE')).toEqual([{ text: 'now @channel', calls: [] }]);
  });

  it('shows the beginning of what is too long, and nothing of what is blank', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('x');
    await show(slack, answer, ' \n');
    expect(texts(slack)).toEqual([]);
    await show(slack, answer, 'many words '.repeat(1_000));
    await show(slack, answer, 'many words '.repeat(1_001));
    expect(texts(slack)).toHaveLength(1);
  });

  it('gets the buttons when it becomes the answer', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('Tea?', { choices: ['Yes', 'No'] });
    await show(slack, answer, 'Te');
    const { platformId = '' } = await slack.adapter.send(answer, soon());
    expect(slack.fake.buttons('D0ALICE', platformId)).toEqual(['Yes', 'No']);
    expect(slack.fake.seen('D0ALICE')).toHaveLength(1);
  });

  it('goes when the answer is a file', async () => {
    await using slack = await connectedSlack();
    using folder = emptyFolder();
    const path = join(folder.path, 'a.txt');
    writeFileSync(path, 'a');
    const file = { kind: 'file', path, name: 'a.txt', mime: 'text/plain', bytes: 1 } as const;
    const answer = outbound('here', { files: [file] });
    await show(slack, answer, 'he');
    await slack.adapter.send(answer, soon());
    expect(slack.fake.said('D0ALICE')).toMatchObject([{ text: 'here', files: [{ name: 'a.txt' }] }]);
  });

  it('is no answer to who looks for one', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    expect(await slack.adapter.findSent?.(answer, soon())).toBeUndefined();
    await slack.adapter.send(answer, soon());
    expect(await slack.adapter.findSent?.(answer, soon())).toBeDefined();
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])(
    'that cannot be edited gives way to the answer: %s',
    async (code) => {
      await using slack = await connectedSlack();
      const answer = outbound('whole');
      await show(slack, answer, 'half');
      slack.fake.fail('chat.update', says(code));
      await slack.adapter.send(answer, soon());
      expect(texts(slack)).toEqual(['whole']);
    },
  );

  it('that a person deleted gives way, too', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    slack.fake.remove('D0ALICE', slack.fake.said('D0ALICE')[0]?.ts ?? '');
    await slack.adapter.send(answer, soon());
    expect(texts(slack)).toEqual(['whole']);
  });
});

describe('an answer is never overtaken', () => {
  it('by a preview that is under way', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    const letGo = slack.fake.holdNext('chat.update');
    const over = new AbortController();
    const showing = failed(show(slack, answer, 'more than half', over.signal));
    await slack.fake.until(() => slack.fake.requests.has('chat.update'), 'the edit');
    over.abort();
    const sending = slack.adapter.send(answer, soon());
    await showing;
    // A question there and back gives a premature answer the time to arrive.
    await slack.adapter.findSent?.(answer, soon());
    expect(slack.fake.requests.get('chat.update')).toBe(1);
    letGo();
    await sending;
    expect(texts(slack)).toEqual(['whole']);
  });

  it('by one that had to wait, or comes late', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    const letGo = slack.fake.holdNext('chat.postMessage');
    const previews = [show(slack, answer, 'a'), show(slack, answer, 'b')];
    await slack.fake.until(() => slack.fake.requests.has('chat.postMessage'), 'the first preview');
    const sending = slack.adapter.send(answer, soon());
    letGo();
    await sending;
    await Promise.all([...previews, show(slack, answer, 'c')]);
    expect(texts(slack)).toEqual(['whole']);
    expect(slack.fake.requests.get('chat.update')).toBe(1);
  });

  it('and nobody waits for ever', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    slack.fake.fail('chat.postMessage', { kind: 'hang' });
    const over = new AbortController();
    const showing = failed(show(slack, answer, 'half', over.signal));
    await slack.fake.until(() => slack.fake.requests.has('chat.postMessage'), 'the preview');
    const sending = failed(slack.adapter.send(answer, over.signal));
    over.abort();
    expect(await showing).toMatchObject({ kind: 'network' });
    expect(await sending).toMatchObject({ kind: 'network', certain: true });
  });
});

describe('never two answers', () => {
  it('when nobody heard that the preview was posted', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    slack.fake.fail('chat.postMessage', LOST);
    expect(await failed(show(slack, answer, 'half'))).toMatchObject({ kind: 'network', certain: false });
    await show(slack, answer, 'half, and more');
    expect(texts(slack)).toEqual(['half, and more …']);
    const other = outbound('the other');
    slack.fake.fail('chat.postMessage', LOST);
    await failed(show(slack, other, 'the'));
    await slack.adapter.send(other, soon());
    expect(texts(slack)).toEqual(['half, and more …', 'the other']);
  });

  it('when the connection was lost meanwhile', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    await slack.adapter.stop();
    await slack.adapter.start(slack.host);
    await slack.adapter.send(answer, soon());
    expect(texts(slack)).toEqual(['whole']);
  });

  it('when nobody heard that the preview became the answer', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    slack.fake.fail('chat.update', LOST);
    expect(await failed(slack.adapter.send(answer, soon()))).toMatchObject({ certain: false });
    expect(await slack.adapter.findSent?.(answer, soon())).toBeDefined();
    await slack.adapter.send(answer, soon());
    expect(texts(slack)).toEqual(['whole']);
  });

  it('when the gateway ended before the answer: it is found, and taken over', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    await slack.stop();
    await slack.start();
    await slack.adapter.send({ ...answer, previewLost: true }, soon());
    expect(texts(slack)).toEqual(['whole']);
  });

  it('when the gateway ended after it', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    const receipt = await slack.adapter.send(answer, soon());
    await slack.stop();
    await slack.start();
    await show(slack, answer, 'half');
    expect(await slack.adapter.send({ ...answer, previewLost: true }, soon())).toEqual(receipt);
    expect(texts(slack)).toEqual(['whole']);
    expect(slack.fake.requests.has('chat.update')).toBe(false);
  });

  it('when it begins to grow anew after a restart, as the same message', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    await slack.stop();
    await slack.start();
    await show(slack, answer, 'ha');
    expect(texts(slack)).toEqual(['ha …']);
    await slack.adapter.send({ ...answer, previewLost: true }, soon());
    expect(texts(slack)).toEqual(['whole']);
  });

  it('when two previews came to be: one of them goes', async () => {
    await using slack = await connectedSlack();
    const answer = outbound('whole');
    await show(slack, answer, 'half');
    await slack.stop();
    await slack.start();
    slack.fake.fail('conversations.history', says('missing_scope'));
    await show(slack, answer, 'ha');
    expect(texts(slack)).toEqual(['half …', 'ha …']);
    await slack.adapter.send({ ...answer, previewLost: true }, soon());
    expect(texts(slack)).toEqual(['whole']);
  });

  it('unless Slack cannot be asked: then it is asked again', async () => {
    await using slack = await connectedSlack();
    const answer = { ...outbound('whole'), previewLost: true };
    slack.fake.fail('conversations.history', { kind: 'drop' });
    expect(await failed(slack.adapter.send(answer, soon()))).toMatchObject({
      kind: 'network',
      certain: true,
    });
    expect(texts(slack)).toEqual([]);
  });
});
