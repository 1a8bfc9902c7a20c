import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OutboundFile, platformMessageId } from '../../../src/contract/index.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { aDiscord, failureOf, growing, outbound, soon } from './harness.ts';

describe('an answer that grows', () => {
  it('is one message from its first word to its last, with files and buttons at the end', async () => {
    await using it = await aDiscord();
    using folder = emptyFolder();
    const path = join(folder.path, 'x');
    await writeFile(path, 'GIF89a');
    const file: OutboundFile = { kind: 'image', path, name: 'tea.gif', mime: 'image/gif', bytes: 6 };
    await it.start();
    const question = it.platform.say(it.alice, it.channel, 'tea?');
    const replyTo = platformMessageId(question.id);
    const answer = outbound(it.channel, 'Tea it is', { files: [file], choices: ['Milk', 'Lemon'], replyTo });
    await it.adapter.stream?.(growing(answer, 'Tea'), soon());
    expect(it.platform.seen(it.channel)).toMatchObject([{ content: 'Tea', replyTo }]);
    await it.adapter.stream?.(growing(answer, 'Tea it'), soon());
    expect(it.platform.seen(it.channel)).toMatchObject([{ content: 'Tea it', replyTo }]);
    const receipt = await it.adapter.send(answer, soon());
    const whole = {
      id: receipt.platformId,
      content: 'Tea it is',
      replyTo,
      files: [{ name: 'tea.gif', type: 'image/gif', bytes: Buffer.from('GIF89a') }],
      buttons: [['Milk', 'Lemon']],
    };
    expect(it.platform.seen(it.channel)).toEqual([whole]);
    await it.adapter.send(answer, soon());
    expect(it.platform.seen(it.channel)).toEqual([whole]);
    expect(it.platform.requests.get('createMessage')).toBe(1);
  });

  it('mentions nobody, and fetches no address', async () => {
    await using it = await aDiscord();
    await it.start();
    const question = it.platform.say(it.alice, it.channel, 'who?');
    const text = `@everyone <@${it.alice.id}> https://example.org/?secret=1`;
    const answer = outbound(it.channel, text, { replyTo: platformMessageId(question.id) });
    await it.adapter.stream?.(growing(answer, text), soon());
    await it.adapter.stream?.(growing(answer, `${text} ${text}`), soon());
    await it.adapter.send(answer, soon());
    expect(it.platform.pinged).toEqual([]);
    expect(it.platform.unfurled).toEqual([]);
  });

  it('shows its first message, and asks for nothing while that does not change', async () => {
    await using it = await aDiscord();
    await it.start();
    const long = Array.from({ length: 400 }, (_, n) => `word${n}`).join(' ');
    const answer = outbound(it.direct, '');
    await it.adapter.stream?.(growing(answer, ' '), soon());
    await it.adapter.stream?.(growing(answer, long), soon());
    await it.adapter.stream?.(growing(answer, `${long} and more`), soon());
    expect(it.platform.seen(it.direct)).toMatchObject([{ content: it.adapter.render(long)[0]?.text }]);
    expect(it.platform.requests.get('createMessage')).toBe(1);
    expect(it.platform.requests.get('editMessage')).toBeUndefined();
  });

  it('is not overtaken by what it showed before', async () => {
    await using it = await aDiscord();
    await it.start();
    const answer = outbound(it.direct, 'all of it');
    const letGo = it.platform.hold('createMessage');
    const showing = it.adapter.stream?.(growing(answer, 'all'), soon());
    await it.platform.until(() => it.platform.requests.has('createMessage'), 'the preview to be under way');
    const sending = it.adapter.send(answer, soon());
    letGo();
    await Promise.all([showing, sending]);
    await it.adapter.stream?.(growing(answer, 'all of'), soon());
    expect(it.platform.seen(it.direct)).toMatchObject([{ content: 'all of it' }]);
    expect(it.platform.requests.get('createMessage')).toBe(1);
    expect(it.platform.requests.get('editMessage')).toBe(1);
  });

  it('goes on in the same message when the answer to its first part is lost', async () => {
    await using it = await aDiscord();
    await it.start();
    it.gateway.delivers = false;
    const answer = outbound(it.direct, 'one two three');
    it.platform.fail('createMessage', { kind: 'drop', when: 'after' });
    const error = await failureOf(it.adapter.stream?.(growing(answer, 'one'), soon()) ?? Promise.resolve());
    expect(error).toMatchObject({ kind: 'network', certain: false });
    await it.adapter.stream?.(growing(answer, 'one two'), soon());
    expect(it.platform.seen(it.direct)).toMatchObject([{ content: 'one two' }]);
    await it.adapter.send(answer, soon());
    expect(it.platform.seen(it.direct)).toMatchObject([{ content: 'one two three' }]);
  });

  it('is whole once, when the answer to its last part is lost', async () => {
    await using it = await aDiscord();
    await it.start();
    const answer = outbound(it.direct, 'one two');
    await it.adapter.stream?.(growing(answer, 'one'), soon());
    it.platform.forgetNonces();
    it.platform.fail('editMessage', { kind: 'drop' });
    expect(await failureOf(it.adapter.send(answer, soon()))).toMatchObject({ certain: false });
    const receipt = await it.adapter.send(answer, soon());
    expect(it.platform.seen(it.direct)).toEqual([{ id: receipt.platformId, content: 'one two' }]);
  });

  it('fails by its kind, and leaves the rest to the gateway', async () => {
    await using it = await aDiscord();
    const answer = outbound(it.direct, 'one two');
    const shown = async (text: string) => it.adapter.stream?.(growing(answer, text), soon());
    expect(await failureOf(shown('one'))).toMatchObject({ kind: 'network', certain: true });
    await it.start();
    await shown('one');
    it.platform.limit('editMessage', 0.7);
    expect(await failureOf(shown('one two'))).toMatchObject({ kind: 'rate_limited' });
    expect(it.platform.requests.get('editMessage')).toBe(1);
  });
});

describe('after a restart, an answer that had begun to grow', () => {
  it.each([
    ['goes on', true],
    ['is put in its place', false],
  ])('%s in the same message, however long it took', async (_, goesOn) => {
    await using it = await aDiscord();
    await it.start();
    const answer = outbound(it.channel, 'one two three');
    await it.adapter.stream?.(growing(answer, 'one'), soon());
    await it.host.until(() => it.host.cursor()?.includes(answer.id) === true, 'it to be on disk');
    await it.down();
    it.gateway.forgetSessions();
    it.platform.forgetNonces();
    await it.start();
    if (goesOn) {
      await it.adapter.stream?.(growing(answer, 'one two'), soon());
      expect(it.platform.seen(it.channel)).toMatchObject([{ content: 'one two' }]);
    }
    await it.adapter.send(answer, soon());
    expect(it.platform.seen(it.channel)).toMatchObject([{ content: 'one two three' }]);
  });

  it('is found by its nonce, where it was not on disk yet', async () => {
    await using it = await aDiscord();
    await it.start();
    it.gateway.delivers = false;
    const answer = outbound(it.channel, 'one two', { previewLost: true });
    await it.adapter.stream?.(growing(answer, 'one'), soon());
    await it.down();
    it.gateway.forgetSessions();
    it.gateway.delivers = true;
    await it.start();
    await it.adapter.send(answer, soon());
    expect(it.platform.seen(it.channel)).toMatchObject([{ content: 'one two' }]);
  });

  it('is found by what Discord sends again', async () => {
    await using it = await aDiscord();
    await it.start();
    it.gateway.delivers = false;
    const answer = outbound(it.channel, 'one two', { previewLost: true });
    await it.adapter.stream?.(growing(answer, 'one'), soon());
    it.platform.say(it.alice, it.channel, 'next');
    await it.down();
    it.gateway.delivers = true;
    it.platform.forgetNonces();
    await it.start();
    await it.heard('next');
    await it.adapter.send(answer, soon());
    expect(it.platform.seen(it.channel)).toMatchObject([{ content: 'one two' }]);
  });
});
