import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';

/** For `node --import`: makes Baileys trust the fake server, whose root key is in the environment, and no other. */
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(process.env.FAKE_WHATSAPP_ROOT ?? '', 'hex');
