/** A button under a message, as the Bot API has it. */
export interface Button {
  text: string;
  callback_data?: string;
}

/** All buttons of a message, row by row. */
export function buttonsOf(markup: unknown): Button[] {
  return rowsOf(markup).flat();
}

function rowsOf(markup: unknown): Button[][] {
  return (markup as { inline_keyboard?: Button[][] } | undefined)?.inline_keyboard ?? [];
}

/** Why Telegram does not take these buttons, as it says it. */
export function wrongButtons(markup: unknown): string | undefined {
  const buttons = buttonsOf(markup);
  // Not documented; seen with more than 8 buttons side by side, 100 in all, or 10 kB of them.
  const tooWide = rowsOf(markup).some((row) => row.length > 8);
  const tooLong = buttons.length > 100 || Buffer.byteLength(JSON.stringify(buttons)) > 10_000;
  if (tooWide || tooLong) return 'reply markup is too long';
  if (buttons.some(({ text }) => text.trim() === '')) return 'inline keyboard button text must be non-empty';
  // https://core.telegram.org/bots/api#inlinekeyboardbutton: 1-64 bytes.
  const fits = (data = '') => data !== '' && Buffer.byteLength(data) <= 64;
  return buttons.every((button) => fits(button.callback_data)) ? undefined : 'BUTTON_DATA_INVALID';
}
