import type { InEachLanguage, LoginStep } from '../../src/contract/index.ts';

const BY_QR: InEachLanguage = {
  en: 'On the phone, open WhatsApp > Settings > Linked devices > Link a device, and scan this code.',
  zh: '请在手机上打开 WhatsApp > 设置 > 已关联的设备 > 关联设备，然后扫描此二维码。',
};
const BY_CODE: InEachLanguage = {
  en: 'On the phone, open WhatsApp > Settings > Linked devices > Link a device > Link with phone number instead, and type this code.',
  zh: '请在手机上打开 WhatsApp > 设置 > 已关联的设备 > 关联设备 > 改用电话号码关联，然后输入此代码。',
};

/** What a person has to do with the QR code or the code of eight characters. */
export function loginStep(step: Omit<LoginStep, 'instruction'>): LoginStep {
  return { instruction: step.code === undefined ? BY_QR : BY_CODE, ...step };
}
