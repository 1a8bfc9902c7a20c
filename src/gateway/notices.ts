/** The few sentences that the gateway itself says to people. Each says what happened and what they can do. */
export const notices = {
  failed:
    'Sorry, I could not answer this: something failed on my side. The owner can see why. Please try again later.',
  stopped: '_Stopped._',
} as const;
