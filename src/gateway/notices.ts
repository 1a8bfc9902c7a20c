/** The few sentences that the gateway itself says to people. Each says what happened and what they can do. */
export const notices = {
  failed:
    'Sorry, I could not answer this: something failed on my side. The owner can see why. Please try again later.',
  stopped: '_Stopped._',
  choose: 'Please choose:',
  wholeAnswer: '_This is how it begins; the whole answer is in the file._',
  fileNotSent: (name: string, bytes: number, limit: number | undefined) =>
    `_I made the file ${name} (${megabytes(bytes)}), but ${limit === undefined ? 'files cannot be sent here' : `at most ${megabytes(limit)} can be sent here`}._`,
} as const;

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
