/** For `node --import`: a mistake of the program that nobody catches, once in either way, and with a secret in it. */
process.once('SIGUSR2', () => {
  const secret = process.env.GATEWAY_TOKEN ?? '';
  void Promise.reject(Object.assign(new Error(`rejected with ${secret}`), { headers: { secret } }));
  throw new Error('crashed', { cause: new Error(`because of ${secret}`) });
});
