import { registerHooks } from 'node:module';
import { setDefaultCACertificates } from 'node:tls';

/*
 * For `node --import`: makes the program trust the fake WhatsApp whose keys are in the environment, and no other. The key
 * is replaced in the text of whatever module holds it, so this works for Baileys in a bundle too, and loads nothing.
 */
const { FAKE_WHATSAPP_ROOT = '', FAKE_WHATSAPP_CERTIFICATE = '' } = process.env;
/** WA_CERT_DETAILS.PUBLIC_KEY of Baileys. */
const REAL_ROOT = '142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b';

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const source = Buffer.from((loaded.source ?? '') as string);
    if (!source.includes(REAL_ROOT)) return loaded;
    return { ...loaded, source: source.toString().replaceAll(REAL_ROOT, FAKE_WHATSAPP_ROOT) };
  },
});
setDefaultCACertificates([FAKE_WHATSAPP_CERTIFICATE]);
