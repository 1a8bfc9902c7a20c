import type { LoginStep } from '../../src/contract/index.ts';

const BY_QR = 'On the phone, open WhatsApp > Settings > Linked devices > Link a device, and scan this code.';
const BY_CODE =
  'On the phone, open WhatsApp > Settings > Linked devices > Link a device > Link with phone number instead, and type this code.';

/** What a person has to do with the QR code or the code of eight characters. */
export function loginStep(step: Omit<LoginStep, 'instruction'>): LoginStep {
  return { instruction: step.code === undefined ? BY_QR : BY_CODE, ...step };
}
