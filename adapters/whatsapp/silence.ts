/** Imported before all else: libsignal prints private session keys to the console. */
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const)
  globalThis.console[method] = () => {};

/** For Baileys' own log, which holds message texts. */
export const quiet = {
  level: 'silent',
  child: () => quiet,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};
